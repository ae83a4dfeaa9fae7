// What is wrong with options is told before anything is sent; options are own properties; clients of several sites.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect, isDeepStrictEqual } from 'node:util';
import { serialize } from 'node:v8';
import { MessageChannel } from 'node:worker_threads';
import * as api from 'wix-oauth-apps';
import { createClient, Secret, validateOAuthApp } from 'wix-oauth-apps';
import { answer, emulated, failure, listener, NOBODY, scripted } from './support/client.mjs';
import { ID } from './support/operations.mjs';

const SITE = '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11';
const OTHER_SITE = '9b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11';
const APP = answer({ oAuthApp: { id: ID, allowedRedirectUris: [], allowedRedirectDomains: [] } });

/** Arguments of each operation, after the client. */
const ARGUMENTS = {
  createOAuthApp: [{ name: 'Shop' }],
  getOAuthApp: [ID],
  updateOAuthApp: [ID, { name: 'Shop' }],
  deleteOAuthApp: [ID],
  queryOAuthApps: [],
  listOAuthApps: [],
  generateOAuthAppSecret: [ID],
  allowRedirects: [ID, { uris: ['https://shop.example.com/cb'] }],
  disallowRedirects: [ID, { uris: ['https://shop.example.com/cb'] }],
  ensureOAuthApp: [{ name: 'Shop' }],
  isClientActive: [ID],
};

describe('an environment variable that is not set', () => {
  for (const [options, message] of [
    [{ auth: { apiKey: undefined }, siteId: SITE }, 'auth.apiKey is undefined'],
    [{ auth: { accessToken: undefined } }, 'auth.accessToken is undefined'],
    [{ auth: { clientId: ID, clientSecret: undefined } }, 'auth.clientSecret is undefined'],
    [{ auth: { clientId: undefined, clientSecret: 's' } }, 'auth.clientId is undefined'],
    [{ auth: { apiKey: 'k' }, siteId: undefined }, 'siteId is undefined'],
    [{ auth: { apiKey: '' }, siteId: SITE }, 'auth.apiKey is empty'],
    [{ auth: { apiKey: `${undefined}` }, siteId: SITE }, 'auth.apiKey is the text `undefined`'],
    [{ auth: { apiKey: 'k' }, siteId: String(null) }, 'siteId is the text `null`'],
  ]) {
    test(message, async () => {
      const error = await failure(() => createClient(options));
      assert.equal(error.code, 'CONFIG');
      assert.equal(error.message, `createClient: ${message}: is the environment variable set?`);
    });
  }

  test('is none where the option may be left out', () => {
    createClient({
      auth: { accessToken: 'token', apiKey: undefined },
      ...{ siteId: undefined, accountId: undefined, baseUrl: undefined, fetch: undefined, timeout: undefined },
      ...{ retry: undefined, rateLimit: undefined, onEvent: undefined, dangerouslyAllowHttp: undefined },
    });
    createClient({ auth: { apiKey: 'key' }, accountId: 'account', siteId: undefined });
    createClient({ auth: { clientId: ID, clientSecret: 'secret', instanceId: undefined } });
  });
});

