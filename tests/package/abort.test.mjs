// The caller's signal: it ends a call at each of its stages, and nothing remains of the call.
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, scripted, settled } from './support/client.mjs';
import { idle, stopClock } from './support/clock.mjs';
import { listen, respond } from './support/loopback.mjs';
import { ID, OPERATIONS } from './support/operations.mjs';
import { runScript } from './support/script.mjs';

const APP = { oAuthApp: { id: ID } };
const never = () => new Promise(() => {});
const unavailable = answer('', { status: 503 });

/** Returns a signal of the platform and the function that aborts it. */
function platformSignal() {
  const controller = new AbortController();
  return [controller.signal, (...reason) => controller.abort(...reason)];
}

/** Returns an object with the members of a signal that the client needs, and `listeners()`, their number. */
function polyfill() {
  const emitter = new EventEmitter();
  const signal = {
    ...{ aborted: false, reason: undefined },
    addEventListener: (type, listener) => emitter.on(type, listener),
    removeEventListener: (type, listener) => emitter.off(type, listener),
  };
  const abort = (reason) => {
    Object.assign(signal, { aborted: true, reason });
    emitter.emit('abort', { type: 'abort' });
  };
  return [signal, abort, () => emitter.listenerCount('abort')];
}

const REASONS = [
  ...['enough', undefined, null, new Error('enough')],
  ...[runInNewContext('({ why: "enough" })'), runInNewContext('new RangeError("enough")')],
];

/**
 * The stages of a call: the response to its first request, client options, how often the request was sent until then
 * (`attempts`), and the number of requests (`sent`).
 */
const EXHAUSTED = { details: { applicationError: { code: 'RESOURCE_EXHAUSTED' } } };
const STAGES = [
  { stage: 'before it starts', attempts: 0, sent: 0, isBefore: true, first: answer(APP) },
  { stage: 'while it waits for a retry', attempts: 1, sent: 1, first: () => answer(EXHAUSTED, { status: 429 }) },
  { stage: 'during the request', attempts: 1, sent: 1, first: never },
  { stage: 'during the response body', attempts: 1, sent: 1, first: () => ({ ...answer(APP), text: never }) },
  { stage: 'while it waits for the rate limit', attempts: 0, sent: 1, first: never, isLimited: true },
  { stage: 'while it waits for getAccessToken', attempts: 0, sent: 0, first: never, auth: { getAccessToken: never } },
  {
    stage: 'while the client obtains a token',
    ...{ attempts: 1, sent: 1, first: never, auth: { clientId: ID, clientSecret: 'secret' } },
  },
];

/** Returns a client whose next call reaches this stage, and its requests. */
async function clientAt({ isLimited, first, auth = { accessToken: 't' } }) {
  const { fetch, requests } = scripted(first);
  const rateLimit = isLimited ? { requests: 1, per: 3_600_000 } : false;
  const retry = { baseDelay: 3_600_000, maxDelay: 3_600_000 };
  const client = createClient({ auth, fetch, retry, rateLimit });
  // Uses up the rate limit.
  if (isLimited) await failure(client.getOAuthApp(ID, { timeout: 1, retry: false }));
  return { client, requests };
}

