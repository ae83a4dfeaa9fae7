/** Webhooks. WebCrypto verifies the signatures, and the core decides. */
import { webhookFault } from '../wasm/core.js';
import { withSecret } from './client.js';
import { init } from './core.js';
import { toError } from './error.js';
import type { OAuthApp } from './types.js';
import type { ReadWebhookOptions, WebhookEvent, WebhookHandlerOptions, WebhookKey } from './webhook-types.js';

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

// The first facts of each step, as indexes of `FACTS` in `src/webhook.rs`.
const METHOD = 0;
const BODY = 1;
const KEY = 3;
const TOKEN = 5;

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
 *   OAuth app, or an option is wrong. Its `status` is the one to respond with.
 */
export async function readWebhook(body: string, options: ReadWebhookOptions): Promise<WebhookEvent> {
  await init();
  const { publicKey, tolerance = 3_600_000, now = Date.now } = { ...options };
  check(BODY, typeof body, body?.length);
  const key = keys.get(publicKey) ?? (await importKey(publicKey));
  const [head = '', payload = '', end = '', rest] = body.split('.', 4);
  const signed = new TextEncoder().encode(`${head}.${payload}`);
  const signature = decode(end);
  const verification = crypto.subtle.verify(RS256, key, signature ?? signed, signed);
  // Another thread verifies the token while this one reads it, which hides the time that reading takes.
  const header = parse(decode(head));
  const claims = parse(decode(payload));
  const raw = parse(claims?.data);
  const event = parse(raw?.data);
  const app: OAuthApp | undefined = withSecret(event?.createdEvent?.entity ?? event?.updatedEvent?.currentEntity);
  const time = Number(typeof now === 'function' ? now() : now);
  const since = (seconds: number) => Math.round(time - seconds * 1_000);
  const facts = (isVerified: boolean) => [
    tolerance,
    time,
    typeof header,
    header?.alg,
    typeof header?.crit,
    signature && rest === undefined ? 'token' : 'text',
    String(isVerified),
    typeof claims,
    claims?.iat,
    since(claims?.iat) - tolerance,
    -since(claims?.iat),
    -since(claims?.nbf),
    since(claims?.exp),
    typeof raw,
    typeof event,
    `${raw?.eventType} ${event?.entityFqdn}_${event?.slug} ${typeof app}`,
    event?.id,
    event?.entityId,
    raw?.instanceId,
    event?.entityEventSequence,
  ];
  const fault = webhookFault(TOKEN, facts(true));
  if (!(await verification)) check(TOKEN, ...facts(false));
  if (fault) throw toError(fault, '');
  const { instanceId, accountInfo } = raw;
  raw.data = event;
  return {
    id: event.id,
    type: event.slug,
    appId: event.entityId,
    ...(app && { oAuthApp: app }),
    time: event.eventTime,
    sequence: event.entityEventSequence,
    instanceId,
    ...(accountInfo?.siteId && { siteId: accountInfo.siteId }),
    raw,
  };
}

/** Throws the first fault that the core finds in some facts. */
function check(first: number, ...facts: unknown[]): void {
  const fault = webhookFault(first, facts);
  if (fault) throw toError(fault, '');
}

/** Decodes base64url without white space and padding (RFC 7515 §2). */
function decode(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]+$/.test(text)) return undefined;
  // In Node 20, `atob` takes longer than the verification.
  const { Buffer } = globalThis as { Buffer?: typeof globalThis.Buffer };
  return Buffer ? Buffer.from(text, 'base64url') : fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
}

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/**
 * Parses a JSON object, about whose members nothing is known. Returns undefined for anything else, and for an object with a
 * repeated member, of which `JSON.parse` keeps the last.
 */
function parse(json: string | Uint8Array | undefined): any {
  try {
    const text = typeof json === 'string' ? json : (decoder ??= new TextDecoder()).decode(json);
    const value = JSON.parse(text);
    const again = JSON.stringify(value);
    return again[0] === '{' && (again === text || countMembers(again) === countMembers(text)) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Made when it is needed first, so that a bundle without webhooks does not contain it. */
let decoder: TextDecoder | undefined;

const countMembers = (json: string) => json.replace(/"(\\.|[^"\\])*"/g, '').split(':').length;

async function importKey(given: string | WebhookKey): Promise<CryptoKey> {
  const key = typeof given === 'string' ? await importPem(given).catch(() => undefined) : (given as CryptoKey);
  const { name, hash, modulusLength } = { ...key?.algorithm } as Partial<RsaHashedKeyAlgorithm>;
  check(KEY, `${key?.type} ${name} ${hash?.name} ${key?.usages}`, modulusLength);
  remember(keys, given, key!);
  return key!;
}

/** Imports a key from PEM (RFC 7468), in SPKI or PKCS #1. */
async function importPem(pem: string): Promise<CryptoKey> {
  const base64 = pem.replace(/-----[^-]*-----|\\[nr]|\s/g, '');
  let der = fromBase64(base64);
  // PKCS #1 starts with a number. SPKI puts an algorithm and two lengths before it (RFC 5280 §4.1).
  if (der[4] === 2) {
    der = fromBase64(`MIIAADANBgkqhkiG9w0BAQEFAAOCAAAA${base64}`);
    const view = new DataView(der.buffer);
    view.setUint16(2, der.length - 4);
    view.setUint16(21, der.length - 23);
  }
  return crypto.subtle.importKey('spki', der, RS256, false, ['verify']);
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
 * before, or its app has had a newer one; with 401 to a body that is not a valid webhook, 405 to other methods than POST,
 * and 413 to a body that is too long. If a handler fails, or an option is wrong, it responds with 500, and the service sends
 * the webhook again. The events of one app are delivered one after another.
 */
export function createWebhookHandler(options: WebhookHandlerOptions): (request: Request) => Promise<Response> {
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
        refusal = fault;
        throw fault;
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
      const status = refusal?.status ?? webhookFault(KEY, [0]).status;
      return new Response(null, { status, headers: { allow: 'POST' } });
    }
  };
}

/** Reads the event of a request, and no more of its body than the longest webhook has. */
async function receive(request: Request, options: ReadWebhookOptions): Promise<WebhookEvent> {
  await init();
  check(METHOD, request.method);
  const decoder = new TextDecoder();
  let body = '';
  for await (const chunk of request.body ?? []) {
    body += decoder.decode(chunk as Uint8Array, { stream: true });
    check(BODY, typeof body, body.length);
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
