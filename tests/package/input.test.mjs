// What is wrong with what a caller gives: told whole, before anything is sent; and nothing a caller can give hurts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import * as api from 'wix-oauth-apps';
import { createClient, init, isOAuthAppsError, validateOAuthApp } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { answer, emulated, failure, NOBODY, settled } from './support/client.mjs';

const ID = '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11';
const AUTH = { accessToken: 'token' };
const many = (count, make) => Array.from({ length: count }, (_, at) => make(at));

describe('options of a client that are refused, each by its name', () => {
  for (const [options, ...fields] of [
    // Not options at all.
    ...[null, 5, 'options', true, Symbol('options'), 5n, () => {}, []].map((value) => [value, '']),
    // No auth, or more than one.
    [undefined, 'auth'],
    [{}, 'auth'],
    [{ auth: undefined }, 'auth'],
    [{ auth: null }, 'auth'],
    [{ auth: 'key' }, 'auth'],
    [{ auth: {} }, 'auth'],
    [{ auth: { apiKey: undefined } }, 'auth.apiKey', 'siteId'],
    [{ auth: { apiKey: 'k' } }, 'siteId'],
    [{ auth: { apiKey: 'k' }, siteId: 's' }, 'siteId'],
    [{ auth: { apiKey: 'k', accessToken: 't' } }, 'auth'],
    [{ auth: { apiKey: 'k', clientId: ID, clientSecret: 's' } }, 'auth'],
    [{ auth: { key: 'k' } }, 'auth.key'],
    [{ auth: { apikey: 'k' } }, 'auth.apikey'],
    [{ auth: { apiKey: '' } }, 'auth.apiKey'],
    [{ auth: { apiKey: 5 } }, 'auth.apiKey'],
    [{ auth: { apiKey: null } }, 'auth.apiKey'],
    [{ auth: { apiKey: 'copied\n' } }, 'auth.apiKey'],
    [{ auth: { apiKey: 'a b' } }, 'auth.apiKey'],
    [{ auth: { apiKey: 'ключ' } }, 'auth.apiKey'],
    [{ auth: { apiKey: 'a\u0000b' } }, 'auth.apiKey'],
    [{ auth: { accessToken: 'a\r\nX-Injected: 1' } }, 'auth.accessToken'],
    [{ auth: { accessToken: {} } }, 'auth.accessToken'],
    [{ auth: { getAccessToken: 'token' } }, 'auth.getAccessToken'],
    [{ auth: { clientId: ID } }, 'auth.clientSecret'],
    [{ auth: { clientSecret: 's' } }, 'auth.clientId'],
    // Contradictions.
    [{ auth: AUTH, siteId: 's', accountId: 'a' }, 'accountId'],
    // Unknown ones.
    [{ auth: AUTH, colour: 'red' }, 'colour'],
    [{ auth: AUTH, siteid: 's' }, 'siteid'],
    [{ auth: AUTH, baseURL: 'https://example.com' }, 'baseURL'],
    [{ auth: AUTH, retry: { retries: 2 } }, 'retry.retries'],
    [{ auth: AUTH, rateLimit: { requests: 1, per: 1, burst: 1 } }, 'rateLimit.burst'],
    // Of no use.
    [{ auth: AUTH, siteId: '' }, 'siteId'],
    [{ auth: AUTH, siteId: 5 }, 'siteId'],
    [{ auth: AUTH, siteId: null }, 'siteId'],
    [{ auth: AUTH, accountId: 'a\nb' }, 'accountId'],
    [{ auth: AUTH, fetch: 'fetch' }, 'fetch'],
    [{ auth: AUTH, fetch: null }, 'fetch'],
    [{ auth: AUTH, onEvent: {} }, 'onEvent'],
    [{ auth: AUTH, dangerouslyAllowBrowser: 'yes' }, 'dangerouslyAllowBrowser'],
    [{ auth: AUTH, dangerouslyAllowHttp: 'wix-emulator' }, 'dangerouslyAllowHttp'],
    [{ auth: AUTH, dangerouslyAllowHttp: ['http://wix-emulator'] }, 'dangerouslyAllowHttp[0]'],
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 31, '1000', null].map((timeout) => [{ auth: AUTH, timeout }, 'timeout']),
    [{ auth: AUTH, retry: true }, 'retry'],
    [{ auth: AUTH, retry: 3 }, 'retry'],
    [{ auth: AUTH, retry: { maxRetries: -1, baseDelay: 'x' } }, 'retry.maxRetries', 'retry.baseDelay'],
    [{ auth: AUTH, rateLimit: true }, 'rateLimit'],
    [{ auth: AUTH, rateLimit: {} }, 'rateLimit.requests', 'rateLimit.per'],
    [{ auth: AUTH, rateLimit: { requests: 0, per: 0 } }, 'rateLimit.requests', 'rateLimit.per'],
    // A base URL that would show the credential, or is none.
    ...[
      ...['http://www.wixapis.com', 'http://localhost.example.com', 'http://127.0.0.1.example.com', 'http://10.0.0.1'],
      ...['', 'www.wixapis.com', '//www.wixapis.com', '/api', 'ftp://example.com', 'javascript:alert(1)', 5, null],
      ...['https://user:pass@example.com', 'https://example.com/?a=b', 'https://example.com/#a', 'https://'],
      ...['https://*.example.com', 'https://exa mple.com', 'https://example.com/a b', ' https://example.com'],
      ...['https://example.com/../x', 'https://example.com:99999', new URL('https://example.com')],
    ].map((baseUrl) => [{ auth: AUTH, baseUrl }, 'baseUrl']),
    // All at once.
    [
      { siteId: 's', accountId: 'a', timeout: 0, colour: 'red', baseUrl: 'x' },
      ...['colour', 'auth', 'accountId', 'baseUrl', 'timeout'],
    ],
  ]) {
    test(`${shown(options)}`, () => {
      let error;
      try {
        createClient(options);
      } catch (thrown) {
        error = thrown;
      }
      assert.ok(isOAuthAppsError(error), `${error}`);
      assert.deepEqual([error.code, error.operation, error.attempts], ['CONFIG', 'createClient', 0]);
      const named = error.violations.map((violation) => violation.field);
      for (const field of fields) {
        assert.ok(named.includes(field), `${field} is not among ${named}`);
        assert.ok(error.message.includes(field), error.message);
      }
    });
  }

  test('a name that differs in case alone is suggested', async () => {
    const { violations } = await failure(() => createClient({ auth: AUTH, siteid: 's', baseURL: 'https://x.com' }));
    assert.deepEqual(
      violations.map(({ field, suggestion }) => [field, suggestion]),
      [
        ['siteid', 'siteId'],
        ['baseURL', 'baseUrl'],
      ],
    );
  });

  test('a free function refuses options alike, with a rejection', async () => {
    for (const [name, args] of [
      ['createOAuthApp', [{ name: 'Shop' }]],
      ['getOAuthApp', [ID]],
      ['updateOAuthApp', [ID, { name: 'Shop' }]],
      ['deleteOAuthApp', [ID]],
      ['queryOAuthApps', []],
      ['generateOAuthAppSecret', [ID]],
      ['allowRedirects', [ID, {}]],
      ['disallowRedirects', [ID, {}]],
      ['ensureOAuthApp', [{ name: 'Shop' }]],
    ]) {
      const error = await failure(api[name]({ auth: AUTH, siteId: 's', accountId: 'a' }, ...args));
      assert.deepEqual([error.code, error.violations[0].field], ['CONFIG', 'accountId']);
    }
  });
});

