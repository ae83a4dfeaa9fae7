// What comes back from the way to the service, and what the client makes of it.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import { readFileSync } from 'node:fs';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, listener, NOBODY, scripted, settled } from './support/client.mjs';
import { listen } from './support/loopback.mjs';
import { ID, OPERATIONS } from './support/operations.mjs';

const PAGE = '<!doctype html><html><head><title>404 Not Found</title><style>h1{}</style></head><h1>nginx</h1></html>';
const KEY = 'IST.key/of+the=test-key';

describe('a response of a proxy or gateway', () => {
  for (const status of [400, 401, 402, 403, 404, 405, 407, 409, 410, 412, 413, 418, 451]) {
    for (const [what, body, words] of [
      ['a page', PAGE, /404 Not Found nginx/],
      ['text', 'no Route matched', /no Route matched/],
      ['nothing', '', /an empty body/],
      ['JSON without a message', { error: 'Not Found' }, /\{"error":"Not Found"\}/],
    ]) {
      test(`${status} with ${what} is BAD_RESPONSE for every operation`, async () => {
        for (const operation of OPERATIONS) {
          const { fetch, requests } = scripted(answer(body, { status }));
          const error = await failure(operation.call(clientOver(fetch)));
          assert.deepEqual([error.code, error.status, requests.length], ['BAD_RESPONSE', status, 1], operation.name);
          assert.match(error.message, status === 407 ? /a proxy asks for a login/ : /a proxy or gateway.*`baseUrl`/);
          assert.match(error.message, words);
        }
      });
    }
  }

  test('511 names the captive portal', async () => {
    const { fetch } = scripted(answer('<h1>Hotel</h1>', { status: 511 }));
    const error = await failure(clientOver(fetch).createOAuthApp({ name: 'Shop' }));
    assert.deepEqual([error.code, error.status], ['SERVER_ERROR', 511]);
    assert.match(error.message, /captive portal.*Hotel/);
  });

  test('a 200 page does not delete', async () => {
    for (const body of [PAGE, 'OK', [], 'null', '"deleted"']) {
      const { fetch } = scripted(answer(body));
      const error = await failure(clientOver(fetch).deleteOAuthApp(ID));
      assert.deepEqual([error.code, error.status], ['BAD_RESPONSE', 200], `${body}`);
    }
    for (const body of ['', ' \n', {}, { anything: 1 }]) {
      assert.equal(await clientOver(scripted(answer(body)).fetch).deleteOAuthApp(ID), undefined);
    }
  });

  test('a gateway’s 404 lets ensureOAuthApp create nothing', async () => {
    const { fetch, requests } = scripted(answer(PAGE, { status: 404 }));
    const error = await failure(clientOver(fetch).ensureOAuthApp({ id: ID, name: 'Shop' }));
    assert.equal(error.code, 'BAD_RESPONSE');
    assert.deepEqual(
      requests.map(({ method }) => method),
      ['GET'],
    );
  });

  test('the token endpoint’s page is BAD_RESPONSE, its OAuth error UNAUTHENTICATED', async () => {
    const auth = { clientId: NOBODY, clientSecret: 'a-secret-of-the-test' };
    const page = await failure(clientOver(scripted(answer(PAGE, { status: 404 })).fetch, { auth }).getOAuthApp(ID));
    assert.deepEqual([page.code, page.status], ['BAD_RESPONSE', 404]);
    const refused = scripted(answer({ error: 'invalid_client' }, { status: 401 }));
    assert.equal((await failure(clientOver(refused.fetch, { auth }).getOAuthApp(ID))).code, 'UNAUTHENTICATED');
  });
});

describe('what fetch throws', () => {
  test('at once: nothing was sent', async () => {
    let calls = 0;
    const fetch = () => {
      calls += 1;
      throw new TypeError('no network');
    };
    const error = await failure(clientOver(fetch, { retry: { baseDelay: 1 } }).createOAuthApp({ name: 'Shop' }));
    assert.deepEqual([error.code, error.attempts, calls], ['NETWORK', 3, 3]);
    assert.match(error.message, /\(www\.wixapis\.com: no network\)$/);
  });

  test('while the body is read: it may have taken effect', async () => {
    const broken = Object.assign(new TypeError('terminated'), { cause: { code: 'ECONNREFUSED' } });
    const text = () => Promise.reject(broken);
    const error = await failure(clientOver(async () => ({ ...answer(''), text })).createOAuthApp({ name: 'Shop' }));
    assert.equal(error.code, 'OUTCOME_UNKNOWN');
  });

  test('a time-out says after how long', async () => {
    const client = clientOver(() => new Promise(() => {}), { timeout: 20 });
    assert.match((await failure(client.getOAuthApp(ID))).message, /within 20 ms/);
    const auth = { getAccessToken: () => new Promise(() => {}) };
    const waiting = createClient({ auth, timeout: 20, retry: false });
    assert.match((await failure(waiting.getOAuthApp(ID))).message, /getAccessToken gave no token within 20 ms/);
  });
});

describe('a long body', () => {
  const MEGABYTE = 1024 * 1024;

  /** A response of so many megabytes, one by one; `given()` tells how many were taken, and whether it was cancelled. */
  function streamed(megabytes, headers = {}, { status = 200, letter = 'x' } = {}) {
    const chunk = new TextEncoder().encode(letter.repeat(MEGABYTE));
    const state = { taken: 0, cancelled: false };
    const stream = new ReadableStream(
      {
        pull(controller) {
          if (state.taken >= megabytes) return controller.close();
          state.taken += 1;
          controller.enqueue(chunk);
        },
        cancel() {
          state.cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    return { response: new Response(stream, { status, headers }), state };
  }

  test('is not read beyond 16 MB', async () => {
    const { response, state } = streamed(200);
    const error = await failure(clientOver(async () => response).getOAuthApp(ID));
    assert.deepEqual([error.code, error.status], ['BAD_RESPONSE', 200]);
    assert.match(error.message, /more than 16 MB/);
    assert.deepEqual(state, { taken: 17, cancelled: true });
  });

  test('that is declared is not read at all', async () => {
    const { response, state } = streamed(17, { 'content-length': String(17 * MEGABYTE) });
    const error = await failure(clientOver(async () => response).getOAuthApp(ID));
    assert.equal(error.code, 'BAD_RESPONSE');
    assert.deepEqual(state, { taken: 0, cancelled: true });
  });

  test('that is no stream is not parsed', async () => {
    const error = await failure(clientOver(async () => answer(' '.repeat(17 * MEGABYTE))).getOAuthApp(ID));
    assert.equal(error.code, 'BAD_RESPONSE');
  });

  test('keeps the code of a gateway', async () => {
    const { response } = streamed(20, {}, { status: 502 });
    const error = await failure(clientOver(async () => response).getOAuthApp(ID));
    assert.deepEqual([error.code, error.status], ['SERVER_ERROR', 502]);
  });

  test('of JSON is taken up to 16 MB, in pieces that cut characters', async () => {
    const name = 'é€😀'.repeat(MEGABYTE / 3);
    const bytes = new TextEncoder().encode(`\u{feff}${JSON.stringify({ oAuthApp: { id: ID, name } })}`);
    const stream = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 65_537) controller.enqueue(bytes.subarray(at, at + 65_537));
        controller.close();
      },
    });
    assert.deepEqual(await clientOver(async () => new Response(stream)).getOAuthApp(ID), { id: ID, name });
  });

  test('does not stay in the memory of the WebAssembly', async () => {
    const page = `<p>${'word '.repeat(3 * MEGABYTE)}`;
    const { memory } = await coreExports();
    const before = memory.buffer.byteLength;
    for (const body of [page, '{"oAuthApp":'.padEnd(15 * MEGABYTE, ' ')]) {
      assert.equal((await failure(clientOver(async () => new Response(body)).getOAuthApp(ID))).code, 'BAD_RESPONSE');
      assert.equal((await failure(clientOver(async () => answer(body)).getOAuthApp(ID))).code, 'BAD_RESPONSE');
    }
    assert.ok(memory.buffer.byteLength - before < MEGABYTE, `${memory.buffer.byteLength - before} bytes more`);
  });

  test('from a server: the connection is given up', async () => {
    let isGone = false;
    const chunk = Buffer.alloc(MEGABYTE, 'x');
    const server = await listen((_, response) => {
      response.on('close', () => (isGone = true));
      const write = () => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', write);
      };
      response.writeHead(200);
      write();
    });
    const client = createClient({ auth: { apiKey: KEY }, siteId: NOBODY, baseUrl: server.url, retry: false });
    assert.equal((await failure(client.getOAuthApp(ID))).code, 'BAD_RESPONSE');
    for (let turn = 0; turn < 100 && !isGone; turn += 1) await new Promise(setImmediate);
    await server.close();
    assert.ok(isGone);
  });
});

/** The exports of the core's WebAssembly; what is loaded already is given back. */
async function coreExports() {
  const core = new URL('./wasm/core.js', import.meta.resolve('wix-oauth-apps/package.json'));
  const { initSync } = await import(core);
  return initSync({ module: readFileSync(new URL('./core_bg.wasm', core)) });
}

test('GETs are sent with cache: no-store, others are not', async () => {
  const inits = [];
  const { client, emulator } = await emulated({
    fetch: (url, init) => (inits.push(init), emulator.fetch(url, init)),
  });
  const { id } = await client.createOAuthApp({ name: 'Shop' });
  await client.getOAuthApp(id);
  await client.queryOAuthApps();
  assert.deepEqual(
    inits.map(({ method, cache }) => [method, cache]),
    [
      ['POST', undefined],
      ['GET', 'no-store'],
      ['POST', undefined],
    ],
  );
});

