// The six operations: what each sends, to the byte, and what it makes of the answer.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as api from 'wix-oauth-apps';
import { createClient, Secret } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, NOBODY } from './support/client.mjs';
import { listen, respond } from './support/loopback.mjs';

const APPS = '/oauth-app/v1/oauth-apps';
const ID = '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11';

/** Each operation by the contract: how it is called, and the one request that it makes. */
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

describe('on the emulator, each operation makes exactly the one request of the contract', () => {
  for (const { name, args, method, path, body } of OPERATIONS) {
    for (const [how, call, echoed] of [
      ['as a method', ({ client }, ...given) => client[name](...given), 'string'],
      ['as a function over a client', ({ client }, ...given) => api[name](client, ...given), 'string'],
      // A client of its own, which has not been told what to echo.
      ['as a function over options', ({ options }, ...given) => api[name](options, ...given), 'undefined'],
    ]) {
      test(`${name} ${how}`, async () => {
        const subject = await emulated();
        const { id } = await subject.client.createOAuthApp({ name: 'Subject' });
        const before = subject.emulator.requests.length;
        await call(subject, ...args(id));
        const requests = subject.emulator.requests.slice(before);
        const { 'x-wix-consistent': consistent, ...headers } = requests[0].headers;
        assert.equal(typeof consistent, echoed);
        assert.deepEqual(
          [{ ...requests[0], headers }, ...requests.slice(1)],
          [
            {
              method,
              path: path(id),
              query: {},
              headers: {
                authorization: '[redacted]',
                'wix-site-id': subject.emulator.credentials.siteId,
                ...(body && { 'content-type': 'application/json' }),
              },
              ...(body && { body: body(id) }),
              status: 200,
            },
          ],
        );
      });
    }
  }
});