describe('a credential or an ID in the wrong form says what to do', () => {
  for (const [options, said] of [
    [{ auth: { apiKey: 'k' } }, /siteId is required with an API key.*manage\.wix\.com\/dashboard/],
    [
      { auth: { apiKey: 'k' }, siteId: 'https://shop.example.com' },
      /siteId is an address.*manage\.wix\.com\/dashboard/,
    ],
    [{ auth: { apiKey: 'Bearer IST.hunter2' }, siteId: SITE }, /auth\.apiKey .*leave the word out/],
    [{ auth: { accessToken: 'bearer hunter2' } }, /auth\.accessToken .*leave the word out/],
    [{ auth: { accessToken: '"hunter2"' } }, /auth\.accessToken .*quotation marks/],
    [{ auth: { accessToken: 'hunter2\n' } }, /auth\.accessToken .*white space/],
    [{ auth: { clientId: ID, clientSecret: new Secret('hunter2') } }, /auth\.clientSecret .*secret\.reveal\(\)/],
    [{ auth: { clientId: ID, clientSecret: `${new Secret('hunter2')}` } }, /auth\.clientSecret .*secret\.reveal\(\)/],
    [{ auth: { accessToken: 't' }, baseUrl: 'http://wix-emulator:4321' }, /dangerouslyAllowHttp: \['wix-emulator'\]/],
  ]) {
    test(`${said}`, async () => {
      const error = await failure(() => createClient(options));
      assert.equal(error.code, 'CONFIG');
      assert.match(error.message, said);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /hunter2/);
    });
  }

  test('the site ID of a dashboard address is suggested', async () => {
    const siteId = `https://manage.wix.com/dashboard/${SITE}/oauth-apps`;
    const { violations } = await failure(() => createClient({ auth: { apiKey: 'k' }, siteId }));
    assert.deepEqual(
      violations.map(({ field, suggestion }) => [field, suggestion]),
      [['siteId', SITE]],
    );
  });

  for (const [given, said] of [
    ['Bearer hunter2', /leave the word out/],
    ['', /is empty/],
    ['"hunter2"', /quotation marks/],
    ['hunter2\n', /white space/],
    [undefined, /as a string, gave undefined/],
    [new Secret('hunter2'), /as a string, gave an object/],
  ]) {
    test(`getAccessToken that gives ${inspect(given)}`, async () => {
      const { fetch, requests } = scripted(APP);
      const client = createClient({ auth: { getAccessToken: async () => given }, fetch });
      const error = await failure(client.getOAuthApp(ID));
      assert.deepEqual([error.code, error.operation, requests.length], ['CONFIG', 'getOAuthApp', 0]);
      assert.match(error.message, said);
      assert.doesNotMatch(inspect(error), /hunter2/);
    });
  }

  test('entries and drafts under each other’s names', async () => {
    const client = createClient({ auth: { accessToken: 't' } });
    const uris = ['https://shop.example.com/cb'];
    for (const [call, meant] of [
      [() => client.allowRedirects(ID, { allowedRedirectUris: uris }), 'uris'],
      [() => client.disallowRedirects(ID, { allowedRedirectDomains: ['a.example.com'] }), 'domains'],
      [() => client.createOAuthApp({ name: 'Shop', uris }), 'allowedRedirectUris'],
      [() => client.ensureOAuthApp({ name: 'Shop', domains: ['a.example.com'] }), 'allowedRedirectDomains'],
    ]) {
      const error = await failure(call);
      assert.equal(error.code, 'INVALID_ARGUMENT');
      assert.ok(error.message.includes(meant) && error.violations[0].suggestion === meant, error.message);
    }
  });

  test('a second secret', async () => {
    const { client } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Shop' });
    await client.generateOAuthAppSecret(id);
    const error = await failure(client.generateOAuthAppSecret(id));
    assert.equal(error.code, 'CONFLICT');
    assert.match(error.message, /allowSecretGeneration: true/);
    await client.updateOAuthApp(id, { allowSecretGeneration: true });
    assert.ok((await client.generateOAuthAppSecret(id)) instanceof Secret);
  });
});

