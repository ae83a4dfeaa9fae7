// Values that throw, change or never settle: a call with one settles, at worst with an `OAuthAppsError`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import * as api from 'wix-oauth-apps';
import { createClient, init, isOAuthAppsError, validateOAuthApp } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { answer, emulated, NOBODY, settled } from './support/client.mjs';

const AUTH = { accessToken: 'token' };
const many = (count, make) => Array.from({ length: count }, (_, at) => make(at));

const boom = () => {
  throw new RangeError('boom');
};
const everyTrap = Object.fromEntries(
  Reflect.ownKeys(Reflect)
    .filter((key) => typeof key === 'string')
    .map((key) => [key, boom]),
);
const revoked = (target) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const cyclic = () => {
  const value = { name: 'Shop', list: [] };
  value.self = value;
  value.list.push(value, value.list);
  return value;
};
const nested = (depth) => {
  let value = {};
  for (let at = 0; at < depth; at++) value = at % 2 ? [value] : { name: value };
  return value;
};

/** Functions that create hostile values, by the name of the value. */
const HOSTILE = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  'not a number': () => NaN,
  infinity: () => Infinity,
  'minus zero': () => -0,
  'a number': () => 1e308,
  'a bigint': () => 2n ** 70n,
  'a symbol': () => Symbol('x'),
  'a well-known symbol': () => Symbol.iterator,
  'an empty text': () => '',
  'half a surrogate pair': () => '\ud83d',
  'a long text': () => 'é'.repeat(1_000_000),
  'a function': () => boom,
  'a class': () => class Draft {},
  'a class instance': () =>
    new (class Draft {
      name = 'Shop';
      get id() {
        return boom();
      }
    })(),
  'an object without a prototype': () => Object.assign(Object.create(null), { name: 'Shop' }),
  'a cyclic object': cyclic,
  'a deep object': () => nested(50_000),
  'a graph of shared references': () => {
    let value = {};
    for (let at = 0; at < 30; at++) value = { left: value, right: value };
    return value;
  },
  'a getter that throws': () => ({
    get name() {
      return boom();
    },
    get auth() {
      return boom();
    },
    get signal() {
      return boom();
    },
    get for() {
      return boom();
    },
  }),
  'a getter that throws undefined': () => ({
    get name() {
      throw undefined;
    },
  }),
  'conversions that throw': () => ({ toString: boom, valueOf: boom, toJSON: boom, [Symbol.toPrimitive]: boom }),
  'a revoked proxy': () => revoked({}),
  'a revoked proxy of a list': () => revoked([]),
  'a revoked proxy of a function': () => revoked(() => {}),
  'a proxy all of whose traps throw': () => new Proxy({}, everyTrap),
  'a proxy of a list whose traps throw': () => new Proxy([], everyTrap),
  'a proxy with many keys': () =>
    new Proxy(
      {},
      {
        ownKeys: () => many(20_000, (at) => `key${at}`),
        getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
      },
    ),
  'a proxy whose members are itself': () => {
    const proxy = new Proxy({ x: 1 }, { get: () => proxy });
    return proxy;
  },
  'a list with an infinite length': () => new Proxy([], { get: (_, name) => (name === 'length' ? Infinity : 'x') }),
  'a list whose length is text': () => new Proxy([], { get: (_, name) => (name === 'length' ? 'x' : boom()) }),
  'an empty list': () => [],
  'a list with holes': () => [, , 1],
  'a huge list with holes': () => new Array(2 ** 32 - 1),
  'a huge list': () => new Array(1_000_000).fill('x'),
  'a cyclic list': () => {
    const list = [];
    list.push(list);
    return list;
  },
  'a date': () => new Date(NaN),
  'a map': () => new Map([['name', 'Shop']]),
  'a regular expression': () => /x/g,
  'an error': () => new Error('x'),
  'an error of another realm': () => runInNewContext('new Error("x")'),
  bytes: () => new Uint8Array(1_000),
  'a boxed text': () => new String('Shop'),
  'a promise': () => Promise.resolve('x'),
  // Handles the rejection, because nobody awaits the promise.
  'a rejected promise': () => {
    const promise = Promise.reject(new Error('x'));
    promise.catch(() => {});
    return promise;
  },
  'a thenable that throws': () => ({ then: boom }),
  'a thenable that never settles': () => ({ then: () => {} }),
  'an iterable that throws': () => ({ [Symbol.iterator]: boom }),
  'an object that resembles a signal': () => ({ aborted: false, addEventListener: boom, removeEventListener: boom }),
  'a signal whose reason throws': () => ({
    aborted: true,
    get reason() {
      return boom();
    },
    addEventListener() {},
    removeEventListener() {},
  }),
  'a prototype as a member': () => JSON.parse('{"__proto__": {"name": "Shop"}, "constructor": 1, "toString": 2}'),
  globalThis: () => globalThis,
};

