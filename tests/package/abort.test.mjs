// The caller's signal: wherever a call is, it ends it, whatever its reason, and leaves nothing behind.
import assert from 'node:assert/strict';
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
const down = answer('', { status: 503 });

/** A signal with the least that one needs; what it dispatches to is counted. */
function plainSignal() {
  const listeners = new Set();
  return {
    aborted: false,
    reason: undefined,
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
    abort(reason) {
      Object.assign(this, { aborted: true, reason });
      for (const listener of [...listeners]) listener({ type: 'abort' });
    },
    get listeners() {
      return listeners.size;
    },
  };
}

/** Signals by how they are made: `[signal, abort]`, and what its reason is where none was given. */
const ordinary = () => {
  const controller = new AbortController();
  return [controller.signal, (...reason) => controller.abort(...reason)];
};
const SIGNALS = [
  ['an AbortSignal', ordinary],
  [
    'a signal of another realm',
    () =>
      runInNewContext(
        `(() => {
          const listeners = new Set();
          const signal = {
            aborted: false,
            addEventListener: (name, listener) => listeners.add(listener),
            removeEventListener: (name, listener) => listeners.delete(listener),
          };
          return [signal, (reason) => {
            Object.assign(signal, { aborted: true, reason });
            for (const listener of listeners) listener({});
          }];
        })()`,
      ),
  ],
  [
    'a polyfill',
    () => {
      const signal = plainSignal();
      return [signal, (reason) => signal.abort(reason)];
    },
  ],
];

const REASONS = [
  ['text', 'enough'],
  ['undefined', undefined],
  ['an object of another realm', runInNewContext('({ why: "enough" })')],
  ['an error of another realm', runInNewContext('new RangeError("enough")')],
  ['an error', new Error('enough')],
  ['null', null],
];

/**
 * Where a call can be when it is ended: `options` for a client, `reach` gets it there, and `attempts` is how often it was
 * sent by then. `first` is what an operation's first request meets.
 */
const EXHAUSTED = { details: { applicationError: { code: 'RESOURCE_EXHAUSTED' } } };
const PLACES = [
  { place: 'before it begins', attempts: 0, sent: 0, isBefore: true, first: answer(APP) },
  { place: 'while it waits to try again', attempts: 1, sent: 1, first: () => answer(EXHAUSTED, { status: 429 }) },
  { place: 'during the request', attempts: 1, sent: 1, first: never },
  { place: 'during the body', attempts: 1, sent: 1, first: () => ({ ...answer(APP), text: never }) },
  { place: 'while it waits for its pace', attempts: 0, sent: 1, first: never, isPaced: true },
  { place: 'while it waits for a token', attempts: 0, sent: 0, first: never, auth: { getAccessToken: never } },
  {
    place: 'while it waits for a token that the client gets',
    ...{ attempts: 1, sent: 1, first: never, auth: { clientId: ID, clientSecret: 'secret' } },
  },
];

for (const { place, attempts, sent, isBefore, isPaced, first, auth = { accessToken: 't' } } of PLACES) {
  describe(place, () => {
    for (const operation of OPERATIONS) {
      for (const [kind, make] of SIGNALS) {
        test(`${kind} ends ${operation.name}, whatever its reason`, async () => {
          for (const [what, reason] of REASONS) {
            const { fetch, requests } = scripted(first);
            const rateLimit = isPaced ? { requests: 1, per: 3_600_000 } : false;
            const retry = { baseDelay: 3_600_000, maxDelay: 3_600_000 };
            const client = createClient({ auth, fetch, retry, rateLimit });
            // Takes the one place that there is, and goes.
            if (isPaced) await failure(client.getOAuthApp(ID, { timeout: 1, retry: false }));
            const [signal, abort] = make();
            if (isBefore) abort(reason);
            const call = failure(operation.call(client, { signal }));
            await idle();
            assert.equal(requests.length, sent, what);
            if (!isBefore) abort(reason);
            const error = await call;
            assert.deepEqual(
              [error.code, error.operation, error.attempts],
              ['ABORTED', operation.name, attempts],
              what,
            );
            assert.ok('cause' in error, what);
            // A platform's signal without a reason makes one itself.
            assert.equal(error.cause, signal.reason, what);
            assert.equal(requests.length, sent, what);
          }
        });
      }
    }
  });
}

