// The six operations: the exact request of each, and the result that it makes of the response.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as api from 'wix-oauth-apps';
import { createClient, Secret } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, NOBODY } from './support/client.mjs';
import { listen, respond } from './support/loopback.mjs';

const APPS = '/oauth-app/v1/oauth-apps';
const ID = '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11';

/** The operations with their arguments and the request of the contract. */
const OPERATIONS = [
  {
    name: 'createOAuthApp',
    args: () => [{ name: 'Shop', allowedRedirectUris: ['https://shop.example.com/callback'] }],
    method: 'POST',
    path: () => APPS,
    body: () => ({ oAuthApp: { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/callback'] } }),
  },
  { name: 'getOAuthApp', args: (id) => [id], method: 'GET', path: (id) => `${APPS}/${id}` },
  {
    name: 'updateOAuthApp',
    args: (id) => [id, { description: 'New', loginUrl: null }],
    method: 'PATCH',
    path: (id) => `${APPS}/${id}`,
    body: (id) => ({
      oAuthApp: { id, description: 'New', loginUrl: null },
      mask: { paths: ['description', 'loginUrl'] },
    }),
  },
  { name: 'deleteOAuthApp', args: (id) => [id], method: 'DELETE', path: (id) => `${APPS}/${id}` },
  {
    name: 'queryOAuthApps',
    args: (id) => [{ filter: { id }, sort: [{ fieldName: 'name', order: 'DESC' }], paging: { limit: 5, offset: 0 } }],
    method: 'POST',
    path: () => `${APPS}/query`,
    body: (id) => ({
      query: { filter: { id }, sort: [{ fieldName: 'name', order: 'DESC' }], paging: { limit: 5, offset: 0 } },
    }),
  },
  {
    name: 'generateOAuthAppSecret',
    args: (id) => [id],
    method: 'POST',
    path: (id) => `${APPS}/${id}/generate-secret`,
    body: (id) => ({ oAuthAppId: id }),
  },
];

describe('an operation makes exactly the request of the contract', () => {
  for (const { name, args, method, path, body } of OPERATIONS) {
    test(name, async () => {
      const { client, options, emulator } = await emulated();
      const { id } = await client.createOAuthApp({ name: 'Subject' });
      for (const [call, consistent] of [
        [(...given) => client[name](...given), 'string'],
        // A client of its own, which has received no X-Wix-Consistent yet.
        [(...given) => api[name](options, ...given), 'undefined'],
      ]) {
        const before = emulator.requests.length;
        const state = emulator.snapshot();
        await call(...args(id));
        emulator.restore(state);
        const [{ headers, ...request }, ...others] = emulator.requests.slice(before);
        assert.deepEqual(others, []);
        const { 'x-wix-consistent': sent, ...rest } = headers;
        assert.equal(typeof sent, consistent);
        assert.deepEqual(rest, {
          ...{ authorization: '[redacted]', 'wix-site-id': emulator.credentials.siteId },
          ...(body && { 'content-type': 'application/json' }),
        });
        assert.deepEqual(request, {
          ...{ method, path: path(id), query: {}, status: 200 },
          ...(body && { body: body(id) }),
        });
      }
    });
  }
});

describe('the result of an operation', () => {
  test('is an app, a page of apps, a secret or nothing', async () => {
    const { client } = await emulated();
    const { secret: first, ...created } = await client.createOAuthApp({ name: 'Shop', technology: 'REACT' });
    assert.ok(first instanceof Secret);
    assert.deepEqual(created, {
      ...{ id: created.id, createdDate: created.createdDate, name: 'Shop', technology: 'REACT' },
      ...{ applicationType: 'OAUTH_APP_TYPE_UNSPECIFIED', allowSecretGeneration: true },
      ...{ allowedRedirectUris: [], allowedRedirectDomains: [], wixPagesDomainsMappings: [] },
      ...{ allowedDomains: [], loginUrl: '', logoutUrl: '' },
    });
    assert.match(created.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.equal(new Date(created.createdDate).toISOString(), created.createdDate);
    assert.deepEqual(await client.getOAuthApp(created.id), created);
    assert.deepEqual(await client.updateOAuthApp(created.id, { name: 'Store' }), { ...created, name: 'Store' });
    assert.deepEqual(await client.queryOAuthApps(), {
      oAuthApps: [{ ...created, name: 'Store' }],
      pagingMetadata: { count: 1, offset: 0, total: 1, tooManyToCount: false, hasNext: false },
    });
    const secret = await client.generateOAuthAppSecret(created.id);
    assert.ok(secret instanceof Secret);
    assert.match(secret.reveal(), /^.{32,}$/);
    assert.equal(await client.deleteOAuthApp(created.id), undefined);
    assert.deepEqual((await client.queryOAuthApps()).oAuthApps, []);
  });

  test('of an update changes only the fields of the patch', async () => {
    const { client, emulator } = await emulated();
    const { id } = await client.createOAuthApp({
      name: 'Shop',
      description: 'The old one',
      logoutUrl: 'https://example.com/logout',
      allowedRedirectUris: ['https://a.example.com/cb', 'https://b.example.com/cb'],
      allowedRedirectDomains: ['a.example.com'],
    });
    const updated = await client.updateOAuthApp(id, {
      name: undefined,
      description: null,
      allowedRedirectUris: ['https://c.example.com/cb'],
    });
    assert.equal('description' in updated, false);
    assert.equal(updated.name, 'Shop');
    assert.equal(updated.logoutUrl, 'https://example.com/logout');
    assert.deepEqual(updated.allowedRedirectUris, ['https://c.example.com/cb']);
    assert.deepEqual(updated.allowedRedirectDomains, ['a.example.com']);
    assert.deepEqual(emulator.requests.at(-1).body, {
      oAuthApp: { id, description: null, allowedRedirectUris: ['https://c.example.com/cb'] },
      mask: { paths: ['description', 'allowedRedirectUris'] },
    });
  });

  test('has every field as it was sent', async () => {
    const { client, emulator } = await emulated();
    const draft = {
      name: 'Ünïcode 店 🛒',
      description: 'Line one\nline "two" \\ \u2028',
      loginUrl: 'https://example.com/login',
      logoutUrl: 'https://example.com/logout',
      allowedRedirectUris: ['https://example.com/cb?x=%20', 'http://localhost:4321/cb', 'com.example.app:/cb'],
      allowedRedirectDomains: ['example.com', 'localhost:4321'],
      allowedDomains: ['http://localhost:4321', 'https://(.*)-shop.example.com'],
      origin: 'other',
      allowSecretGeneration: false,
      applicationType: 'WEB_APP',
      technology: 'OTHER_TECHNOLOGY',
      wixPagesDomainsMappings: [{ origin: 'a.example.com', destination: 'b.example.com' }],
      redirectUrlWixPages: 'https://example.com',
    };
    const { id, createdDate, secret, ...fields } = await client.createOAuthApp(draft);
    assert.ok(secret instanceof Secret);
    assert.deepEqual(emulator.requests.at(-1).body, { oAuthApp: draft });
    assert.deepEqual(fields, draft);
    const cleared = Object.fromEntries(Object.keys(draft).map((name) => [name, name === 'name' ? 'Bare' : null]));
    assert.deepEqual(await client.updateOAuthApp(id, cleared), {
      ...{ id, createdDate, name: 'Bare', allowSecretGeneration: true },
      ...{ applicationType: 'OAUTH_APP_TYPE_UNSPECIFIED', technology: 'OAUTH_TECHNOLOGY_UNSPECIFIED' },
      ...{ allowedRedirectUris: [], allowedRedirectDomains: [], wixPagesDomainsMappings: [] },
      ...{ allowedDomains: [], loginUrl: '', logoutUrl: '' },
    });
  });

  test('contains secrets that refuse to be printed', async () => {
    const { client } = await emulated({}, { secretOnCreate: true });
    const { secret } = await client.createOAuthApp({ name: 'Shop' });
    assert.ok(secret instanceof Secret);
    assert.match(secret.reveal(), /^.{32,}$/);
    const app = { id: ID, secret: 'text of a secret' };
    const page = clientOver(async () => answer({ oAuthApps: [app, app], pagingMetadata: {} }));
    for (const { secret } of (await page.queryOAuthApps()).oAuthApps) assert.equal(secret.reveal(), 'text of a secret');
    const one = clientOver(async () => answer({ oAuthApp: app }));
    for (const call of [() => one.getOAuthApp(ID), () => one.updateOAuthApp(ID, { name: 'Shop' })]) {
      assert.equal(String((await call()).secret), '[redacted]');
    }
  });

  test('keeps unknown fields of the response', async () => {
    const app = {
      ...{ id: ID, name: 'Shop', future: { list: [1, { deep: null }], text: '\u2028' }, big: 12345678901234567890 },
      ...JSON.parse('{"__proto__": {"x": 1}, "constructor": 5, "": "empty"}'),
    };
    const one = clientOver(async () => answer({ oAuthApp: app, beside: true }));
    assert.deepEqual(await one.getOAuthApp(ID), app);
    assert.deepEqual(await one.createOAuthApp({ name: 'Shop' }), app);
    assert.deepEqual(await one.updateOAuthApp(ID, { name: 'Shop' }), app);
    const page = { oAuthApps: [app], pagingMetadata: { cursors: { next: 'n' }, future: 1 }, beside: [true] };
    assert.deepEqual(await clientOver(async () => answer(page)).queryOAuthApps(), page);
  });

  test('is a success for each 2xx; a delete needs no body', async () => {
    for (const status of [200, 201, 202, 299]) {
      const client = clientOver(async () => answer({ oAuthApp: { id: ID } }, { status }));
      assert.deepEqual(await client.getOAuthApp(ID), { id: ID });
    }
    for (const body of ['', '{}', ' \n', '{"oAuthApp":null}']) {
      assert.equal(await clientOver(async () => answer(body, { status: 204 })).deleteOAuthApp(ID), undefined);
    }
  });
});

describe('over a socket', () => {
  let server;
  let client;
  before(async () => {
    server = await listen((request, response) => {
      if (request.url.endsWith('/query')) return respond({ oAuthApps: [], pagingMetadata: {} })(request, response);
      if (request.url.endsWith('/generate-secret')) return respond({ oAuthAppSecret: 's3cr3t' })(request, response);
      return respond({ oAuthApp: { id: ID } })(request, response);
    });
    client = createClient({
      auth: { apiKey: 'IST.an-api-key' },
      siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11',
      baseUrl: server.url,
    });
  });
  after(() => server.close());

  for (const { name, args, method, path, body } of OPERATIONS) {
    test(`${name} sends the API key, the site, and a content type only with a body`, async () => {
      await client[name](...args(ID));
      const sent = server.requests.at(-1);
      assert.equal(`${sent.method} ${sent.url}`, `${method} ${path(ID)}`);
      assert.equal(sent.headers.authorization, 'IST.an-api-key');
      assert.equal(sent.headers['wix-site-id'], '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11');
      assert.equal('wix-account-id' in sent.headers, false);
      assert.equal(sent.headers['content-type'], body && 'application/json');
      assert.equal(sent.body, body ? JSON.stringify(body(ID)) : '');
      // The platform adds these.
      const platform = ['host', 'connection', 'accept', 'accept-language', 'accept-encoding', 'user-agent'];
      platform.push('content-length', 'sec-fetch-mode', ...(method === 'GET' ? ['cache-control', 'pragma'] : []));
      const others = Object.keys(sent.headers).filter((header) => !platform.includes(header));
      assert.deepEqual(others.sort(), ['authorization', ...(body ? ['content-type'] : []), 'wix-site-id']);
    });
  }

  test('an account-level call sends wix-account-id', async () => {
    await createClient({ auth: { apiKey: 'k' }, accountId: 'my-account', baseUrl: server.url }).getOAuthApp(ID);
    assert.equal(server.requests.at(-1).headers['wix-account-id'], 'my-account');
    assert.equal('wix-site-id' in server.requests.at(-1).headers, false);
  });

  test('a call without site and account sends neither header', async () => {
    await createClient({ auth: { accessToken: 'OAUTH2.token' }, baseUrl: server.url }).getOAuthApp(ID);
    const { headers } = server.requests.at(-1);
    assert.equal(headers.authorization, 'OAUTH2.token');
    assert.equal('wix-account-id' in headers || 'wix-site-id' in headers, false);
  });

  test('the headers of a call are added to the client’s', async () => {
    await client.getOAuthApp(ID, { headers: { 'X-Trace': 'a b\tc', 'user-agent': 'shop/1.0', empty: '' } });
    const { headers } = server.requests.at(-1);
    assert.equal(headers['x-trace'], 'a b\tc');
    assert.equal(headers['user-agent'], 'shop/1.0');
    assert.equal(headers.empty, '');
    assert.equal(headers.authorization, 'IST.an-api-key');
    await client.getOAuthApp(ID);
    assert.equal('x-trace' in server.requests.at(-1).headers, false, 'they belong to that call');
  });

  test('a body is UTF-8', async () => {
    const draft = { name: '店 🛒 é', description: 'tab\tand\u0000nul' };
    await client.createOAuthApp(draft);
    assert.deepEqual(JSON.parse(server.requests.at(-1).body), { oAuthApp: draft });
  });

  test('concurrent calls get their own responses', async () => {
    const ids = Array.from({ length: 100 }, (_, at) => NOBODY.slice(0, -3) + String(at).padStart(3, '0'));
    const echo = await listen((request, response) => {
      respond({ oAuthApp: { id: request.url.split('/').at(-1) } })(request, response);
    });
    const many = createClient({ auth: { accessToken: 't' }, baseUrl: echo.url });
    const apps = await Promise.all(ids.map((id) => many.getOAuthApp(id)));
    await echo.close();
    assert.deepEqual(
      apps.map((app) => app.id),
      ids,
    );
  });
});

describe('fetch is called', () => {
  /** Returns the arguments and the receiver with which one call of `getOAuthApp` calls `fetch`. */
  async function called(options, call = (client) => client.getOAuthApp(ID)) {
    let seen;
    const fetch = function (...args) {
      seen = { args, receiver: this };
      return answer({ oAuthApp: { id: ID } });
    };
    await call(clientOver(fetch, options));
    return seen;
  }

  test('with a URL, a plain object and no receiver; redirects are not followed', async () => {
    const { args, receiver } = await called({}, (client) => client.createOAuthApp({ name: 'Shop' }));
    const [url, { signal, ...init }] = args;
    assert.equal(args.length, 2);
    assert.equal(receiver, undefined);
    assert.equal(url, `https://www.wixapis.com${APPS}`);
    assert.ok(signal instanceof AbortSignal);
    assert.deepEqual(init, {
      method: 'POST',
      headers: { Authorization: 'token', 'Content-Type': 'application/json' },
      body: '{"oAuthApp":{"name":"Shop"}}',
      redirect: 'manual',
    });
  });

  test('as the platform has it at the time of the call', async (t) => {
    const client = createClient({ auth: { accessToken: 'token' }, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' });
    const { mock } = t.mock.method(globalThis, 'fetch', async () => answer({ oAuthApp: { id: ID } }));
    assert.deepEqual(await client.getOAuthApp(ID), { id: ID });
    assert.equal(mock.callCount(), 1);
  });

  test('with a URL below the base URL', async () => {
    for (const [baseUrl, url] of [
      ['https://proxy.example.com', 'https://proxy.example.com'],
      ['https://proxy.example.com:8443/wix/', 'https://proxy.example.com:8443/wix'],
      ['http://[::1]:3000', 'http://[::1]:3000'],
    ]) {
      assert.equal((await called({ baseUrl })).args[0], `${url}${APPS}/${ID}`);
    }
  });

  test('with cache: no-store for a GET', async () => {
    const cacheOf = async (call) => (await called({}, call)).args[1].cache;
    assert.equal(await cacheOf((client) => client.getOAuthApp(ID)), 'no-store');
    assert.equal(await cacheOf((client) => client.createOAuthApp({ name: 'Shop' })), undefined);
  });
});

describe('arguments', () => {
  test('are read when the operation is called', async () => {
    const { client, emulator } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Subject' });
    const before = emulator.requests.length;

    const draft = { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/cb'] };
    const patch = { description: 'Original' };
    const query = { paging: { limit: 5 } };
    const options = { headers: { 'x-trace': 'original' } };
    const calls = [
      client.createOAuthApp(draft, options),
      client.updateOAuthApp(id, patch, options),
      client.queryOAuthApps(query, options),
    ];
    draft.name = 'x';
    draft.allowedRedirectUris.push('nonsense');
    patch.description = 5;
    patch.id = 'x';
    query.paging.limit = -1;
    options.headers['x-trace'] = 'changed';
    options.timeout = -1;
    await Promise.all(calls);

    const sent = emulator.requests.slice(before);
    assert.deepEqual(
      sent.map((request) => request.headers['x-trace']),
      ['original', 'original', 'original'],
    );
    assert.deepEqual(sent[0].body, {
      oAuthApp: { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/cb'] },
    });
    assert.deepEqual(sent[1].body, {
      oAuthApp: { id, description: 'Original' },
      mask: { paths: ['description'] },
    });
    assert.deepEqual(sent[2].body, { query: { paging: { limit: 5 } } });
  });

  test('of createClient are read when it is called', async () => {
    const options = {
      auth: { accessToken: 'first' },
      siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11',
      fetch: async () => answer({ oAuthApp: { id: ID } }),
    };
    const client = createClient(options);
    options.auth.accessToken = '';
    options.fetch = undefined;
    options.accountId = 'a';
    assert.deepEqual(await client.getOAuthApp(ID), { id: ID });
  });

  test('are not changed, and may be frozen', async () => {
    const { client, options } = await emulated();
    const frozen = (value) => Object.freeze(Object.assign(value));
    const draft = frozen({ name: 'Shop', allowedRedirectUris: frozen(['https://shop.example.com/cb']) });
    const { id } = await client.createOAuthApp(draft, frozen({ headers: frozen({ a: 'b' }) }));
    await api.updateOAuthApp(frozen(options), id, frozen({ description: null }));
    assert.deepEqual(draft, { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/cb'] });
  });
});

test('a client prints without its options', async () => {
  const { inspect } = await import('node:util');
  const { client } = await emulated();
  assert.equal(inspect(client), 'OAuthAppsClient {}');
  assert.equal(JSON.stringify(client), '{}');
});
