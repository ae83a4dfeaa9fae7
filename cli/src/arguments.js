// The command line as it is typed, and what it means.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { readAllowedOrigin } from './cors.js';
import { readAllowedHost } from './hosts.js';
import { faultOfDataPath } from './data-path.js';

/** Wrong arguments; the message names the argument, the fault and the remedy. */
export class UsageError extends Error {
  name = 'UsageError';
}

/**
 * @typedef {object} Settings
 * @property {number} port
 * @property {string} host
 * @property {string[]} allowHosts
 * @property {string[]} allowOrigins
 * @property {string | undefined} data
 * @property {boolean} quiet
 * @property {import('wix-oauth-apps/emulator').EmulatorOptions} emulator The emulator's own options, which it checks.
 */

/** @typedef {{ command: 'emulate', settings: Settings } | { command: 'help' | 'version', settings?: undefined }} Command */

/**
 * @typedef {object} Option
 * @property {string} [value] The placeholder of its value in the help; a switch has none.
 * @property {string} help
 * @property {(text: string) => unknown} [read] Throws the fault where the text cannot be used.
 * @property {boolean} [many] Whether it can be given several times.
 * @property {string} [setting] The server's setting that it sets; its own name unless given.
 * @property {string} [emulator] The emulator's option that it sets.
 */

