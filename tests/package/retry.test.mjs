// Retries over the real transport. Which failures are repeated, and when, is tested in src/client/tests/retry.rs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, failure, listener, scripted } from './support/client.mjs';
import { stopClock } from './support/clock.mjs';
import { closedPort } from './support/faults.mjs';
import { listen, respond } from './support/loopback.mjs';
import { ID, OPERATIONS } from './support/operations.mjs';
import { table } from './support/table.mjs';

const QUICK = { baseDelay: 1 };
const app = { id: ID, name: 'Shop', allowedRedirectUris: ['https://new.example.com/callback'] };
/** Returns a response that is a success for every operation. */
const success = () =>
  answer({ oAuthApp: app, oAuthApps: [], oAuthAppSecret: 'text', pagingMetadata: { hasNext: false } });
const broken = (code) => () => {
  throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) });
};
const [create, get, , remove, , generate] = OPERATIONS;

/** Returns the response to the first request that a failure of the table describes. */
function first({ status, body = '', retryAfter, cause, isBodyBroken, isTimeout }) {
  if (isTimeout) return () => new Promise(() => {});
  if (isBodyBroken) return { ...success(), text: async () => broken(cause)() };
  if (!status) return async () => broken(cause)();
  return answer(body, { status, headers: retryAfter && { 'retry-after': retryAfter } });
}

/** Returns what a call results in if its first request has this response and the others succeed. */
async function outcome(operation, first, options = {}) {
  const { fetch, requests } = scripted(first, success);
  const result = await operation.call(clientOver(fetch, { retry: QUICK, timeout: 50, ...options })).then(
    () => 'success',
    ({ code, attempts }) => `${code} ${attempts}`,
  );
  const [{ method, path }] = requests;
  return { result, sent: requests.filter((request) => request.method === method && request.path === path).length };
}