/** The operations, with valid arguments of which each is replaced in turn. */
const CALLS = [
  ['createOAuthApp', { name: 'Shop' }, {}],
  ['getOAuthApp', NOBODY, {}],
  ['updateOAuthApp', NOBODY, { name: 'Shop' }, {}],
  ['deleteOAuthApp', NOBODY, {}],
  ['queryOAuthApps', {}, {}],
  ['generateOAuthAppSecret', NOBODY, {}],
  ['listOAuthApps', {}, {}],
  ['allowRedirects', NOBODY, { uris: [] }, {}],
  ['disallowRedirects', NOBODY, { domains: [] }, {}],
  ['ensureOAuthApp', { name: 'Shop' }, {}],
];
/** Starts a listing, which begins when its first app is requested. */
const started = (result) => (typeof result?.next === 'function' ? result.next() : result);
const FIELDS = [
  ...['name', 'description', 'loginUrl', 'logoutUrl', 'allowedRedirectUris', 'allowedRedirectDomains'],
  ...['allowSecretGeneration', 'applicationType', 'technology', 'wixPagesDomainsMappings', 'redirectUrlWixPages'],
  ...['id', 'toString', '__proto__'],
];

/** The positions in which a value can be passed: their names, and calls that pass it there. */
const POSITIONS = [
  ...CALLS.flatMap(([name, ...args]) =>
    args.map((_, at) => [
      `argument ${at + 1} of client.${name}`,
      (value, { client }) => started(client[name](...args.toSpliced(at, 1, value))),
    ]),
  ),
  ...CALLS.flatMap(([name, ...args]) =>
    [undefined, ...args].map((_, at) => [
      `argument ${at + 1} of ${name}`,
      (value, { client }) => started(api[name](...[client, ...args].toSpliced(at, 1, value))),
    ]),
  ),
  ...['signal', 'timeout', 'retry', 'headers'].map((name) => [
    `the call option ${name}`,
    (value, { client }) => client.getOAuthApp(NOBODY, { [name]: value }),
  ]),
  ["a header's value", (value, { client }) => client.getOAuthApp(NOBODY, { headers: { 'x-trace': value } })],
  ...FIELDS.map((name) => [
    `the draft's field ${name}`,
    (value, { client }) =>
      client.createOAuthApp(Object.defineProperty({ name: 'Shop' }, name, { value, enumerable: true })),
  ]),
  ...FIELDS.map((name) => [
    `the patch's field ${name}`,
    (value, { client }) => client.updateOAuthApp(NOBODY, { [name]: value }),
  ]),
  ...FIELDS.map((name) => [
    `the wanted app's field ${name}`,
    (value, { client }) =>
      client.ensureOAuthApp(Object.defineProperty({ name: 'Shop' }, name, { value, enumerable: true })),
  ]),
  ...['uris', 'domains'].map((name) => [
    `the entries' ${name}`,
    (value, { client }) => client.allowRedirects(NOBODY, { [name]: value }),
  ]),
  [
    'an entry to disallow',
    (value, { client }) => client.disallowRedirects(NOBODY, { uris: [value], domains: [value] }),
  ],
  ['an entry of a list', (value, { client }) => client.createOAuthApp({ name: 'Shop', allowedRedirectUris: [value] })],
  ...['filter', 'sort', 'paging', 'cursorPaging'].map((name) => [
    `the query's ${name}`,
    (value, { client }) => client.queryOAuthApps({ [name]: value }),
  ]),
  ['createClient', (value) => createClient(value)],
  ["createClient's auth", (value) => createClient({ auth: value })],
  ...['apiKey', 'accessToken', 'clientSecret', 'getAccessToken'].map((name) => [
    `createClient's auth.${name}`,
    (value) => createClient({ auth: { [name]: value } }),
  ]),
  ...[
    'siteId',
    'accountId',
    'baseUrl',
    'fetch',
    'timeout',
    'retry',
    'rateLimit',
    'onEvent',
    'dangerouslyAllowBrowser',
    'dangerouslyAllowHttp',
  ].map((name) => [`createClient's ${name}`, (value) => createClient({ auth: AUTH, [name]: value })]),
  ['validateOAuthApp', (value) => validateOAuthApp(value)],
  ['validateOAuthApp for an update', (value) => validateOAuthApp(value, { for: 'update' })],
  ["validateOAuthApp's options", (value) => validateOAuthApp({ name: 'Shop' }, value)],
  ["validateOAuthApp's purpose", (value) => validateOAuthApp({ name: 'Shop' }, { for: value })],
  ['init', (value) => init(value)],
  ['isOAuthAppsError', (value) => void isOAuthAppsError(value)],
  [
    'the result of getAccessToken',
    (value, { options }) => api.getOAuthApp({ ...options, auth: { getAccessToken: () => value }, timeout: 20 }, NOBODY),
  ],
  [
    'the result of fetch',
    (value, { options }) => api.getOAuthApp({ ...options, fetch: () => value, timeout: 20, retry: false }, NOBODY),
  ],
  [
    'the result of text()',
    (value, { options }) =>
      api.getOAuthApp(
        { ...options, fetch: () => ({ ...answer(''), text: () => value }), timeout: 20, retry: false },
        NOBODY,
      ),
  ],
  [
    'the result of headers.get()',
    (value, { options }) =>
      api.getOAuthApp(
        { ...options, fetch: () => ({ ...answer(''), headers: { get: () => value } }), retry: false },
        NOBODY,
      ),
  ],
  [
    'the result of onEvent',
    (value, { options }) =>
      api.createOAuthApp(
        { ...options, onEvent: () => value },
        { name: 'Shop', allowedRedirectUris: ['https://example.com'] },
      ),
  ],
];