describe('free functions', () => {
  const call = (name, ...args) => {
    const given = api[name](...args);
    return name === 'listOAuthApps' ? given.next() : given;
  };

  for (const [name, args] of Object.entries(ARGUMENTS)) {
    test(`${name} names itself in an error of the options`, async () => {
      const error = await failure(() => call(name, { auth: { apiKey: undefined } }, ...args));
      assert.deepEqual([error.code, error.operation], ['CONFIG', name]);
      for (const first of [undefined, null, 'id', 5, [], () => {}, {}, { name: 'Shop' }]) {
        const error = await failure(() => call(name, first, ...args));
        assert.deepEqual([error.code, error.operation], ['CONFIG', name]);
        assert.match(error.message, /the first argument must be a client or the options of one/);
      }
    });
  }

  test('share one client for the same options object', async () => {
    const { events, onEvent } = listener();
    const { fetch } = scripted(APP);
    const options = { auth: { accessToken: 't' }, fetch, onEvent, rateLimit: { requests: 2, per: 20 } };
    await Promise.all(['getOAuthApp', 'getOAuthApp', 'getOAuthApp'].map((name) => api[name](options, ID)));
    assert.equal(events.filter(({ type }) => type === 'wait').length, 1);
    // Another object of the same content is another client.
    await api.getOAuthApp({ ...options }, ID);
    assert.equal(events.filter(({ type }) => type === 'wait').length, 1);
  });

  test('share one access token', async () => {
    const { fetch, requests } = scripted(answer({ access_token: 'token', oAuthApp: { id: ID } }));
    const options = { auth: { clientId: ID, clientSecret: 'secret' }, fetch };
    for (let times = 0; times < 3; times += 1) await api.getOAuthApp(options, ID);
    assert.equal(requests.filter(({ path }) => path === '/oauth2/token').length, 1);
  });

  test('follow options that are changed', async () => {
    const { fetch, requests } = scripted(APP);
    const options = { auth: { apiKey: 'one' }, siteId: SITE, fetch };
    await api.getOAuthApp(options, ID);
    options.siteId = OTHER_SITE;
    await api.getOAuthApp(options, ID);
    options.auth.apiKey = 'two';
    await api.getOAuthApp(options, ID);
    assert.deepEqual(
      requests.map(({ headers }) => [headers.Authorization, headers['wix-site-id']]),
      [
        ['one', SITE],
        ['one', OTHER_SITE],
        ['two', OTHER_SITE],
      ],
    );
  });

  test('take a client', async () => {
    const { fetch } = scripted(APP);
    const client = createClient({ auth: { accessToken: 't' }, fetch });
    assert.equal((await api.getOAuthApp(client, ID)).id, ID);
    // One of another copy of the package, or a stand-in for tests.
    assert.equal(await api.getOAuthApp({ createOAuthApp() {}, getOAuthApp: () => 'theirs' }, ID), 'theirs');
  });
});

describe('forSite', () => {
  test('gives a client for another site, with the same options', async () => {
    const { fetch, requests } = scripted(APP);
    const { events, onEvent } = listener();
    const client = createClient({
      auth: { apiKey: 'k' },
      siteId: SITE,
      fetch,
      onEvent,
      baseUrl: 'https://x.example/y',
    });
    await client.forSite(OTHER_SITE).getOAuthApp(ID);
    await client.getOAuthApp(ID);
    await createClient({ auth: { apiKey: 'k' }, accountId: 'account', fetch })
      .forSite(SITE)
      .getOAuthApp(ID);
    assert.deepEqual(
      requests.map(({ headers }) => [headers['wix-site-id'], headers['wix-account-id']]),
      [
        [OTHER_SITE, undefined],
        [SITE, undefined],
        [SITE, undefined],
      ],
    );
    assert.ok(requests[0].path.startsWith('/y/') && events.length > 0);
  });

  test('shares the rate limit', async () => {
    const { events, onEvent } = listener();
    const { fetch } = scripted(APP);
    const client = createClient({ auth: { accessToken: 't' }, fetch, onEvent, rateLimit: { requests: 2, per: 20 } });
    await Promise.all([SITE, OTHER_SITE, SITE].map((site) => client.forSite(site).getOAuthApp(ID)));
    assert.equal(events.filter(({ type }) => type === 'wait').length, 1);
  });

  test('keeps apps of different sites apart on an emulator', async () => {
    const { client } = await emulated({}, { siteIds: [SITE, OTHER_SITE] });
    const sites = [SITE, OTHER_SITE].map((site) => client.forSite(site));
    const { id } = await sites[0].createOAuthApp({ name: 'Shop' });
    assert.equal((await sites[0].getOAuthApp(id)).id, id);
    assert.equal((await failure(sites[1].getOAuthApp(id))).code, 'NOT_FOUND');
  });

  for (const site of [undefined, null, '', 'x', 5, 'https://shop.example.com', Symbol('site')]) {
    test(`refuses ${String(site)} at once`, async () => {
      const client = createClient({ auth: { accessToken: 't' } });
      const error = await failure(() => client.forSite(site));
      assert.deepEqual([error.code, error.operation, error.violations[0].field], ['CONFIG', 'forSite', 'siteId']);
    });
  }
});

