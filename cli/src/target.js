// Reads where a request is sent to: its target and its `Host` header, by RFC 9112, section 3.2.
import { Refusal } from './refusal.js';

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;

/**
 * @typedef {object} Target
 * @property {string} url The path and the query.
 * @property {string | undefined} authority The host and the port; undefined where an HTTP/1.0 request names none.
 */

/**
 * The target of a request. Throws a `Refusal` where it, or the `Host` header, is not what HTTP prescribes.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {(authority: string) => void} check Throws a `Refusal` for a host that the server does not answer to.
 * @returns {Target}
 */
export function readTarget({ url = '', headers, rawHeaders, httpVersion }, check) {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = /** @type {string} */ (rawHeaders[at]);
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) {
    throw new Refusal(400, `The request has ${hosts} Host headers; it must have one (RFC 9112, section 3.2)`);
  }
  if (hosts === 0 && httpVersion !== '1.0') {
    throw new Refusal(400, 'The request has no Host header; HTTP/1.1 requires one (RFC 9112, section 3.2)');
  }
  if (headers.host !== undefined) check(headers.host);
  if (url.startsWith('/') || url === '*') return { url, authority: headers.host };
  const [, authority, rest = ''] = ABSOLUTE.exec(url) ?? [];
  if (authority === undefined) {
    throw new Refusal(400, 'The target of the request is neither a path nor an http URL (RFC 9112, section 3.2)');
  }
  // Of an absolute target, the host counts rather than that of the header.
  check(authority);
  return { url: rest.startsWith('/') ? rest : `/${rest}`, authority };
}

/** @param {string} url */
export function pathOf(url) {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
