/** The options of the command line: what each is called, what it sets, and how its value is read. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { EmulatorOptions } from 'wix-oauth-apps/emulator';
import { faultOfDataPath } from '../data-path.js';
import { readAllowedOrigin } from '../server/cors.js';
import { readAllowedHost } from '../server/hosts.js';

/** What `emulate` runs with. */
export interface Settings {
  port: number;
  host: string;
  allowHosts: string[];
  allowOrigins: string[];
  data: string | undefined;
  quiet: boolean;
  /** The emulator's own options, which it checks. */
  emulator: EmulatorOptions;
}

/** Returns the value of an option from its text. Throws an error that names the fault of a text that cannot be used. */
type Reader = (text: string) => unknown;

/** An option of the command line. */
export interface Option {
  /** The placeholder of its value in the help; a switch has none. */
  value?: string;
  help: string;
  /** How its value is read; as it is, unless given. */
  read?: Reader;
  /** Whether it can be repeated. */
  many?: boolean;
  /** The server's setting that it sets; its own name, unless given. */
  setting?: string;
  /** The emulator's option that it sets. */
  emulator?: string;
}

/** The options of `emulate`, by name. */
export const OPTIONS: Record<string, Option> = {
  port: { value: 'NUMBER', help: 'the port to listen on, 0 for any free port (8787)', read: wholeNumber(0, 65_535) },
  host: { value: 'ADDRESS', help: 'the address to listen on (127.0.0.1: this machine alone)', read: address },
  'allow-host': {
    value: 'HOST',
    help: 'another host that requests may name; can be repeated (loopback hosts)',
    read: checked(readAllowedHost),
    many: true,
    setting: 'allowHosts',
  },
  'allow-origin': {
    value: 'ORIGIN',
    help: 'another origin whose pages may use it; can be repeated (loopback origins)',
    read: checked(readAllowedOrigin),
    many: true,
    setting: 'allowOrigins',
  },
  data: {
    value: 'FILE',
    help: 'keep the state in this file, created if it does not exist (in memory)',
    read: dataPath,
  },
  quiet: { help: 'print no access log' },
  'api-key': { value: 'KEY', help: 'the API key that is accepted (an obvious placeholder)', emulator: 'apiKey' },
  'site-id': {
    value: 'GUID',
    help: 'a site that exists; can be repeated (one fixed GUID)',
    many: true,
    emulator: 'siteIds',
  },
  permission: {
    value: 'SCOPE',
    help: 'a permission of the API key; can be repeated (all)',
    many: true,
    emulator: 'permissions',
  },
  'access-token': {
    value: 'TOKEN[@SITE-ID]',
    help: 'a token bound to a site (the first one); can be repeated (none)',
    read: accessToken,
    many: true,
    emulator: 'accessTokens',
  },
  member: {
    value: 'EMAIL:PASSWORD',
    help: 'a member who can log in; can be repeated (member@example.com)',
    read: member,
    many: true,
    emulator: 'members',
  },
  seed: { value: 'TEXT', help: 'derive IDs and secrets from this text, the same each time (random)', emulator: 'seed' },
  now: { value: 'DATE', help: 'stop the clock at this date, such as 2026-03-01T09:05:00Z (it runs)', emulator: 'now' },
  latency: {
    value: 'MS',
    help: 'delay each response by so many milliseconds (0)',
    read: wholeNumber(0, 2 ** 31 - 1),
    emulator: 'latency',
  },
  'rate-limit': {
    value: 'NUMBER[/MS]',
    help: 'requests that a caller may make per minute, or per MS (no limit)',
    read: rateLimit,
    emulator: 'rateLimit',
  },
  'no-retry-after': { help: 'omit Retry-After from the 429 of the rate limit' },
  'stale-for': {
    value: 'MS',
    help: 'how long a get by ID does not find a new app (0)',
    read: wholeNumber(0, 2 ** 32 - 1),
    emulator: 'staleFor',
  },
  'max-page-limit': {
    value: 'NUMBER',
    help: 'the largest limit of a query (100)',
    read: wholeNumber(0, 2 ** 32 - 1),
    emulator: 'maxPageLimit',
  },
  'no-secret-on-create': { help: 'omit the secret from the response to create', emulator: 'secretOnCreate' },
  'mask-path': { value: 'HOW', help: 'a mask {"path": …} in an update: apply or ignore (apply)', emulator: 'maskPath' },
  'account-header': {
    value: 'HOW',
    help: 'wix-account-id beside wix-site-id: ignore or refuse (ignore)',
    emulator: 'accountHeader',
  },
  'copy-allowed-domains': {
    value: 'HOW',
    help: 'never, toAllowedRedirectDomains or fromAllowedRedirectDomains (never)',
    emulator: 'copyAllowedDomains',
  },
  'max-allowed-domains': {
    value: 'NUMBER',
    help: 'how many allowedDomains an app may have (20)',
    read: wholeNumber(1, 2 ** 32 - 1),
    emulator: 'maxAllowedDomains',
  },
  'max-origin-length': {
    value: 'NUMBER',
    help: "how many characters an app's origin may have (256)",
    read: wholeNumber(1, 2 ** 32 - 1),
    emulator: 'maxOriginLength',
  },
  'normalize-redirects': { help: 'store redirect entries in normal form', emulator: 'normalizeRedirects' },
  'duplicate-redirects': {
    value: 'HOW',
    help: 'redirect entries sent twice: keep, drop or refuse (keep)',
    emulator: 'duplicateRedirects',
  },
  'no-custom-schemes': { help: 'accept only http and https redirect URIs', emulator: 'customSchemes' },
  'no-wildcard-redirects': { help: 'take a * in a redirect URI literally', emulator: 'wildcardRedirects' },
  'subdomain-redirects': { help: 'let a redirect domain allow its subdomains too', emulator: 'subdomainRedirects' },
  'domain-ports': { value: 'HOW', help: "a redirect domain's port: exact or ignored (exact)", emulator: 'domainPorts' },
  'logout-redirects': {
    value: 'HOW',
    help: 'the lists that allow the return URL of a logout: either or domains (either)',
    emulator: 'logoutRedirects',
  },
  'no-honor-login-url': { help: "do not send visitors to an app's loginUrl", emulator: 'honorLoginUrl' },
  'no-honor-logout-url': { help: "do not call an app's logoutUrl", emulator: 'honorLogoutUrl' },
  'wix-pages-url': {
    value: 'HOW',
    help: "where redirect sessions lead: emulator, or app for the app's own pages (emulator)",
    emulator: 'wixPagesUrl',
  },
  'dead-domain': {
    value: 'HOST',
    help: 'a host that belongs to no site, so that a checkout fails; can be repeated (none)',
    many: true,
    emulator: 'deadDomains',
  },
  'unknown-client-status': {
    value: 'CODE',
    help: 'the status for a token request of an unknown client: 400, 401 or 404 (400)',
    read: wholeNumber(400, 499),
    emulator: 'unknownClientStatus',
  },
  webhook: {
    value: 'URL',
    help: 'post changes of apps to this URL; can be repeated (none)',
    read: (url) => ({ url }),
    many: true,
    emulator: 'webhooks',
  },
  'webhook-key': {
    value: 'FILE',
    help: 'sign webhooks with this private RSA key, a JWK (a new one)',
    read: jsonFile,
    emulator: 'webhookKey',
  },
};

