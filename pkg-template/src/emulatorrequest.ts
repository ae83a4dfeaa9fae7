/** A request of a host as the core takes it: a head in JSON, and a body of text or bytes. */
import type { EmulatorRequest } from './emulator.js';

/** Method, URL and headers as JSON. A request that is none is a `TypeError` that names the member. */
export function headOf(request: EmulatorRequest): string {
  if (typeof request !== 'object' || request === null) throw new TypeError('request: must be an object');
  const { method, url, headers } = request;
  return JSON.stringify({
    method: wellFormed(textOf('method', method)),
    url: wellFormed(textOf('url', url)),
    headers: headersOf(headers),
  });
}

/**
 * The body as text, or as bytes of this realm: under jsdom, a `Buffer` is no instance of the global `Uint8Array`, and the
 * bindings recognise only those.
 */
export function bodyOf({ body }: EmulatorRequest): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return wellFormed(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const tag = Object.prototype.toString.call(body);
  if (tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]') return new Uint8Array(body);
  throw new TypeError('request.body: must be a string or bytes');
}

/** The headers with one value each; the values of a repeated header are joined, as RFC 9110, section 5.3, has it. */
function headersOf(headers: EmulatorRequest['headers']): Record<string, string> {
  // Without a prototype: a header may be called `__proto__`.
  const joined: Record<string, string> = Object.create(null);
  if (headers === undefined || headers === null) return joined;
  if (typeof headers !== 'object') throw new TypeError('request.headers: must be an object');
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || value === null) continue;
    joined[wellFormed(name)] = wellFormed(typeof value === 'string' ? value : joinedValue(name, value));
  }
  return joined;
}

/** The values of a repeated header in one, which most headers do without. */
function joinedValue(name: string, value: unknown): string {
  const member = `headers[${JSON.stringify(name)}]`;
  const values = Array.isArray(value) ? value.map((part) => textOf(member, part)) : [textOf(member, value)];
  return values.join(name.toLowerCase() === 'cookie' ? '; ' : ', ');
}

function textOf(member: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`request.${member}: must be a string`);
}

/** The text with each lone surrogate replaced: UTF-8, and so the core, cannot hold one. */
const wellFormed = (text: string) => (/[\ud800-\udfff]/.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text);
