/** Signs and posts the emulator's webhooks in the background, when the core says that they are due. */
import type { EmulatorWebhooks, WebhookAttempt } from './types.js';

/** The pending webhooks of the core. */
export interface Outbox {
  deliveries(): { id: string; url: string; claims: Record<string, unknown> }[];
  delivered(id: string, accepted: boolean): void;
  nextDelivery(): number | undefined;
  attempts(): WebhookAttempt[];
}

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
/** The time limit for a receiver, in milliseconds. */
const TIMEOUT = 10_000;
/** The longest delay of a timer, in milliseconds. */
const LONGEST_TIMER = 2_147_483_647;

/**
 * Returns the webhooks; `deliver`, which posts those that are due and sets a timer for the others; and `cancel`, which ends
 * running attempts when the state is replaced. Throws a `TypeError` for an invalid key.
 */
export async function webhooksOver(
  outbox: Outbox,
  key: unknown,
): Promise<{ webhooks: EmulatorWebhooks; deliver: () => void; cancel: () => void }> {
  // Read here, because a test may replace the global `fetch` by the emulator's own.
  const post = globalThis.fetch;
  let keys = key === undefined || key === null ? undefined : Promise.resolve(await importKeys(key));
  let posting: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let cancelled = new AbortController();

  const pair = () => (keys ??= generateKeys());

  async function postAll(signal: AbortSignal): Promise<void> {
    for (let due = outbox.deliveries(); due.length > 0 && !signal.aborted; due = outbox.deliveries()) {
      for (const { id, url, claims } of due) {
        const accepted = await isAccepted(url, claims, signal);
        if (signal.aborted) return;
        outbox.delivered(id, accepted);
      }
    }
  }

  async function isAccepted(url: string, claims: Record<string, unknown>, cancelled: AbortSignal): Promise<boolean> {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const attempt = new AbortController();
    const abort = () => attempt.abort();
    const timeout = unref(setTimeout(abort, TIMEOUT));
    cancelled.addEventListener('abort', abort);
    try {
      const body = await sign(claims, (await pair()).privateKey);
      const { signal } = attempt;
      signal.throwIfAborted();
      const response = await post(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    } finally {
      clearTimeout(timeout);
      cancelled.removeEventListener('abort', abort);
    }
  }

  function deliver(): void {
    if (posting) return;
    clearTimeout(timer);
    const next = outbox.nextDelivery();
    if (outbox.deliveries().length > 0) {
      const { signal } = cancelled;
      const own = postAll(signal).finally(() => {
        if (posting === own) posting = undefined;
      });
      posting = own;
      own.then(
        () => {
          if (!signal.aborted) deliver();
        },
        () => {},
      );
    } else if (next !== undefined) {
      timer = unref(setTimeout(deliver, Math.min(next, LONGEST_TIMER)));
    }
  }

  function cancel(): void {
    clearTimeout(timer);
    cancelled.abort();
    cancelled = new AbortController();
    posting = undefined;
  }

  const webhooks: EmulatorWebhooks = {
    async publicKey() {
      const spki = await crypto.subtle.exportKey('spki', (await pair()).publicKey);
      const lines = base64(new Uint8Array(spki)).match(/.{1,64}/g) ?? [];
      return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
    },
    async settled() {
      while (posting) await posting;
    },
    stop: cancel,
    get attempts() {
      return outbox.attempts();
    },
  };
  return { webhooks, deliver, cancel };
}

/** Returns the timer, after making sure that it does not keep the process alive. */
function unref(timer: ReturnType<typeof setTimeout>): ReturnType<typeof setTimeout> {
  if (typeof timer === 'object') timer.unref();
  return timer;
}

type Keys = { privateKey: CryptoKey; publicKey: CryptoKey };

async function generateKeys(): Promise<Keys> {
  const algorithm = { ...RS256, modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) };
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** Imports a private key and the public key that it contains. */
async function importKeys(key: unknown): Promise<Keys> {
  try {
    const { kty, n, e } = key as JsonWebKey;
    const [privateKey, publicKey] = await Promise.all([
      crypto.subtle.importKey('jwk', key as JsonWebKey, RS256, false, ['sign']),
      crypto.subtle.importKey('jwk', { kty, n, e } as JsonWebKey, RS256, true, ['verify']),
    ]);
    // importKey does not check that the two parts belong together.
    const probe = new Uint8Array(1);
    const signature = await crypto.subtle.sign(RS256.name, privateKey, probe);
    if (!(await crypto.subtle.verify(RS256.name, publicKey, signature, probe)))
      throw new Error('the private and the public part do not belong together');
    return { privateKey, publicKey };
  } catch {
    // Without a cause, whose message could contain a part of the key.
    throw new TypeError('options.webhookKey: must be a private RSA key for RS256, as a JWK');
  }
}

async function sign(claims: Record<string, unknown>, key: CryptoKey): Promise<string> {
  const part = (value: unknown) => base64url(new TextEncoder().encode(JSON.stringify(value)));
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  const signature = await crypto.subtle.sign(RS256.name, key, new TextEncoder().encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

const base64url = (bytes: Uint8Array) => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