describe('a signal ends a call', () => {
  for (const stage of STAGES) {
    const abortAt = async (operation, [signal, abort], reason) => {
      const { client, requests } = await clientAt(stage);
      if (stage.isBefore) abort(reason);
      const call = failure(operation.call(client, { signal }));
      await idle();
      if (!stage.isBefore) abort(reason);
      const error = await call;
      assert.deepEqual([error.code, error.operation, error.attempts], ['ABORTED', operation.name, stage.attempts]);
      assert.ok('cause' in error);
      // AbortController replaces a missing reason by an error of its own.
      assert.equal(error.cause, signal.reason);
      assert.equal(requests.length, stage.sent, operation.name);
    };

    test(`${stage.stage}, whatever the operation`, async () => {
      for (const operation of OPERATIONS) await abortAt(operation, platformSignal(), 'enough');
    });

    test(`${stage.stage}, whatever the signal and its reason`, async () => {
      for (const reason of REASONS) {
        for (const make of [platformSignal, polyfill]) await abortAt(OPERATIONS[1], make(), reason);
      }
    });
  }

  test('that waits for another call on the same app, and the queue goes on', async () => {
    let release;
    const response = new Promise((resolve) => (release = resolve));
    const { fetch, requests } = scripted(() => response, answer(APP));
    const client = clientOver(fetch);
    const before = client.updateOAuthApp(ID, { name: 'First' });
    const [signal, abort] = platformSignal();
    const call = failure(client.updateOAuthApp(ID, { name: 'Second' }, { signal }));
    const after = client.updateOAuthApp(ID, { name: 'Third' });
    await idle();
    abort('enough');
    const error = await call;
    assert.deepEqual([error.code, error.cause, error.attempts], ['ABORTED', 'enough', 0]);
    release(answer(APP));
    await Promise.all([before, after]);
    assert.deepEqual(
      requests.map(({ body }) => body.oAuthApp.name),
      ['First', 'Third'],
    );
  });

  test('that runs, and the next one in the queue starts', async () => {
    const { fetch, requests } = scripted(never, answer(APP));
    const client = clientOver(fetch);
    const [signal, abort] = platformSignal();
    const running = failure(client.updateOAuthApp(ID, { name: 'First' }, { signal }));
    const next = client.updateOAuthApp(ID, { name: 'Second' });
    await idle();
    abort();
    assert.equal((await running).code, 'ABORTED');
    assert.deepEqual(await next, APP.oAuthApp);
    assert.equal(requests.length, 2);
  });

  test('that waits for another ensureOAuthApp, without an effect on that one', async () => {
    const { fetch, requests } = scripted(never);
    const client = clientOver(fetch);
    const [first, abortFirst] = platformSignal();
    const [second, abortSecond] = platformSignal();
    const running = failure(client.ensureOAuthApp({ name: 'Shop' }, { signal: first }));
    const waiting = failure(client.ensureOAuthApp({ name: 'Shop' }, { signal: second }));
    await idle();
    abortSecond('second');
    assert.deepEqual([(await waiting).code, (await waiting).cause], ['ABORTED', 'second']);
    abortFirst('first');
    assert.equal((await running).cause, 'first');
    assert.equal(requests.length, 1);
  });

  test('of a create, with ABORTED even if the app was created', async () => {
    const { emulator, options } = await emulated();
    const [signal, abort] = platformSignal();
    const fetch = async (...args) => {
      await emulator.fetch(...args);
      abort('enough');
      return never();
    };
    const error = await failure(createClient({ ...options, fetch }).createOAuthApp({ name: 'Shop' }, { signal }));
    assert.deepEqual([error.code, error.cause, error.attempts], ['ABORTED', 'enough', 1]);
  });

  test('from an event listener, and nothing more is sent', async () => {
    const token = answer({ access_token: 'token' });
    for (const [type, options, attempts, sent, ...responses] of [
      ['request', {}, 1, 0, unavailable],
      ['response', {}, 1, 1, unavailable],
      ['retry', { retry: { baseDelay: 3_600_000, maxDelay: 3_600_000 } }, 1, 1, unavailable],
      ['wait', { rateLimit: { requests: 1, per: 3_600_000 } }, 0, 1, answer(APP)],
      ['token', { auth: { clientId: ID, clientSecret: 'secret' } }, 0, 1, token, answer(APP)],
      ['warning', {}, 0, 0, answer(APP)],
    ]) {
      const [signal, abort] = platformSignal();
      const { fetch, requests } = scripted(...responses);
      const onEvent = (event) => event.type === type && abort(type);
      const client = clientOver(fetch, { retry: { baseDelay: 0 }, onEvent, ...options });
      if (type === 'wait') await client.getOAuthApp(ID);
      const patch = { allowedRedirectUris: ['https://bare.example.com'] };
      const error = await failure(client.updateOAuthApp(ID, patch, { signal }), 2_000);
      assert.deepEqual([error.code, error.cause, error.attempts], ['ABORTED', type, attempts]);
      assert.equal(requests.length, sent);
    }
  });
});