describe('behind another call on the same app', () => {
  const changes = OPERATIONS.filter(({ name }) =>
    ['allowRedirects', 'disallowRedirects', 'updateOAuthApp'].includes(name),
  );

  for (const operation of changes) {
    test(`${operation.name} that is ended sends nothing, and the line goes on`, async () => {
      let release;
      const held = new Promise((resolve) => (release = resolve));
      const { fetch, requests } = scripted(() => held, answer(APP));
      const client = clientOver(fetch);
      const before = client.updateOAuthApp(ID, { name: 'First' });
      const [signal, abort] = ordinary();
      const call = failure(operation.call(client, { signal }));
      const after = client.updateOAuthApp(ID, { name: 'Third' });
      await idle();
      abort('enough');
      const error = await call;
      assert.deepEqual([error.code, error.cause, error.attempts], ['ABORTED', 'enough', 0]);
      assert.equal(requests.length, 1);
      release(answer(APP));
      await Promise.all([before, after]);
      assert.deepEqual(
        requests.map(({ body }) => body.oAuthApp.name),
        ['First', 'Third'],
      );
    });
  }

  test('the one at the head is ended: the next one goes on', async () => {
    const { fetch, requests } = scripted(never, answer(APP));
    const client = clientOver(fetch);
    const [signal, abort] = ordinary();
    const head = failure(client.updateOAuthApp(ID, { name: 'First' }, { signal }));
    const next = client.updateOAuthApp(ID, { name: 'Second' });
    await idle();
    abort();
    assert.equal((await head).code, 'ABORTED');
    assert.deepEqual(await next, APP.oAuthApp);
    assert.equal(requests.length, 2);
  });

  test('ensureOAuthApp behind another one', async () => {
    const { fetch, requests } = scripted(never);
    const client = clientOver(fetch, { timeout: 30_000 });
    const [one, endOne] = ordinary();
    const [other, endOther] = ordinary();
    const first = failure(client.ensureOAuthApp({ name: 'Shop' }, { signal: one }));
    const second = failure(client.ensureOAuthApp({ name: 'Shop' }, { signal: other }));
    await idle();
    endOther('second');
    assert.deepEqual([(await second).code, (await second).cause], ['ABORTED', 'second']);
    endOne('first');
    assert.equal((await first).cause, 'first');
    assert.equal(requests.length, 1);
  });
});