for (const [position, pass] of POSITIONS) {
  test(`as ${position}`, async () => {
    const subject = await emulated();
    for (const [what, make] of Object.entries(HOSTILE)) {
      try {
        // The value may be valid here. The call has to settle, with a result or with an OAuthAppsError.
        await settled((async () => pass(make(), subject))(), 5_000);
      } catch (error) {
        assert.ok(isOAuthAppsError(error), `${what}: ${String(error?.stack ?? error)}`);
        assert.ok(
          [
            'CONFIG',
            'INVALID_ARGUMENT',
            'UNAUTHENTICATED',
            'NOT_FOUND',
            'NETWORK',
            'TIMEOUT',
            'ABORTED',
            'BAD_RESPONSE',
            // Earlier values may have created several apps with the same name.
            ...(position.includes('wanted') ? ['CONFLICT'] : []),
          ].includes(error.code),
          `${what}: ${error.code}`,
        );
        assert.notEqual(error.message, '');
        assert.doesNotMatch(error.message, /core failed/, what);
      }
    }
    // The same client still works.
    const { id } = await subject.client.createOAuthApp({ name: 'Afterwards' });
    assert.equal((await subject.client.getOAuthApp(id)).name, 'Afterwards');
    for (const { path } of subject.emulator.requests) {
      assert.match(path, /^\/oauth-app\/v1\/oauth-apps(\/query|\/[0-9a-f-]{36}(\/generate-secret)?)?$/);
    }
  });
}

for (const [position, pass] of [
  ['the options of createEmulator', (value) => createEmulator(value)],
  ...['apiKey', 'siteIds'].map((name) => [`createEmulator's ${name}`, (value) => createEmulator({ [name]: value })]),
  ['a state to restore', (value, emulator) => emulator.restore(value)],
]) {
  test(`as ${position}`, async () => {
    const { client, emulator } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Shop' });
    for (const [what, make] of Object.entries(HOSTILE)) {
      // JSON.stringify does not end on these either, and only tests call the emulator.
      if (what === 'a graph of shared references' || what === 'a huge list with holes') continue;
      await settled((async () => pass(make(), emulator))(), 5_000).catch((error) => {
        assert.notEqual(error?.code, 'ERR_ASSERTION', what);
        assert.ok(!(error instanceof WebAssembly.RuntimeError), what);
      });
    }
    assert.equal((await client.getOAuthApp(id)).name, 'Shop');
  });
}
