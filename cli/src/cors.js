// What a browser asks for before it lets a page of another origin talk to the server.
//
// Any origin may, with any header. The real service refuses API keys from browsers; here a page under test may use the
// stand-in, as nothing real is behind it.

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */

/** Headers of an answer that a page may read besides the few that every page may. */
const EXPOSED = 'x-wix-request-id, x-wix-consistent, retry-after';
const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const MAX_AGE = '600'; // seconds

/**
 * Whether a browser asks if it may send a request, rather than sends one.
 *
 * @param {IncomingMessage} request
 */
export const isPreflight = ({ method, headers }) =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

/**
 * The headers of the answer to a preflight, which has the status 204.
 *
 * @param {IncomingMessage} request
 */
export function preflightHeaders({ headers }) {
  const wanted = headers['access-control-request-headers'];
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': METHODS,
    // Named one by one: a `*` would not stand for Authorization.
    ...(wanted && { 'access-control-allow-headers': wanted }),
    ...(headers['access-control-request-private-network'] && { 'access-control-allow-private-network': 'true' }),
    'access-control-max-age': MAX_AGE,
    vary: 'access-control-request-headers',
  };
}

/**
 * The headers that let a page read an answer; none where no page asks.
 *
 * @param {IncomingMessage} request
 */
export const sharedHeaders = ({ headers }) =>
  headers.origin === undefined
    ? undefined
    : { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED };
