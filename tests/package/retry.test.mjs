// What is sent again, when, and how often; and what is not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, failure, listener, scripted } from './support/client.mjs';
import { stopClock } from './support/clock.mjs';
import { closedPort } from './support/faults.mjs';
import { listen, respond } from './support/loopback.mjs';
import { ID, OPERATIONS } from './support/operations.mjs';

const QUICK = { baseDelay: 1 };
const app = { id: ID, name: 'Shop', allowedRedirectUris: ['https://new.example.com/callback'] };
/** An answer that every operation takes for a success. */
const fine = () => answer({ oAuthApp: app, oAuthApps: [], oAuthAppSecret: 'text', pagingMetadata: { hasNext: false } });
const broken = (code) => () => {
  throw Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(code), { code }) });
};
const [create, get, , remove, , generate] = OPERATIONS;
const once = OPERATIONS.filter((operation) => !operation.isRepeatable);

/** What comes of a call whose first request is answered so, and every further one well. */
async function outcome(operation, first, options = {}) {
  const { fetch, requests } = scripted(first, fine);
  const client = clientOver(fetch, { retry: QUICK, ...options });
  const said = await operation.call(client).then(
    () => 'success',
    ({ code, attempts }) => `${code} ${attempts}`,
  );
  const [{ method, path }] = requests;
  return { said, sent: requests.filter((request) => request.method === method && request.path === path).length };
}

describe('which answers are tried again', () => {
  for (const [status, code] of [
    ...[408, 425, 500, 502, 503, 504].map((status) => [status, 'SERVER_ERROR']),
    [429, 'RATE_LIMITED'],
  ]) {
    test(`a ${status}, by every operation that does the same each time`, async () => {
      for (const operation of OPERATIONS.filter(({ isRepeatable }) => isRepeatable)) {
        const { said, sent } = await outcome(operation, answer('', { status }));
        assert.equal(said, 'success', operation.name);
        // Changes read the app first and last: those requests are alike.
        assert.ok(sent >= 2, operation.name);
      }
      const { fetch, requests } = scripted(answer('', { status }));
      const error = await failure(get.call(clientOver(fetch, { retry: QUICK })));
      assert.deepEqual([error.code, error.status, error.attempts, requests.length], [code, status, 3, 3]);
    });
  }

  for (const status of [
    400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 418, 422, 501, 505, 520, 300, 301, 304, 100,
  ]) {
    test(`not a ${status}`, async () => {
      for (const operation of OPERATIONS) {
        if (operation === remove && status === 404) continue;
        const { said, sent } = await outcome(operation, answer('', { status }));
        assert.match(said, / 1$/, operation.name);
        assert.equal(sent, 1, operation.name);
        const isUnknown = !operation.isRepeatable && status >= 500;
        assert.equal(said.startsWith('OUTCOME_UNKNOWN'), isUnknown, `${operation.name}: ${said}`);
      }
    });
  }

  test('not a success that nobody can read', async () => {
    const { said, sent } = await outcome(get, answer('<html>'));
    assert.deepEqual([said, sent], ['BAD_RESPONSE 1', 1]);
  });

  test('the last failure is the one that is told', async () => {
    const { fetch } = scripted(answer('', { status: 500 }), broken('ECONNRESET'), answer('', { status: 429 }));
    const error = await failure(get.call(clientOver(fetch, { retry: QUICK })));
    assert.deepEqual([error.code, error.status, error.attempts], ['RATE_LIMITED', 429, 3]);
    assert.equal('cause' in error, false);
  });

  test('each request of a call that makes several has its own tries', async () => {
    const apps = (from) => Array.from({ length: 2 }, (_, at) => ({ id: ID.slice(0, -1) + (from + at) }));
    const page = (from, next) =>
      answer({ oAuthApps: apps(from), pagingMetadata: { hasNext: Boolean(next), cursors: { next } } });
    const down = answer('', { status: 503 });
    const { fetch, requests } = scripted(down, down, page(0, 'c'), down, down, page(2));
    const given = [];
    for await (const { id } of clientOver(fetch, { retry: QUICK }).listOAuthApps()) given.push(id.slice(-1));
    assert.deepEqual([given.join(''), requests.length], ['0123', 6]);
  });
});

describe('a create and a secret are asked for again only where the first attempt surely did nothing', () => {
  for (const operation of once) {
    for (const [what, first] of [
      ['a 429 that says when', answer('', { status: 429, headers: { 'retry-after': '0' } })],
      [
        'a 429 that names the rate limit',
        answer({ details: { applicationError: { code: 'RESOURCE_EXHAUSTED' } } }, { status: 429 }),
      ],
      ['a 503 that says when', answer('', { status: 503, headers: { 'retry-after': '0' } })],
      ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].map(
        (code) => [`a connection never made, ${code}`, broken(code)],
      ),
    ]) {
      test(`${operation.name} after ${what}`, async () => {
        assert.deepEqual(await outcome(operation, first), { said: 'success', sent: 2 });
      });
    }

    for (const [what, first] of [
      ...[408, 425, 500, 501, 502, 503, 504, 505, 524].map((status) => [`a ${status}`, answer('', { status })]),
      ['a bare 429', answer({}, { status: 429 })],
      ['a 500 that says when', answer('', { status: 500, headers: { 'retry-after': '0' } })],
      ['a 503 that says when without sense', answer('', { status: 503, headers: { 'retry-after': 'soon' } })],
      ...['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'econnrefused'].map(
        (code) => [`a connection lost, ${code}`, broken(code)],
      ),
      ['an error that says nothing', () => assert.fail('fetch failed')],
      ['a time-out', () => new Promise(() => {})],
      ['a body that breaks', { ...fine(), text: () => Promise.reject(new TypeError('terminated')) }],
      ['a success that nobody can read', answer('<html>')],
      ['a success without a body', answer('', { status: 204 })],
    ]) {
      test(`${operation.name} not after ${what}: OUTCOME_UNKNOWN, with the way to find out`, async () => {
        const { fetch, requests } = scripted(first, fine);
        const client = clientOver(fetch, { retry: QUICK, timeout: 20 });
        const error = await failure(operation.call(client));
        assert.deepEqual([error.code, error.attempts, requests.length], ['OUTCOME_UNKNOWN', 1, 1]);
        assert.match(error.message, operation.howToFindOut);
      });
    }

    test(`${operation.name} without retries: what surely did nothing keeps its own code`, async () => {
      for (const [first, code] of [
        [answer('', { status: 429 }), 'OUTCOME_UNKNOWN'],
        [answer('', { status: 429, headers: { 'retry-after': '0' } }), 'RATE_LIMITED'],
        [answer('', { status: 503, headers: { 'retry-after': '0' } }), 'SERVER_ERROR'],
        [broken('ECONNREFUSED'), 'NETWORK'],
        [answer('', { status: 500 }), 'OUTCOME_UNKNOWN'],
      ]) {
        assert.equal((await outcome(operation, first, { retry: false })).said, `${code} 1`);
      }
    });

    test(`${operation.name} whose repeat fails otherwise is unknown, with the attempts so far`, async () => {
      const { fetch } = scripted(
        answer('', { status: 429, headers: { 'retry-after': '0' } }),
        answer('', { status: 500 }),
        fine,
      );
      const error = await failure(operation.call(clientOver(fetch, { retry: QUICK })));
      assert.deepEqual([error.code, error.status, error.attempts], ['OUTCOME_UNKNOWN', 500, 2]);
    });
  }

  test('over real sockets: a create that is refused at first is made once', async () => {
    const server = await listen(respond({ oAuthApp: app }));
    const nobody = `http://127.0.0.1:${await closedPort()}`;
    const bases = [nobody, server.url];
    const fetch = (url, init) => globalThis.fetch(url.replace(server.url, bases.shift()), init);
    const client = createClient({ auth: { accessToken: 'k' }, baseUrl: server.url, fetch, retry: QUICK });
    assert.deepEqual(await create.call(client), app);
    assert.deepEqual([bases.length, server.requests.length], [0, 1]);
    await server.close();
  });
});