describe('a failed request', () => {
  test('is repeated by every operation that may be repeated', async () => {
    for (const operation of OPERATIONS.filter(({ isRepeatable }) => isRepeatable)) {
      for (const first of [answer('', { status: 503 }), broken('ECONNRESET'), () => new Promise(() => {})]) {
        const { result, sent } = await outcome(operation, first);
        assert.equal(result, 'success', operation.name);
        // An operation that changes lists reads the app first and last; both requests are alike.
        assert.ok(sent >= 2, operation.name);
      }
    }
  });

  test('of a create or a new secret is repeated only if it was certainly not carried out', async () => {
    for (const { failure: failed, code, isRepeated, isUncertain } of table('tables/retry')) {
      for (const operation of [create, generate, get]) {
        const isUnknown = isUncertain && !operation.isRepeatable;
        const failing = `${isUnknown ? 'OUTCOME_UNKNOWN' : code} 1`;
        const expected = isRepeated && !isUnknown ? { result: 'success', sent: 2 } : { result: failing, sent: 1 };
        assert.deepEqual(await outcome(operation, first(failed)), expected, JSON.stringify(failed));
        const once = await outcome(operation, first(failed), { retry: false });
        assert.deepEqual(once, { result: failing, sent: 1 }, JSON.stringify(failed));
      }
    }
    for (const operation of [create, generate]) {
      assert.equal((await outcome(operation, answer('', { status: 204 }))).result, 'OUTCOME_UNKNOWN 1');
      const client = clientOver(scripted(answer('', { status: 500 })).fetch);
      assert.match((await failure(operation.call(client))).message, operation.howToFindOut);
    }
  });

  test('is repeated with the same content', async () => {
    const { fetch, requests } = scripted(answer('', { status: 503 }), success);
    const client = clientOver(fetch, { retry: QUICK, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' });
    await client.updateOAuthApp(ID, { description: null, name: 'Store' }, { headers: { 'x-trace': 'abc' } });
    assert.equal(requests.length, 2);
    assert.deepEqual(requests[0], requests[1]);
    assert.equal(requests[1].headers['x-trace'], 'abc');
  });

  test('of several requests is repeated on its own', async () => {
    const apps = (from) => Array.from({ length: 2 }, (_, at) => ({ id: ID.slice(0, -1) + (from + at) }));
    const page = (from, next) =>
      answer({ oAuthApps: apps(from), pagingMetadata: { hasNext: Boolean(next), cursors: { next } } });
    const down = answer('', { status: 503 });
    const { fetch, requests } = scripted(down, down, page(0, 'c'), down, down, page(2));
    const found = [];
    for await (const { id } of clientOver(fetch, { retry: QUICK }).listOAuthApps()) found.push(id.slice(-1));
    assert.deepEqual([found.join(''), requests.length], ['0123', 6]);
  });
});

describe('over sockets', () => {
  test('a create whose first connection is refused is made once', async () => {
    const server = await listen(respond({ oAuthApp: app }));
    const bases = [`http://127.0.0.1:${await closedPort()}`, server.url];
    const fetch = (url, init) => globalThis.fetch(url.replace(server.url, bases.shift()), init);
    const client = createClient({ auth: { accessToken: 'k' }, baseUrl: server.url, fetch, retry: QUICK });
    assert.deepEqual(await create.call(client), app);
    assert.deepEqual([bases.length, server.requests.length], [0, 1]);
    await server.close();
  });

  test('a delete whose response is lost has deleted the app', async () => {
    let exists = true;
    const server = await listen((request, response) => {
      if (!exists) return respond({ message: 'gone' }, { status: 404 })(request, response);
      exists = false;
      response.socket.resetAndDestroy();
    });
    const client = createClient({ auth: { accessToken: 'k' }, baseUrl: server.url, retry: QUICK });
    assert.equal(await remove.call(client), undefined);
    await server.close();
  });
});

describe('delays', () => {
  test('use the platform’s clock and random numbers', async (t) => {
    t.mock.method(Math, 'random', () => 0.5);
    const clock = stopClock(t);
    const { onEvent, of } = listener();
    const { fetch, requests } = scripted(answer('', { status: 503 }));
    const call = failure(clientOver(fetch, { retry: {}, onEvent }).getOAuthApp(ID));
    for (const [sent, delay] of [
      [1, 250],
      [2, 500],
    ]) {
      await clock.advance(delay - 1);
      assert.equal(requests.length, sent);
      await clock.advance(1);
    }
    assert.equal((await call).attempts, 3);
    assert.deepEqual(
      of('retry').map(({ delay }) => delay),
      [250, 500],
    );
  });

  test('ignore a Retry-After that the platform cannot parse, and do not wait for a date in the past', async (t) => {
    t.mock.method(Math, 'random', () => 0.5);
    for (const [header, delay] of [
      ...['Sun, 06 Nov 1994 08:49:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'].map((date) => [date, 0]),
      ...['Sun, 99 Nov 1994 08:49:37 GMT', 'soon', '0x10', '-1'].map((text) => [text, 250]),
    ]) {
      const { onEvent, of } = listener();
      const { fetch } = scripted(answer('', { status: 503, headers: { 'retry-after': header } }), success);
      const retry = { baseDelay: 500 };
      assert.equal((await get.call(clientOver(fetch, { retry, onEvent }))).id, ID);
      assert.equal(of('retry')[0].delay, delay, header);
    }
  });

  test('follow Retry-After in each of its forms, and the call fails at once above maxDelay', async (t) => {
    const clock = stopClock(t, Date.parse('1994-11-06T08:49:07Z'));
    for (const header of [
      ...['30', 'Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'],
    ]) {
      t.mock.timers.setTime(Date.parse('1994-11-06T08:49:07Z'));
      const down = answer('', { status: 503, headers: { 'retry-after': header } });
      const error = await failure(get.call(clientOver(scripted(down).fetch, { retry: { maxDelay: 29_999 } })));
      assert.deepEqual([error.code, error.retryAfter, error.attempts], ['SERVER_ERROR', 30_000, 1], header);
      const { fetch, requests } = scripted(down, success);
      const call = get.call(clientOver(fetch, { retry: { maxDelay: 30_000 } }));
      await clock.advance(29_999);
      assert.equal(requests.length, 1);
      await clock.advance(1);
      assert.equal((await call).id, ID);
    }
  });

  test('are spread over the whole range by the platform’s random numbers', async () => {
    const { onEvent, of } = listener();
    const { fetch } = scripted(answer('', { status: 503 }));
    const retry = { maxRetries: 100, baseDelay: 10, maxDelay: 10 };
    await failure(clientOver(fetch, { retry, onEvent }).getOAuthApp(ID));
    const delays = of('retry').map(({ delay }) => delay);
    assert.equal(delays.length, 100);
    assert.ok(delays.every((delay) => delay >= 0 && delay < 10 && Number.isInteger(delay)));
    assert.ok(Math.min(...delays) <= 2 && Math.max(...delays) >= 7, `${delays}`);
  });

  test('do not count towards the timeout, which is for each attempt', async (t) => {
    const clock = stopClock(t);
    t.mock.method(Math, 'random', () => 0);
    const { fetch, requests } = scripted(() => new Promise(() => {}));
    const call = failure(clientOver(fetch, { retry: {}, timeout: 1_000 }).getOAuthApp(ID));
    for (const sent of [1, 2, 3]) {
      await clock.advance(999);
      assert.equal(requests.length, sent);
      await clock.advance(1);
    }
    const error = await call;
    assert.deepEqual([error.code, error.attempts], ['TIMEOUT', 3]);
  });
});

test('the retry options of a call override the client’s', async (t) => {
  t.mock.method(Math, 'random', () => 0);
  for (const [retry, callOptions, attempts] of [
    [undefined, {}, 3],
    [false, {}, 1],
    [{}, {}, 3],
    [{ maxRetries: 0 }, {}, 1],
    [{ maxRetries: 5 }, {}, 6],
    [false, { retry: { maxRetries: 1 } }, 2],
    [{ maxRetries: 5 }, { retry: false }, 1],
    [{ maxRetries: 4 }, { retry: { maxRetries: 1 } }, 2],
    [{ maxRetries: 4 }, { retry: { baseDelay: 0 } }, 5],
    [{ maxRetries: 4 }, { retry: {} }, 5],
    [{ maxRetries: 4 }, { retry: undefined }, 5],
  ]) {
    const { fetch, requests } = scripted(answer('', { status: 500 }));
    const client = createClient({ auth: { accessToken: 't' }, fetch, retry });
    const error = await failure(client.getOAuthApp(ID, callOptions));
    assert.deepEqual([error.attempts, requests.length], [attempts, attempts]);
  }
});