/** The settings without options. */
export const DEFAULTS: Settings = {
  port: 8787,
  host: '127.0.0.1',
  allowHosts: [],
  allowOrigins: [],
  data: undefined,
  quiet: false,
  emulator: {},
};

/** Returns a reader that keeps the text, once `read` has accepted it. */
function checked(read: (text: string) => unknown): Reader {
  return (text) => {
    read(text);
    return text;
  };
}

function wholeNumber(min: number, max: number): Reader {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new Error(`is no whole number from ${min} to ${max}; give one`);
  };
}

function address(text: string): string {
  if (text === 'localhost' || isIP(text)) return text;
  throw new Error('is no address; give localhost, an IPv4 address such as 127.0.0.1, or an IPv6 address such as ::1');
}

function dataPath(text: string): string {
  const fault = faultOfDataPath(text);
  if (fault === undefined) return text;
  throw new Error(fault);
}

/** Reads `TOKEN` or `TOKEN@SITE-ID`. A token contains no `@`. */
function accessToken(text: string): { token: string; siteId?: string } {
  const [, token, siteId] = /^([^@]+)(?:@([^@]+))?$/.exec(text) ?? [];
  if (token) return { token, ...(siteId && { siteId }) };
  throw new Error('is no token; give a token, and the ID of its site after an @ unless it is the first one');
}

function member(text: string): { email: string; password: string } {
  const [, email, password] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (email && password) return { email, password };
  throw new Error('is no member; give an e-mail address, a colon and a password');
}

function rateLimit(text: string): { requests: number; per?: number } {
  const [, requests, per] = /^(\d{1,9})(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  if (requests) return { requests: Number(requests), ...(per && { per: Number(per) }) };
  throw new Error(
    'is no limit; give how many requests a minute, such as 200, or in how many milliseconds, such as 5/1000',
  );
}

function jsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The message quotes nothing of the file, which is a private key.
    const fault = error instanceof SyntaxError ? 'it is not valid JSON' : (error as Error).message;
    throw new Error(`cannot be read: ${fault}; give the file of a JWK`);
  }
}
