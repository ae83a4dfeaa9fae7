/** Webhooks. WebCrypto verifies the signatures, and the core decides. */
import { webhookFault } from '../wasm/core.js';
import { withSecret } from './client.js';
import { init, isLoaded } from './core.js';
import { toError } from './error.js';
import type { OAuthApp } from './types.js';
import type {
  ReadWebhookOptions,
  WebhookEvent,
  WebhookHandler,
  WebhookHandlerOptions,
  WebhookKey,
} from './webhook-types.js';

const NAME = 'RSASSA-PKCS1-v1_5';

// The steps, as indexes of `RULES` in `src/webhook.rs`.
const METHOD = 0;
const BODY = 1;
const KEY = 2;
const TOKEN = 3;

/** How many keys, apps and IDs are remembered. */
const MAX_ENTRIES = 10_000;

/** The imported keys. */
const keys = new Map<unknown, CryptoKey>();

/**
 * Verifies a webhook that the service has posted, and returns its event.
 *
 * @param body the text of the request's body, as it arrived
 * @throws OAuthAppsError `INVALID_SIGNATURE` if the key does not verify the body, or the body names another algorithm than
 *   RS256; `EXPIRED` if it is older than the tolerance, or from the future; `INVALID_ARGUMENT` if it is not a webhook of an
 *   OAuth app, even if the service has signed it, or an option is wrong. Its `status` is the one to respond with.
 */
export async function readWebhook(body: string, options: ReadWebhookOptions): Promise<WebhookEvent> {
  if (!isLoaded()) await init();
  const { publicKey, tolerance = 3_600_000, now = Date.now } = { ...options };
  // Three parts in base64url (RFC 7515 §7.1), of which the last one may be empty. That of a JSON object begins with an `e`.
  const isToken = typeof body === 'string' && /^(e[\w-]+\.){2}([\w-]{4})*([\w-]{2,3})?$/.test(body);
  check(BODY, [typeof body, isToken ? 'token' : 'text'], body?.length);
  const key = keys.get(publicKey) ?? (await importKey(publicKey));
  const current = typeof now === 'function' ? now() : now;
  const [head, payload, signature] = body.split('.') as [string, string, string];
  const verification = crypto.subtle.verify(
    NAME,
    key,
    decode(signature),
    new TextEncoder().encode(`${head}.${payload}`),
  );
  // Another thread verifies the token while this one parses it, which hides the time that parsing takes.
  const { alg, crit } = parse(() => decodeText(head));
  const { data, iat, nbf = 0, exp = Infinity } = parse(() => decodeText(payload));
  const raw = parse(() => data);
  const { eventType, instanceId, accountInfo } = raw;
  const event = parse(() => raw.data);
  const { id, entityFqdn, slug: type, entityId: appId, eventTime: time, entityEventSequence: sequence } = event;
  const oAuthApp: OAuthApp | undefined = withSecret(event.createdEvent?.entity ?? event.updatedEvent?.currentEntity);
  check(
    TOKEN,
    [
      ...[alg, crit, await verification, `${eventType} ${entityFqdn}_${type} ${typeof oAuthApp}`],
      ...[instanceId, id, appId, time, sequence],
    ],
    ...[tolerance, current?.valueOf?.(), iat, nbf, exp],
  );
  raw.data = event;
  return {
    ...{ id, type, appId, time, sequence, instanceId, raw },
    ...(oAuthApp && { oAuthApp }),
    ...(accountInfo?.siteId && { siteId: accountInfo.siteId }),
  };
}

/** Throws the first fault that the core finds in some facts. A number of another type is passed as NaN. */
function check(first: number, facts: unknown[], ...numbers: unknown[]): void {
  const lines = facts.map((fact) => JSON.stringify(fact) + '').join('\n');
  const fault = faultOf(first, lines, ...numbers.map((number) => (typeof number === 'number' ? number : NaN)));
  if (fault) throw toError(fault, '');
}

/** The core's function. WebAssembly takes NaN for a number that is left out. */
const faultOf = webhookFault as (first: number, facts: string, ...numbers: number[]) => any;

/**
 * Parses JSON, about which nothing is known. Returns an empty object if it is wrong. Of a repeated member the last one counts,
 * which RFC 7515 §4 permits; the official SDK does the same.
 */
function parse(text: () => string): any {
  try {
    return JSON.parse(text()) ?? {};
  } catch {
    return {};
  }
}

/** Created when it is first needed: test environments have no such class. */
let decoder: TextDecoder | undefined;

const decodeText = (text: string) => (decoder ??= new TextDecoder()).decode(decode(text));

