// The emulator by the contract, without the client: a request by fetch, a status and a body.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEmulator } from 'wix-oauth-apps/emulator';

const APPS = '/oauth-app/v1/oauth-apps';
const SITE = '11111111-1111-4111-8111-111111111111';
const OTHER_SITE = '22222222-2222-4222-8222-222222222222';
const JSON_TYPE = { 'content-type': 'application/json' };
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** An emulator with one app in it, and a function that sends a request and gives `{status, headers, body}`. */
async function started(options) {
  const emulator = await createEmulator({ siteIds: [SITE, OTHER_SITE], ...options });
  const { apiKey, siteId } = emulator.credentials;
  const send = async (method, path, { body, headers = {}, site = siteId, ...init } = {}) => {
    const response = await emulator.fetch(`https://www.wixapis.com${path}`, {
      method,
      headers: {
        authorization: apiKey,
        ...(site && { 'wix-site-id': site }),
        ...(body !== undefined && JSON_TYPE),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),

      ...init,
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  };
  // Only the response to the create holds the secret.
  const create = async (oAuthApp, more) => {
    const { secret, ...app } = (await send('POST', APPS, { body: { oAuthApp }, ...more })).body.oAuthApp;
    assert.match(secret, GUID);
    return app;
  };
  return {
    emulator,
    send,
    create,
    app: await create({ name: 'Subject' }),
  };
}

const application = (code, description) => ({
  message: description,
  details: { applicationError: { code, description, data: {} } },
});
const invalid = (...fieldViolations) => ({
  message: fieldViolations.map(({ field, description }) => `${field} ${description}`).join(', '),
  details: { validationError: { fieldViolations } },
});
const format = (field, type) => ({
  ...{ field, description: `must be a valid ${type}`, violatedRule: 'FORMAT', data: { type } },
});
const required = (field) => ({ field, description: 'must not be empty', violatedRule: 'REQUIRED_FIELD', data: {} });
const bound = (field, description, violatedRule, threshold) => ({
  ...{ field, description, violatedRule, data: { threshold } },
});
const notServed = (method, path) => ({ message: `Not Found: this emulator does not serve ${method} ${path}` });
const missing = (id) => application('NOT_FOUND', `appId was not found ${id}`);
const denied = (description) => application('PERMISSION_DENIED', description);

describe('a request that is answered', () => {
  test('create: the app with its id, its date and its defaults', async () => {
    const { send } = await started();
    const { status, body } = await send('POST', APPS, { body: { oAuthApp: { name: 'Shop', technology: 'VUE' } } });
    const { id, createdDate, secret, ...rest } = body.oAuthApp;
    assert.equal(status, 200);
    assert.match(secret, GUID);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(Math.abs(Date.parse(createdDate) - Date.now()) < 60_000, createdDate);
    assert.deepEqual(rest, {
      ...{ name: 'Shop', technology: 'VUE', applicationType: 'OAUTH_APP_TYPE_UNSPECIFIED' },
      ...{ allowSecretGeneration: true, allowedRedirectUris: [], allowedRedirectDomains: [], allowedDomains: [] },
      ...{ loginUrl: '', logoutUrl: '' },
      wixPagesDomainsMappings: [],
    });
  });

  test('get, with and without the query that the SDK adds', async () => {
    const { send, app } = await started();
    for (const query of ['', `?oAuthAppId=${app.id}`]) {
      assert.deepEqual((await send('GET', `${APPS}/${app.id}${query}`)).body, { oAuthApp: app });
    }
  });

  for (const [form, mask] of [
    ['paths', { paths: ['description', 'allowedRedirectUris'] }],
    ['a joined text', 'description,allowedRedirectUris'],
    ['path', { path: 'description,allowedRedirectUris' }],
    ['both members', { path: 'description', paths: ['description', 'allowedRedirectUris'] }],
  ]) {
    test(`update with ${form} as the mask: exactly those fields, a list replaced, an absent one cleared`, async () => {
      const { send, create } = await started();
      const app = await create({ name: 'Shop', description: 'Old', allowedRedirectUris: ['https://a.example.com/cb'] });
      const oAuthApp = { id: app.id, name: 'Not masked', allowedRedirectUris: ['https://b.example.com/cb'] };
      const { status, body } = await send('PATCH', `${APPS}/${app.id}`, { body: { oAuthApp, mask } });
      const { description, ...rest } = app;
      assert.equal(status, 200);
      assert.equal(description, 'Old');
      assert.deepEqual(body.oAuthApp, { ...rest, allowedRedirectUris: ['https://b.example.com/cb'] });
      assert.deepEqual((await send('GET', `${APPS}/${app.id}`)).body, body);
    });
  }

  test('update without a mask: 200, and nothing changes', async () => {
    const { send, app } = await started();
    for (const mask of [undefined, null, '', {}, { paths: [] }]) {
      const body = { oAuthApp: { id: app.id, name: 'Other' }, mask };
      const answer = await send('PATCH', `${APPS}/${app.id}`, { body });
      assert.deepEqual([answer.status, answer.body], [200, { oAuthApp: app }]);
    }
  });

  test('delete: an empty object, and the app is gone', async () => {
    const { send, app } = await started();
    const { status, body } = await send('DELETE', `${APPS}/${app.id}?oAuthAppId=${app.id}`);
    assert.deepEqual([status, body], [200, {}]);
    for (const [method, path, body] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', '', { oAuthApp: { name: 'Shop' }, mask: 'name' }],
      ['POST', '/generate-secret', {}],
    ]) {
      const answer = await send(method, `${APPS}/${app.id}${path}`, { body });
      assert.deepEqual([answer.status, answer.body], [404, missing(app.id)]);
    }
  });

  test('generate secret: once, until it is allowed again', async () => {
    const { send, app } = await started();
    const generate = () => send('POST', `${APPS}/${app.id}/generate-secret`, { body: { oAuthAppId: app.id } });
    const first = await generate();
    assert.equal(first.status, 200);
    assert.deepEqual(Object.keys(first.body), ['oAuthAppSecret']);
    assert.match(first.body.oAuthAppSecret, /^.{32,}$/);
    const again = await generate();
    assert.equal(again.status, 409);
    assert.equal(again.body.details.applicationError.code, 'ALREADY_EXISTS');
    const { body } = await send('GET', `${APPS}/${app.id}`);
    assert.deepEqual(body.oAuthApp, { ...app, allowSecretGeneration: false });
    const oAuthApp = { allowSecretGeneration: true };
    await send('PATCH', `${APPS}/${app.id}`, { body: { oAuthApp, mask: 'allowSecretGeneration' } });
    const second = await generate();
    assert.equal(second.status, 200);
    assert.notEqual(second.body.oAuthAppSecret, first.body.oAuthAppSecret);
  });

  test('each answer names its request; a write says how to read it, and a read gives that back', async () => {
    const { send, app } = await started();
    const answers = [
      await send('POST', APPS, { body: { oAuthApp: { name: 'Shop' } } }),
      await send('PATCH', `${APPS}/${app.id}`, { body: { oAuthApp: { name: 'Store' }, mask: 'name' } }),
      await send('GET', `${APPS}/${app.id}`, { headers: { 'x-wix-consistent': 'word' } }),
      await send('GET', `${APPS}/${app.id}`),
      await send('GET', '/nowhere'),
    ];
    const ids = answers.map(({ headers }) => headers.get('x-wix-request-id'));
    assert.equal(new Set(ids).size, 5);
    for (const id of ids) assert.match(id, /^\d+\.\d+$/);
    const consistent = answers.map(({ headers }) => headers.get('x-wix-consistent'));
    assert.ok(consistent[0] && consistent[1] && consistent[0] !== consistent[1]);
    assert.deepEqual(consistent.slice(2), ['word', null, null]);
    for (const { headers } of answers) assert.equal(headers.get('content-type'), 'application/json');
  });

  test('the key counts raw and as a bearer token, the content type with parameters or not at all', async () => {
    const { emulator, send } = await started();
    const { apiKey } = emulator.credentials;
    const body = { oAuthApp: { name: 'Shop' } };
    for (const headers of [
      { authorization: `Bearer ${apiKey}` },
      { authorization: `bearer ${apiKey}` },
      { 'content-type': 'application/json; charset=utf-8' },
      { 'content-type': 'APPLICATION/JSON' },
    ]) {
      assert.equal((await send('POST', APPS, { body, headers })).status, 200, JSON.stringify(headers));
    }
  });

  test('whatever the host, and whatever comes with a GET', async () => {
    const { emulator, app } = await started();
    const { apiKey, siteId } = emulator.credentials;
    const headers = { authorization: apiKey, 'wix-site-id': siteId };
    for (const origin of ['https://www.wixapis.com', 'http://localhost:3000', 'https://proxy.example.com:8443']) {
      const response = await emulator.fetch(`${origin}${APPS}/${app.id}`, { headers });
      assert.equal(response.status, 200);
    }
  });
});

describe('a request that is refused', () => {
  const good = { oAuthApp: { name: 'Shop' } };

  // The path of APPS goes before each; `:id` is an app that is there.
  for (const [what, method, path, options, status, body, allow] of [
    ['an unknown path', 'GET', '/x/y', {}, 404, notServed('GET', `${APPS}/x/y`)],
    ['another unknown path', 'POST', 'x', {}, 404, notServed('POST', `${APPS}x`)],
    ['a method that the list has not', 'GET', '', {}, 405, { message: 'Method Not Allowed' }, 'POST'],
    ['a method that query has not', 'PUT', '/query', {}, 405, { message: 'Method Not Allowed' }, 'POST'],
    ['a method that an app has not', 'PUT', '/:id', {}, 405, { message: 'Method Not Allowed' }, 'GET, PATCH, DELETE'],
    [
      'a method that secrets have not',
      'GET',
      '/:id/generate-secret',
      {},
      405,
      { message: 'Method Not Allowed' },
      'POST',
    ],
    ['too large a body', 'POST', '', { body: 'x'.repeat(2 ** 20 + 1) }, 413, { message: 'Payload Too Large' }],
    [
      ...['no credential', 'POST', '', { body: good, headers: { authorization: '' } }, 401],
      application('UNAUTHENTICATED', 'The Authorization header is missing'),
    ],
    [
      ...['a wrong credential', 'GET', '/:id', { headers: { authorization: 'IST.other' } }, 401],
      application('UNAUTHENTICATED', 'The Authorization header is not valid'),
    ],
    ['no site', 'GET', '/:id', { site: '' }, 403, denied('OAuth apps belong to a site: send wix-site-id')],
    [
      ...['an account', 'GET', '/:id', { site: '', headers: { 'wix-account-id': SITE } }, 403],
      denied('OAuth apps belong to a site: send wix-site-id, not wix-account-id'),
    ],
    [
      ...['the secret of an app', 'GET', '/:id/secret', {}, 403],
      denied('The secret of an OAuth app cannot be retrieved; generate one'),
    ],
    [
      ...['an encoded body', 'POST', '', { body: good, headers: { 'content-encoding': 'gzip' } }, 415],
      { message: 'Unsupported Media Type: send the body without Content-Encoding' },
    ],
    ['a site that is not there', 'GET', '/:id', { site: NOBODY }, 403, denied('The caller has no access to this site')],
    [
      ...['a body of another type', 'POST', '', { body: good, headers: { 'content-type': 'text/plain' } }, 415],
      { message: 'Unsupported Media Type' },
    ],
    ['a list as the body', 'POST', '', { body: [] }, 400, { message: 'Expected an object' }],
    ['null as the body', 'POST', '', { body: 'null' }, 400, { message: 'Expected an object' }],
    ['no app', 'POST', '', { body: {} }, 400, invalid(required('oAuthApp'))],
    ['no body', 'POST', '', {}, 400, invalid(required('oAuthApp'))],
    ['an app that is none', 'POST', '', { body: { oAuthApp: 5 } }, 400, { message: 'oAuthApp: Expected an object' }],
    ['no name', 'POST', '', { body: { oAuthApp: {} } }, 400, invalid(required('oAuthApp.name'))],
    [
      ...['a name of another type', 'POST', '', { body: { oAuthApp: { name: 5 } } }, 400],
      { message: 'oAuthApp.name: Expected a string' },
    ],
    [
      ...['too short a name', 'POST', '', { body: { oAuthApp: { name: 'x' } } }, 400],
      invalid(bound('oAuthApp.name', 'must have at least 2 characters', 'MIN_LENGTH', 2)),
    ],
    [
      'several faults',
      ...['POST', ''],
      { body: { oAuthApp: { loginUrl: 'x', allowedRedirectUris: ['https://a.example.com/cb', '/cb'] } } },
      400,
      invalid(
        format('oAuthApp.loginUrl', 'WEB_URL'),
        format('oAuthApp.allowedRedirectUris[1]', 'URI'),
        required('oAuthApp.name'),
      ),
    ],
    [
      ...['21 redirect URIs', 'POST', ''],
      { body: { oAuthApp: { name: 'Shop', allowedRedirectUris: Array(21).fill('https://a.example.com') } } },
      400,
      invalid(bound('oAuthApp.allowedRedirectUris', 'must have at most 20 entries', 'MAX_SIZE', 20)),
    ],
    ['an id that is no GUID', 'GET', '/x', {}, 400, invalid(format('oAuthAppId', 'GUID'))],
    ['an id that no app has', 'GET', `/${NOBODY}`, {}, 404, missing(NOBODY)],
    ['a delete of no app', 'DELETE', `/${NOBODY}`, {}, 404, missing(NOBODY)],
    ['a secret of no app', 'POST', `/${NOBODY}/generate-secret`, {}, 404, missing(NOBODY)],
    [
      ...['an unknown field in the mask', 'PATCH', '/:id', { body: { oAuthApp: {}, mask: 'description,colour' } }, 400],
      invalid({
        ...{ field: 'mask.paths[1]', description: "'colour' is not a field of OAuthApp" },
        ...{ violatedRule: 'OTHER', ruleName: 'UNKNOWN_FIELD', data: {} },
      }),
    ],
    [
      ...['a read-only field in the mask', 'PATCH', '/:id', { body: { oAuthApp: {}, mask: { paths: ['id'] } } }, 400],
      invalid({
        ...{ field: 'mask.paths[0]', description: "'id' is read-only" },
        ...{ violatedRule: 'FIELD_NOT_ALLOWED', data: {} },
      }),
    ],
    [
      ...['another app’s id in the body', 'PATCH', '/:id', { body: { oAuthApp: { id: NOBODY }, mask: '' } }, 400],
      invalid({
        ...{ field: 'oAuthApp.id', description: 'must be the ID in the path' },
        ...{ violatedRule: 'OTHER', ruleName: 'ID_MISMATCH', data: {} },
      }),
    ],
    // As the service documents it, word for word.
    [
      ...['a filter by name', 'POST', '/query', { body: { query: { filter: { name: 'Shop' } } } }, 400],
      {
        message: "value Field 'name' is not declared as filterable",
        details: {
          validationError: {
            fieldViolations: [{ field: 'value', description: "Field 'name' is not declared as filterable" }],
          },
        },
      },
    ],
    [
      ...['a sort by id', 'POST', '/query', { body: { query: { sort: [{ fieldName: 'id' }] } } }, 400],
      invalid({ field: 'value', description: "Field 'id' is not declared as sortable" }),
    ],
    [
      ...['too large a page', 'POST', '/query', { body: { query: { paging: { limit: 101 } } } }, 400],
      invalid(bound('query.paging.limit', 'must be at most 100', 'MAX', 100)),
    ],
    [
      ...['two ways of paging', 'POST', '/query', { body: { query: { paging: {}, cursorPaging: {} } } }, 400],
      { message: 'query: Expected only one of paging and cursorPaging' },
    ],
    [
      ...['a cursor of elsewhere', 'POST', '/query', { body: { query: { cursorPaging: { cursor: 'x' } } } }, 400],
      invalid({
        ...{ field: 'query.cursorPaging.cursor', description: 'is not a cursor of this API' },
        ...{ violatedRule: 'OTHER', ruleName: 'INVALID_CURSOR', data: {} },
      }),
    ],
  ]) {
    test(`${what} is ${status}`, async () => {
      const { send, app, emulator } = await started();
      const before = emulator.snapshot();
      const answer = await send(method, `${APPS}${path.replace(':id', app.id)}`, options);
      assert.deepEqual({ status: answer.status, body: answer.body }, { status, body });
      assert.equal(answer.headers.get('allow'), allow ?? null);
      assert.deepEqual(emulator.snapshot(), before, 'it changes nothing');
    });
  }

  test('malformed JSON is 400, with a message alone', async () => {
    const { send } = await started();
    for (const body of ['{', '{"oAuthApp":', '{a:1}', '[', 'x']) {
      const answer = await send('POST', APPS, { body });
      assert.equal(answer.status, 400);
      assert.deepEqual(Object.keys(answer.body), ['message']);
      assert.match(answer.body.message, /^Malformed JSON/);
    }
  });

  test('what the key may not do is 403', async () => {
    for (const [permissions, read, write] of [
      [['SCOPE.OAUTH_APP.READ'], 404, 403],
      [['SCOPE.OAUTH_APP.MANAGE'], 404, 200],
      [['SCOPE.HEADLESS.MANAGE'], 404, 200],
      [[], 403, 403],
    ]) {
      const emulator = await createEmulator({ permissions });
      const { apiKey, siteId } = emulator.credentials;
      const headers = { authorization: apiKey, 'wix-site-id': siteId };
      const get = await emulator.fetch(`https://x.example${APPS}/${NOBODY}`, { headers });
      const body = JSON.stringify(good);
      const post = await emulator.fetch(`https://x.example${APPS}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      });
      assert.deepEqual([get.status, post.status], [read, write], String(permissions));
    }
  });
});

describe('a query', () => {
  /** Apps `a` to `e`, and a function that gives the names on a page with its metadata. */
  async function filled(options) {
    const subject = await started(options);
    await subject.send('DELETE', `${APPS}/${subject.app.id}`);
    const apps = [];
    for (const name of ['aa', 'bb', 'cc', 'dd', 'ee']) apps.push(await subject.create({ name }));
    const query = async (query) => {
      const { status, body } = await subject.send('POST', `${APPS}/query`, { body: { query } });
      assert.equal(status, 200, JSON.stringify(body));
      return { names: body.oAuthApps.map((app) => app.name).join(' '), ...body };
    };
    return { ...subject, apps, query };
  }
  const byName = [{ fieldName: 'name', order: 'ASC' }];

  test('without anything gives all, by descending id', async () => {
    const { query, apps, send } = await filled();
    const ids = apps
      .map((app) => app.id)
      .sort()
      .reverse();
    for (const page of [await query(undefined), await query({}), await query({ filter: {}, sort: [] })]) {
      assert.deepEqual(
        page.oAuthApps.map((app) => app.id),
        ids,
      );
      assert.deepEqual(page.pagingMetadata, { count: 5, offset: 0, total: 5, tooManyToCount: false, hasNext: false });
    }
    assert.equal((await send('POST', `${APPS}/query`)).body.oAuthApps.length, 5, 'nor a body');
  });

  test('filters by id, in both forms', async () => {
    const { query, apps } = await filled();
    for (const id of [apps[2].id, { $eq: apps[2].id }]) assert.deepEqual((await query({ filter: { id } })).names, 'cc');
    assert.deepEqual((await query({ filter: { id: NOBODY } })).pagingMetadata.total, 0);
  });

  test('sorts by name and by date, both ways', async () => {
    const { query } = await filled();
    assert.equal((await query({ sort: byName })).names, 'aa bb cc dd ee');
    assert.equal((await query({ sort: [{ fieldName: 'name' }] })).names, 'aa bb cc dd ee');
    assert.equal((await query({ sort: [{ fieldName: 'name', order: 'DESC' }] })).names, 'ee dd cc bb aa');
    const dated = await query({ sort: [{ fieldName: 'createdDate', order: 'ASC' }] });
    const dates = dated.oAuthApps.map((app) => app.createdDate);
    assert.deepEqual(dates, [...dates].sort());
  });

  test('pages by offset', async () => {
    const { query } = await filled();
    const pages = [];
    for (const offset of [0, 2, 4, 6]) {
      const { names, pagingMetadata } = await query({ sort: byName, paging: { limit: 2, offset } });
      pages.push([names, pagingMetadata.count, pagingMetadata.hasNext]);
      assert.deepEqual([pagingMetadata.offset, pagingMetadata.total], [offset, 5]);
    }
    assert.deepEqual(pages, [
      ['aa bb', 2, true],
      ['cc dd', 2, true],
      ['ee', 1, false],
      ['', 0, false],
    ]);
  });

  test('pages by cursor, there and back, without filter and sort being sent again', async () => {
    const { query } = await filled();
    const there = [await query({ sort: byName, cursorPaging: { limit: 2 } })];
    while (there.at(-1).pagingMetadata.hasNext) {
      const { next } = there.at(-1).pagingMetadata.cursors;
      there.push(await query({ cursorPaging: { limit: 2, cursor: next } }));
    }
    assert.deepEqual(
      there.map((page) => page.names),
      ['aa bb', 'cc dd', 'ee'],
    );
    assert.deepEqual(
      there.map(({ pagingMetadata }) => Object.keys(pagingMetadata.cursors).join()),
      ['next', 'next,prev', 'prev'],
    );
    const { prev } = there.at(-1).pagingMetadata.cursors;
    assert.equal((await query({ cursorPaging: { limit: 2, cursor: prev } })).names, 'cc dd');
  });

  test('a cursor keeps its place while apps come and go', async () => {
    const { query, send, apps, create } = await filled();
    const first = await query({ sort: byName, cursorPaging: { limit: 2 } });
    await send('DELETE', `${APPS}/${apps[0].id}`);
    await send('DELETE', `${APPS}/${apps[1].id}`);
    await create({ name: 'ab' });
    const { next } = first.pagingMetadata.cursors;
    assert.equal((await query({ cursorPaging: { limit: 9, cursor: next } })).names, 'cc dd ee');
  });
});

describe('sites', () => {
  test('an app of one site is invisible to another', async () => {
    const { send, app, create } = await started();
    const site = OTHER_SITE;
    const other = await create({ name: 'Other' }, { site });
    for (const [method, path, body] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', '', { oAuthApp: { name: 'Mine' }, mask: 'name' }],
      ['POST', '/generate-secret', {}],
    ]) {
      const answer = await send(method, `${APPS}/${app.id}${path}`, { site, body });
      assert.deepEqual([answer.status, answer.body], [404, missing(app.id)]);
    }
    const listed = async (options) => (await send('POST', `${APPS}/query`, { body: {}, ...options })).body.oAuthApps;
    assert.deepEqual(await listed(), [app]);
    assert.deepEqual(await listed({ site }), [other]);
  });

  test('emulators share nothing', async () => {
    const [one, two] = await Promise.all([started(), started()]);
    assert.equal((await one.send('GET', `${APPS}/${two.app.id}`)).status, 404);
    assert.equal(one.emulator.requests.length, 2);
    assert.equal(two.emulator.requests.length, 1);
  });
});

describe('the log of requests', () => {
  test('holds each request as it was sent, oldest first, with its status and without its credentials', async () => {
    const { emulator, send, app } = await started();
    emulator.reset();
    await send('GET', `${APPS}/${app.id}?oAuthAppId=${app.id}&token=t`, { headers: { 'X-Trace': 'a', Cookie: 'c=d' } });
    await send('POST', APPS, {
      body: 'not json',
      headers: { authorization: 'Bearer wrong', 'content-type': 'text/plain' },
    });
    assert.deepEqual(emulator.requests, [
      {
        ...{ method: 'GET', path: `${APPS}/${app.id}`, status: 404 },
        query: { oAuthAppId: app.id, token: '[redacted]' },
        headers: { authorization: '[redacted]', 'wix-site-id': SITE, 'x-trace': 'a', cookie: '[redacted]' },
      },
      {
        ...{ method: 'POST', path: APPS, query: {}, status: 401, body: 'not json' },
        headers: { authorization: 'Bearer [redacted]', 'wix-site-id': SITE, 'content-type': 'text/plain' },
      },
    ]);
  });

  test('is read anew each time, and what was read does not change', async () => {
    const { emulator, send } = await started();
    const { requests } = emulator;
    requests.push('mine');
    await send('GET', '/x');
    assert.equal(emulator.requests.length, 2);
    assert.equal(requests.length, 2);
    assert.equal(requests[1], 'mine');
  });

  test('keeps as many as it is told', async () => {
    const { emulator, send } = await started({ requestLogSize: 2 });
    for (const path of ['/1', '/2', '/3']) await send('GET', path);
    assert.deepEqual(
      emulator.requests.map(({ path }) => path),
      ['/2', '/3'],
    );
  });
});

describe('the state', () => {
  test('a snapshot brings back what was there, and outlives JSON', async () => {
    const { emulator, send, app, create } = await started();
    const snapshot = emulator.snapshot();
    const text = JSON.stringify(snapshot);
    await send('DELETE', `${APPS}/${app.id}`);
    const other = await create({ name: 'Other' });
    assert.equal(JSON.stringify(snapshot), text, 'it does not change with the emulator');
    for (const state of [snapshot, JSON.parse(text), structuredClone(snapshot)]) {
      emulator.restore(state);
      assert.deepEqual((await send('GET', `${APPS}/${app.id}`)).body, { oAuthApp: app });
      assert.equal((await send('GET', `${APPS}/${other.id}`)).status, 404);
    }
    const elsewhere = await createEmulator({ siteIds: [SITE] });
    elsewhere.restore(snapshot);
    assert.deepEqual(elsewhere.snapshot(), snapshot);
  });

  test('that a secret was generated is a part of it', async () => {
    const { emulator, send, app } = await started();
    const generate = () => send('POST', `${APPS}/${app.id}/generate-secret`);
    const before = emulator.snapshot();
    assert.equal((await generate()).status, 200);
    const after = emulator.snapshot();
    emulator.restore(before);
    assert.equal((await generate()).status, 200);
    emulator.restore(after);
    assert.equal((await generate()).status, 409);
  });

  test('a state that is none is refused with the reason, and nothing changes', async () => {
    const { emulator, app } = await started();
    const good = emulator.snapshot();
    const key = `app/${SITE}/${app.id}`;
    const holding = (key, oAuthApp) => ({ ...good, records: { [key]: { oAuthApp } } });
    for (const [state, reason] of [
      [undefined, /state/],
      [null, /state/],
      [{}, /version/],
      [{ ...good, version: 99 }, /version/],
      [{ ...good, records: { [key]: {} } }, /oAuthApp/],
      [{ ...good, colour: 'red' }, /colour/],
      [{ ...good, records: { ...good.records, [`app/${OTHER_SITE}/${app.id}`]: { oAuthApp: app } } }, /another site/],
      [holding(`app/${NOBODY}/${app.id}`, app), /sites/],
      [holding(`app/${SITE}/${NOBODY}`, app), /key/],
      [holding('app', app), /kind/],
      [holding(key, { ...app, name: 'x' }), /name/],
      [holding(key, { ...app, colour: 'red' }), /colour/],
    ]) {
      assert.throws(() => emulator.restore(state), reason, JSON.stringify(state));
      assert.deepEqual(emulator.snapshot(), good);
    }
  });

  test('reset forgets every app and every request', async () => {
    const { emulator, send, app } = await started();
    emulator.reset();
    assert.deepEqual(emulator.requests, []);
    assert.equal((await send('GET', `${APPS}/${app.id}`)).status, 404);
    assert.deepEqual((await send('POST', `${APPS}/query`)).body.oAuthApps, []);
  });
});

describe('its fetch is one', () => {
  test('takes a URL, a Request and a Request with changes', async () => {
    const { emulator, app } = await started();
    const { apiKey, siteId } = emulator.credentials;
    const headers = new Headers({ authorization: apiKey, 'wix-site-id': siteId });
    const url = `https://www.wixapis.com${APPS}/${app.id}`;
    const request = new Request(url, { headers });
    for (const args of [[url, { headers }], [new URL(url), { headers: [...headers] }], [request], [request, {}]]) {
      assert.deepEqual(await (await emulator.fetch(...args)).json(), { oAuthApp: app });
    }
    assert.equal((await emulator.fetch(request, { method: 'DELETE' })).status, 200);
    const body = JSON.stringify({ oAuthApp: { name: 'Shop' } });
    headers.set('content-type', 'application/json');
    for (const sent of [body, new TextEncoder().encode(body), new Blob([body], { type: 'application/json' })]) {
      const posted = new Request(`https://www.wixapis.com${APPS}`, { method: 'POST', headers, body: sent });
      assert.equal((await (await emulator.fetch(posted)).json()).oAuthApp.name, 'Shop');
    }
  });

  test('gives a real Response', async () => {
    const { emulator } = await started();
    const response = await emulator.fetch('https://www.wixapis.com/nowhere');
    assert.ok(response instanceof Response);
    assert.deepEqual([response.status, response.ok, response.bodyUsed], [404, false, false]);
    const message = 'Not Found: this emulator does not serve GET /nowhere';
    assert.deepEqual(await response.clone().json(), { message });
    assert.equal(await response.text(), JSON.stringify({ message }));
    assert.equal(response.bodyUsed, true);
  });

  test('rejects as fetch does, and logs nothing then', async () => {
    const { emulator } = await started();
    emulator.reset();
    const url = `https://www.wixapis.com${APPS}`;
    const reason = new Error('enough');
    await assert.rejects(emulator.fetch(url, { signal: AbortSignal.abort(reason) }), reason);
    await assert.rejects(emulator.fetch(url, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    await assert.rejects(emulator.fetch('/relative'), TypeError);
    await assert.rejects(emulator.fetch(url, { method: 'GET', body: 'x' }), TypeError);
    await assert.rejects(emulator.fetch(url, { headers: { 'a b': 'c' } }), TypeError);
    await assert.rejects(emulator.fetch(), TypeError);
    assert.deepEqual(emulator.requests, []);
  });

  test('an abort while it works ends it, and nothing is created', async () => {
    const { emulator } = await started();
    const { apiKey, siteId } = emulator.credentials;
    const before = emulator.snapshot();
    const controller = new AbortController();
    const answer = emulator.fetch(`https://www.wixapis.com${APPS}`, {
      ...{ method: 'POST', body: JSON.stringify({ oAuthApp: { name: 'Shop' } }), signal: controller.signal },
      headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
    });
    controller.abort();
    await assert.rejects(answer, { name: 'AbortError' });
    assert.deepEqual(emulator.snapshot(), before);
  });

  test('never touches the network', async (t) => {
    const { mock } = t.mock.method(globalThis, 'fetch', () => assert.fail('the network'));
    const { send } = await started();
    assert.equal((await send('POST', `${APPS}/query`)).status, 200);
    assert.equal(mock.callCount(), 0);
  });

  test('can be handed on by itself', async () => {
    const { fetch } = (await started()).emulator;
    assert.equal((await fetch('https://www.wixapis.com/')).status, 404);
  });
});

describe('options that are refused, each by its name', () => {
  for (const [options, name] of [
    [{ apikey: 'k' }, 'apikey'],
    [{ apiKey: '' }, 'apiKey'],
    [{ apiKey: 5 }, 'apiKey'],
    [{ apiKey: () => 'k' }, 'apiKey'],
    [{ siteIds: [] }, 'siteIds'],
    [{ siteIds: ['x'] }, 'siteIds'],
    [{ permissions: ['SCOPE.ALL'] }, 'permissions'],
    [{ maxPageLimit: 0 }, 'maxPageLimit'],
    [{ duplicateRedirects: 'merge' }, 'duplicateRedirects'],
    [{ requestLogSize: -1 }, 'requestLogSize'],
    [[], 'options'],
    ['x', 'options'],
  ]) {
    test(JSON.stringify(options), async () => {
      await assert.rejects(createEmulator(options), (error) => error.message.includes(name));
    });
  }

  test('null and undefined are as good as left out', async () => {
    for (const options of [undefined, null, {}, { apiKey: undefined, siteIds: null }]) {
      assert.match((await createEmulator(options)).credentials.siteId, /^[0-9a-f-]{36}$/);
    }
  });
});

describe('options that the documentation leaves open', () => {
  const twice = { name: 'Shop', allowedRedirectUris: ['HTTPS://A.example.com:443', 'https://a.example.com/'] };

  for (const [options, kept] of [
    [{}, twice.allowedRedirectUris],
    [{ normalizeRedirects: true }, ['https://a.example.com/', 'https://a.example.com/']],
    [{ normalizeRedirects: true, duplicateRedirects: 'drop' }, ['https://a.example.com/']],
  ]) {
    test(`with ${JSON.stringify(options)} a list is kept as ${JSON.stringify(kept)}`, async () => {
      const { create } = await started(options);
      assert.deepEqual((await create(twice)).allowedRedirectUris, kept);
    });
  }

  test('with duplicateRedirects: "refuse" the second is a violation', async () => {
    const { send } = await started({ normalizeRedirects: true, duplicateRedirects: 'refuse' });
    const { status, body } = await send('POST', APPS, { body: { oAuthApp: twice } });
    assert.equal(status, 400);
    assert.equal(body.details.validationError.fieldViolations[0].field, 'oAuthApp.allowedRedirectUris[1]');
  });

  test('without secretOnCreate no secret comes with the app', async () => {
    const emulator = await createEmulator({ secretOnCreate: false });
    const { apiKey, siteId } = emulator.credentials;
    const response = await emulator.fetch(`https://www.wixapis.com${APPS}`, {
      method: 'POST',
      headers: { authorization: apiKey, 'wix-site-id': siteId, ...JSON_TYPE },
      body: JSON.stringify({ oAuthApp: { name: 'Shop' } }),
    });
    assert.equal('secret' in (await response.json()).oAuthApp, false);
  });

  test('with maxPageLimit a page is no larger', async () => {
    const { send } = await started({ maxPageLimit: 3 });
    const limited = (limit) => send('POST', `${APPS}/query`, { body: { query: { paging: { limit } } } });
    assert.deepEqual([(await limited(3)).status, (await limited(4)).status], [200, 400]);
  });
});
