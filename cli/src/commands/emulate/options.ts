/** The options of `emulate`: what each is called, what it sets, and how its value is read. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { EmulatorOptions } from 'wix-oauth-apps/emulator';
import { faultOfDataPath } from '../../data-path.js';
import { readAllowedOrigin } from '../../server/cors.js';
import { readAllowedHost } from '../../server/hosts.js';
import type { OptionDefinition } from '../definition.js';
import { wholeNumber } from '../readers.js';
import { readApp } from './app.js';

/** The settings of `emulate`. */
export interface Settings {
  port: number;
  host: string;
  allowHosts: string[];
  allowOrigins: string[];
  data: string | undefined;
  quiet: boolean;
  /** The profile file of `probe`. */
  profile: string | undefined;
  /** The configuration file with apps to start with. */
  appsFile: string | undefined;
  /** The emulator's own options, which it checks. */
  emulator: EmulatorOptions;
}

/** An option of `emulate`. */
export interface EmulateOption extends OptionDefinition {
  /** The server's setting that it sets; its own name, unless given. */
  setting?: string;
  /** The emulator's option that it sets. */
  emulator?: string;
}

export const OPTIONS: readonly EmulateOption[] = [
  {
    name: 'port',
    value: 'NUMBER',
    help: 'the port to listen on, 0 for any free port',
    default: '8787',
    read: wholeNumber(0, 65_535),
  },
  {
    name: 'host',
    value: 'ADDRESS',
    help: 'the address to listen on',
    default: '127.0.0.1: this machine alone',
    read: address,
  },
  {
    name: 'allow-host',
    value: 'HOST',
    help: 'another host that requests may name; can be repeated',
    default: 'loopback hosts',
    read: checked(readAllowedHost),
    many: true,
    setting: 'allowHosts',
  },
  {
    name: 'allow-origin',
    value: 'ORIGIN',
    help: 'another origin whose pages may use it; can be repeated',
    default: 'loopback origins',
    read: checked(readAllowedOrigin),
    many: true,
    setting: 'allowOrigins',
  },
  {
    name: 'data',
    value: 'FILE',
    help: 'keep the state in this file, created if it does not exist',
    default: 'in memory',
    read: dataPath,
  },
  { name: 'quiet', help: 'print no access log' },
  {
    name: 'profile',
    value: 'FILE',
    help: 'behave as the service that `probe --out` asked; other options override it',
    default: 'none',
  },
  {
    name: 'apps',
    value: 'FILE',
    help: 'start with the apps of this configuration file; an app can have an id',
    default: 'none',
    setting: 'appsFile',
  },
  {
    name: 'app',
    value: 'name=NAME[,redirect=URL]…',
    help: 'start with this app; further keys: id, domain, login, logout; can be repeated',
    default: 'none',
    read: readApp,
    many: true,
    emulator: 'apps',
  },
  {
    name: 'login',
    value: 'HOW',
    help: 'how a member logs in at a page: automatic, or interactive, which asks who',
    default: 'automatic',
    emulator: 'login',
  },
  {
    name: 'api-key',
    value: 'KEY',
    help: 'the API key that is accepted',
    default: 'an obvious placeholder',
    emulator: 'apiKey',
  },
  {
    name: 'site-id',
    value: 'GUID',
    help: 'a site that exists; can be repeated',
    default: 'one fixed GUID',
    many: true,
    emulator: 'siteIds',
  },
  {
    name: 'permission',
    value: 'SCOPE',
    help: 'a permission of the API key; can be repeated',
    default: 'all',
    many: true,
    emulator: 'permissions',
  },
  {
    name: 'access-token',
    value: 'TOKEN[@SITE-ID]',
    help: 'a token bound to a site (the first one); can be repeated',
    default: 'none',
    read: accessToken,
    many: true,
    emulator: 'accessTokens',
  },
  {
    name: 'member',
    value: 'EMAIL:PASSWORD',
    help: 'a member who can log in; can be repeated',
    default: 'member@example.com',
    read: member,
    many: true,
    emulator: 'members',
  },
  {
    name: 'seed',
    value: 'TEXT',
    help: 'derive IDs and secrets from this text, the same each time',
    default: 'random',
    emulator: 'seed',
  },
  {
    name: 'now',
    value: 'DATE',
    help: 'stop the clock at this date, such as 2026-03-01T09:05:00Z',
    default: 'it runs',
    emulator: 'now',
  },
  {
    name: 'latency',
    value: 'MS',
    help: 'delay each response by so many milliseconds',
    default: '0',
    read: wholeNumber(0, 2 ** 31 - 1),
    emulator: 'latency',
  },
  {
    name: 'rate-limit',
    value: 'NUMBER[/MS]',
    help: 'requests that a caller may make per minute, or per MS',
    default: 'no limit',
    read: rateLimit,
    emulator: 'rateLimit',
  },
  { name: 'no-retry-after', help: 'omit Retry-After from the 429 of the rate limit' },
  {
    name: 'stale-for',
    value: 'MS',
    help: 'how long a get by ID does not find a new app',
    default: '0',
    read: wholeNumber(0, 2 ** 32 - 1),
    emulator: 'staleFor',
  },
  {
    name: 'max-page-limit',
    value: 'NUMBER',
    help: 'the largest limit of a query',
    default: '100',
    read: wholeNumber(0, 2 ** 32 - 1),
    emulator: 'maxPageLimit',
  },
  { name: 'no-secret-on-create', help: 'omit the secret from the response to create', emulator: 'secretOnCreate' },
  {
    name: 'mask-path',
    value: 'HOW',
    help: 'a mask {"path": …} in an update: apply or ignore',
    default: 'apply',
    emulator: 'maskPath',
  },
  {
    name: 'account-header',
    value: 'HOW',
    help: 'wix-account-id beside wix-site-id: ignore or refuse',
    default: 'ignore',
    emulator: 'accountHeader',
  },
  {
    name: 'copy-allowed-domains',
    value: 'HOW',
    help: 'never, toAllowedRedirectDomains or fromAllowedRedirectDomains',
    default: 'never',
    emulator: 'copyAllowedDomains',
  },
  {
    name: 'max-allowed-domains',
    value: 'NUMBER',
    help: 'how many allowedDomains an app may have',
    default: '20',
    read: wholeNumber(1, 2 ** 32 - 1),
    emulator: 'maxAllowedDomains',
  },
  {
    name: 'max-origin-length',
    value: 'NUMBER',
    help: "how many characters an app's origin may have",
    default: '256',
    read: wholeNumber(1, 2 ** 32 - 1),
    emulator: 'maxOriginLength',
  },
  { name: 'normalize-redirects', help: 'store redirect entries in normal form', emulator: 'normalizeRedirects' },
  {
    name: 'duplicate-redirects',
    value: 'HOW',
    help: 'redirect entries sent twice: keep, drop or refuse',
    default: 'keep',
    emulator: 'duplicateRedirects',
  },
  { name: 'no-custom-schemes', help: 'accept only http and https redirect URIs', emulator: 'customSchemes' },
  { name: 'no-wildcard-redirects', help: 'take a * in a redirect URI literally', emulator: 'wildcardRedirects' },
  {
    name: 'subdomain-redirects',
    help: 'let a redirect domain allow its subdomains too',
    emulator: 'subdomainRedirects',
  },
  {
    name: 'domain-ports',
    value: 'HOW',
    help: "a redirect domain's port: exact or ignored",
    default: 'exact',
    emulator: 'domainPorts',
  },
  {
    name: 'logout-redirects',
    value: 'HOW',
    help: 'the lists that allow the return URL of a logout: either or domains',
    default: 'either',
    emulator: 'logoutRedirects',
  },
  { name: 'no-honor-login-url', help: "do not send visitors to an app's loginUrl", emulator: 'honorLoginUrl' },
  { name: 'no-honor-logout-url', help: "do not send visitors to an app's logoutUrl", emulator: 'honorLogoutUrl' },
  {
    name: 'wix-pages-url',
    value: 'HOW',
    help: "where redirect sessions lead: emulator, or app for the app's own pages",
    default: 'emulator',
    emulator: 'wixPagesUrl',
  },
  {
    name: 'dead-domain',
    value: 'HOST',
    help: 'a host that belongs to no site, so that a checkout fails; can be repeated',
    default: 'none',
    many: true,
    emulator: 'deadDomains',
  },
  {
    name: 'unknown-client-status',
    value: 'CODE',
    help: 'the status for a token request of an unknown client: 400, 401 or 404',
    default: '400',
    read: wholeNumber(400, 499),
    emulator: 'unknownClientStatus',
  },
  {
    name: 'webhook',
    value: 'URL',
    help: 'post changes of apps to this URL; can be repeated',
    default: 'none',
    read: (url) => ({ url }),
    many: true,
    emulator: 'webhooks',
  },
  {
    name: 'webhook-key',
    value: 'FILE',
    help: 'sign webhooks with this private RSA key, a JWK',
    default: 'a new one',
    read: jsonFile,
    emulator: 'webhookKey',
  },
];

/** The settings without options. */
export const DEFAULTS: Settings = {
  port: 8787,
  host: '127.0.0.1',
  allowHosts: [],
  allowOrigins: [],
  data: undefined,
  quiet: false,
  profile: undefined,
  appsFile: undefined,
  emulator: {},
};

/** Returns a reader that keeps the text, once `read` has accepted it. */
function checked(read: (text: string) => unknown): (text: string) => string {
  return (text) => {
    read(text);
    return text;
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
