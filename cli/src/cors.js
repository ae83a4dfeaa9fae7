// The web pages that may use the server. Pages of loopback origins may, those of the server itself, and those of the
// origins that it was started with. A page of any other origin could otherwise create apps, read them, and have the
// emulator post signed webhooks to a local backend. CORS alone does not stop that: a browser sends simple requests
// without asking, so they are refused here.
import { isLoopback, parseAuthority } from './hosts.js';
import { Refusal } from './refusal.js';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */

/** Headers of an answer that a page may read besides those that CORS always exposes. */
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
 * The headers of the answer to a preflight of an allowed origin, beside `corsHeaders`. Its status is 204.
 *
 * @param {IncomingMessage} request
 */
export function preflightHeaders({ headers }) {
  const wanted = headers['access-control-request-headers'];
  return {
    'access-control-allow-methods': METHODS,
    // Named one by one: `*` does not cover Authorization.
    ...(wanted && { 'access-control-allow-headers': wanted }),
    ...(headers['access-control-request-private-network'] && { 'access-control-allow-private-network': 'true' }),
    'access-control-max-age': MAX_AGE,
  };
}

/**
 * The headers that let a page of this origin read an answer.
 *
 * @param {string} origin
 */
export const corsHeaders = (origin) => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': EXPOSED,
  vary: 'origin, access-control-request-headers',
});

/**
 * Reads an entry of `allowOrigins`, such as `https://shop.test:3000`.
 *
 * @param {unknown} entry
 * @returns {string} The origin as browsers send it. Throws the fault where it is none.
 */
export function readAllowedOrigin(entry) {
  if (entry === '*' || entry === 'null') {
    throw new Error(
      'would let any web page use the emulator; name each origin, such as https://shop.test:3000. Loopback origins are ' +
        'always allowed',
    );
  }
  if (typeof entry === 'string' && /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@\\,]+\/?$/i.test(entry) && URL.canParse(entry)) {
    const { origin, protocol, host } = new URL(entry);
    // Schemes that the URL standard does not know, such as chrome-extension, have no `origin` there.
    return origin === 'null' ? `${protocol}//${host}` : origin;
  }
  throw new Error('is no origin; give scheme, host and port, such as https://shop.test:3000');
}

/** Decides which web pages may use the server. */
export class OriginPolicy {
  #allowed;

  /** @param {readonly string[]} allowOrigins */
  constructor(allowOrigins) {
    this.#allowed = new Set(allowOrigins.map(readAllowedOrigin));
  }

  /**
   * The origin to which an answer is shared by CORS; undefined where no page asks, or one that may not.
   *
   * @param {IncomingMessage} request
   * @param {string} authority The host and port that the request was sent to.
   */
  grant({ headers: { origin } }, authority) {
    return origin !== undefined && this.#allows(origin, authority) ? origin : undefined;
  }

  /**
   * Throws a `Refusal` for a request that a page of a foreign origin makes. Browsers set `Origin` and `Sec-Fetch-*`
   * themselves; other clients send neither, or no `Sec-Fetch-Site`.
   *
   * A navigation by GET is no such request, whoever links to the page: a login comes from anywhere, and the page that
   * started it cannot read the answer.
   *
   * @param {IncomingMessage} request
   * @param {string} authority The host and port that the request was sent to.
   */
  check({ method, headers }, authority) {
    const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
    if (origin === undefined ? site !== 'cross-site' : this.#allows(origin, authority)) return;
    // A page with the referrer policy no-referrer, as the emulator's are, posts its forms with `Origin: null`.
    if (origin === 'null' && site === 'same-origin') return;
    if (mode === 'navigate' && (method === 'GET' || method === 'HEAD')) return;
    throw new Refusal(403, origin === undefined ? EMBEDDED : foreign(origin));
  }

  /** @param {string} origin @param {string} authority */
  #allows(origin, authority) {
    if (this.#allowed.has(origin)) return true;
    const [, text] = /^https?:\/\/(.+)$/.exec(origin) ?? [];
    if (text === undefined) return false;
    const parsed = parseAuthority(text);
    return parsed !== undefined && (isLoopback(parsed.host) || text === authority.toLowerCase());
  }
}

const EMBEDDED =
  'A page of another site may not embed what the emulator serves, only link to it. Serve the page on a loopback host ' +
  'that is the same as in the URL of the emulator';

/** @param {string} origin */
const foreign = (origin) =>
  origin === 'null'
    ? 'A page of an opaque origin (a file, a sandboxed frame, a data: URL) may not use the emulator. Serve it on a ' +
      'loopback host, or on one that is named with --allow-origin (startServer: allowOrigins)'
    : `A page of the origin ${origin} may not use the emulator. If it is yours, start the server with --allow-origin ` +
      `${origin} (startServer: allowOrigins)`;
