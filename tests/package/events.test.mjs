// Events as a listener receives them. Which events a call has is tested in src/client/tests/retry.rs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, failure, intercepted, listener, scripted } from './support/client.mjs';
import { idle, stopClock } from './support/clock.mjs';
import { listen, respond } from './support/loopback.mjs';
import { APPS, collect, ID, OPERATIONS } from './support/operations.mjs';
import { runScript } from './support/script.mjs';

const APP = { oAuthApp: { id: ID } };
const PATH = `${APPS}/${ID}`;
const types = (events) => events.map(({ type }) => type);

describe('a listener receives', () => {
  test('each attempt, its result and the delay before the next one', async (t) => {
    t.mock.method(Math, 'random', () => 0.5);
    const clock = stopClock(t);
    const { events, onEvent } = listener();
    const slow = () => new Promise((resolve) => setTimeout(resolve, 50, JSON.stringify(APP)));
    const { fetch } = scripted(
      answer('', { status: 503, headers: { 'x-wix-request-id': 'a' } }),
      () => Promise.reject(new TypeError('fetch failed')),
      { ...answer(APP), text: slow },
    );
    const call = clientOver(fetch, { retry: {}, onEvent }).updateOAuthApp(ID, { name: 'Shop' });
    for (const delay of [250, 500, 50]) await clock.advance(delay);
    await call;
    const operation = 'updateOAuthApp';
    const request = (attempt) => ({ type: 'request', operation, attempt, method: 'PATCH', path: PATH });
    const response = (attempt, others) => ({ type: 'response', operation, attempt, duration: 0, ...others });
    assert.deepEqual(events, [
      request(1),
      response(1, { status: 503, requestId: 'a', code: 'SERVER_ERROR' }),
      { type: 'retry', operation, attempt: 1, delay: 250, code: 'SERVER_ERROR' },
      request(2),
      response(2, { code: 'NETWORK' }),
      { type: 'retry', operation, attempt: 2, delay: 500, code: 'NETWORK' },
      request(3),
      // The duration includes the body.
      response(3, { status: 200, duration: 50 }),
    ]);
  });

  test('the code of a failed attempt', async () => {
    for (const [first, code, status] of [
      [answer({ message: 'no' }, { status: 403 }), 'PERMISSION_DENIED', 403],
      [answer('<html>'), 'BAD_RESPONSE', 200],
      [5, 'BAD_RESPONSE', undefined],
      [() => new Promise(() => {}), 'TIMEOUT', undefined],
    ]) {
      const { events, onEvent } = listener();
      await failure(clientOver(scripted(first).fetch, { onEvent, timeout: 20 }).getOAuthApp(ID));
      assert.deepEqual(types(events), ['request', 'response']);
      assert.deepEqual([events[1].code, events[1].status], [code, status]);
      assert.equal('status' in events[1], status !== undefined);
    }
  });

  test('ABORTED for an aborted attempt, and nothing of a call that is refused before', async () => {
    const { events, onEvent } = listener();
    const controller = new AbortController();
    const client = clientOver(() => new Promise(() => {}), { onEvent });
    await failure(client.createOAuthApp({}));
    await failure(client.getOAuthApp(ID, { signal: AbortSignal.abort() }));
    assert.deepEqual(events, []);
    const call = failure(client.getOAuthApp(ID, { signal: controller.signal }));
    await idle();
    controller.abort();
    await call;
    assert.deepEqual([types(events), events[1].code], [['request', 'response'], 'ABORTED']);
  });

  test('the client’s token requests', async () => {
    const { events, onEvent } = listener();
    const { fetch } = scripted(answer({ access_token: 'the-token', expires_in: 100 }), answer(APP));
    await clientOver(fetch, { auth: { clientId: ID, clientSecret: 'the-secret' }, onEvent }).getOAuthApp(ID);
    assert.deepEqual(
      events.map(({ type, operation, path, status, expiresIn }) => [type, operation, path ?? status ?? expiresIn]),
      [
        ['request', 'getOAuthApp', '/oauth2/token'],
        ['response', 'getOAuthApp', 200],
        ['token', 'getOAuthApp', 100],
        ['request', 'getOAuthApp', PATH],
        ['response', 'getOAuthApp', 200],
      ],
    );
  });

  test('delays of the rate limit', async (t) => {
    const clock = stopClock(t);
    const { events, onEvent } = listener();
    const client = clientOver(scripted(answer(APP)).fetch, { rateLimit: { requests: 1, per: 1_000 }, onEvent });
    await client.getOAuthApp(ID);
    const call = client.deleteOAuthApp(ID);
    await clock.advance(1_000);
    await call;
    assert.deepEqual(types(events), ['request', 'response', 'wait', 'request', 'response']);
    assert.deepEqual(events[2], { type: 'wait', operation: 'deleteOAuthApp', attempt: 1, delay: 1_000 });
  });

  test('warnings once, before the request', async () => {
    const { events, onEvent } = listener();
    const { fetch } = scripted(answer('', { status: 503 }), answer(APP));
    const client = clientOver(fetch, { retry: { baseDelay: 0 }, onEvent });
    await client.updateOAuthApp(ID, { allowedRedirectUris: ['https://bare.example.com'] });
    assert.deepEqual(types(events), ['warning', 'request', 'response', 'retry', 'request', 'response']);
    const [{ operation, violations }] = events;
    assert.deepEqual([operation, violations[0].field], ['updateOAuthApp', 'allowedRedirectUris[0]']);
  });

  test('each request of an operation, with the name of the operation', async () => {
    const { of, onEvent } = listener();
    const { client, direct } = await intercepted((_, onwards) => onwards(), { onEvent });
    const { id } = await direct.createOAuthApp({ name: 'Shop' });
    await client.allowRedirects(id, { uris: ['https://a.example.com/cb'] });
    await client.ensureOAuthApp({ name: 'Other' });
    await collect(client.listOAuthApps());
    assert.deepEqual(
      of('request').map(({ operation, attempt, method }) => `${operation} ${attempt} ${method}`),
      [
        ...['GET', 'PATCH', 'GET'].map((method) => `allowRedirects 1 ${method}`),
        ...['ensureOAuthApp 1 POST', 'ensureOAuthApp 1 POST', 'listOAuthApps 1 POST'],
      ],
    );
  });

  test('durations of the platform’s clock', async () => {
    const server = await listen((...exchange) => setTimeout(() => respond(APP)(...exchange), 30));
    const { of, onEvent } = listener();
    await createClient({ auth: { accessToken: 'k' }, baseUrl: server.url, onEvent }).getOAuthApp(ID);
    await server.close();
    const [{ duration }] = of('response');
    assert.ok(Number.isInteger(duration) && duration >= 28 && duration < 5_000, `${duration}`);
  });
});

