// Options: mistakes that are likely, free functions and their clients, clients of several sites, own properties only.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
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

describe('a likely mistake', () => {
  test('an environment variable that is not set is named', async () => {
    for (const [options, message] of [
      [{ auth: { apiKey: undefined }, siteId: SITE }, 'auth.apiKey is undefined'],
      [{ auth: { clientId: ID, clientSecret: undefined } }, 'auth.clientSecret is undefined'],
      [{ auth: { apiKey: 'k' }, siteId: undefined }, 'siteId is undefined'],
      [{ auth: { apiKey: '' }, siteId: SITE }, 'auth.apiKey is empty'],
    ]) {
      const error = await failure(() => createClient(options));
      assert.equal(error.code, 'CONFIG');
      assert.ok(error.message.startsWith(`createClient: ${message}`), error.message);
      assert.match(error.message, /environment variable/);
    }
  });

  test('undefined is allowed for an optional option', () => {
    createClient({
      auth: { accessToken: 'token', apiKey: undefined },
      ...{ siteId: undefined, accountId: undefined, baseUrl: undefined, fetch: undefined, timeout: undefined },
      ...{ retry: undefined, rateLimit: undefined, onEvent: undefined, dangerouslyAllowHttp: undefined },
    });
    createClient({ auth: { clientId: ID, clientSecret: 'secret', instanceId: undefined } });
  });

  test('a Secret is not a credential; the message says how to get its text', async () => {
    for (const clientSecret of [new Secret('hunter2'), `${new Secret('hunter2')}`]) {
      const error = await failure(() => createClient({ auth: { clientId: ID, clientSecret } }));
      assert.match(error.message, /auth\.clientSecret .*secret\.reveal\(\)/);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /hunter2/);
    }
  });

  test('a token of getAccessToken in the wrong form is refused, and nothing is sent', async () => {
    for (const token of [
      ...['Bearer hunter2', '', '"hunter2"', 'hunter2\n', 'hunter2\r\nX-Injected: 1', 'hünter2'],
      ...[undefined, { access_token: 'hunter2' }, new Secret('hunter2')],
    ]) {
      const { fetch, requests } = scripted(APP);
      const client = createClient({ auth: { getAccessToken: async () => token }, fetch });
      const error = await failure(client.getOAuthApp(ID));
      assert.deepEqual([error.code, error.operation, requests.length], ['CONFIG', 'getOAuthApp', 0]);
      assert.match(error.message, /getAccessToken/);
      assert.doesNotMatch(inspect(error), /hunter2/);
    }
  });
});