describe('options of a call that are refused, each by its name', () => {
  for (const [options, field] of [
    ...[null, 5, 'options', [], () => {}].map((value) => [value, 'options']),
    [{ colour: 'red' }, 'colour'],
    [{ Timeout: 5 }, 'Timeout'],
    [{ timeout: 0 }, 'timeout'],
    [{ timeout: '5' }, 'timeout'],
    [{ retry: true }, 'retry'],
    [{ retry: { maxRetries: 101 } }, 'retry.maxRetries'],
    [{ signal: null }, 'signal'],
    [{ signal: {} }, 'signal'],
    [{ signal: new AbortController() }, 'signal'],
    [{ headers: 'a: b' }, 'headers'],
    [{ headers: new Headers({ a: 'b' }) }, 'headers'],
    [{ headers: new Map([['a', 'b']]) }, 'headers'],
    [{ headers: [['a', 'b']] }, 'headers'],
    [{ headers: { 'a b': 'c' } }, 'headers.a b'],
    [{ headers: { a: 5 } }, 'headers.a'],
    [{ headers: { a: 'b\r\nc: d' } }, 'headers.a'],
    [{ headers: { a: 'é' } }, 'headers.a'],
    [{ headers: { Authorization: 'mine' } }, 'headers.Authorization'],
    [{ headers: { 'WIX-SITE-ID': 'other' } }, 'headers.WIX-SITE-ID'],
    [{ headers: { 'wix-account-id': 'other' } }, 'headers.wix-account-id'],
    [{ headers: { 'content-type': 'text/plain' } }, 'headers.content-type'],
  ]) {
    test(`${shown(options)}`, async () => {
      const { client, emulator } = await emulated();
      for (const call of [
        () => client.createOAuthApp({ name: 'Shop' }, options),
        () => client.getOAuthApp(ID, options),
        () => client.updateOAuthApp(ID, { name: 'Shop' }, options),
        () => client.deleteOAuthApp(ID, options),
        () => client.queryOAuthApps({}, options),
        () => client.generateOAuthAppSecret(ID, options),
        () => client.listOAuthApps({}, options).next(),
        () => client.allowRedirects(ID, {}, options),
        () => client.disallowRedirects(ID, {}, options),
        () => client.ensureOAuthApp({ name: 'Shop' }, options),
      ]) {
        const error = await failure(call);
        assert.deepEqual([error.code, error.attempts], ['CONFIG', 0]);
        assert.equal(error.violations[0].field, field);
        assert.ok(error.message.includes(field), error.message);
      }
      assert.deepEqual(emulator.requests, []);
    });
  }
});