describe('what an operation gives', () => {
  test('create, get and update give the app, query a page of them, generate a secret, delete nothing', async () => {
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

  test('an update changes the fields of the patch alone: null clears one, undefined is not there, a list is replaced', async () => {
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

  test('every writable field arrives as it was given, and comes back so', async () => {
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

  test('a secret in the answer to create is one that refuses to be printed', async () => {
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

  test('whatever else an answer holds survives', async () => {
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

  test('any 2xx is a success; a delete needs no body', async () => {
    for (const status of [200, 201, 202, 299]) {
      const client = clientOver(async () => answer({ oAuthApp: { id: ID } }, { status }));
      assert.deepEqual(await client.getOAuthApp(ID), { id: ID });
    }
    for (const body of ['', '{}', ' \n', '{"oAuthApp":null}']) {
      assert.equal(await clientOver(async () => answer(body, { status: 204 })).deleteOAuthApp(ID), undefined);
    }
  });
});

describe('over a real server', () => {
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
    test(`${name} sends the raw API key, the site, and a content type with a body alone`, async () => {
      await client[name](...args(ID));
      const sent = server.requests.at(-1);
      assert.equal(`${sent.method} ${sent.url}`, `${method} ${path(ID)}`);
      assert.equal(sent.headers.authorization, 'IST.an-api-key');
      assert.equal(sent.headers['wix-site-id'], '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11');
      assert.equal('wix-account-id' in sent.headers, false);
      assert.equal(sent.headers['content-type'], body && 'application/json');
      assert.equal(sent.body, body ? JSON.stringify(body(ID)) : '');
      // Further ones are the platform's own.
      const platform = ['host', 'connection', 'accept', 'accept-language', 'accept-encoding', 'user-agent'];
      platform.push('content-length', 'sec-fetch-mode', ...(method === 'GET' ? ['cache-control', 'pragma'] : []));
      const others = Object.keys(sent.headers).filter((header) => !platform.includes(header));
      assert.deepEqual(others.sort(), ['authorization', ...(body ? ['content-type'] : []), 'wix-site-id']);
    });
  }

  test('an account-level call sends wix-account-id instead', async () => {
    await createClient({ auth: { apiKey: 'k' }, accountId: 'my-account', baseUrl: server.url }).getOAuthApp(ID);
    assert.equal(server.requests.at(-1).headers['wix-account-id'], 'my-account');
    assert.equal('wix-site-id' in server.requests.at(-1).headers, false);
  });

  test('neither site nor account sends neither', async () => {
    await createClient({ auth: { accessToken: 'OAUTH2.token' }, baseUrl: server.url }).getOAuthApp(ID);
    const { headers } = server.requests.at(-1);
    assert.equal(headers.authorization, 'OAUTH2.token');
    assert.equal('wix-account-id' in headers || 'wix-site-id' in headers, false);
  });

  test('extra headers of a call go along with the client’s own', async () => {
    await client.getOAuthApp(ID, { headers: { 'X-Trace': 'a b\tc', 'user-agent': 'shop/1.0', empty: '' } });
    const { headers } = server.requests.at(-1);
    assert.equal(headers['x-trace'], 'a b\tc');
    assert.equal(headers['user-agent'], 'shop/1.0');
    assert.equal(headers.empty, '');
    assert.equal(headers.authorization, 'IST.an-api-key');
    await client.getOAuthApp(ID);
    assert.equal('x-trace' in server.requests.at(-1).headers, false, 'they are of that call alone');
  });

  test('text of any script goes as UTF-8', async () => {
    const draft = { name: '店 🛒 é', description: 'tab\tand\u0000nul' };
    await client.createOAuthApp(draft);
    assert.deepEqual(JSON.parse(server.requests.at(-1).body), { oAuthApp: draft });
  });

  test('many calls at once are told apart', async () => {
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

describe('how it calls fetch', () => {
  /** What one call of `getOAuthApp` gives to `fetch`. */
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

  test('the platform’s own is looked up at each call, where none is given', async (t) => {
    const client = createClient({ auth: { accessToken: 'token' }, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' });
    const { mock } = t.mock.method(globalThis, 'fetch', async () => answer({ oAuthApp: { id: ID } }));
    assert.deepEqual(await client.getOAuthApp(ID), { id: ID });
    assert.equal(mock.callCount(), 1);
  });

  for (const [baseUrl, url] of [
    ['https://proxy.example.com', 'https://proxy.example.com'],
    ['https://proxy.example.com/', 'https://proxy.example.com'],
    ['https://proxy.example.com/wix/api', 'https://proxy.example.com/wix/api'],
    ['https://proxy.example.com:8443/wix/', 'https://proxy.example.com:8443/wix'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/x', 'http://127.0.0.1:3000/x'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ]) {
    test(`the API may live at ${baseUrl}`, async () => {
      assert.equal((await called({ baseUrl })).args[0], `${url}${APPS}/${ID}`);
    });
  }
});

describe('how it authenticates', () => {
  const authorization = async (auth) => {
    let sent;
    const fetch = async (_, { headers }) => ((sent = headers.Authorization), answer({ oAuthApp: { id: ID } }));
    await clientOver(fetch, { auth, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' }).getOAuthApp(ID);
    return sent;
  };

  for (const [what, auth, sent] of [
    ['an API key as it is', { apiKey: 'IST.key' }, 'IST.key'],
    ['an access token as it is', { accessToken: 'OAUTH2.token' }, 'OAUTH2.token'],
    ['what getAccessToken returns', { getAccessToken: () => 'now' }, 'now'],
    ['what getAccessToken promises', { getAccessToken: async () => 'later' }, 'later'],
    ['what a thenable gives', { getAccessToken: () => ({ then: (resolve) => resolve('thenable') }) }, 'thenable'],
  ]) {
    test(`by ${what}`, async () => assert.equal(await authorization(auth), sent));
  }

  test('getAccessToken is asked once for each request, with a signal', async () => {
    const signals = [];
    const getAccessToken = ({ signal }) => `token-${signals.push(signal)}`;
    const sent = [];
    const fetch = async (_, { headers }) => (sent.push(headers.Authorization), answer({ oAuthApp: { id: ID } }));
    const client = clientOver(fetch, { auth: { getAccessToken } });
    await client.getOAuthApp(ID);
    await client.getOAuthApp(ID);
    assert.deepEqual(sent, ['token-1', 'token-2']);
    assert.ok(signals.every((signal) => signal instanceof AbortSignal && !signal.aborted));
  });

  for (const [what, getAccessToken, code] of [
    ['throws', () => assert.fail('no token today'), 'UNAUTHENTICATED'],
    ['rejects', async () => assert.fail('no token today'), 'UNAUTHENTICATED'],
    ['rejects with nothing', () => Promise.reject(), 'UNAUTHENTICATED'],
    ['gives nothing', () => {}, 'CONFIG'],
    ['gives an empty text', () => '', 'CONFIG'],
    ['gives an object', async () => ({ access_token: 'x' }), 'CONFIG'],
    ['gives a line break', () => 'a\r\nX-Injected: 1', 'CONFIG'],
    ['gives what no header holds', () => 'tökén', 'CONFIG'],
  ]) {
    test(`a getAccessToken that ${what} is told so, and nothing is sent`, async () => {
      const fetch = () => assert.fail('sent');
      const error = await failure(clientOver(fetch, { auth: { getAccessToken } }).getOAuthApp(ID));
      assert.equal(error.code, code);
      assert.equal(error.attempts, 0);
      assert.match(error.message, /getAccessToken/);
      if (/no token/.test(error.cause?.message)) assert.equal(error.cause.code, 'ERR_ASSERTION');
    });
  }

  test('a getAccessToken that never answers is given up at the time-out, and told by its signal', async () => {
    let signal;
    const getAccessToken = (context) => ((signal = context.signal), new Promise(() => {}));
    const client = clientOver(() => assert.fail('sent'), { auth: { getAccessToken }, timeout: 20 });
    assert.equal((await failure(client.getOAuthApp(ID))).code, 'TIMEOUT');
    assert.equal(signal.aborted, true);
  });
});

describe('arguments are read at the call', () => {
  test('a draft, a patch, a query and options that change afterwards change nothing', async () => {
    const { client, emulator } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Subject' });
    const before = emulator.requests.length;

    const draft = { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/cb'] };
    const patch = { description: 'As given' };
    const query = { paging: { limit: 5 } };
    const options = { headers: { 'x-trace': 'as-given' } };
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
      ['as-given', 'as-given', 'as-given'],
    );
    assert.deepEqual(sent[0].body, {
      oAuthApp: { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/cb'] },
    });
    assert.deepEqual(sent[1].body, {
      oAuthApp: { id, description: 'As given' },
      mask: { paths: ['description'] },
    });
    assert.deepEqual(sent[2].body, { query: { paging: { limit: 5 } } });
  });

  test('a client’s options that change afterwards change nothing', async () => {
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

  test('nothing that is given is changed, and frozen arguments will do', async () => {
    const { client, options } = await emulated();
    const frozen = (value) => Object.freeze(Object.assign(value));
    const draft = frozen({ name: 'Shop', allowedRedirectUris: frozen(['https://shop.example.com/cb']) });
    const { id } = await client.createOAuthApp(draft, frozen({ headers: frozen({ a: 'b' }) }));
    await api.updateOAuthApp(frozen(options), id, frozen({ description: null }));
    assert.deepEqual(draft, { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/cb'] });
  });
});

describe('warnings', () => {
  const DOUBTFUL = { name: 'Shop', allowedRedirectUris: ['https://shop.example.com'] };

  test('let a write pass and are told to onEvent', async () => {
    const events = [];
    const { client, emulator } = await emulated({ onEvent: (event) => events.push(event) });
    const { id } = await client.createOAuthApp(DOUBTFUL);
    await client.updateOAuthApp(id, { allowedRedirectUris: DOUBTFUL.allowedRedirectUris });
    assert.equal(emulator.requests.length, 2);
    const warnings = events.filter((event) => event.type === 'warning');
    assert.deepEqual(
      warnings.map(({ operation, violations: [{ field, severity }] }) => ({ operation, field, severity })),
      [
        { operation: 'createOAuthApp', field: 'allowedRedirectUris[0]', severity: 'warning' },
        { operation: 'updateOAuthApp', field: 'allowedRedirectUris[0]', severity: 'warning' },
      ],
    );
  });

  test('an onEvent that throws disturbs nothing', async () => {
    const { client } = await emulated({ onEvent: () => assert.fail('no') });
    assert.equal((await client.createOAuthApp(DOUBTFUL)).name, 'Shop');
  });
});

test('a client prints as one, and shows nothing it was made with', async () => {
  const { inspect } = await import('node:util');
  const { client } = await emulated();
  assert.equal(inspect(client), 'OAuthAppsClient {}');
  assert.equal(JSON.stringify(client), '{}');
});
