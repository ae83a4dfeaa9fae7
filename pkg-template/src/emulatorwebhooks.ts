/** The emulator's webhooks: signed and posted in the background, as often as the core asks for. */
import type { EmulatorWebhooks, WebhookAttempt } from './emulator.js';

/** What the core says of webhooks. */
export interface Outbox {
  deliveries(): { id: string; url: string; claims: Record<string, unknown> }[];
  delivered(id: string, taken: boolean): void;
  nextDelivery(): number | undefined;
  attempts(): WebhookAttempt[];
}

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
/** How many milliseconds a receiver has to take a webhook. */
const PATIENCE = 10_000;
/** The longest that a timer waits. */
const LONGEST_TIMER = 2_147_483_647;

/** The webhooks, and what makes them look whether one is to be posted. A key that cannot be used is a `TypeError`. */
export async function webhooksOver(
  outbox: Outbox,
  key: unknown,
): Promise<{ webhooks: EmulatorWebhooks; look: () => void }> {
  // Now: a test may put the emulator's own in its place.
  const post = globalThis.fetch;
  let keys = key === undefined || key === null ? undefined : Promise.resolve(await imported(key));
  let posting: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const pair = () => (keys ??= generated());

  async function postAll(): Promise<void> {
    for (let due = outbox.deliveries(); due.length > 0; due = outbox.deliveries()) {
      for (const { id, url, claims } of due) outbox.delivered(id, await isTaken(url, claims));
    }
  }

  async function isTaken(url: string, claims: Record<string, unknown>): Promise<boolean> {
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    try {
      const body = await sign(claims, (await pair()).privateKey);
      const signal = AbortSignal.timeout(PATIENCE);
      const response = await post(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  function look(): void {
    if (posting) return;
    clearTimeout(timer);
    const next = outbox.nextDelivery();
    if (outbox.deliveries().length > 0) {
      posting = postAll().finally(() => (posting = undefined));
      posting.then(look, () => {});
    } else if (next !== undefined) {
      timer = setTimeout(look, Math.min(next, LONGEST_TIMER));
      // A test that is over should not wait for it.
      if (typeof timer === 'object') timer.unref();
    }
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
    get attempts() {
      return outbox.attempts();
    },
  };
  return { webhooks, look };
}

type Keys = { privateKey: CryptoKey; publicKey: CryptoKey };

async function generated(): Promise<Keys> {
  const algorithm = { ...RS256, modulusLength: 2_048, publicExponent: new Uint8Array([1, 0, 1]) };
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** A private key of the host's, and the public one that is a part of it. */
async function imported(key: unknown): Promise<Keys> {
  try {
    const { kty, n, e } = key as JsonWebKey;
    const [privateKey, publicKey] = await Promise.all([
      crypto.subtle.importKey('jwk', key as JsonWebKey, RS256, false, ['sign']),
      crypto.subtle.importKey('jwk', { kty, n, e } as JsonWebKey, RS256, true, ['verify']),
    ]);
    // A private part that is not the public one's is imported all the same.
    const probe = new Uint8Array(1);
    const signature = await crypto.subtle.sign(RS256.name, privateKey, probe);
    if (!(await crypto.subtle.verify(RS256.name, publicKey, signature, probe))) throw new Error('no pair');
    return { privateKey, publicKey };
  } catch {
    // Without the cause: its message could hold a part of the key.
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