describe('drafts and patches that are refused, with every fault at once', () => {
  const long = 'x'.repeat(257);
  for (const [draft, ...faults] of [
    [{}, 'name REQUIRED_FIELD'],
    [{ name: undefined }, 'name REQUIRED_FIELD'],
    [{ name: null }, 'name TYPE'],
    [{ name: 'x' }, 'name OUT_OF_RANGE'],
    [{ name: long }, 'name OUT_OF_RANGE'],
    [{ name: 5 }, 'name TYPE'],
    [{ name: '\ud800x' }, 'name TYPE'],
    [{ name: new String('Shop') }, 'name TYPE'],
    [{ name: 'Shop', description: 5 }, 'description TYPE'],
    [{ name: 'Shop', id: 'x' }, 'id READ_ONLY'],
    [{ name: 'Shop', createdDate: new Date() }, 'createdDate READ_ONLY'],
    [{ name: 'Shop', secret: 's' }, 'secret READ_ONLY'],
    [{ name: 'Shop', colour: 'red' }, 'colour UNKNOWN_FIELD'],
    [{ Name: 'Shop' }, 'name REQUIRED_FIELD', 'Name UNKNOWN_FIELD'],
    [{ name: 'Shop', allowSecretGeneration: 'yes' }, 'allowSecretGeneration TYPE'],
    [{ name: 'Shop', applicationType: 'web_app' }, 'applicationType UNKNOWN_VALUE'],
    [{ name: 'Shop', technology: 'COBOL' }, 'technology UNKNOWN_VALUE'],
    [
      { name: 'Shop', redirectUrlWixPages: `https://shop.example.com/${'x'.repeat(1001)}` },
      'redirectUrlWixPages OUT_OF_RANGE',
    ],
    [{ name: 'Shop', wixPagesDomainsMappings: {} }, 'wixPagesDomainsMappings TYPE'],
    [{ name: 'Shop', wixPagesDomainsMappings: many(201, () => ({})) }, 'wixPagesDomainsMappings OUT_OF_RANGE'],
    [
      { name: 'Shop', wixPagesDomainsMappings: [5, { origin: 'x'.repeat(2049) }, { from: 'a' }] },
      ...['wixPagesDomainsMappings[0] TYPE', 'wixPagesDomainsMappings[1].origin OUT_OF_RANGE'],
      'wixPagesDomainsMappings[2].from UNKNOWN_FIELD',
    ],
    [{ name: 'Shop', allowedRedirectUris: 'https://example.com/cb' }, 'allowedRedirectUris TYPE'],
    [
      { name: 'Shop', allowedRedirectUris: many(21, (at) => `https://example.com/${at}`) },
      'allowedRedirectUris[20] OUT_OF_RANGE',
    ],
    [{ name: 'Shop', allowedRedirectUris: ['https://example.com/cb', 5] }, 'allowedRedirectUris[1] TYPE'],
    [{ name: 'Shop', allowedRedirectUris: ['http://example.com/cb'] }, 'allowedRedirectUris[0] PLAIN_HTTP'],
    [{ name: 'Shop', allowedRedirectDomains: [null] }, 'allowedRedirectDomains[0] TYPE'],
    [
      { name: 'Shop', allowedRedirectDomains: many(21, (at) => `d${at}.example.com`) },
      'allowedRedirectDomains[20] OUT_OF_RANGE',
    ],
    [{ name: 'Shop', loginUrl: 'example.com' }, 'loginUrl NOT_ABSOLUTE'],
    [{ name: 'Shop', logoutUrl: ['https://example.com'] }, 'logoutUrl TYPE'],
    [
      { id: ID, name: 'x', technology: 5, colour: 'red', allowedRedirectUris: ['http://example.com/cb', {}] },
      ...['name OUT_OF_RANGE', 'technology TYPE', 'colour UNKNOWN_FIELD'],
      ...['allowedRedirectUris[0] PLAIN_HTTP', 'allowedRedirectUris[1] TYPE'],
    ],
    ...[null, 5, 'draft', [], () => {}, Symbol('draft')].map((value) => [value, ' TYPE']),
  ]) {
    test(`${shown(draft)}`, async () => {
      const { client, emulator } = await emulated();
      const listed = (violations) =>
        violations
          .filter(({ severity }) => severity === 'error')
          .map(({ field, rule }) => `${field} ${rule}`)
          .sort();
      const wanted = [...faults].sort();
      const error = await failure(client.createOAuthApp(draft));
      assert.deepEqual([error.code, error.attempts], ['INVALID_ARGUMENT', 0]);
      assert.deepEqual(listed(error.violations), wanted);
      for (const { field, message } of error.violations.filter(({ severity }) => severity === 'error')) {
        assert.ok(error.message.includes(field) && error.message.includes(message), error.message);
      }
      // What would be refused can be asked before.
      assert.deepEqual(validateOAuthApp(draft), error.violations);
      // The same as a patch, where a name need not be there and a null clears.
      const patch = wanted.filter((fault) => fault !== 'name REQUIRED_FIELD');
      if (patch.length && draft?.name !== null) {
        const refused = await failure(client.updateOAuthApp(ID, draft));
        assert.deepEqual(listed(refused.violations), patch);
        assert.deepEqual(validateOAuthApp(draft, { for: 'update' }), refused.violations);
      }
      assert.deepEqual(emulator.requests, []);
    });
  }

  for (const [patch, ...faults] of [
    [{}, ' EMPTY_PATCH'],
    [{ name: undefined }, ' EMPTY_PATCH'],
    [undefined, ' TYPE'],
    [{ name: null }, 'name REQUIRED_FIELD'],
    [{ id: null }, 'id READ_ONLY'],
  ]) {
    test(`the patch ${shown(patch)}`, async () => {
      const { client, emulator } = await emulated();
      const error = await failure(client.updateOAuthApp(ID, patch));
      assert.equal(error.code, 'INVALID_ARGUMENT');
      assert.deepEqual(
        error.violations.map(({ field, rule }) => `${field} ${rule}`),
        faults,
      );
      assert.deepEqual(emulator.requests, []);
    });
  }

  test('an update tells of its id and its patch together', async () => {
    const { client } = await emulated();
    const { violations } = await failure(client.updateOAuthApp('x', { name: 'y' }));
    assert.deepEqual(
      violations.map(({ field }) => field),
      ['id', 'name'],
    );
  });

  test('what is of use passes', () => {
    assert.deepEqual(validateOAuthApp({ name: 'Shop' }), []);
    assert.deepEqual(validateOAuthApp({ name: '店舗' }), []);
    assert.deepEqual(validateOAuthApp({ name: 'x'.repeat(256), description: '' }), []);
    assert.deepEqual(validateOAuthApp({ name: '🛒'.repeat(256) }), []);
    assert.deepEqual(validateOAuthApp({ description: null, technology: null }, { for: 'update' }), []);
    const emptied = validateOAuthApp({ allowedRedirectUris: null, allowedRedirectDomains: [] }, { for: 'update' });
    assert.deepEqual(
      emptied.map(({ field, rule, severity }) => [field, rule, severity]),
      [
        ['allowedRedirectUris', 'LIST_EMPTIED', 'warning'],
        ['allowedRedirectDomains', 'LIST_EMPTIED', 'warning'],
      ],
    );
    for (const options of [undefined, null, {}, { for: undefined }]) {
      assert.deepEqual(validateOAuthApp({ name: 'Shop' }, options), []);
    }
  });

  for (const purpose of ['UPDATE', 'delete', '', 0, {}, Symbol('update')]) {
    test(`validateOAuthApp is for no ${shown(purpose)}`, async () => {
      const error = await failure(() => validateOAuthApp({ name: 'Shop' }, { for: purpose }));
      assert.deepEqual([error.code, error.operation], ['CONFIG', 'validateOAuthApp']);
    });
  }
});

