// The control interface under /_emulator/, over HTTP: what it does, and what it refuses.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { allApps, create } from './support/apps.mjs';
import { APPS, serve } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';
import { exchange, requestText } from './support/raw.mjs';

const GUID = '11111111-1111-4111-8111-111111111111';
const CALLBACK = 'https://shop.example.com/cb';

/** Sends a request to the control interface: `{ status, headers, body }`. */
async function control({ url }, method, path, body, headers) {
  const response = await fetch(`${url}/_emulator/${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  assert.equal(response.headers.get('access-control-allow-origin'), null);
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}

/** Sends a request that has to succeed and returns the body. */
async function done(server, method, path, body) {
  const answer = await control(server, method, path, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

/** Follows the requests as server-sent events: `next()` resolves with `{ id, data }`. */
async function follow({ url }, query = '', headers = {}) {
  const abort = new AbortController();
  const response = await fetch(`${url}/_emulator/requests${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: abort.signal,
  });
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    async next() {
      for (;;) {
        const [event, ...rest] = text.split('\n\n');
        if (rest.length > 0) {
          text = rest.join('\n\n');
          const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(event) ?? [];
          if (data !== undefined) return { id, data: JSON.parse(data) };
          continue;
        }
        const { value, done: isOver } = await reader.read();
        if (isOver) return undefined;
        text += value;
      }
    },
    close: () => abort.abort(),
  };
}