describe('a listener', () => {
  test('does not change the result by throwing, rejecting or changing the event', async () => {
    const throwing = () => assert.fail('mine');
    const run = async (operation, onEvent) => {
      const success = answer({ ...APP, oAuthApps: [], oAuthAppSecret: 's', pagingMetadata: {} });
      const { fetch, requests } = scripted(answer('', { status: 429 }), success);
      const client = clientOver(fetch, { retry: { baseDelay: 0 }, onEvent });
      const result = await operation.call(client).then(
        (value) => JSON.stringify(value) ?? 'nothing',
        ({ code }) => code,
      );
      return { result, requests };
    };
    for (const onEvent of [
      throwing,
      async () => throwing(),
      () => ({ then: throwing }),
      () => Object.defineProperty({}, 'then', { get: throwing }),
      () => new Promise(() => {}),
      (event) => Object.assign(event, { type: 'x', operation: 'y', attempt: 99 }),
      (event) => Object.keys(event).forEach((name) => delete event[name]),
    ]) {
      for (const operation of OPERATIONS) {
        assert.deepEqual(await run(operation, onEvent), await run(operation, undefined), operation.name);
      }
    }
  });

  test('causes no unhandled rejection', async () => {
    const { code, stdout, stderr } = await runScript(`
      import { createClient } from 'wix-oauth-apps';
      let events = 0;
      const client = createClient({
        auth: { accessToken: 't' },
        fetch: async () => new Response('', { status: 503 }),
        retry: { baseDelay: 1 },
        onEvent: () => {
          if ((events += 1) % 2) throw new Error('mine');
          return Promise.reject(new Error('mine too'));
        },
      });
      console.log((await client.getOAuthApp('${ID}').catch((error) => error)).code, events);
    `);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'SERVER_ERROR 8\n', stderr: '' });
  });

  test('may call the client', async () => {
    const { fetch, requests } = scripted(answer({ ...APP, pagingMetadata: {} }));
    let inner;
    const client = clientOver(fetch, {
      onEvent: ({ type, operation }) => {
        if (type === 'request' && operation === 'updateOAuthApp') {
          inner ??= client.updateOAuthApp(ID, { name: 'Inner' });
        }
      },
    });
    await client.updateOAuthApp(ID, { name: 'Outer' });
    await inner;
    assert.deepEqual(
      requests.map(({ body }) => body.oAuthApp.name),
      ['Outer', 'Inner'],
    );
  });

  test('is called with one argument, without a receiver, and for its own client only', async () => {
    const calls = [];
    const { fetch } = scripted(answer(APP));
    const onEvent = function (...args) {
      calls.push([this, args.length]);
    };
    await clientOver(fetch, { onEvent }).getOAuthApp(ID);
    await clientOver(fetch).getOAuthApp(ID);
    assert.deepEqual(calls, Array(2).fill([undefined, 1]));
  });

  test('never receives a credential', async () => {
    const SECRET = 'qzxw-0f7e3d-nobody-may-see-this';
    const echo = (status) => answer({ message: SECRET, error: SECRET, error_description: SECRET }, { status });
    for (const auth of [
      { apiKey: SECRET },
      { accessToken: SECRET },
      { getAccessToken: () => SECRET },
      { clientId: ID, clientSecret: SECRET },
    ]) {
      const { events, onEvent } = listener();
      const { fetch } = scripted(
        ...[echo(503), answer({ access_token: SECRET, oAuthAppSecret: SECRET, ...APP }), echo(401), echo(500)],
        () => Promise.reject(new Error(SECRET)),
        answer({ ...APP, access_token: SECRET, oAuthAppSecret: SECRET, oAuthApps: [], secret: SECRET }),
      );
      const siteId = '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11';
      const client = clientOver(fetch, { auth, siteId, retry: { baseDelay: 0 }, onEvent });
      for (const operation of [...OPERATIONS, ...OPERATIONS]) await operation.call(client).catch(() => {});
      assert.ok(events.length > 50);
      const text = inspect(events, { depth: Infinity, showHidden: true, maxArrayLength: null });
      assert.doesNotMatch(text + JSON.stringify(events), /qzxw|0f7e3d/);
    }
  });
});