describe('queries that are refused', () => {
  for (const [query, ...faults] of [
    [null, ' TYPE'],
    ['query', ' TYPE'],
    [{ where: {} }, 'where UNKNOWN_FIELD'],
    [{ filter: 5 }, 'filter TYPE'],
    [{ filter: { name: 'Shop' } }, 'filter.name UNKNOWN_FIELD'],
    [{ filter: { id: 'x' } }, 'filter.id FORMAT'],
    [{ filter: { id: 5 } }, 'filter.id TYPE'],
    [{ filter: { id: {} } }, 'filter.id REQUIRED_FIELD'],
    [{ filter: { id: { $in: [ID] } } }, 'filter.id.$in UNKNOWN_VALUE'],
    [{ filter: { id: { $eq: 'x' } } }, 'filter.id.$eq FORMAT'],
    [{ sort: {} }, 'sort TYPE'],
    [{ sort: many(4, () => ({ fieldName: 'name' })) }, 'sort OUT_OF_RANGE'],
    [{ sort: [{ order: 'ASC' }] }, 'sort[0].fieldName REQUIRED_FIELD'],
    [{ sort: [{ fieldName: 'id' }] }, 'sort[0].fieldName UNKNOWN_VALUE'],
    [{ sort: [{ fieldName: 'name', order: 'desc' }] }, 'sort[0].order UNKNOWN_VALUE'],
    [{ sort: ['name'] }, 'sort[0] TYPE'],
    [{ paging: { limit: 0 } }, 'paging.limit OUT_OF_RANGE'],
    [{ paging: { limit: '5' } }, 'paging.limit TYPE'],
    [{ paging: { offset: -1, limit: 1.5 } }, 'paging.offset OUT_OF_RANGE', 'paging.limit OUT_OF_RANGE'],
    [{ cursorPaging: { limit: 101 } }, 'cursorPaging.limit OUT_OF_RANGE'],
    [{ cursorPaging: { cursor: '' } }, 'cursorPaging.cursor OUT_OF_RANGE'],
    [{ paging: {}, cursorPaging: {} }, 'paging CONFLICT'],
    [{ sort: [], filter: {}, cursorPaging: { cursor: 'c' } }, 'filter CONFLICT', 'sort CONFLICT'],
  ]) {
    test(`${shown(query)}`, async () => {
      const { client, emulator } = await emulated();
      const error = await failure(client.queryOAuthApps(query));
      assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'queryOAuthApps']);
      assert.deepEqual(
        error.violations.map(({ field, rule }) => `${field} ${rule}`),
        faults,
      );
      assert.deepEqual(emulator.requests, []);
    });
  }
});