describe('the control interface', () => {
  let server;
  before(async () => {
    server = await serve([
      '--quiet',
      '--app',
      `name=Storefront,id=${GUID},redirect=${CALLBACK}`,
      '--app',
      'name=Other',
    ]);
  });
  beforeEach(() => done(server, 'POST', 'reset'));
  after(() => server.stop());

  test('lists the requests, newest last, with the reason of each refusal and without credentials', async () => {
    assert.deepEqual(await done(server, 'GET', 'requests'), { requests: [] });
    const began = Date.now();
    await server.request(`${APPS}/query?token=hush`, { method: 'POST' });
    await server.request(`${APPS}/x`);
    await fetch(`${server.url}/nowhere`);
    const token = { client_id: GUID, grant_type: 'authorization_code', code: 'hush', client_secret: 'hush' };
    await fetch(`${server.url}/oauth2/token`, { method: 'POST', body: new URLSearchParams(token) });
    const uri = encodeURIComponent(`${CALLBACK}?code=hush`);
    await fetch(`${server.url}/_api/oauth2/authorize?client_id=${GUID}&redirect_uri=${uri}&session_token=hush`);
    const listed = `redirect_uri=${encodeURIComponent(CALLBACK)}`;
    await fetch(`${server.url}/_api/oauth2/authorize?client_id=${GUID}&${listed}`, { redirect: 'manual' });
    await exchange(server.url, requestText('GET', '/a', { host: 'evil.example' }));
    await exchange(server.url, requestText('POST', '/oauth2/token', { origin: 'https://evil.example' }));
    await exchange(server.url, 'hello\r\n\r\n');
    const { requests } = await done(server, 'GET', 'requests');
    assert.deepEqual(
      requests.map(({ method, path, status }) => `${method} ${path} ${status}`),
      [
        `POST ${APPS}/query 200`,
        `GET ${APPS}/x 400`,
        'GET /nowhere 404',
        'POST /oauth2/token 400',
        'GET /_api/oauth2/authorize 400',
        'GET /_api/oauth2/authorize 302',
        'GET /a 421',
        'POST /oauth2/token 403',
        '- - 400',
      ],
    );
    const reasons = requests.map(({ reason }) => reason);
    for (const [at, reason] of [
      [0, /^undefined$/],
      [1, /^oAuthAppId must be a valid GUID$/],
      [2, /does not serve GET \/nowhere/],
      [3, /^invalid_\w+: /],
      [4, /isn't listed as an allowed redirect URI.*the nearest entry is https:\/\/shop\.example\.com\/cb/],
      [5, /^unsupported_response_type: response_type must be code$/],
      [6, /evil\.example.*--allow-host/],
      [7, /origin https:\/\/evil\.example/],
      [8, /not HTTP/],
    ])
      assert.match(String(reasons[at]), reason);
    for (const { at, duration, ...rest } of requests) {
      assert.ok(Date.parse(at) >= began && Date.parse(at) <= Date.now() + 1, at);
      assert.ok(duration >= 0 && duration < 10_000);
      assert.ok(!JSON.stringify(rest).includes('hush'), JSON.stringify(rest));
      assert.ok(!JSON.stringify(rest).includes(server.apiKey));
    }
  });

  test('keeps the last thousand requests', async () => {
    const many = requestText('GET', '/a').repeat(50);
    for (let at = 0; at < 21; at += 1)
      await exchange(server.url, many + requestText('GET', '/b', { connection: 'close' }));
    const { requests } = await done(server, 'GET', 'requests');
    assert.equal(requests.length, 1_000);
    assert.equal(requests.at(-1).path, '/b');
    assert.deepEqual(
      requests.map(({ at }) => at),
      requests.map(({ at }) => at).sort(),
    );
    assert.equal(new Set(requests.map(({ at }) => at)).size, 1_000);
  });

  test('lists the requests since a time', async () => {
    for (const path of ['/a', '/b', '/c']) await fetch(server.url + path);
    const { requests } = await done(server, 'GET', 'requests');
    const [first, , last] = requests;
    const since = async (time) =>
      (await done(server, 'GET', `requests?since=${encodeURIComponent(time)}`)).requests
        .map(({ path }) => path)
        .join('');
    assert.equal(await since(first.at), '/b/c');
    assert.equal(await since(last.at), '');
    assert.equal(await since('2020-01-01'), '/a/b/c');
    assert.equal(await since('2020-01-01T00:00:00Z'), '/a/b/c');
    assert.equal(await since('0'), '/a/b/c');
    assert.equal(await since(String(Date.now() + 60_000)), '');
    assert.equal(await since(''), '/a/b/c');
    for (const time of ['yesterday', '-1', '2020-13-01', '2020-01-01T00:00:00+02:00']) {
      const { status, body } = await control(server, 'GET', `requests?since=${encodeURIComponent(time)}`);
      assert.equal(status, 400);
      assert.match(body.message, new RegExp(`^since: "${time.replaceAll('+', '\\+')}" is no time; give `));
    }
  });

  test('sends the requests as events, and again from the last one that a client got', async () => {
    await fetch(`${server.url}/before`);
    const events = await follow(server);
    const before = await events.next();
    assert.deepEqual([before.data.path, before.data.at], ['/before', before.id]);
    await fetch(`${server.url}/one`);
    const one = await events.next();
    assert.match(one.data.reason, /does not serve GET \/one/);
    events.close();
    await fetch(`${server.url}/two`);
    for (const [query, headers] of [
      ['', { 'last-event-id': one.id }],
      [`?since=${before.id}`, { 'last-event-id': one.id }],
      [`?since=${one.id}`, {}],
    ]) {
      const again = await follow(server, query, headers);
      assert.equal((await again.next()).data.path, '/two');
      again.close();
    }
    const { status, body } = await control(server, 'GET', 'requests?since=x', undefined, {
      accept: 'text/event-stream',
    });
    assert.deepEqual([status, body.message.startsWith('since: "x" is no time')], [400, true]);
  });

  test('resets to the apps of the start, with the same IDs', async () => {
    const start = await allApps(server);
    assert.deepEqual([...start.values()].map(({ name }) => name).sort(), ['Other', 'Storefront']);
    assert.deepEqual(start.get(GUID).allowedRedirectUris, [CALLBACK]);
    await create(server, { name: 'Third' });
    await server.request(`${APPS}/${GUID}`, { method: 'DELETE' });
    await done(server, 'POST', 'faults', { status: 503, times: 'always' });
    await done(server, 'PUT', 'clock', { now: '2030-01-01' });
    assert.deepEqual(await done(server, 'POST', 'reset'), {});
    const again = await allApps(server);
    assert.deepEqual([...again.keys()].sort(), [...start.keys()].sort());
    assert.ok(Math.abs(Date.parse(again.get(GUID).createdDate) - Date.now()) < 60_000);
  });

  test('saves and restores the state', async () => {
    const { id } = await create(server, { name: 'Kept' });
    const state = await done(server, 'GET', 'state');
    await server.request(`${APPS}/${id}`, { method: 'DELETE' });
    assert.deepEqual(await done(server, 'PUT', 'state', state), {});
    assert.equal((await allApps(server)).get(id).name, 'Kept');
    const before = await allApps(server);
    for (const [body, message] of [
      [{}, /^state: missing field `version`/],
      [{ version: 9, records: {} }, /version/],
      [{ version: 1, records: { 'app/x/y': {} } }, /app\/x\/y/],
      ['{', /^The body is not JSON: /],
      ['[]', /needs an object$/],
      [undefined, /^The body is missing; \/_emulator\/state needs a JSON object$/],
    ]) {
      const answer = await control(server, 'PUT', 'state', body);
      assert.equal(answer.status, 400);
      assert.match(answer.body.message, message);
    }
    assert.deepEqual(await allApps(server), before);
  });

  test('takes a state that is larger than a body of the API', async () => {
    const uris = (at) =>
      Array.from({ length: 20 }, (_, entry) => `https://shop-${at}-${entry}.example.com/${'x'.repeat(400)}`);
    for (let at = 0; at < 150; at += 1) await create(server, { name: `Shop ${at}`, allowedRedirectUris: uris(at) });
    const state = JSON.stringify(await done(server, 'GET', 'state'));
    assert.ok(state.length > 1_048_576);
    await done(server, 'POST', 'reset');
    await done(server, 'PUT', 'state', state);
    assert.equal((await allApps(server)).size, 152);
  });

  test('injects faults and clears them', async () => {
    const status = async () => (await server.request(`${APPS}/query`, { method: 'POST' })).status;
    assert.deepEqual(await done(server, 'POST', 'faults', { status: 503, times: 'always', path: `${APPS}/*` }), {});
    await done(server, 'POST', 'faults', { preset: 'bare429', times: 2 });
    assert.deepEqual([await status(), await status()], [503, 503]);
    assert.deepEqual(await done(server, 'DELETE', 'faults'), {});
    assert.equal(await status(), 200);
    const { requests } = await done(server, 'GET', 'requests');
    assert.deepEqual(
      requests.map(({ reason }) => reason),
      ['an injected fault with status 503', 'an injected fault with status 503', undefined],
    );
    for (const [fault, message] of [
      [{}, 'fault: needs a status, an error, a preset or a latency'],
      [{ status: 42 }, 'fault.status: must be from 200 to 599, is 42'],
      [{ status: 'x' }, 'fault.status: invalid type'],
      [{ stauts: 500 }, 'fault.stauts: unknown field'],
      [{ preset: 'none' }, 'fault.preset: must be one of bare429'],
    ]) {
      const answer = await control(server, 'POST', 'faults', fault);
      assert.equal(answer.status, 400);
      assert.ok(answer.body.message.startsWith(message), answer.body.message);
    }
    assert.equal(await status(), 200);
  });

  test('shows a request without a response, or with a part of it', async () => {
    for (const [error, status] of [
      ['reset', 0],
      ['resetInBody', 200],
    ]) {
      await done(server, 'POST', 'faults', { error });
      await server
        .request(`${APPS}/query`, { method: 'POST' })
        .then((response) => response.text())
        .catch(() => {});
      const { requests } = await done(server, 'GET', 'requests');
      assert.deepEqual([requests.at(-1).status, requests.at(-1).reason], [status, `an injected fault: ${error}`]);
    }
  });

  test('sets the clock and moves it', async () => {
    const created = async () => (await create(server, { name: 'Dated' })).createdDate;
    assert.deepEqual(await done(server, 'PUT', 'clock', { now: '2026-03-01T09:05:00Z' }), {});
    assert.equal(await created(), '2026-03-01T09:05:00.000Z');
    assert.deepEqual(await done(server, 'POST', 'clock/advance', { milliseconds: 61_000 }), {});
    assert.equal(await created(), '2026-03-01T09:06:01.000Z');
    await done(server, 'PUT', 'clock', { now: 0 });
    assert.equal(await created(), '1970-01-01T00:00:00.000Z');
    for (const [path, body, message] of [
      ['clock', {}, /^now: is missing; give a date/],
      ['clock', { now: null }, /^now: is missing/],
      ['clock', { now: 'soon' }, /^now: must be milliseconds since 1970 or a date in UTC/],
      ['clock', { now: -1 }, /^now: must be/],
      ['clock', { now: '2026-01-01', then: 1 }, /^then: there is no such member; the body has only now$/],
      ['clock', [], /needs an object/],
      ['clock/advance', {}, /^milliseconds: is missing; give a number/],
      ['clock/advance', { milliseconds: -1 }, /^milliseconds: must be a whole number/],
      ['clock/advance', { milliseconds: 1.5 }, /^milliseconds: must be a whole number/],
      ['clock/advance', { milliseconds: '1' }, /^milliseconds: must be a whole number/],
    ]) {
      const method = path === 'clock' ? 'PUT' : 'POST';
      const answer = await control(server, method, path, body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.match(answer.body.message, message);
    }
    assert.equal(await created(), '1970-01-01T00:00:00.000Z');
  });

  test('lists the members, also those who registered', async () => {
    const token = await (
      await fetch(`${server.url}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: GUID, grant_type: 'anonymous' }),
      })
    ).json();
    await fetch(`${server.url}/_api/iam/authentication/v2/register`, {
      method: 'POST',
      headers: { authorization: token.access_token, 'content-type': 'application/json' },
      body: '{"loginId":{"email":"new@example.com"},"password":"hush"}',
    });
    const answer = await done(server, 'GET', 'members');
    assert.deepEqual(
      answer.members.map(({ email, siteId }) => [email, siteId]),
      [
        ['member@example.com', undefined],
        ['new@example.com', server.siteId],
      ],
    );
    assert.ok(!JSON.stringify(answer).includes('hush'));
  });

  test('names the methods of a path, and says what it does not serve', async () => {
    for (const [method, path, allow] of [
      ['POST', 'requests', 'GET, HEAD'],
      ['GET', 'reset', 'POST'],
      ['PATCH', 'state', 'GET, HEAD, PUT'],
      ['GET', 'faults', 'POST, DELETE'],
      ['OPTIONS', 'clock', 'PUT'],
      ['GET', 'clock/advance', 'POST'],
      ['DELETE', 'members', 'GET, HEAD'],
      ['PUT', '', 'GET, HEAD'],
      ['POST', 'index.html', 'GET, HEAD'],
    ]) {
      const { status, headers, body } = await control(server, method, path);
      assert.deepEqual([status, headers.get('allow')], [405, allow], path);
      assert.match(body.message, /is not allowed .*use /);
    }
    for (const path of ['nothing', 'requests/', 'assets/..%2f..%2fpackage.json', 'constructor', '__proto__']) {
      const { status, body } = await control(server, 'GET', path);
      assert.equal(status, 404, path);
      assert.match(body.message, /the emulator does not serve GET .*its console is at \/_emulator\//);
    }
    const raw = await exchange(server.url, requestText('GET', '/_emulator/../package.json'));
    assert.equal(raw.status, 404);
    assert.equal((await fetch(`${server.url}/_emulator/state`, { method: 'HEAD' })).status, 200);
  });

  test('leads from / to the console, whose policy permits its own files alone', async () => {
    for (const path of ['/', '/_emulator']) {
      const { status, headers } = await fetch(server.url + path, { redirect: 'manual' });
      assert.deepEqual([status, headers.get('location')], [302, '/_emulator/']);
    }
    const page = await fetch(server.url);
    assert.equal(page.url, `${server.url}/_emulator/`);
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8');
    const policy = page.headers.get('content-security-policy');
    assert.match(policy, /^default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; /);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.ok(!policy.includes('unsafe-inline') && !policy.includes('http'));
    const [script] = /assets\/[\w-]+\.js/.exec(await page.text());
    const { headers } = await fetch(`${server.url}/_emulator/${script}`);
    assert.equal(headers.get('content-type'), 'text/javascript; charset=utf-8');
  });
});

test('the state of the control interface is in the data file', async (t) => {
  const args = ['--quiet', '--data', join(folder(t), 'emulator.db'), '--app', 'name=Storefront'];
  const first = await serve(args);
  const { id } = await create(first, { name: 'Kept' });
  const state = await done(first, 'GET', 'state');
  await done(first, 'POST', 'reset');
  await first.kill();
  const second = await serve(args);
  assert.deepEqual(
    [...(await allApps(second)).values()].map(({ name }) => name),
    ['Storefront'],
  );
  await done(second, 'PUT', 'state', state);
  await second.kill();
  const third = await serve(args);
  assert.equal((await allApps(third)).get(id).name, 'Kept');
  await third.stop();
});

test('the webhooks are listed with the attempts to deliver them', async () => {
  const receiver = createServer((request, response) => request.resume().on('end', () => response.end()));
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${receiver.address().port}/hook`;
  const server = await startServer({ webhooks: [{ url }, { url: `${url}2`, events: ['deleted'] }] });
  const { apiKey, siteId } = server.credentials;
  const headers = { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' };
  await fetch(server.url + APPS, { method: 'POST', headers, body: '{"oAuthApp":{"name":"Told of"}}' });
  await server.emulator.webhooks.settled();
  const { webhooks, attempts } = await done(server, 'GET', 'webhooks');
  assert.deepEqual(webhooks, [
    { url, events: ['created', 'updated', 'deleted'] },
    { url: `${url}2`, events: ['deleted'] },
  ]);
  assert.deepEqual(
    attempts.map(({ url, outcome }) => [url, outcome]),
    [[url, 'delivered']],
  );
  await server.stop();
  receiver.close();
});

test('a stop does not wait for clients that follow the requests', async () => {
  const server = await startServer();
  const events = await follow(server);
  const start = performance.now();
  await server.stop();
  assert.ok(performance.now() - start < 1_500);
  await events.next().catch(() => {});
});