describe('a delete whose repeat finds nothing', () => {
  const gone = answer({ message: 'gone', details: { applicationError: { code: 'NOT_FOUND' } } }, { status: 404 });

  for (const [what, first, said] of [
    ...[408, 425, 500, 502, 503, 504].map((status) => [`after a ${status}`, answer('', { status }), 'success']),
    ['after a lost connection', broken('ECONNRESET'), 'success'],
    ['after a time-out', () => new Promise(() => {}), 'success'],
    ['after a refused connection', broken('ECONNREFUSED'), 'NOT_FOUND'],
    ['after a bare 429', answer('', { status: 429 }), 'success'],
    ['after a 429 that says when', answer('', { status: 429, headers: { 'retry-after': '0' } }), 'NOT_FOUND'],
    ['after a 503 that says when', answer('', { status: 503, headers: { 'retry-after': '0' } }), 'NOT_FOUND'],
  ]) {
    test(`${what}: ${said}`, async () => {
      const { fetch, requests } = scripted(first, gone);
      const client = clientOver(fetch, { retry: QUICK, timeout: 20 });
      const outcome = await remove.call(client).then(
        () => 'success',
        ({ code }) => code,
      );
      assert.deepEqual([outcome, requests.length], [said, 2]);
    });
  }

  test('three attempts, of which the first may have reached the service', async () => {
    const { fetch } = scripted(answer('', { status: 500 }), broken('ECONNREFUSED'), gone);
    assert.equal(await remove.call(clientOver(fetch, { retry: QUICK })), undefined);
  });

  test('at once: NOT_FOUND', async () => {
    const error = await failure(remove.call(clientOver(scripted(gone).fetch, { retry: QUICK })));
    assert.deepEqual([error.code, error.attempts], ['NOT_FOUND', 1]);
  });

  test('a get is not found all the same', async () => {
    const { fetch } = scripted(answer('', { status: 500 }), gone);
    const error = await failure(get.call(clientOver(fetch, { retry: QUICK })));
    assert.deepEqual([error.code, error.attempts], ['NOT_FOUND', 2]);
  });

  test('over a real server that deletes and loses the answer', async () => {
    let isThere = true;
    const server = await listen((request, response) => {
      if (!isThere) return respond({ message: 'gone' }, { status: 404 })(request, response);
      isThere = false;
      response.socket.resetAndDestroy();
    });
    const client = createClient({ auth: { accessToken: 'k' }, baseUrl: server.url, retry: QUICK });
    assert.equal(await client.deleteOAuthApp(ID), undefined);
    await server.close();
  });
});

