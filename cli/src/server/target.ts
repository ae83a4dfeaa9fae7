/** Reads where a request is sent to: its target and its `Host` header (RFC 9112, section 3.2). */
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.js';
import type { HostPolicy } from './hosts.js';

const ABSOLUTE = /^https?:\/\/([^/?#]*)(.*)$/i;

/** The target of a request. */
export interface Target {
  /** The path and the query. */
  url: string;
  /** The host and the port; undefined if an HTTP/1.0 request names none. */
  authority: string | undefined;
}

/**
 * Returns the target of a request. Throws an `HttpError` if the target or the `Host` header breaks the rules of HTTP, or names
 * a host that the server does not answer to.
 */
export function readTarget(request: IncomingMessage, policy: HostPolicy): Target {
  const { url = '', headers, rawHeaders, httpVersion, socket } = request;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) {
    throw new HttpError(400, `The request has ${hosts} Host headers; it must have one (RFC 9112, section 3.2)`);
  }
  if (hosts === 0 && httpVersion !== '1.0') {
    throw new HttpError(400, 'The request has no Host header; HTTP/1.1 requires one (RFC 9112, section 3.2)');
  }
  if (headers.host !== undefined) policy.check(headers.host, socket);
  if (url.startsWith('/') || url === '*') return { url, authority: headers.host };
  const [, authority, rest = ''] = ABSOLUTE.exec(url) ?? [];
  if (authority === undefined) {
    throw new HttpError(400, 'The target of the request is neither a path nor an http URL (RFC 9112, section 3.2)');
  }
  // The host of an absolute target overrides the one in the header.
  policy.check(authority, socket);
  return { url: rest.startsWith('/') ? rest : `/${rest}`, authority };
}

/** Returns the path of a URL that has neither scheme nor host. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
