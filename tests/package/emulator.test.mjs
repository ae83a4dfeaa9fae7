// The emulator without the client: requests by fetch, its log, its state and its options. The API's rules are tested in
// emulator/src.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { table } from './support/table.mjs';

const APPS = '/oauth-app/v1/oauth-apps';
const SITE = '11111111-1111-4111-8111-111111111111';
const OTHER_SITE = '22222222-2222-4222-8222-222222222222';
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Returns an emulator with one app, and a function that sends a request. */
async function started(options) {
  const emulator = await createEmulator({ siteIds: [SITE, OTHER_SITE], ...options });
  const { apiKey, siteId } = emulator.credentials;
  const send = async (method, path, { body, headers = {}, site = siteId } = {}) => {
    const all = {
      ...{ authorization: apiKey, 'wix-site-id': site },
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    };
    const response = await emulator.fetch(`https://www.wixapis.com${path}`, {
      method,
      // A header that is null is left out.
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)),
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  };
  // Only the response to a create contains the secret.
  const create = async (oAuthApp, more) => {
    const { secret, ...app } = (await send('POST', APPS, { body: { oAuthApp }, ...more })).body.oAuthApp;
    return app;
  };
  return { emulator, send, create, app: await create({ name: 'Subject' }) };
}

describe('a request', () => {
  test('creates, gets, updates, queries and deletes an app, and generates its secret', async () => {
    const { send } = await started();
    const { status, body } = await send('POST', APPS, { body: { oAuthApp: { name: 'Shop', technology: 'VUE' } } });
    const { secret, ...app } = body.oAuthApp;
    assert.equal(status, 200);
    assert.match(secret, /^[0-9a-f-]{36}$/);
    assert.ok(Math.abs(Date.parse(app.createdDate) - Date.now()) < 60_000, app.createdDate);
    assert.deepEqual([app.technology, app.allowedRedirectUris, app.loginUrl], ['VUE', [], '']);
    const path = `${APPS}/${app.id}`;
    assert.deepEqual((await send('GET', path)).body, { oAuthApp: app });
    const update = { oAuthApp: { id: app.id, name: 'Store' }, mask: { paths: ['name'] } };
    assert.deepEqual((await send('PATCH', path, { body: update })).body, { oAuthApp: { ...app, name: 'Store' } });
    const { oAuthAppSecret } = (await send('POST', `${path}/generate-secret`, { body: { oAuthAppId: app.id } })).body;
    assert.match(oAuthAppSecret, /^.{32,}$/);
    assert.equal((await send('POST', `${path}/generate-secret`)).status, 409);
    const page = await send('POST', `${APPS}/query`, { body: { query: { filter: { id: app.id } } } });
    assert.deepEqual(page.body, {
      oAuthApps: [{ ...app, name: 'Store', allowSecretGeneration: false }],
      pagingMetadata: { count: 1, offset: 0, total: 1, tooManyToCount: false, hasNext: false },
    });
    assert.deepEqual((await send('DELETE', path)).body, {});
    assert.equal((await send('GET', path)).status, 404);
  });

  test('that is refused gets the error of the contract, and changes nothing', async () => {
    const { send, app, emulator } = await started();
    const before = emulator.snapshot();
    for (const row of table('tables/refusals')) {
      const { status, headers, body } = await send(row.method, APPS + row.path.replace(':id', app.id), {
        body: row.length ? 'x'.repeat(row.length) : (row.text ?? row.body),
        headers: row.headers,
      });
      assert.deepEqual({ status, body }, { status: row.status, body: row.response }, row.what);
      assert.equal(headers.get('allow'), row.allow ?? null, row.what);
      assert.match(headers.get('x-wix-request-id'), /^\d+\.\d+$/);
      assert.deepEqual(emulator.snapshot(), before, row.what);
    }
  });

  test('sees the apps of its own site and its own emulator only', async () => {
    const { send, app, create, emulator } = await started();
    const other = await create({ name: 'Other' }, { site: OTHER_SITE });
    const query = async (site) => (await send('POST', `${APPS}/query`, { body: {}, site })).body.oAuthApps;
    assert.deepEqual([await query(SITE), await query(OTHER_SITE)], [[app], [other]]);
    const elsewhere = await started();
    assert.equal((await elsewhere.send('GET', `${APPS}/${app.id}`)).status, 404);
    assert.equal(emulator.requests.length, 4);
  });
});