/** @type {Record<string, Option>} */
const OPTIONS = {
  port: { value: 'NUMBER', help: 'where to listen, 0 for any free port (8787)', read: wholeNumber(0, 65_535) },
  host: { value: 'ADDRESS', help: 'on which address to listen (127.0.0.1: this machine alone)', read: address },
  'allow-host': {
    value: 'HOST',
    help: 'another host that requests may name; can be repeated (loopback ones)',
    read: checked(readAllowedHost),
    many: true,
    setting: 'allowHosts',
  },
  'allow-origin': {
    value: 'ORIGIN',
    help: 'another origin whose pages may use it; can be repeated (loopback ones)',
    read: checked(readAllowedOrigin),
    many: true,
    setting: 'allowOrigins',
  },
  data: {
    value: 'FILE',
    help: 'keep the state in this file, which is made if it does not exist (in memory)',
    read: dataPath,
  },
  quiet: { help: 'no access log' },
  'api-key': { value: 'KEY', help: 'the API key that is accepted (an obvious stand-in)', emulator: 'apiKey' },
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
    help: 'a token bound to a site (the first); can be repeated (none)',
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
  seed: { value: 'TEXT', help: 'derive IDs and secrets from it, the same each time (random)', emulator: 'seed' },
  now: { value: 'DATE', help: 'stop the clock, such as at 2026-03-01T09:05:00Z (it runs)', emulator: 'now' },
  latency: {
    value: 'MS',
    help: 'how many milliseconds each answer takes (0)',
    read: wholeNumber(0, 2 ** 31 - 1),
    emulator: 'latency',
  },
  'rate-limit': {
    value: 'NUMBER[/MS]',
    help: 'requests a caller may make in a minute, or in so many ms (no limit)',
    read: rateLimit,
    emulator: 'rateLimit',
  },
  'no-retry-after': { help: 'leave Retry-After out of an answer that the rate limit refuses' },
  'stale-for': {
    value: 'MS',
    help: 'how long a new app is not found by its ID (0)',
    read: wholeNumber(0, 2 ** 32 - 1),
    emulator: 'staleFor',
  },
  'max-page-limit': {
    value: 'NUMBER',
    help: 'the largest limit of a query (100)',
    read: wholeNumber(0, 2 ** 32 - 1),
    emulator: 'maxPageLimit',
  },
  'no-secret-on-create': { help: 'leave the secret out of the answer to create', emulator: 'secretOnCreate' },
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
  'no-custom-schemes': { help: 'redirect URIs must be http or https', emulator: 'customSchemes' },
  'no-wildcard-redirects': { help: 'a * in a redirect URI is only a *', emulator: 'wildcardRedirects' },
  'subdomain-redirects': { help: 'a redirect domain allows its subdomains too', emulator: 'subdomainRedirects' },
  'domain-ports': { value: 'HOW', help: "a redirect domain's port: exact or ignored (exact)", emulator: 'domainPorts' },
  'logout-redirects': {
    value: 'HOW',
    help: 'the lists that allow the return from a logout: either or domains (either)',
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
    help: 'a host that leads to no site, which ends a checkout; can be repeated (none)',
    many: true,
    emulator: 'deadDomains',
  },
  'unknown-client-status': {
    value: 'CODE',
    help: 'for tokens of an unknown client: 400, 401 or 404 (400)',
    read: wholeNumber(400, 499),
    emulator: 'unknownClientStatus',
  },
  webhook: {
    value: 'URL',
    help: 'post there when an app changes; can be repeated (nowhere)',
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

const DEFAULTS = {
  port: 8787,
  host: '127.0.0.1',
  allowHosts: [],
  allowOrigins: [],
  data: undefined,
  quiet: false,
};

export const HELP = `\
Usage: wix-oauth-apps emulate [options]

Serves an emulator of the Wix Headless OAuth Apps API on this machine.

Options, with their defaults in parentheses:
${Object.entries(OPTIONS).map(helpLine).join('\n')}
${helpLine(['-h, --help', { help: 'this text' }])}
${helpLine(['-v, --version', { help: 'the version' }])}

The ready line says where it listens and which credentials it accepts. SIGINT or SIGTERM stops it. GET /healthz says
whether it is up, GET /openapi.json describes the API, GET /webhooks/public-key gives the key that verifies webhooks.
`;

/**
 * @param {string[]} args What follows the program's name.
 * @returns {Command}
 */
export function readArguments(args) {
  // Not strict: Node's own messages do not say what to do.
  const { tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
      ...Object.fromEntries(
        Object.entries(OPTIONS).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' }]),
      ),
    },
  });
  const options = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []));
  if (options.some(({ name }) => name === 'help')) return { command: 'help' };
  if (options.some(({ name }) => name === 'version')) return { command: 'version' };
  const unknown = options.find(({ name }) => !Object.hasOwn(OPTIONS, name));
  if (unknown) {
    const near = unknown.rawName.startsWith('--') ? nearest(unknown.name) : undefined;
    const remedy = near ? `did you mean --${near}?` : 'wix-oauth-apps --help lists them';
    throw new UsageError(`${unknown.rawName}: there is no such option; ${remedy}`);
  }
  const [command, ...rest] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  if (command !== 'emulate') {
    const fault = command === undefined ? 'no command is given' : `${command}: there is no such command`;
    throw new UsageError(`${fault}; the command is emulate, see wix-oauth-apps --help`);
  }
  if (rest.length) throw new UsageError(`${rest[0]}: emulate takes options alone, see wix-oauth-apps --help`);

  /** @type {Settings} */
  const settings = { ...DEFAULTS, emulator: {} };
  for (const { name, rawName, value, inlineValue } of options) {
    const option = /** @type {Option} */ (OPTIONS[name]);
    const target = option.emulator ? settings.emulator : settings;
    const key = option.emulator ?? option.setting ?? name;
    const read = readValue(rawName, option, value, inlineValue);
    const before = Reflect.get(target, key);
    Reflect.set(target, key, option.many ? [...(before ?? []), read] : read);
  }
  const { 'no-retry-after': retryAfter, emulator } = /** @type {Settings & Record<string, unknown>} */ (settings);
  if (retryAfter !== undefined) {
    if (!emulator['rateLimit']) {
      throw new UsageError('--no-retry-after: has no effect without a limit; give --rate-limit too, or leave it out');
    }
    Object.assign(emulator['rateLimit'], { retryAfter });
  }
  return { command: 'emulate', settings };
}

/**
 * A message about an option of JavaScript, in the words of the command line.
 *
 * @param {string} message
 */
export function inArguments(message) {
  const [, key = '', rest = ''] = /^options\.(\w+)([^]*)$/.exec(message) ?? [];
  const entry = Object.entries(OPTIONS).find(([name, { setting, emulator }]) => key === (emulator ?? setting ?? name));
  return entry ? `--${entry[0]}${rest}` : message;
}