describe('how often', () => {
  for (const [options, callOptions, attempts] of [
    [{}, {}, 3],
    [{ retry: false }, {}, 1],
    [{ retry: {} }, {}, 3],
    [{ retry: { maxRetries: 0 } }, {}, 1],
    [{ retry: { maxRetries: 1 } }, {}, 2],
    [{ retry: { maxRetries: 5 } }, {}, 6],
    [{ retry: false }, { retry: { maxRetries: 1 } }, 2],
    [{ retry: { maxRetries: 5 } }, { retry: false }, 1],
    [{ retry: { maxRetries: 4 } }, { retry: { baseDelay: 0 } }, 5],
    [{ retry: { maxRetries: 4 } }, { retry: {} }, 5],
    [{ retry: { maxRetries: 4 } }, { retry: { maxRetries: 1 } }, 2],
    [{ retry: { maxRetries: 4 } }, { retry: undefined }, 5],
  ]) {
    test(`${JSON.stringify(options)} and for the call ${JSON.stringify(callOptions)}: ${attempts}`, async (t) => {
      t.mock.method(Math, 'random', () => 0);
      const { fetch, requests } = scripted(answer('', { status: 500 }));
      const client = createClient({ auth: { accessToken: 't' }, fetch, ...options });
      const error = await failure(client.getOAuthApp(ID, callOptions));
      assert.deepEqual([error.attempts, requests.length], [attempts, attempts]);
    });
  }

  test('each attempt has a time-out of its own', async (t) => {
    const clock = stopClock(t);
    const { fetch, requests } = scripted(() => new Promise(() => {}));
    t.mock.method(Math, 'random', () => 0);
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

describe('when: exponential, with full jitter', () => {
  /** The delays that the `retry` events tell of, with that as the random number. */
  async function delays(t, random, retry) {
    t.mock.method(Math, 'random', () => random);
    const clock = stopClock(t);
    const { onEvent, of } = listener();
    const { fetch, requests } = scripted(answer('', { status: 503 }));
    const call = failure(clientOver(fetch, { retry, onEvent }).getOAuthApp(ID));
    for (let sent = 1; sent <= retry.maxRetries; sent += 1) {
      await clock.advance(0);
      const { delay } = of('retry').at(-1);
      if (delay > 0) {
        await clock.advance(delay - 1);
        assert.equal(requests.length, sent, 'it waits to the millisecond');
        await clock.advance(1);
      }
    }
    await call;
    return of('retry').map(({ delay }) => delay);
  }

  for (const [what, random, retry, expected] of [
    ['the upper bound doubles', 0.999999, { maxRetries: 5 }, [499, 999, 1_999, 3_999, 7_999]],
    ['half of it', 0.5, { maxRetries: 4 }, [250, 500, 1_000, 2_000]],
    ['none', 0, { maxRetries: 3 }, [0, 0, 0]],
    ['up to maxDelay', 0.5, { maxRetries: 4, baseDelay: 100, maxDelay: 300 }, [50, 100, 150, 150]],
    ['a baseDelay above maxDelay', 0.5, { maxRetries: 2, baseDelay: 1_000, maxDelay: 10 }, [5, 5]],
    ['a baseDelay of 0', 0.9, { maxRetries: 2, baseDelay: 0 }, [0, 0]],
  ]) {
    test(what, async (t) => assert.deepEqual(await delays(t, random, retry), expected));
  }

  test('a hundred retries stay within bounds', async (t) => {
    const given = await delays(t, 0.5, { maxRetries: 100, maxDelay: 60_000 });
    assert.equal(given.length, 100);
    assert.ok(given.slice(8).every((delay) => delay === 30_000));
  });

  test('the platform’s own random numbers are spread over the whole of it', async () => {
    const { onEvent, of } = listener();
    const { fetch } = scripted(answer('', { status: 503 }));
    const client = clientOver(fetch, { retry: { maxRetries: 100, baseDelay: 10, maxDelay: 10 }, onEvent });
    await failure(client.getOAuthApp(ID));
    const given = of('retry').map(({ delay }) => delay);
    assert.ok(given.every((delay) => delay >= 0 && delay < 10 && Number.isInteger(delay)));
    assert.ok(Math.min(...given) <= 2 && Math.max(...given) >= 7, `${given}`);
  });
});

describe('Retry-After', () => {
  const NOW = Date.parse('1994-11-06T08:49:07Z');
  const down = (retryAfter, status = 503) => answer('', { status, headers: { 'retry-after': retryAfter } });

  for (const [header, delay] of [
    ['0', 0],
    ['1', 1_000],
    ['30', 30_000],
    ['60', 60_000],
    ['007', 7_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 30_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 30_000],
    ['Sun Nov  6 08:49:37 1994', 30_000],
    // In the past: now.
    ['Sun, 06 Nov 1994 08:49:00 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    // Of no use: as without.
    ...['', 'soon', '-1', '1.5', '1e3', '0x10', 'Sun, 99 Nov 1994 08:49:37 GMT'].map((header) => [header, 250]),
  ]) {
    test(`${JSON.stringify(header)} is a wait of ${delay} ms`, async (t) => {
      t.mock.method(Math, 'random', () => 0.5);
      const clock = stopClock(t, NOW);
      const { onEvent, of } = listener();
      const { fetch, requests } = scripted(down(header), fine);
      const call = clientOver(fetch, { retry: {}, onEvent }).getOAuthApp(ID);
      await clock.advance(0);
      assert.deepEqual(
        of('retry').map(({ delay }) => delay),
        [delay],
      );
      if (delay > 0) {
        await clock.advance(delay - 1);
        assert.equal(requests.length, 1);
        await clock.advance(1);
      }
      assert.equal((await call).id, ID);
    });
  }

  for (const [header, retryAfter] of [
    ['61', 61_000],
    ['86400', 86_400_000],
    ['Sun, 06 Nov 1994 08:50:08 GMT', 61_000],
    ['Sunday, 06-Nov-94 08:50:08 GMT', 61_000],
    ['Sun Nov  6 08:50:08 1994', 61_000],
  ]) {
    test(`${header} is above maxDelay: the error comes at once, with retryAfter`, async (t) => {
      stopClock(t, NOW);
      for (const [operation, status, code] of [
        [get, 503, 'SERVER_ERROR'],
        [get, 429, 'RATE_LIMITED'],
        [create, 429, 'RATE_LIMITED'],
        [create, 503, 'SERVER_ERROR'],
        [generate, 503, 'SERVER_ERROR'],
      ]) {
        const { fetch, requests } = scripted(down(header, status), fine);
        const error = await failure(operation.call(clientOver(fetch, { retry: {} })));
        assert.deepEqual([error.code, error.retryAfter, error.attempts], [code, retryAfter, 1]);
        assert.equal(requests.length, 1);
      }
    });
  }

  test('a number beyond all bounds is one', async () => {
    for (const header of ['99999999999', '9'.repeat(400)]) {
      const error = await failure(get.call(clientOver(scripted(down(header)).fetch, { retry: {} })));
      assert.equal(error.attempts, 1);
      assert.ok(Number.isSafeInteger(error.retryAfter) && error.retryAfter > 2 ** 31, `${error.retryAfter}`);
    }
  });

  test('maxDelay is settable, for a call too; what is within it is waited for', async (t) => {
    const clock = stopClock(t, NOW);
    const { fetch, requests } = scripted(down('90'), fine);
    const client = clientOver(fetch, { retry: { maxDelay: 89_999 } });
    assert.equal((await failure(client.getOAuthApp(ID))).retryAfter, 90_000);
    requests.length = 0;
    const call = client.getOAuthApp(ID, { retry: { maxDelay: 90_000 } });
    await clock.advance(89_999);
    assert.equal(requests.length, 1);
    await clock.advance(1);
    assert.equal((await call).id, ID);
  });

  test('the last attempt’s is told as well; without one there is none', async () => {
    const { fetch } = scripted(down('0'));
    const error = await failure(get.call(clientOver(fetch, { retry: QUICK })));
    assert.deepEqual([error.attempts, error.retryAfter], [3, 0]);
    const bare = await failure(get.call(clientOver(scripted(answer('', { status: 503 })).fetch, { retry: QUICK })));
    assert.equal('retryAfter' in bare, false);
  });
});

test('an attempt that is repeated sends the same again', async () => {
  const { fetch, requests } = scripted(answer('', { status: 503 }), fine);
  const client = clientOver(fetch, { retry: QUICK, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' });
  await client.updateOAuthApp(ID, { description: null, name: 'Store' }, { headers: { 'x-trace': 'abc' } });
  assert.equal(requests.length, 2);
  assert.deepEqual(requests[0], requests[1]);
  assert.equal(requests[1].headers['x-trace'], 'abc');
});