describe('nothing remains of a call', () => {
  test('no listener on its signal', async () => {
    for (const stage of STAGES) {
      const { client } = await clientAt(stage);
      const [signal, abort, listeners] = polyfill();
      if (stage.isBefore) abort();
      const calls = OPERATIONS.map((operation) => failure(operation.call(client, { signal })));
      await idle();
      if (!stage.isBefore) abort('enough');
      await settled(Promise.all(calls));
      assert.equal(listeners(), 0, stage.stage);
    }
    const [signal, , listeners] = polyfill();
    const { fetch } = scripted(unavailable, answer(APP), answer('', { status: 404 }));
    const client = clientOver(fetch, { retry: { baseDelay: 1 } });
    await client.getOAuthApp(ID, { signal });
    await failure(client.getOAuthApp(ID, { signal }));
    assert.equal(listeners(), 0);
  });

  test('no place in the rate limit', async (t) => {
    const clock = stopClock(t);
    const { fetch, requests } = scripted(answer(APP));
    const client = createClient({ auth: { accessToken: 't' }, fetch, rateLimit: { requests: 1, per: 1_000 } });
    await client.getOAuthApp(ID);
    const [signal, abort] = platformSignal();
    const aborted = failure(client.getOAuthApp(ID, { signal }));
    const next = client.getOAuthApp(ID);
    await clock.advance(999);
    abort();
    await aborted;
    const last = client.getOAuthApp(ID);
    await clock.advance(1);
    await clock.advance(1_000);
    await settled(Promise.all([next, last]), 1_000);
    assert.equal(requests.length, 3);
  });

  test('no connection', async () => {
    const closed = [];
    const server = await listen((_, response) => {
      closed.push(new Promise((resolve) => response.on('close', resolve)));
      response.writeHead(200, { 'content-length': 100 }).write('{');
    });
    const client = createClient({ auth: { accessToken: 't' }, baseUrl: server.url });
    const [signal, abort] = platformSignal();
    const calls = OPERATIONS.slice(0, 5).map((operation) => failure(operation.call(client, { signal })));
    while (closed.length < 4) await idle();
    abort();
    for (const { code } of await Promise.all(calls)) assert.equal(code, 'ABORTED');
    await Promise.all(closed);
    await server.close();
  });

  test('no timer: a program ends by itself', async () => {
    const { code, stdout, stderr, lingered } = await runScript(`
      import { createClient } from 'wix-oauth-apps';
      import { OPERATIONS } from './support/operations.mjs';
      for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, (reason) => console.log(event, reason));
      const never = () => new Promise(() => {});
      const retry = { baseDelay: 60_000, maxDelay: 60_000 };
      const codes = [];
      for (const options of [
        { fetch: never },
        { fetch: async () => new Response('RESOURCE_EXHAUSTED', { status: 429 }), retry },
        { fetch: async () => new Response('', { status: 429, headers: { 'retry-after': '59' } }), retry },
        { fetch: never, rateLimit: { requests: 1, per: 60_000 } },
        { fetch: never, auth: { getAccessToken: never } },
        { fetch: never, auth: { clientId: 'c', clientSecret: 's' } },
      ]) {
        const client = createClient({ auth: { accessToken: 't' }, ...options });
        const controller = new AbortController();
        const calls = OPERATIONS.map(({ call }) => call(client, { signal: controller.signal }).catch(({ code }) => code));
        setTimeout(() => controller.abort(), 20);
        codes.push(...(await Promise.all(calls)));
      }
      console.log(codes.every((code) => code === 'ABORTED'), codes.length);
    `);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'true 60\n', stderr: '' });
    assert.ok(lingered < 5_000, `it lived on for ${lingered} ms`);
  });

  test('no effect of a late response', async () => {
    const server = await listen((request, response) => setTimeout(() => respond(APP)(request, response), 20));
    const client = createClient({ auth: { accessToken: 't' }, baseUrl: server.url });
    const error = await failure(client.getOAuthApp(ID, { signal: AbortSignal.timeout(5) }));
    assert.equal(error.code, 'ABORTED');
    assert.deepEqual(await client.getOAuthApp(ID), APP.oAuthApp);
    await server.close();
  });
});

test('a signal of a thousand calls has one listener, and no warning is printed', async () => {
  const warnings = [];
  const warn = (warning) => warnings.push(warning);
  process.on('warning', warn);
  for (const fetch of [never, async () => answer(APP)]) {
    const [signal, abort] = platformSignal();
    const counts = { added: 0, removed: 0 };
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args) => ((counts.added += 1), add(...args));
    signal.removeEventListener = (...args) => ((counts.removed += 1), remove(...args));
    const client = clientOver(fetch, { rateLimit: { requests: 500, per: 60_000 } });
    const calls = Array.from({ length: fetch === never ? 1_000 : 400 }, () => client.getOAuthApp(ID, { signal }));
    const results = Promise.allSettled(calls);
    await new Promise(setImmediate);
    if (fetch === never) {
      assert.equal(counts.added, 1);
      abort('enough');
    }
    for (const { status, reason } of await settled(results)) {
      if (fetch === never) assert.deepEqual([reason.code, reason.cause], ['ABORTED', 'enough']);
      else assert.equal(status, 'fulfilled');
    }
    await new Promise(setImmediate);
    assert.ok(counts.added < 10 && counts.added === counts.removed, `${counts.added} and ${counts.removed}`);
  }
  process.off('warning', warn);
  assert.deepEqual(warnings, []);
});