describe('one signal for many calls', () => {
  const COUNT = 1_000;

  test('has one listener, draws no warning, and ends each call at once', async () => {
    const warnings = [];
    const warn = (warning) => warnings.push(warning);
    process.on('warning', warn);
    const controller = new AbortController();
    const { signal } = controller;
    const counts = { added: 0, removed: 0 };
    for (const [name, count] of [
      ['addEventListener', 'added'],
      ['removeEventListener', 'removed'],
    ]) {
      const original = signal[name].bind(signal);
      signal[name] = (...given) => ((counts[count] += 1), original(...given));
    }
    const client = clientOver(() => new Promise(() => {}), { rateLimit: { requests: 500, per: 60_000 } });
    const outcomes = Array.from({ length: COUNT }, () => failure(client.getOAuthApp(ID, { signal })));
    await new Promise(setImmediate);
    assert.equal(counts.added, 1);
    controller.abort('enough');
    for (const { code, cause } of await Promise.all(outcomes)) assert.deepEqual([code, cause], ['ABORTED', 'enough']);
    await new Promise(setImmediate);
    process.off('warning', warn);
    assert.deepEqual(warnings, []);
    assert.equal(counts.added, counts.removed);
  });

  test('leaves nothing behind where the calls succeed', async () => {
    const { signal } = new AbortController();
    const counts = { added: 0, removed: 0 };
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given) => ((counts.added += 1), add(...given));
    signal.removeEventListener = (...given) => ((counts.removed += 1), remove(...given));
    const client = clientOver(async () => answer({ oAuthApp: { id: ID } }), { rateLimit: false });
    await Promise.all(Array.from({ length: COUNT }, () => client.getOAuthApp(ID, { signal })));
    await client.getOAuthApp(ID, { signal });
    assert.ok(counts.added >= 2 && counts.added < 10, `${counts.added}`);
    assert.equal(counts.added, counts.removed);
  });

  test('may be one of a polyfill', async () => {
    const emitter = new EventEmitter();
    const signal = {
      ...{ aborted: false, reason: undefined },
      addEventListener: (type, told) => emitter.on(type, told),
      removeEventListener: (type, told) => emitter.off(type, told),
    };
    const client = clientOver(() => new Promise(() => {}), { rateLimit: false });
    const outcomes = Array.from({ length: 20 }, () => failure(client.getOAuthApp(ID, { signal })));
    await new Promise(setImmediate);
    assert.equal(emitter.listenerCount('abort'), 1);
    Object.assign(signal, { aborted: true, reason: 'enough' });
    emitter.emit('abort');
    for (const { code, cause } of await settled(Promise.all(outcomes))) {
      assert.deepEqual([code, cause], ['ABORTED', 'enough']);
    }
    assert.equal(emitter.listenerCount('abort'), 0);
  });
});

describe('an echo of a credential', () => {
  const forms = [
    ['as it is', KEY],
    ['with Bearer', `Bearer ${KEY}`],
    ['percent-encoded', encodeURIComponent(KEY)],
    ['as JSON escapes it', KEY.replace('/', '\\/')],
  ];
  const auths = [
    ['an API key', { apiKey: KEY }],
    ['an access token', { accessToken: KEY }],
    ['a token of a callback', { getAccessToken: () => KEY }],
    ['a client secret', { clientId: NOBODY, clientSecret: KEY }],
  ];
  for (const [of, auth] of auths) {
    for (const [form, echo] of forms) {
      test(`${of}, ${form}, is in no error and no event`, async () => {
        const violation = { field: echo, description: echo, violatedRule: echo };
        const bodies = [
          { message: echo, details: { validationError: { fieldViolations: [violation] } } },
          { error: 'invalid_client', error_description: echo },
          { error: { echo } },
          `<p>${echo}</p>`,
          `${'word '.repeat(18)}${echo} and more`,
        ];
        for (const body of bodies) {
          for (const status of [200, 400, 401, 404, 429, 502]) {
            const { events, onEvent } = listener();
            const { fetch } = scripted(answer(body, { status, headers: { 'x-wix-request-id': echo } }));
            const error = await failure(
              clientOver(fetch, { auth, siteId: NOBODY, onEvent }).createOAuthApp({ name: 'Shop' }),
            );
            const shown = JSON.stringify([error, error.message, error.violations, events]);
            assert.doesNotMatch(shown, /of\+the|of%2Bthe/i);
            assert.doesNotMatch(shown, /IST\.key/);
          }
        }
      });
    }
  }
});