describe('isClientActive', () => {
  test('tells an app that was deleted from one that is there', async () => {
    for (const unknownClientStatus of [400, 401, 404]) {
      const { client, options, emulator } = await emulated({}, { unknownClientStatus });
      const { id } = await client.createOAuthApp({ name: 'Shop' });
      assert.equal(await client.isClientActive(id), true);
      assert.equal(await api.isClientActive(options, id.toUpperCase()), true);
      await client.deleteOAuthApp(id);
      assert.equal(await client.isClientActive(id), false);
      assert.equal(await client.isClientActive(NOBODY), false);
      const asked = emulator.requests.filter(({ path }) => path === '/oauth2/token');
      assert.equal(asked.length, 4);
      for (const { headers } of asked) assert.equal('authorization' in headers || 'wix-site-id' in headers, false);
    }
  });

  test('is an error where the service says nothing of the client', async () => {
    for (const [given, code] of [
      [answer('<html>Not found', { status: 404 }), undefined],
      [answer('', { status: 401 }), undefined],
      [answer({ message: 'Not Found', details: {} }, { status: 404 }), undefined],
      [answer('<html>Sign in'), 'BAD_RESPONSE'],
      [answer({}), 'BAD_RESPONSE'],
      [answer({ error: 'invalid_client' }, { status: 500 }), 'SERVER_ERROR'],
      [answer('', { status: 429 }), 'RATE_LIMITED'],
      [() => Promise.reject(new TypeError('fetch failed')), 'NETWORK'],
    ]) {
      const { fetch } = scripted(given);
      const client = createClient({ auth: { accessToken: 't' }, fetch, retry: false });
      const error = await failure(client.isClientActive(ID));
      assert.equal(error.operation, 'isClientActive');
      if (code) assert.equal(error.code, code);
    }
  });

  test('keeps the token to itself and sends what the call’s options say', async () => {
    const { events, onEvent } = listener();
    const { fetch, requests } = scripted(answer({ access_token: 'visitor-token', refresh_token: 'refresh-token' }));
    const client = createClient({ auth: { accessToken: 'manager-token' }, fetch, onEvent });
    assert.equal(await client.isClientActive(ID, { headers: { 'x-trace': 'a' } }), true);
    assert.deepEqual(requests[0].headers, { 'Content-Type': 'application/json', 'x-trace': 'a' });
    assert.doesNotMatch(inspect(events, { depth: 9 }), /-token/);
    assert.deepEqual(
      events.map(({ type, operation }) => [type, operation]),
      [
        ['request', 'isClientActive'],
        ['response', 'isClientActive'],
      ],
    );
    const aborted = await failure(client.isClientActive(ID, { signal: AbortSignal.abort() }));
    assert.equal(aborted.code, 'ABORTED');
    for (const id of ['x', undefined, 5]) {
      const error = await failure(client.isClientActive(id));
      assert.deepEqual([error.code, error.violations[0].field], ['INVALID_ARGUMENT', 'clientId']);
    }
  });
});

