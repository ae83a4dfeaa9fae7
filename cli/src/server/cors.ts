/**
 * The web pages that may use the server: those of loopback origins, those of the server itself, and those of the origins
 * that it was started with. A page of any other origin could otherwise create apps, read them, and make the emulator post
 * signed webhooks to a local backend. CORS alone does not prevent that: a browser sends simple requests without a
 * preflight, so they are refused here.
 */
import type { IncomingMessage } from 'node:http';
import { isLoopback, parseAuthority } from './hosts.js';
import { CONSOLE } from './console.js';
import { HttpError } from './http-error.js';

/** Response headers that a page may read, besides those that CORS always exposes. */
const EXPOSED = 'x-wix-request-id, x-wix-consistent, retry-after';
const METHODS = 'GET, POST, PUT, PATCH, DELETE';
const MAX_AGE = '600'; // seconds

/** Checks whether a request is a preflight: a browser asks whether it may send the actual request. */
export const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

/** Returns the headers of the response to a preflight of an allowed origin, beside `corsHeaders`. Its status is 204. */
export function preflightHeaders({ headers }: IncomingMessage): Record<string, string> {
  const requested = headers['access-control-request-headers'];
  return {
    'access-control-allow-methods': METHODS,
    // Named one by one: `*` does not cover Authorization.
    ...(requested && { 'access-control-allow-headers': requested }),
    ...(headers['access-control-request-private-network'] && { 'access-control-allow-private-network': 'true' }),
    'access-control-max-age': MAX_AGE,
  };
}

/** Returns the headers that let a page of this origin read a response. */
export const corsHeaders = (origin: string): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': EXPOSED,
  vary: 'origin, access-control-request-headers',
});

/**
 * Reads an entry of `allowOrigins`, such as `https://shop.test:3000`. Returns the origin as browsers send it. Throws an
 * error that names the fault of any other value.
 */
export function readAllowedOrigin(entry: unknown): string {
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
  readonly #allowed: ReadonlySet<string>;

  constructor(allowOrigins: readonly string[]) {
    this.#allowed = new Set(allowOrigins.map(readAllowedOrigin));
  }

  /**
   * Returns the origin that may read the response by CORS; undefined if the request names no origin or a foreign one.
   *
   * @param authority The host and port that the request was sent to.
   */
  grant({ headers: { origin } }: IncomingMessage, authority: string): string | undefined {
    return origin !== undefined && this.#allows(origin, authority) ? origin : undefined;
  }

  /**
   * Throws an `HttpError` for a request of a page of a foreign origin. Browsers set `Origin` and `Sec-Fetch-*` themselves;
   * other clients send no `Origin` and no `Sec-Fetch-Site`.
   *
   * A navigation by GET is allowed from any page: a login starts on any site, and the page that started it cannot read the
   * response.
   *
   * @param authority The host and port that the request was sent to.
   */
  check({ method, headers }: IncomingMessage, authority: string): void {
    const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = headers;
    if (origin === undefined ? site !== 'cross-site' : this.#allows(origin, authority)) return;
    // A page with the referrer policy no-referrer, as the emulator's are, posts its forms with `Origin: null`.
    if (origin === 'null' && site === 'same-origin') return;
    if (mode === 'navigate' && (method === 'GET' || method === 'HEAD')) return;
    throw new HttpError(403, origin === undefined ? EMBEDDED : foreignOrigin(origin));
  }

  /**
   * Throws an `HttpError` for a request of any page but the server's own: only they, and callers outside a browser, may use
   * the console and the control interface. Neither `allowOrigins` nor a loopback origin is enough.
   *
   * @param isPage Whether the path is that of the console's page, to which other pages may link.
   */
  checkOwn({ headers }: IncomingMessage, authority: string, isPage: boolean): void {
    const { origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination } = headers;
    if (origin !== undefined) {
      if (/^https?:\/\/(.+)$/.exec(origin)?.[1] === authority.toLowerCase()) return;
    } else {
      if (site === undefined || site === 'same-origin' || site === 'none') return;
      if (isPage && mode === 'navigate' && destination === 'document') return;
    }
    throw new HttpError(
      403,
      `Only pages of this server, and programs outside a browser, may use ${CONSOLE}; ` +
        `${origin === undefined ? 'a page of another site' : `a page of the origin ${origin}`} may not`,
    );
  }

  #allows(origin: string, authority: string): boolean {
    if (this.#allowed.has(origin)) return true;
    const [, text] = /^https?:\/\/(.+)$/.exec(origin) ?? [];
    if (text === undefined) return false;
    const parsed = parseAuthority(text);
    return parsed !== undefined && (isLoopback(parsed.host) || text === authority.toLowerCase());
  }
}

const EMBEDDED =
  'A page of another site may link to what the emulator serves, but may not embed it. Serve the page on a loopback host ' +
  'that is the same as in the URL of the emulator';

const foreignOrigin = (origin: string): string =>
  origin === 'null'
    ? 'A page of an opaque origin (a file, a sandboxed frame, a data: URL) may not use the emulator. Serve it on a ' +
      'loopback host, or on one that is named with --allow-origin (startServer: allowOrigins)'
    : `A page of the origin ${origin} may not use the emulator. If it is yours, start the server with --allow-origin ` +
      `${origin} (startServer: allowOrigins)`;