describe('what is left behind', () => {
  test('no listener on a signal, wherever the call was', async () => {
    for (const { isBefore, isPaced, first, auth = { accessToken: 't' } } of PLACES) {
      const { fetch } = scripted(first);
      const signal = plainSignal();
      if (isBefore) signal.abort();
      const rateLimit = isPaced ? { requests: 1, per: 3_600_000 } : false;
      const client = createClient({ auth, fetch, rateLimit });
      if (isPaced) await failure(client.getOAuthApp(ID, { timeout: 1, retry: false }));
      const calls = OPERATIONS.map((operation) => failure(operation.call(client, { signal })));
      await idle();
      if (!isBefore) signal.abort('enough');
      await Promise.all(calls);
      assert.equal(signal.listeners, 0);
    }
  });

  test('nor after successes and failures that it had no part in', async () => {
    const signal = plainSignal();
    const { fetch } = scripted(down, answer(APP), answer('', { status: 404 }));
    const client = clientOver(fetch, { retry: { baseDelay: 1 } });
    await client.getOAuthApp(ID, { signal });
    await failure(client.getOAuthApp(ID, { signal }));
    assert.equal(signal.listeners, 0);
  });

  test('no place that is taken: whoever waits behind, or comes later, has it', async (t) => {
    const clock = stopClock(t);
    const { fetch, requests } = scripted(answer(APP));
    const client = createClient({ auth: { accessToken: 't' }, fetch, rateLimit: { requests: 1, per: 1_000 } });
    await client.getOAuthApp(ID);
    const [signal, abort] = ordinary();
    const ended = failure(client.getOAuthApp(ID, { signal }));
    const behind = client.getOAuthApp(ID);
    await clock.advance(999);
    abort();
    await ended;
    const later = client.getOAuthApp(ID);
    await clock.advance(1);
    await clock.advance(1_000);
    await settled(Promise.all([behind, later]), 1_000);
    assert.equal(requests.length, 3);
  });

  test('no connection: the server sees it close', async () => {
    const closed = [];
    const server = await listen((_, response) => {
      closed.push(new Promise((resolve) => response.on('close', resolve)));
      response.writeHead(200, { 'content-length': 100 }).write('{');
    });
    const client = createClient({ auth: { accessToken: 't' }, baseUrl: server.url });
    const [signal, abort] = ordinary();
    const calls = OPERATIONS.slice(0, 5).map((operation) => failure(operation.call(client, { signal })));
    while (closed.length < 4) await idle();
    abort();
    for (const { code } of await Promise.all(calls)) assert.equal(code, 'ABORTED');
    await Promise.all(closed);
    await server.close();
  });

  test('no timer: a program ends by itself wherever its calls were', async () => {
    const { code, stdout, stderr, lingered } = await runScript(`
      import { createClient } from 'wix-oauth-apps';
      import { OPERATIONS } from './support/operations.mjs';
      for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, (reason) => console.log(event, reason));
      const never = () => new Promise(() => {});
      const retry = { baseDelay: 60_000, maxDelay: 60_000 };
      const outcomes = [];
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
        outcomes.push(...(await Promise.all(calls)));
      }
      console.log(outcomes.every((code) => code === 'ABORTED'), outcomes.length);
    `);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'true 60\n', stderr: '' });
    assert.ok(lingered < 5_000, `it lived on for ${lingered} ms`);
  });
});

test('an ended create says ABORTED, even where it may have been made', async () => {
  const { emulator, options } = await emulated();
  const [signal, abort] = ordinary();
  const fetch = async (...args) => {
    await emulator.fetch(...args);
    abort('enough');
    return never();
  };
  const error = await failure(createClient({ ...options, fetch }).createOAuthApp({ name: 'Shop' }, { signal }));
  assert.deepEqual([error.code, error.cause, error.attempts], ['ABORTED', 'enough', 1]);
});

describe('a signal that is ended by a listener sends nothing more, and waits for nothing', () => {
  const limit = { rateLimit: { requests: 1, per: 3_600_000 } };
  const retry = { baseDelay: 3_600_000, maxDelay: 3_600_000 };
  const minting = { auth: { clientId: ID, clientSecret: 'secret' } };
  const token = answer({ access_token: 'token' });
  for (const [type, options, attempts, sent, ...answers] of [
    ['request', {}, 1, 0, down],
    ['response', {}, 1, 1, down],
    ['retry', { retry }, 1, 1, down],
    ['wait', limit, 0, 1, answer(APP)],
    ['token', minting, 0, 1, token, answer(APP)],
    ['warning', {}, 0, 0, answer(APP)],
  ]) {
    test(`at ${type}`, async () => {
      const [signal, abort] = ordinary();
      const { fetch, requests } = scripted(...answers);
      const onEvent = (event) => event.type === type && abort(type);
      const client = clientOver(fetch, { retry: { baseDelay: 0 }, onEvent, ...options });
      // Takes the one place that there is.
      if (type === 'wait') await client.getOAuthApp(ID);
      const patch = { allowedRedirectUris: ['https://bare.example.com'] };
      const error = await failure(client.updateOAuthApp(ID, patch, { signal }), 2_000);
      assert.deepEqual([error.code, error.cause, error.attempts], ['ABORTED', type, attempts]);
      assert.equal(requests.length, sent);
    });
  }
});

test('a server that answers after the end changes nothing', async () => {
  const server = await listen((request, response) => setTimeout(() => respond(APP)(request, response), 20));
  const client = createClient({ auth: { accessToken: 't' }, baseUrl: server.url });
  const error = await failure(client.getOAuthApp(ID, { signal: AbortSignal.timeout(5) }));
  assert.equal(error.code, 'ABORTED');
  assert.deepEqual(await client.getOAuthApp(ID), APP.oAuthApp);
  await server.close();
});