describe('a polluted Object.prototype', () => {
  const stolen = [];
  const steal = async (...args) => (stolen.push(args), APP);

  /** Runs the work while `Object.prototype` holds that member. */
  async function polluted(name, value, work) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: false });
    try {
      return await work();
    } finally {
      delete Object.prototype[name];
    }
  }

  const sentBy = async (name, value, given = {}, call = (client) => client.getOAuthApp(ID)) => {
    const { fetch, requests } = scripted(APP);
    await polluted(name, value, () => call(createClient({ auth: { apiKey: 'k' }, siteId: SITE, fetch, ...given })));
    return requests;
  };

  for (const [name, value] of Object.entries({
    ...{
      apiKey: 'theirs',
      accessToken: 'theirs',
      getAccessToken: () => 'theirs',
      clientId: ID,
      clientSecret: 'theirs',
    },
    ...{ siteId: OTHER_SITE, accountId: 'theirs', baseUrl: 'https://evil.example', timeout: 1, retry: 'theirs' },
    ...{ rateLimit: 'theirs', onEvent: (event) => stolen.push(event), dangerouslyAllowBrowser: 'theirs' },
    ...{ dangerouslyAllowHttp: ['evil.example'], headers: { 'x-evil': '1' }, signal: AbortSignal.abort() },
    ...{ maxRetries: 'theirs', requests: 1, per: 1, auth: { apiKey: 'theirs' }, createOAuthApp: steal },
  })) {
    test(`does not give ${name}`, async () => {
      for (const call of [
        (client) => client.getOAuthApp(ID),
        (client) => client.getOAuthApp(ID, {}),
        (client) => client.getOAuthApp(ID, { retry: {} }),
      ]) {
        const [{ headers }, ...others] = await sentBy(name, value, {}, call);
        assert.deepEqual([headers, others], [{ Authorization: 'k', 'wix-site-id': SITE }, []]);
      }
      const { fetch, requests } = scripted(APP);
      await polluted(name, value, () => api.getOAuthApp({ auth: { apiKey: 'k' }, siteId: SITE, fetch }, ID));
      assert.deepEqual(requests[0].headers, { Authorization: 'k', 'wix-site-id': SITE });
      assert.deepEqual(stolen, []);
    });
  }

  test('does not give fetch', async (t) => {
    const { mock } = t.mock.method(globalThis, 'fetch', async () => APP);
    await polluted('fetch', steal, () => createClient({ auth: { accessToken: 't' } }).getOAuthApp(ID));
    assert.deepEqual([stolen.length, mock.callCount()], [0, 1]);
  });

  test('does not allow plain http, nor stand for missing options', async () => {
    await polluted('dangerouslyAllowHttp', ['evil.example'], async () => {
      await failure(() => createClient({ auth: { accessToken: 't' }, baseUrl: 'http://evil.example' }));
    });
    await polluted('auth', { accessToken: 'theirs' }, () => failure(() => createClient({})));
    await polluted('siteId', SITE, () => failure(() => createClient({ auth: { apiKey: 'k' } })));
  });

  test('does not choose what is validated', async () => {
    await polluted('for', 'update', async () => {
      assert.deepEqual(
        validateOAuthApp({}, {}).map(({ field }) => field),
        ['name'],
      );
    });
  });

  test('options without a prototype are taken, inherited ones are not', async () => {
    const { fetch, requests } = scripted(APP);
    const bare = Object.assign(Object.create(null), { siteId: SITE, fetch });
    bare.auth = Object.assign(Object.create(null), { apiKey: 'k' });
    await createClient(bare).getOAuthApp(ID, Object.assign(Object.create(null), { headers: { 'x-a': '1' } }));
    assert.deepEqual(requests[0].headers, { Authorization: 'k', 'wix-site-id': SITE, 'x-a': '1' });
    await failure(() => createClient(Object.create(bare)));
  });
});

describe('two secrets', () => {
  const [one, other] = [new Secret('hunter2-a'), new Secret('hunter2-b')];

  test('are not equal, and neither are apps that hold them', () => {
    assert.equal(isDeepStrictEqual(one, other), false);
    assert.notDeepStrictEqual(one, other);
    assert.notDeepEqual({ id: ID, secret: one }, { id: ID, secret: other });
    assert.deepStrictEqual({ secret: one }, { secret: one });
  });

  test('show nothing in any way of printing', () => {
    for (const shown of [
      ...[inspect(one), inspect(one, { showHidden: true }), inspect({ one }, { showHidden: true, depth: 9 })],
      inspect(one, { showHidden: true, customInspect: false, getters: true }),
      ...[JSON.stringify({ one }), `${one}`, JSON.stringify(Object.entries(one)), JSON.stringify({ ...one })],
      inspect(
        Reflect.ownKeys(one).map((key) => one[key]),
        { showHidden: true },
      ),
    ]) {
      assert.doesNotMatch(shown, /hunter2/);
    }
    assert.equal(one.reveal(), 'hunter2-a');
  });

  test('say that they cannot be cloned', () => {
    const app = { id: ID, secret: one };
    const { port1, port2 } = new MessageChannel();
    for (const clone of [structuredClone, serialize, (value) => port1.postMessage(value)]) {
      for (const value of [one, app, [app]]) {
        assert.throws(
          () => clone(value),
          (error) => {
            assert.match(`${error}`, /cannot be cloned; pass the text of secret\.reveal\(\)/);
            assert.doesNotMatch(`${error}`, /hunter2/);
            return true;
          },
        );
      }
    }
    port1.close();
    port2.close();
  });
});
