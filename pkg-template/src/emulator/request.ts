/** Converts a request of a host for the core: a head and a body of bytes. */
import { createEncoder } from '../text.js';
import type { EmulatorRequest } from './types.js';

let encoder: ReturnType<typeof createEncoder> | undefined;

/**
 * Returns the method, the URL, and the name and the value of each header. Throws a `TypeError` that names the member if the
 * value is not a request.
 */
export function partsOf(request: EmulatorRequest): string[] {
  if (typeof request !== 'object' || request === null) throw new TypeError('request: must be an object');
  const { method, url, headers } = request;
  const parts = [textOf('method', method), textOf('url', url)];
  if (headers === undefined || headers === null) return parts;
  if (typeof headers !== 'object') throw new TypeError('request.headers: must be an object');
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined || value === null) continue;
    parts.push(name, typeof value === 'string' ? value : joinedValue(name, value));
  }
  return parts;
}

/** Replaces NUL, which separates the parts of the head and is invalid in HTTP, by a space (RFC 9110, section 5.5). */
export const withoutNul = (text: string) => text.replaceAll('\0', ' ');

/**
 * Returns the body as bytes of this realm: the global `Uint8Array`, of which a `Buffer` under jsdom is not an instance.
 */
export function bodyOf({ body }: EmulatorRequest): Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return (encoder ??= createEncoder()).encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  const tag = Object.prototype.toString.call(body);
  if (tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]') return new Uint8Array(body);
  throw new TypeError('request.body: must be a string or bytes');
}

/** Joins the values of a repeated header by the rule of RFC 9110, section 5.3, and cookies by that of RFC 6265. */
function joinedValue(name: string, value: unknown): string {
  const member = `headers[${JSON.stringify(name)}]`;
  const values = Array.isArray(value) ? value.map((part) => textOf(member, part)) : [textOf(member, value)];
  return values.join(name.toLowerCase() === 'cookie' ? '; ' : ', ');
}

function textOf(member: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`request.${member}: must be a string`);
}