/** Decodes base64 and base64url (RFC 4648). In Node 20, `atob` takes longer than the verification. */
const decode = (text: string): Uint8Array<ArrayBuffer> =>
  (globalThis as { Buffer?: typeof Buffer }).Buffer?.from(text, 'base64url') ??
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

async function importKey(given: string | WebhookKey): Promise<CryptoKey> {
  const key = typeof given === 'string' ? await importPem(given).catch(() => undefined) : (given as CryptoKey);
  const { name, hash, modulusLength } = { ...key?.algorithm } as Partial<RsaHashedKeyAlgorithm>;
  check(KEY, [`${key?.type} ${name} ${hash?.name} ${key?.usages}`], modulusLength);
  remember(keys, given, key!);
  return key!;
}

/** Imports a key from PEM (RFC 7468), in SPKI or PKCS #1. */
async function importPem(pem: string): Promise<CryptoKey> {
  // Decoding skips white space.
  const base64 = pem.replace(/-----[^-]*-----|\\[nr]/g, '');
  let der = decode(base64);
  // PKCS #1 starts with a number. SPKI puts an algorithm and two lengths before it (RFC 5280 §4.1).
  if (der[4] === 2) {
    der = decode(`MIIAADANBgkqhkiG9w0BAQEFAAOCAAAA${base64}`);
    const { length } = der;
    der.set([(length - 4) >> 8, length - 4], 2);
    der.set([(length - 23) >> 8, length - 23], 21);
  }
  return crypto.subtle.importKey('spki', der, { name: NAME, hash: 'SHA-256' }, false, ['verify']);
}

/** The deliveries of one app. */
interface Deliveries {
  /** The sequence number of the newest delivered event. */
  sequence: bigint;
  last?: Promise<void>;
}

/**
 * Creates a function that responds to the requests of the service, wherever there are `Request` and `Response`: in Next.js,
 * Workers, Deno, Bun and Hono.
 *
 * It responds with 200 after the handler of the event has finished, and without calling it if the event was delivered
 * before, or its app has had a newer one; with 401 to a body that is not a valid webhook of an OAuth app, 405 to other methods
 * than POST, and 413 to a body that is too long. If a handler fails, or an option is wrong, it responds with 500. The service
 * sends the webhook again after every response but 200, so subscribe the URL to the events of OAuth apps only. The events of
 * one app are delivered one after another.
 */
export function createWebhookHandler(options: WebhookHandlerOptions): WebhookHandler {
  const { onCreated, onUpdated, onDeleted, onError, seen = seenInMemory() } = { ...options };
  const handlers = { created: onCreated, updated: onUpdated, deleted: onDeleted };
  const apps = new Map<string, Deliveries>();

  async function deliver(event: WebhookEvent, app: Deliveries, previous?: Promise<void>): Promise<void> {
    await previous?.catch(() => {});
    const sequence = BigInt(event.sequence);
    if ((await seen.has(event.id)) || sequence < app.sequence) return;
    await handlers[event.type]?.(event as WebhookEvent & { oAuthApp: OAuthApp });
    app.sequence = sequence;
    await seen.add(event.id);
  }

  return async (request) => {
    let refusal: { status?: number } | undefined;
    try {
      const event = await receive(request, options).catch((fault) => {
        throw (refusal = fault);
      });
      const app = apps.get(event.appId) ?? { sequence: 0n };
      remember(apps, event.appId, app);
      await (app.last = deliver(event, app, app.last));
      return new Response();
    } catch (fault) {
      await Promise.resolve(fault)
        .then(onError)
        .catch(() => {});
      // A failure has the status of an option that is wrong.
      const status = refusal?.status ?? faultOf(KEY, '-').status;
      return new Response(null, { status, headers: { allow: 'POST' } });
    }
  };
}

/** Reads the event of a request, and no more of its body than the longest webhook has. */
async function receive(request: Request, options: ReadWebhookOptions): Promise<WebhookEvent> {
  await init();
  check(METHOD, [request.method]);
  const decoder = new TextDecoder();
  let body = '';
  for await (const chunk of request.body ?? []) {
    body += decoder.decode(chunk as Uint8Array, { stream: true });
    check(BODY, [typeof body], body.length);
  }
  return readWebhook(body, options);
}

function seenInMemory() {
  const ids = new Map<string, true>();
  return { has: (id: string) => ids.has(id), add: (id: string) => remember(ids, id, true) };
}

/** Adds an entry, and removes the oldest one of too many. */
function remember<Key, Value>(entries: Map<Key, Value>, key: Key, value: Value): void {
  entries.delete(key);
  entries.set(key, value);
  if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value as Key);
}