describe('an id that is no GUID never reaches a path', () => {
  for (const id of [
    ...['', ' ', 'x', '.', '..', '../x', '../../oauth2/token', '/', '?', '#', '%2e%2e', 'query', '*', '\0', '\ud800'],
    ...[ID + '/generate-secret', ID + '?a=b', ID + ' ', ' ' + ID, ID + '\n', ID.slice(1), ID + '0', `{${ID}}`],
    ...[ID.replaceAll('-', ''), ID.replaceAll('-', '–'), ID.replace('1', '１'), ID.replace('e', 'g')],
    ...[undefined, null, 5, NaN, true, 5n, Symbol(ID), [ID], { id: ID }, () => ID, new String(ID), new Date()],
    ...[{ toString: () => ID }, { [Symbol.toPrimitive]: () => ID }, { valueOf: () => ID, toJSON: () => ID }],
  ]) {
    test(`${shown(id)}`, async () => {
      const { client, emulator } = await emulated();
      for (const call of [
        () => client.getOAuthApp(id),
        () => client.updateOAuthApp(id, { name: 'Shop' }),
        () => client.deleteOAuthApp(id),
        () => client.generateOAuthAppSecret(id),
      ]) {
        const error = await failure(call);
        assert.deepEqual([error.code, error.attempts], ['INVALID_ARGUMENT', 0]);
        assert.equal(error.violations[0].field, 'id');
      }
      assert.deepEqual(emulator.requests, []);
    });
  }

  test('one in upper case is one', async () => {
    const { client, emulator } = await emulated();
    assert.equal((await failure(client.getOAuthApp(ID.toUpperCase()))).code, 'NOT_FOUND');
    assert.ok(emulator.requests[0].path.endsWith(`/${ID.toUpperCase()}`));
  });
});