describe('free functions', () => {
  const call = (name, ...args) => {
    const result = api[name](...args);
    return name === 'listOAuthApps' ? result.next() : result;
  };

  test('are named in an error of their options', async () => {
    for (const [name, args] of Object.entries(ARGUMENTS)) {
      for (const first of [{ auth: { apiKey: undefined } }, undefined, null, 'id', 5, [], () => {}, {}]) {
        const error = await failure(() => call(name, first, ...args));
        assert.deepEqual([error.code, error.operation], ['CONFIG', name]);
      }
    }
  });

  test('share one client for the same options object', async () => {
    const { events, onEvent } = listener();
    const { fetch } = scripted(APP);
    const options = { auth: { accessToken: 't' }, fetch, onEvent, rateLimit: { requests: 2, per: 20 } };
    await Promise.all(['getOAuthApp', 'getOAuthApp', 'getOAuthApp'].map((name) => api[name](options, ID)));
    assert.equal(events.filter(({ type }) => type === 'wait').length, 1);
    // An equal object is another object, and so has another client.
    await api.getOAuthApp({ ...options }, ID);
    assert.equal(events.filter(({ type }) => type === 'wait').length, 1);
  });

  test('share one access token', async () => {
    const { fetch, requests } = scripted(answer({ access_token: 'token', oAuthApp: { id: ID } }));
    const options = { auth: { clientId: ID, clientSecret: 'secret' }, fetch };
    for (let times = 0; times < 3; times += 1) await api.getOAuthApp(options, ID);
    assert.equal(requests.filter(({ path }) => path === '/oauth2/token').length, 1);
  });

  test('use changed options', async () => {
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

  test('accept a client', async () => {
    const { fetch } = scripted(APP);
    const client = createClient({ auth: { accessToken: 't' }, fetch });
    assert.equal((await api.getOAuthApp(client, ID)).id, ID);
    // A client of another copy of the package, or a test double.
    assert.equal(await api.getOAuthApp({ createOAuthApp() {}, getOAuthApp: () => 'theirs' }, ID), 'theirs');
  });
});

describe('forSite', () => {
  test('returns a client for another site with the same options', async () => {
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

  test('separates the apps of sites', async () => {
    const { client } = await emulated({}, { siteIds: [SITE, OTHER_SITE] });
    const sites = [SITE, OTHER_SITE].map((site) => client.forSite(site));
    const { id } = await sites[0].createOAuthApp({ name: 'Shop' });
    assert.equal((await sites[0].getOAuthApp(id)).id, id);
    assert.equal((await failure(sites[1].getOAuthApp(id))).code, 'NOT_FOUND');
  });

  test('refuses an ID that is not a GUID', async () => {
    const client = createClient({ auth: { accessToken: 't' } });
    for (const site of [undefined, '', 'x', 5, 'https://shop.example.com', Symbol('site')]) {
      const error = await failure(() => client.forSite(site));
      assert.deepEqual([error.code, error.operation, error.violations[0].field], ['CONFIG', 'forSite', 'siteId']);
    }
  });
});

describe('isClientActive', () => {
  test('returns whether the app exists', async () => {
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

  test('fails if the response says nothing about the client', async () => {
    for (const response of [answer('<html>Not found', { status: 404 }), answer('<html>Sign in'), answer({})]) {
      const { fetch } = scripted(response);
      const client = createClient({ auth: { accessToken: 't' }, fetch, retry: false });
      assert.equal((await failure(client.isClientActive(ID))).operation, 'isClientActive');
    }
  });

  test('sends no credential, does not reveal the token, and uses the options of the call', async () => {
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

  /** Runs a function while `Object.prototype` has this property. */
  async function polluted(name, value, work) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true, enumerable: false });
    try {
      return await work();
    } finally {
      delete Object.prototype[name];
    }
  }

  const INHERITED = {
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
  };

  test('adds no option to a client, a call or a free function', async () => {
    for (const [name, value] of Object.entries(INHERITED)) {
      const { fetch, requests } = scripted(APP);
      const options = () => ({ auth: { apiKey: 'k' }, siteId: SITE, fetch });
      await polluted(name, value, async () => {
        await createClient(options()).getOAuthApp(ID);
        await createClient(options()).getOAuthApp(ID, { retry: {} });
        await api.getOAuthApp(options(), ID);
      });
      const sent = { Authorization: 'k', 'wix-site-id': SITE };
      assert.deepEqual(
        requests.map(({ headers }) => headers),
        [sent, sent, sent],
        name,
      );
      assert.deepEqual(stolen, []);
    }
  });

  test('does not replace fetch', async (t) => {
    const { mock } = t.mock.method(globalThis, 'fetch', async () => APP);
    await polluted('fetch', steal, () => createClient({ auth: { accessToken: 't' } }).getOAuthApp(ID));
    assert.deepEqual([stolen.length, mock.callCount()], [0, 1]);
  });

  test('does not allow plain http, and does not replace missing options', async () => {
    await polluted('dangerouslyAllowHttp', ['evil.example'], async () => {
      await failure(() => createClient({ auth: { accessToken: 't' }, baseUrl: 'http://evil.example' }));
    });
    await polluted('auth', { accessToken: 'theirs' }, () => failure(() => createClient({})));
    await polluted('siteId', SITE, () => failure(() => createClient({ auth: { apiKey: 'k' } })));
  });

  test('does not change what is validated', async () => {
    await polluted('for', 'update', async () => {
      assert.deepEqual(
        validateOAuthApp({}, {}).map(({ field }) => field),
        ['name'],
      );
    });
  });

  test('options may have no prototype, and inherited ones are ignored', async () => {
    const { fetch, requests } = scripted(APP);
    const bare = Object.assign(Object.create(null), { siteId: SITE, fetch });
    bare.auth = Object.assign(Object.create(null), { apiKey: 'k' });
    await createClient(bare).getOAuthApp(ID, Object.assign(Object.create(null), { headers: { 'x-a': '1' } }));
    assert.deepEqual(requests[0].headers, { Authorization: 'k', 'wix-site-id': SITE, 'x-a': '1' });
    await failure(() => createClient(Object.create(bare)));
  });
});
