// The command line as it is typed, and what it means.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseArgs } from 'node:util';

/** What is wrong with the arguments; the message names the argument, the fault and the way out. */
export class UsageError extends Error {
  name = 'UsageError';
}

/**
 * @typedef {object} Settings
 * @property {number} port
 * @property {string} host
 * @property {string | undefined} data
 * @property {boolean} quiet
 * @property {import('wix-oauth-apps/emulator').EmulatorOptions} emulator The emulator's own options, which it checks.
 */

/** @typedef {{ command: 'emulate', settings: Settings } | { command: 'help' | 'version', settings?: undefined }} Command */

/**
 * @typedef {object} Option
 * @property {string} [value] What stands for its value in the help; a switch has none.
 * @property {string} help
 * @property {(text: string) => unknown} [read] Throws the fault where the text cannot be used.
 * @property {boolean} [many] Whether it can be given several times.
 * @property {string} [emulator] The emulator's option that it sets.
 */

/** @type {Record<string, Option>} */
const OPTIONS = {
  port: { value: 'NUMBER', help: 'where to listen, 0 for any free port (8787)', read: wholeNumber(0, 65_535) },
  host: { value: 'ADDRESS', help: 'on which address to listen (127.0.0.1: this machine alone)', read: address },
  data: {
    value: 'FILE',
    help: 'keep the state in this file; it is made where there is none (in memory)',
    read: nonEmpty,
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
    help: 'what the key may do; can be repeated (everything)',
    many: true,
    emulator: 'permissions',
  },
  member: {
    value: 'EMAIL:PASSWORD',
    help: 'who can log in; can be repeated (member@example.com)',
    read: member,
    many: true,
    emulator: 'members',
  },
  seed: { value: 'TEXT', help: 'IDs and secrets come out of it, and come again (random)', emulator: 'seed' },
  now: { value: 'DATE', help: 'when the clock stands, such as 2026-03-01T09:05:00Z (it runs)', emulator: 'now' },
  latency: {
    value: 'MS',
    help: 'how many milliseconds each answer takes (0)',
    read: wholeNumber(0, 2 ** 31 - 1),
    emulator: 'latency',
  },
  'rate-limit': {
    value: 'NUMBER[/MS]',
    help: 'requests a caller may make a minute, or in so many ms (no limit)',
    read: rateLimit,
    emulator: 'rateLimit',
  },
  'no-retry-after': { help: 'what is over the limit is not told when to come again' },
  'stale-for': {
    value: 'MS',
    help: 'how long a new app is not found by its ID, as happens (0)',
    read: wholeNumber(0, 2 ** 32 - 1),
    emulator: 'staleFor',
  },
  'max-page-limit': {
    value: 'NUMBER',
    help: 'the largest limit of a query (100)',
    read: wholeNumber(0, 2 ** 32 - 1),
    emulator: 'maxPageLimit',
  },
  'secret-on-create': { help: 'creating an app answers its secret', emulator: 'secretOnCreate' },
  'normalize-redirects': { help: 'redirect entries are stored in normal form', emulator: 'normalizeRedirects' },
  'duplicate-redirects': {
    value: 'HOW',
    help: 'redirect entries sent twice: keep, drop or refuse (keep)',
    emulator: 'duplicateRedirects',
  },
  'no-wildcard-redirects': { help: 'a * in a redirect URI is nothing but a *', emulator: 'wildcardRedirects' },
  'subdomain-redirects': { help: 'a redirect domain allows those below it too', emulator: 'subdomainRedirects' },
  'domain-ports': { value: 'HOW', help: "a redirect domain's port: exact or ignored (exact)", emulator: 'domainPorts' },
  'unknown-client-status': {
    value: 'CODE',
    help: 'for tokens of an unknown client: 400, 401 or 404 (400)',
    read: wholeNumber(400, 499),
    emulator: 'unknownClientStatus',
  },
  webhook: {
    value: 'URL',
    help: 'post there what happens to apps; can be repeated (nowhere)',
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

const DEFAULTS = { port: 8787, host: '127.0.0.1', data: undefined, quiet: false };

export const HELP = `\
Usage: wix-oauth-apps emulate [options]

Serves an emulator of the Wix Headless OAuth Apps API on this machine.

Options, with what counts where they are left out:
${Object.entries(OPTIONS).map(helpLine).join('\n')}
  -h, --help                    this text
  -v, --version                 the version

The ready line says where it listens and which credentials it accepts. SIGINT or SIGTERM stops it. GET /healthz says
whether it is up, GET /openapi.json describes the API, GET /webhooks/public-key gives what verifies webhooks.
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
  if (unknown) throw new UsageError(`${unknown.rawName}: there is no such option; wix-oauth-apps --help lists them`);
  const [command, ...rest] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  if (command !== 'emulate') {
    const fault = command === undefined ? 'no command is given' : `${command}: there is no such command`;
    throw new UsageError(`${fault}; the command is emulate, see wix-oauth-apps --help`);
  }
  if (rest.length) throw new UsageError(`${rest[0]}: emulate takes options alone, see wix-oauth-apps --help`);

  /** @type {Settings} */
  const settings = { ...DEFAULTS, emulator: {} };
  for (const { name, rawName, value } of options) {
    const option = /** @type {Option} */ (OPTIONS[name]);
    const target = option.emulator ? settings.emulator : settings;
    const key = option.emulator ?? name;
    const read = readValue(rawName, option, value);
    const before = Reflect.get(target, key);
    Reflect.set(target, key, option.many ? [...(before ?? []), read] : read);
  }
  const { 'no-retry-after': retryAfter, emulator } = /** @type {Settings & Record<string, unknown>} */ (settings);
  if (retryAfter !== undefined) {
    if (!emulator['rateLimit']) {
      throw new UsageError('--no-retry-after: says nothing without a limit; give --rate-limit too, or leave it out');
    }
    Object.assign(emulator['rateLimit'], { retryAfter });
  }
  return { command: 'emulate', settings };
}

/**
 * The emulator's complaint about an option, in the words of the command line.
 *
 * @param {string} message
 */
export function inArguments(message) {
  for (const [name, { emulator }] of Object.entries(OPTIONS)) {
    if (emulator && message.startsWith(`options.${emulator}`)) {
      return `--${name}${message.slice('options.'.length + emulator.length)}`;
    }
  }
  return message;
}

/** @param {string} rawName @param {Option} option @param {string | undefined} value */
function readValue(rawName, { value: placeholder, read = (text) => text }, value) {
  if (placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName}: takes no value; leave ${JSON.stringify(value)} out`);
    return !rawName.startsWith('--no-');
  }
  if (value === undefined) throw new UsageError(`${rawName}: its value is missing; write ${rawName} ${placeholder}`);
  try {
    return read(value);
  } catch (fault) {
    throw new UsageError(`${rawName}: ${JSON.stringify(value)} ${/** @type {Error} */ (fault).message}`);
  }
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
function nonEmpty(text) {
  if (text) return text;
  throw new Error('is no file; give its path');
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
    // Of what the file holds, nothing is repeated: it is a key.
    const fault = error instanceof SyntaxError ? 'it is no JSON' : /** @type {Error} */ (error).message;
    throw new Error(`cannot be read: ${fault}; give the file of a JWK`);
  }
}

/** @param {[string, Option]} entry */
function helpLine([name, { value, help }]) {
  return `  ${`--${name}${value ? ` ${value}` : ''}`.padEnd(29)} ${help}`;
}
