// What a listener is told of a call: everything that happens, in order, and never a credential.
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
const request = (operation, attempt, method, path) => ({ type: 'request', operation, attempt, method, path });
const types = (events) => events.map(({ type }) => type);

describe('what is told', () => {
  test('a call that succeeds: request and response, with status, duration and request ID', async (t) => {
    const clock = stopClock(t);
    const { events, onEvent } = listener();
    const slow = () => new Promise((resolve) => setTimeout(resolve, 120, said));
    const said = answer(APP, { status: 201, headers: { 'x-wix-request-id': '1700000000.4711' } });
    const call = clientOver(scripted(slow).fetch, { onEvent }).getOAuthApp(ID);
    await clock.advance(120);
    await call;
    assert.deepEqual(events, [
      request('getOAuthApp', 1, 'GET', PATH),
      {
        ...{ type: 'response', operation: 'getOAuthApp', attempt: 1, duration: 120, status: 201 },
        requestId: '1700000000.4711',
      },
    ]);
  });

  test('the duration covers the body', async (t) => {
    const clock = stopClock(t);
    const { of, onEvent } = listener();
    const text = () => new Promise((resolve) => setTimeout(resolve, 50, JSON.stringify(APP)));
    const call = clientOver(scripted({ ...answer(APP), text }).fetch, { onEvent }).getOAuthApp(ID);
    await clock.advance(50);
    await call;
    assert.equal(of('response')[0].duration, 50);
  });

  test('a call that is tried again: each attempt, what it came to, and how long it waits', async (t) => {
    t.mock.method(Math, 'random', () => 0.5);
    const clock = stopClock(t);
    const { events, onEvent } = listener();
    const { fetch } = scripted(
      answer('', { status: 503, headers: { 'x-wix-request-id': 'a' } }),
      () => Promise.reject(new TypeError('fetch failed')),
      answer(APP),
    );
    const call = clientOver(fetch, { retry: {}, onEvent }).updateOAuthApp(ID, { name: 'Shop' });
    await clock.advance(250);
    await clock.advance(500);
    await call;
    const operation = 'updateOAuthApp';
    const response = { type: 'response', operation, duration: 0 };
    assert.deepEqual(events, [
      request(operation, 1, 'PATCH', PATH),
      { ...response, attempt: 1, status: 503, requestId: 'a', code: 'SERVER_ERROR' },
      { type: 'retry', operation, attempt: 1, delay: 250, code: 'SERVER_ERROR' },
      request(operation, 2, 'PATCH', PATH),
      { ...response, attempt: 2, code: 'NETWORK' },
      { type: 'retry', operation, attempt: 2, delay: 500, code: 'NETWORK' },
      request(operation, 3, 'PATCH', PATH),
      { ...response, attempt: 3, status: 200 },
    ]);
  });

  for (const [what, first, code, status] of [
    ['a refusal', answer({ message: 'no' }, { status: 403 }), 'PERMISSION_DENIED', 403],
    ['an answer of no use', answer('<html>'), 'BAD_RESPONSE', 200],
    ['no Response', 5, 'BAD_RESPONSE', undefined],
    ['a time-out', () => new Promise(() => {}), 'TIMEOUT', undefined],
  ]) {
    test(`${what} is a response with its code, and no retry`, async () => {
      const { events, onEvent } = listener();
      await failure(clientOver(scripted(first).fetch, { onEvent, timeout: 20 }).getOAuthApp(ID));
      assert.deepEqual(types(events), ['request', 'response']);
      assert.deepEqual([events[1].code, events[1].status], [code, status]);
      assert.equal('status' in events[1], status !== undefined);
      assert.equal('requestId' in events[1], false);
    });
  }

  test('an abort is a response with ABORTED', async () => {
    const { events, onEvent } = listener();
    const controller = new AbortController();
    const client = clientOver(scripted(() => new Promise(() => {})).fetch, { onEvent });
    const call = failure(client.getOAuthApp(ID, { signal: controller.signal }));
    await idle();
    controller.abort();
    await call;
    assert.deepEqual([types(events), events[1].code], [['request', 'response'], 'ABORTED']);
  });

  test('nothing of a call that is refused before it is sent', async () => {
    const { events, onEvent } = listener();
    const client = clientOver(() => assert.fail('sent'), { onEvent });
    await failure(client.createOAuthApp({}));
    await failure(client.getOAuthApp(ID, { timeout: 0 }));
    await failure(client.getOAuthApp(ID, { signal: AbortSignal.abort() }));
    assert.deepEqual(events, []);
  });

  test('a token that the client gets: its request and its response, and then the call’s', async () => {
    const { events, onEvent } = listener();
    const { fetch } = scripted(answer({ access_token: 'the-token', expires_in: 100 }), answer(APP));
    await clientOver(fetch, { auth: { clientId: ID, clientSecret: 'the-secret' }, onEvent }).getOAuthApp(ID);
    assert.deepEqual(
      events.map(({ type, path, status, expiresIn }) => [type, path ?? status ?? expiresIn]),
      [
        ['request', '/oauth2/token'],
        ['response', 200],
        ['token', 100],
        ['request', PATH],
        ['response', 200],
      ],
    );
    assert.ok(events.every(({ operation }) => operation === 'getOAuthApp'));
  });

  test('a request that is held back by the rate limit', async (t) => {
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

  test('a warning goes before the request that it is of, once', async () => {
    const { events, onEvent } = listener();
    const { fetch } = scripted(answer('', { status: 503 }), answer(APP));
    const client = clientOver(fetch, { retry: { baseDelay: 0 }, onEvent });
    await client.updateOAuthApp(ID, { allowedRedirectUris: ['https://bare.example.com'] });
    assert.deepEqual(types(events), ['warning', 'request', 'response', 'retry', 'request', 'response']);
  });

  test('an operation of several requests: each of them, under the name of what was called', async () => {
    const { events, onEvent } = listener();
    const { client, direct } = await intercepted((_, onwards) => onwards(), { onEvent });
    const { id } = await direct.createOAuthApp({ name: 'Shop' });
    const shown = () =>
      events.splice(0).flatMap(({ type, operation, attempt, method, path }) => {
        assert.equal(attempt, 1);
        return type === 'request' ? [`${operation} ${method} ${path.replace(APPS, '').replace(id, 'id')}`] : [];
      });
    await client.allowRedirects(id, { uris: ['https://a.example.com/cb'] });
    assert.deepEqual(
      shown(),
      ['GET', 'PATCH', 'GET'].map((method) => `allowRedirects ${method} /id`),
    );
    await client.ensureOAuthApp({ name: 'Other' });
    assert.deepEqual(shown(), ['ensureOAuthApp POST /query', 'ensureOAuthApp POST ']);
    await collect(client.listOAuthApps());
    assert.deepEqual(shown(), ['listOAuthApps POST /query']);
    await client.disallowRedirects(id, { uris: ['https://a.example.com/cb'] });
    assert.deepEqual(
      shown(),
      ['GET', 'PATCH', 'GET'].map((method) => `disallowRedirects ${method} /id`),
    );
  });

  test('over a real server, durations are of the real clock', async () => {
    const server = await listen((...exchange) => setTimeout(() => respond(APP)(...exchange), 30));
    const { of, onEvent } = listener();
    await createClient({ auth: { accessToken: 'k' }, baseUrl: server.url, onEvent }).getOAuthApp(ID);
    await server.close();
    const [{ duration }] = of('response');
    assert.ok(Number.isInteger(duration) && duration >= 28 && duration < 5_000, `${duration}`);
  });
});

describe('a listener disturbs nothing', () => {
  const reading = () => {
    throw new Error('no');
  };
  for (const [what, onEvent] of [
    ['throws', () => assert.fail('mine')],
    ['throws nothing', () => { throw undefined; }], // prettier-ignore
    ['rejects', async () => assert.fail('mine')],
    ['gives a thenable that throws', () => ({ then: reading })],
    ['gives an object that throws when it is read', () => Object.defineProperty({}, 'then', { get: reading })],
    ['never settles', () => new Promise(() => {})],
    ['gives the event back, changed', (event) => Object.assign(event, { type: 'x', operation: 'y', attempt: 99 })],
    ['deletes what it is told', (event) => Object.keys(event).forEach((name) => delete event[name])],
  ]) {
    test(`one that ${what}`, async () => {
      for (const operation of OPERATIONS) {
        const run = async (onEvent) => {
          const { fetch, requests } = scripted(
            answer('', { status: 429 }),
            answer({ ...APP, oAuthApps: [], oAuthAppSecret: 's', pagingMetadata: {} }),
          );
          const client = clientOver(fetch, { retry: { baseDelay: 0 }, ...(onEvent && { onEvent }) });
          const outcome = await operation.call(client).then(
            (given) => JSON.stringify(given) ?? 'nothing',
            ({ code }) => code,
          );
          return { outcome, requests };
        };
        assert.deepEqual(await run(onEvent), await run(undefined), operation.name);
      }
    });
  }

  test('a program whose listener throws and rejects has nothing unhandled', async () => {
    const { code, stdout, stderr } = await runScript(`
      import { createClient } from 'wix-oauth-apps';
      let told = 0;
      const client = createClient({
        auth: { accessToken: 't' },
        fetch: async () => new Response('', { status: 503 }),
        retry: { baseDelay: 1 },
        onEvent: () => {
          if ((told += 1) % 2) throw new Error('mine');
          return Promise.reject(new Error('mine too'));
        },
      });
      console.log((await client.getOAuthApp('${ID}').catch((error) => error)).code, told);
    `);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'SERVER_ERROR 8\n', stderr: '' });
  });

  test('one that calls the client is served', async () => {
    const { fetch, requests } = scripted(answer({ ...APP, pagingMetadata: {} }));
    let inner;
    const client = clientOver(fetch, {
      onEvent: ({ type, operation }) => {
        if (type === 'request' && operation === 'updateOAuthApp' && !inner) {
          inner = client.updateOAuthApp(ID, { name: 'Inner' });
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

  test('each listener is told of its own client alone, without a receiver', async () => {
    const told = [];
    const { fetch } = scripted(answer(APP));
    const one = clientOver(fetch, {
      onEvent: function (...given) {
        told.push([this, given.length]);
      },
    });
    await one.getOAuthApp(ID);
    await clientOver(fetch).getOAuthApp(ID);
    assert.deepEqual(told, Array(2).fill([undefined, 1]));
  });
});

test('no event holds a credential, whatever happens', async () => {
  const SECRET = 'qzxw-0f7e3d-nobody-may-see-this';
  for (const auth of [
    { apiKey: SECRET },
    { accessToken: SECRET },
    { getAccessToken: () => SECRET },
    { clientId: ID, clientSecret: SECRET },
  ]) {
    const { events, onEvent } = listener();
    const says = (status) => answer({ message: SECRET, error: SECRET, error_description: SECRET }, { status });
    const { fetch } = scripted(
      ...[says(503), answer({ access_token: SECRET, oAuthAppSecret: SECRET, ...APP }), says(401), says(401), says(500)],
      () => Promise.reject(new Error(SECRET)),
      answer({ ...APP, access_token: SECRET, oAuthAppSecret: SECRET, oAuthApps: [], secret: SECRET }),
    );
    const client = clientOver(fetch, {
      auth,
      siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11',
      retry: { baseDelay: 0 },
      onEvent,
    });
    for (const operation of [...OPERATIONS, ...OPERATIONS]) await operation.call(client).catch(() => {});
    assert.ok(events.length > 50);
    const text = inspect(events, { depth: Infinity, showHidden: true, maxArrayLength: null }) + JSON.stringify(events);
    assert.doesNotMatch(text, /qzxw|0f7e3d/);
  }
});