describe('nothing that JavaScript can give hurts', () => {
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

  /** Each makes a fresh value, by what it is. */
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
    'a bush of references': () => {
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
    'a getter that throws nothing': () => ({
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
    'a proxy whose keys are endless': () =>
      new Proxy(
        {},
        {
          ownKeys: () => many(20_000, (at) => `key${at}`),
          getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
        },
      ),
    'a proxy that gives itself': () => {
      const proxy = new Proxy({ x: 1 }, { get: () => proxy });
      return proxy;
    },
    'a list with an endless length': () => new Proxy([], { get: (_, name) => (name === 'length' ? Infinity : 'x') }),
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
    // It is never awaited, and its rejection is the test's own.
    'a rejected promise': () => {
      const promise = Promise.reject(new Error('x'));
      promise.catch(() => {});
      return promise;
    },
    'a thenable that throws': () => ({ then: boom }),
    'a thenable that never settles': () => ({ then: () => {} }),
    'an iterable that throws': () => ({ [Symbol.iterator]: boom }),
    'a signal that is none': () => ({ aborted: false, addEventListener: boom, removeEventListener: boom }),
    'a signal that lies': () => ({
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

  /** What of a client the values are given to, each with arguments that would do. */
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
  /** A listing begins when its first app is asked for. */
  const begun = (given) => (typeof given?.next === 'function' ? given.next() : given);
  const FIELDS = [
    ...['name', 'description', 'loginUrl', 'logoutUrl', 'allowedRedirectUris', 'allowedRedirectDomains'],
    ...['allowSecretGeneration', 'applicationType', 'technology', 'wixPagesDomainsMappings', 'redirectUrlWixPages'],
    ...['id', 'toString', '__proto__'],
  ];

  /** Every place for a value: the name of the place, and a call that gives it there. */
  const PLACES = [
    ...CALLS.flatMap(([name, ...args]) =>
      args.map((_, at) => [
        `argument ${at + 1} of client.${name}`,
        (value, { client }) => begun(client[name](...args.toSpliced(at, 1, value))),
      ]),
    ),
    ...CALLS.flatMap(([name, ...args]) =>
      [undefined, ...args].map((_, at) => [
        `argument ${at + 1} of ${name}`,
        (value, { client }) => begun(api[name](...[client, ...args].toSpliced(at, 1, value))),
      ]),
    ),
    ...['signal', 'timeout', 'retry', 'headers'].map((name) => [
      `the call's option ${name}`,
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
    [
      'an entry of a list',
      (value, { client }) => client.createOAuthApp({ name: 'Shop', allowedRedirectUris: [value] }),
    ],
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
      'what getAccessToken gives',
      (value, { options }) =>
        api.getOAuthApp({ ...options, auth: { getAccessToken: () => value }, timeout: 20 }, NOBODY),
    ],
    [
      'what fetch gives',
      (value, { options }) => api.getOAuthApp({ ...options, fetch: () => value, timeout: 20, retry: false }, NOBODY),
    ],
    [
      'what text() gives',
      (value, { options }) =>
        api.getOAuthApp(
          { ...options, fetch: () => ({ ...answer(''), text: () => value }), timeout: 20, retry: false },
          NOBODY,
        ),
    ],
    [
      'what headers.get() gives',
      (value, { options }) =>
        api.getOAuthApp(
          { ...options, fetch: () => ({ ...answer(''), headers: { get: () => value } }), retry: false },
          NOBODY,
        ),
    ],
    [
      'what onEvent gives',
      (value, { options }) =>
        api.createOAuthApp(
          { ...options, onEvent: () => value },
          { name: 'Shop', allowedRedirectUris: ['https://example.com'] },
        ),
    ],
  ];

  for (const [place, give] of PLACES) {
    test(`as ${place}`, async () => {
      const subject = await emulated();
      for (const [what, make] of Object.entries(HOSTILE)) {
        try {
          // It may well be of use there: what matters is that it settles, with nothing or with our own error.
          await settled((async () => give(make(), subject))(), 5_000);
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
              // Where an app is wanted, and the values before made several of the name.
              ...(place.includes('wanted') ? ['CONFLICT'] : []),
            ].includes(error.code),
            `${what}: ${error.code}`,
          );
          assert.notEqual(error.message, '');
          assert.doesNotMatch(error.message, /the core failed/, what);
        }
      }
      // The same client works as if nothing had been.
      const { id } = await subject.client.createOAuthApp({ name: 'Afterwards' });
      assert.equal((await subject.client.getOAuthApp(id)).name, 'Afterwards');
      for (const { path } of subject.emulator.requests) {
        assert.match(path, /^\/oauth-app\/v1\/oauth-apps(\/query|\/[0-9a-f-]{36}(\/generate-secret)?)?$/);
      }
    });
  }

  for (const [place, give] of [
    ['the options of createEmulator', (value) => createEmulator(value)],
    ...['apiKey', 'siteIds'].map((name) => [`createEmulator's ${name}`, (value) => createEmulator({ [name]: value })]),
    ['a state to restore', (value, emulator) => emulator.restore(value)],
  ]) {
    test(`as ${place}`, async () => {
      const { client, emulator } = await emulated();
      const { id } = await client.createOAuthApp({ name: 'Shop' });
      for (const [what, make] of Object.entries(HOSTILE)) {
        // What takes JSON.stringify for ever takes the emulator so long: it is given by those who test, and by no one else.
        if (what === 'a bush of references' || what === 'a huge list with holes') continue;
        await settled((async () => give(make(), emulator))(), 5_000).catch((error) => {
          assert.notEqual(error?.code, 'ERR_ASSERTION', what);
          assert.ok(!(error instanceof WebAssembly.RuntimeError), what);
        });
      }
      assert.equal((await client.getOAuthApp(id)).name, 'Shop');
    });
  }
});

/** A value as it may stand in a test's name. */
function shown(value) {
  const text = inspect(value, { breakLength: Infinity, depth: 4 });
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}
