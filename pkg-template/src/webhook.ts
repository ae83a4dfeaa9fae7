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

// The first rules of the request, its body, the key and the token, as indexes of `RULES` in `src/webhook.rs`.
const METHOD = 0;
const BODY = 1;
const KEY = 4;
const TOKEN = 6;

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
  const [, signed = '', head = '', payload = '', signature = ''] =
    (typeof body === 'string' && /^((e[\w-]+)\.(e[\w-]+))\.([\w-]*)$/.exec(body)) || [];
  check(BODY, [typeof body, body?.length, signed && signature.length % 4 !== 1 ? 'token' : 'text']);
  const key = keys.get(publicKey) ?? (await importKey(publicKey));
  const current = (typeof now === 'function' ? now() : now)?.valueOf?.();
  const verification = crypto.subtle.verify(NAME, key, decode(signature), encode(signed));
  // Another thread verifies the signature. Meanwhile this one reads the token and has it checked, but it returns and throws
  // nothing before the signature is known. Nothing up to there may throw, so that a rejection of the promise is handled.
  let [header, claims, raw, event]: any[] = [{}, {}, {}, {}];
  let oAuthApp: OAuthApp | undefined;
  let name: string | undefined;
  try {
    // `JSON.parse` takes the last of equal members, as RFC 7515 §4 permits. The official SDK does the same.
    header = JSON.parse(decodeText(head)) ?? header;
    claims = JSON.parse(decodeText(payload)) ?? claims;
    raw = JSON.parse(claims.data) ?? raw;
    raw.data = event = JSON.parse(raw.data) ?? event;
    oAuthApp = withSecret(event.createdEvent?.entity ?? event.updatedEvent?.currentEntity);
    name = `${raw.eventType} ${event.entityFqdn}_${event.slug} ${typeof oAuthApp}`;
  } catch {
    // The core refuses what is missing then.
  }
  const { alg, crit } = header;
  const { iat, nbf = 0, exp = Infinity } = claims;
  const { instanceId, accountInfo } = raw;
  const { id, slug: type, entityId: appId, eventTime: time, entityEventSequence: sequence } = event;
  const findFault = (isSigned: boolean) =>
    faultOf(
      TOKEN,
      // `iat` has three rules.
      [alg, crit, isSigned, tolerance, current, iat, iat, iat, nbf, exp, name, instanceId, id, appId, time, sequence],
      current,
      tolerance,
    );
  const fault = findFault(true);
  const result: WebhookEvent = { id, type, appId, time, sequence, instanceId, raw };
  if (oAuthApp) result.oAuthApp = oAuthApp;
  if (accountInfo?.siteId) result.siteId = accountInfo.siteId;
  refuse((await verification) ? fault : findFault(false));
  return result;
}

/** Throws the first fault that the core finds in some facts. */
const check = (rule: number, facts: unknown[]) => refuse(faultOf(rule, facts));

function refuse(fault: unknown): void {
  if (fault) throw toError(fault, '');
}

/** Returns the first fault that the core finds in some facts, of which the first one has this rule. */
function faultOf(rule: number, facts: unknown[], now?: unknown, tolerance?: unknown): any {
  for (const fact of facts) {
    const fault = webhookFault(rule++, toText(fact), toNumber(fact), toNumber(now), toNumber(tolerance));
    if (fault) return fault;
  }
}

/** Returns a fact that is not a number as the core takes it: a text in quotes, or JSON. */
function toText(fact: unknown): string | undefined {
  if (typeof fact === 'number') return undefined;
  if (typeof fact === 'string') return `"${fact}"`;
  try {
    return `${JSON.stringify(fact)}`;
  } catch {
    // It is nested too deeply.
    return typeof fact;
  }
}

const toNumber = (value: unknown): number => (typeof value === 'number' ? value : NaN);

/** Returns Node's class, whose functions are faster; undefined elsewhere. */
const buffers = () => (globalThis as { Buffer?: typeof Buffer }).Buffer;

/** Encodes ASCII. */
const encode = (text: string): Uint8Array<ArrayBuffer> =>
  buffers()?.from(text, 'latin1') ?? new TextEncoder().encode(text);

/** Decodes base64 and base64url (RFC 4648). In Node 20, `atob` takes longer than the verification. */
const decode = (text: string): Uint8Array<ArrayBuffer> =>
  buffers()?.from(text, 'base64url') ??
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

const decodeText = (text: string): string =>
  buffers()?.from(text, 'base64url').toString() ?? new TextDecoder().decode(decode(text));

async function importKey(given: string | WebhookKey): Promise<CryptoKey> {
  const key = typeof given === 'string' ? await importPem(given).catch(() => undefined) : (given as CryptoKey);
  const { name, hash, modulusLength } = { ...key?.algorithm } as Partial<RsaHashedKeyAlgorithm>;
  check(KEY, [`${key?.type} ${name} ${hash?.name} ${key?.usages}`, modulusLength]);
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
  last: Promise<void>;
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
  const ids = new Map<string, unknown>();
  const inMemory = { has: (id: string) => ids.has(id), add: (id: string) => remember(ids, id, id) };
  const { onCreated, onUpdated, onDeleted, onError, seen = inMemory } = { ...options };
  const handlers = { created: onCreated, updated: onUpdated, deleted: onDeleted };
  const apps = new Map<string, Deliveries>();

  return async (request) => {
    let event: WebhookEvent | undefined;
    try {
      const { id, appId, type, sequence } = (event = await receive(request, options));
      const app = apps.get(appId) ?? { sequence: 0n, last: Promise.resolve() };
      remember(apps, appId, app);
      app.last = app.last
        .catch(() => {})
        .then(async () => {
          if ((await seen.has(id)) || BigInt(sequence) < app.sequence) return;
          await handlers[type]?.(event as WebhookEvent & { oAuthApp: OAuthApp });
          app.sequence = BigInt(sequence);
          await seen.add(id);
        });
      await app.last;
      return new Response();
    } catch (fault) {
      await Promise.resolve(fault)
        .then(onError)
        .catch(() => {});
      // Only a refusal has a status; a failure has that of an option that is wrong.
      const status = event ? undefined : (fault as { status?: number } | undefined)?.status;
      return new Response(null, { status: status ?? faultOf(KEY, [0]).status, headers: { allow: 'POST' } });
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
    check(BODY, [typeof body, body.length]);
  }
  return readWebhook(body, options);
}

/** Adds an entry, and removes the oldest one of too many. */
function remember<Key, Value>(entries: Map<Key, Value>, key: Key, value: Value): void {
  entries.delete(key);
  entries.set(key, value);
  if (entries.size > MAX_ENTRIES) entries.delete(entries.keys().next().value as Key);
}