/**
 * The option whose name differs least from one that does not exist; undefined where none is similar.
 *
 * @param {string} name
 */
function nearest(name) {
  const [best] = Object.keys(OPTIONS)
    .map((option) => ({ option, distance: option.startsWith(name) ? 1 : editDistance(name, option) }))
    .filter(({ option, distance }) => distance <= Math.min(3, option.length >> 1))
    .sort((one, other) => one.distance - other.distance);
  return best?.option;
}

/** @param {string} one @param {string} other How many characters to insert, delete or replace (Levenshtein). */
function editDistance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 0; at < other.length; at += 1) {
      const replaced = Number(row[at]) + (character === other[at] ? 0 : 1);
      next.push(Math.min(replaced, Number(row[at + 1]) + 1, Number(next[at]) + 1));
    }
    row = next;
  }
  return Number(row.at(-1));
}

/**
 * @param {string} rawName
 * @param {Option} option
 * @param {string | undefined} value
 * @param {boolean | undefined} isInline Whether the value was written after `=`.
 */
function readValue(rawName, { value: placeholder, read = (text) => text }, value, isInline) {
  if (placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName}: takes no value; leave ${JSON.stringify(value)} out`);
    return !rawName.startsWith('--no-');
  }
  const isOption = value !== undefined && !isInline && value.startsWith('--');
  if (value === undefined || isOption) {
    const remedy = isOption ? `${rawName} ${placeholder}, or ${rawName}=${value}` : `${rawName} ${placeholder}`;
    throw new UsageError(`${rawName}: its value is missing; write ${remedy}`);
  }
  try {
    return read(value);
  } catch (fault) {
    throw new UsageError(`${rawName}: ${JSON.stringify(value)} ${/** @type {Error} */ (fault).message}`);
  }
}

/** @param {(text: string) => unknown} read Throws the fault where it cannot be used. */
function checked(read) {
  return (/** @type {string} */ text) => {
    read(text);
    return text;
  };
}

/** @param {number} min @param {number} max */
function wholeNumber(min, max) {
  return (/** @type {string} */ text) => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= min && number <= max) return number;
    throw new Error(`is no whole number from ${min} to ${max}; give one`);
  };
}

/** @param {string} text */
function address(text) {
  if (text === 'localhost' || isIP(text)) return text;
  throw new Error('is no address; give localhost, an IPv4 address such as 127.0.0.1, or an IPv6 address such as ::1');
}

/** @param {string} text */
function dataPath(text) {
  const fault = faultOfDataPath(text);
  if (fault === undefined) return text;
  throw new Error(fault);
}

// A token holds no `@`: what follows the last one is the site.
/** @param {string} text */
function accessToken(text) {
  const [, token, siteId] = /^([^@]+)(?:@([^@]+))?$/.exec(text) ?? [];
  if (token) return { token, ...(siteId && { siteId }) };
  throw new Error('is no token; give a token, and the ID of its site after an @ unless it is the first one');
}

/** @param {string} text */
function member(text) {
  const [, email, password] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (email) return { email, password };
  throw new Error('is no member; give an e-mail address, a colon and a password');
}

/** @param {string} text */
function rateLimit(text) {
  const [, requests, per] = /^(\d{1,9})(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  if (requests) return { requests: Number(requests), ...(per && { per: Number(per) }) };
  throw new Error(
    'is no limit; give how many requests a minute, such as 200, or in how many milliseconds, such as 5/1000',
  );
}

/** @param {string} path */
function jsonFile(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The message repeats nothing of the file: it is a key.
    const fault = error instanceof SyntaxError ? 'it is no JSON' : /** @type {Error} */ (error).message;
    throw new Error(`cannot be read: ${fault}; give the file of a JWK`);
  }
}

/** @param {[string, Option]} entry */
function helpLine([name, { value, help }]) {
  return `  ${`${name.startsWith('-') ? '' : '--'}${name}${value ? ` ${value}` : ''}`.padEnd(30)} ${help}`;
}