describe('the log of requests', () => {
  test('has each request, oldest first, with its status and without its credentials', async () => {
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
        reason: `appId was not found ${app.id}`,
      },
      {
        ...{ method: 'POST', path: APPS, query: {}, status: 401, body: 'not json' },
        headers: { authorization: 'Bearer [redacted]', 'wix-site-id': SITE, 'content-type': 'text/plain' },
        reason: 'The Authorization header is not valid',
      },
    ]);
  });

  test('is copied when it is read', async () => {
    const { emulator, send } = await started();
    const { requests } = emulator;
    requests.push('mine');
    await send('GET', '/x');
    assert.equal(emulator.requests.length, 2);
    assert.equal(requests.length, 2);
    assert.equal(requests[1], 'mine');
  });

  test('keeps the last requests only', async () => {
    const { emulator, send } = await started({ requestLogSize: 2 });
    for (const path of ['/1', '/2', '/3']) await send('GET', path);
    assert.deepEqual(
      emulator.requests.map(({ path }) => path),
      ['/2', '/3'],
    );
  });
});

describe('the state', () => {
  test('can be saved and restored, also as JSON and elsewhere', async () => {
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

  test('is refused with the reason if it is invalid, and nothing changes', async () => {
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

  test('is emptied by reset(), with the log', async () => {
    const { emulator, send, app } = await started();
    emulator.reset();
    assert.deepEqual(emulator.requests, []);
    assert.equal((await send('GET', `${APPS}/${app.id}`)).status, 404);
    assert.deepEqual((await send('POST', `${APPS}/query`)).body.oAuthApps, []);
  });
});

describe('fetch', () => {
  test('takes a URL, a Request, and a Request with changes', async () => {
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

  test('returns a Response', async () => {
    const { emulator } = await started();
    const response = await emulator.fetch('https://www.wixapis.com/nowhere');
    assert.ok(response instanceof Response);
    assert.deepEqual([response.status, response.ok, response.bodyUsed], [404, false, false]);
    const message = 'Not Found: this emulator does not serve GET /nowhere';
    assert.deepEqual(await response.clone().json(), { message });
    assert.equal(await response.text(), JSON.stringify({ message }));
    assert.equal(response.bodyUsed, true);
  });

  test('rejects like the platform’s, and logs nothing then', async () => {
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

  test('can be aborted, and nothing is created', async () => {
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

  test('needs no receiver', async () => {
    const { fetch } = (await started()).emulator;
    assert.equal((await fetch('https://www.wixapis.com/')).status, 404);
  });
});

describe('options', () => {
  test('that are invalid are refused by name', async () => {
    for (const [options, name] of [
      [{ apikey: 'k' }, 'apikey'],
      [{ apiKey: '' }, 'apiKey'],
      [{ apiKey: () => 'k' }, 'apiKey'],
      [{ siteIds: ['x'] }, 'siteIds'],
      [{ permissions: ['SCOPE.ALL'] }, 'permissions'],
      [{ maxPageLimit: 0 }, 'maxPageLimit'],
      [{ duplicateRedirects: 'merge' }, 'duplicateRedirects'],
      [[], 'options'],
      ['x', 'options'],
    ]) {
      await assert.rejects(createEmulator(options), (error) => error.message.includes(name));
    }
  });

  test('may be undefined or null', async () => {
    for (const options of [undefined, null, {}, { apiKey: undefined, siteIds: null }]) {
      assert.match((await createEmulator(options)).credentials.siteId, /^[0-9a-f-]{36}$/);
    }
  });

  test('change the behaviour', async () => {
    const draft = { name: 'Shop', allowedRedirectUris: ['HTTPS://A.example.com:443', 'https://a.example.com/'] };
    for (const [options, stored] of [
      [{}, draft.allowedRedirectUris],
      [{ normalizeRedirects: true }, ['https://a.example.com/', 'https://a.example.com/']],
      [{ normalizeRedirects: true, duplicateRedirects: 'drop' }, ['https://a.example.com/']],
    ]) {
      const { create } = await started(options);
      assert.deepEqual((await create(draft)).allowedRedirectUris, stored);
    }
    const { send: limited } = await started({ maxPageLimit: 3 });
    const statusOf = async (limit) =>
      (await limited('POST', `${APPS}/query`, { body: { query: { paging: { limit } } } })).status;
    assert.deepEqual([await statusOf(3), await statusOf(4)], [200, 400]);
  });
});
