// Failures as a caller sees them: the fields, the cause, the text of the error, and a process that ends.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { createClient, isOAuthAppsError, OAuthAppsError } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, NOBODY, plain, settled } from './support/client.mjs';
import { listen, respond } from './support/loopback.mjs';
import { ID } from './support/operations.mjs';
import { runScript } from './support/script.mjs';
import { table } from './support/table.mjs';

const REQUEST_ID = '1700000000.4711';

describe('a response that is not a success', () => {
  let server;
  let client;
  let serve;
  before(async () => {
    server = await listen((...exchange) => serve(...exchange));
    client = createClient({ auth: { accessToken: 'token' }, baseUrl: server.url, retry: false });
  });
  after(() => server.close());

  test('becomes an error with a code, the status, the request ID and nothing else', async () => {
    for (const { status, body, code, message = '' } of table('tables/responses')) {
      serve = respond(body, { status, headers: { 'x-wix-request-id': REQUEST_ID } });
      const error = await failure(client.getOAuthApp(ID));
      const expected = { code, operation: 'getOAuthApp', status, requestId: REQUEST_ID, attempts: 1 };
      assert.deepEqual(plain(error), expected, `${status} ${inspect(body)}`);
      assert.ok(error.message.startsWith('getOAuthApp: ') && error.message.includes(message), error.message);
      assert.ok(error instanceof OAuthAppsError && error instanceof Error);
      assert.equal('violations' in error || 'cause' in error || 'retryAfter' in error, false);
    }
    serve = respond({ message: 'no' }, { status: 403 });
    assert.equal('requestId' in (await failure(client.getOAuthApp(ID))), false);
  });

  test('passes on the violations of the service, relative to the app', async () => {
    const fieldViolations = [
      { field: 'oAuthApp.allowedRedirectUris[3]', description: 'must be a valid URI', violatedRule: 'FORMAT' },
      { field: 'oAuthApp.name', description: 'must be set', violatedRule: 'REQUIRED_FIELD' },
    ];
    serve = respond({ message: 'invalid', details: { validationError: { fieldViolations } } }, { status: 400 });
    const { code, violations } = await failure(client.createOAuthApp({ name: 'Shop' }));
    assert.equal(code, 'INVALID_ARGUMENT');
    assert.deepEqual(violations, [
      { field: 'allowedRedirectUris[3]', rule: 'FORMAT', severity: 'error', message: 'must be a valid URI' },
      { field: 'name', rule: 'REQUIRED_FIELD', severity: 'error', message: 'must be set' },
    ]);
  });

  test('is not followed if it is a redirect, so that the credential goes nowhere else', async () => {
    const elsewhere = await listen(respond({ oAuthApp: { id: ID } }));
    for (const status of [301, 302, 303, 304, 307, 308]) {
      serve = respond('', { status, headers: { location: `${elsewhere.url}/there`, 'x-wix-request-id': REQUEST_ID } });
      for (const call of [() => client.getOAuthApp(ID), () => client.createOAuthApp({ name: 'Shop' })]) {
        const error = await failure(call);
        assert.deepEqual([error.code, error.status, error.requestId], ['BAD_RESPONSE', status, REQUEST_ID]);
      }
    }
    await elsewhere.close();
    assert.deepEqual(elsewhere.requests, []);
  });

  test('a timeout closes the connection, and the same client can be used again', async () => {
    let closed;
    const isClosed = new Promise((resolve) => (closed = resolve));
    serve = (_, response) => response.on('close', closed);
    assert.equal((await failure(client.getOAuthApp(ID, { timeout: 50 }))).code, 'TIMEOUT');
    await settled(isClosed);
    serve = respond({ oAuthApp: { id: ID } });
    assert.deepEqual(await client.getOAuthApp(ID), { id: ID });
  });

  test('a signal of AbortSignal.timeout is the caller’s, so the code is ABORTED', async () => {
    serve = () => {};
    const error = await failure(client.getOAuthApp(ID, { signal: AbortSignal.timeout(50) }));
    assert.deepEqual([error.code, error.cause.name], ['ABORTED', 'TimeoutError']);
  });
});

describe('a signal', () => {
  const REASONS = [
    ...[[], [new Error('why')], ['why'], [null], [0], [Symbol('why')], [false], [Object.create(null)], [() => {}]],
    [runInNewContext('new Error("why")')],
    [{ name: 'TimeoutError' }],
    [new OAuthAppsError({ code: 'CONFIG', operation: 'x', message: 'y' })],
  ];

  test('that is aborted sends nothing, and its reason is the cause', async () => {
    const { client, emulator } = await emulated();
    for (const reason of REASONS) {
      const signal = AbortSignal.abort(...reason);
      const error = await failure(client.createOAuthApp({ name: 'Shop' }, { signal }));
      assert.deepEqual([error.code, error.attempts, error.operation], ['ABORTED', 0, 'createOAuthApp']);
      assert.equal(error.cause, signal.reason);
    }
    assert.deepEqual(emulator.requests, []);
  });

  test('ends a request, and its reason is the cause', async () => {
    for (const reason of REASONS) {
      const controller = new AbortController();
      const { signal } = controller;
      const fetch = (_, init) =>
        new Promise((_, reject) => {
          init.signal.addEventListener('abort', () => reject(init.signal.reason));
          queueMicrotask(() => controller.abort(...reason));
        });
      const error = await failure(clientOver(fetch).getOAuthApp(ID, { signal }));
      assert.deepEqual([error.code, error.attempts], ['ABORTED', 1]);
      assert.equal(error.cause, signal.reason);
    }
  });

  test('ends a fetch that ignores signals, and the reading of a body', async () => {
    const never = () => new Promise(() => {});
    for (const fetch of [never, async () => ({ status: 200, headers: new Headers(), text: never })]) {
      const controller = new AbortController();
      const call = failure(clientOver(fetch).getOAuthApp(ID, { signal: controller.signal }));
      setImmediate(() => controller.abort('enough'));
      const error = await call;
      assert.deepEqual([error.code, error.cause], ['ABORTED', 'enough']);
    }
  });

  test('that a token callback or a listener aborts ends the call before it is sent', async () => {
    for (const [auth, onEvent] of [
      [(controller) => ({ getAccessToken: () => (controller.abort('enough'), 'token') }), () => () => {}],
      [() => ({ accessToken: 'token' }), (controller) => () => controller.abort('enough')],
    ]) {
      const controller = new AbortController();
      let sent = 0;
      const client = createClient({
        auth: auth(controller),
        onEvent: onEvent(controller),
        fetch: async () => ((sent += 1), Response.json({ oAuthApp: { id: NOBODY } })),
      });
      const draft = { name: 'Shop', allowedRedirectUris: ['https://example.com'] };
      const error = await failure(client.createOAuthApp(draft, { signal: controller.signal }));
      assert.deepEqual([error.code, error.cause, error.attempts, sent], ['ABORTED', 'enough', 0, 0]);
    }
  });
});

describe('the caller’s fetch', () => {
  const json = { status: 200, headers: new Headers(), text: async () => `{"oAuthApp":{"id":"${ID}"}}` };
  const thrower = (thrown) => () => {
    throw thrown;
  };

  test('may throw or reject with any value: the code is NETWORK and the value is the cause', async () => {
    for (const thrown of [
      ...[new TypeError('no network'), 'no network', undefined, null, Symbol('no network')],
      runInNewContext('new TypeError("from another realm")'),
      new DOMException('The operation was aborted.', 'AbortError'),
      Object.freeze({ code: 'X', operation: 'y' }),
      { name: 'OAuthAppsError', code: 'NOT_FOUND', operation: 'z', message: 'm' },
    ]) {
      for (const fetch of [
        thrower(thrown),
        () => Promise.reject(thrown),
        async () => ({ ...json, text: () => Promise.reject(thrown) }),
        async () => ({ ...json, text: thrower(thrown) }),
      ]) {
        const error = await failure(clientOver(fetch).getOAuthApp(ID));
        assert.deepEqual([error.code, error.attempts, error.operation], ['NETWORK', 1, 'getOAuthApp']);
        assert.ok('cause' in error);
        assert.equal(error.cause, thrown);
      }
    }
  });

  test('may return a value that is not a Response: the code is BAD_RESPONSE', async () => {
    for (const value of [
      ...[undefined, null, 200, 'OK', Symbol('response'), {}, [json], () => json, { status: 200 }],
      { status: 200, headers: new Headers() },
      ...[{}, { get: () => assert.fail('no') }, { get: () => ({}) }].map((headers) => ({ ...json, headers })),
      ...['200', NaN, -1, 1e9].map((status) => ({ ...json, status })),
      ...['body', async () => new Uint8Array(3), async () => undefined].map((text) => ({ ...json, text })),
      new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : assert.fail('no')) }),
    ]) {
      for (const fetch of [() => value, async () => value]) {
        const error = await failure(clientOver(fetch).getOAuthApp(ID));
        assert.deepEqual([error.code, error.attempts], ['BAD_RESPONSE', 1]);
        assert.match(error.message, /not a Response/);
      }
    }
  });

  test('may return what resembles a Response', async () => {
    for (const fetch of [
      () => json,
      () => ({ then: (resolve) => resolve(json) }),
      async () => new Response(await json.text()),
      async () => ({ ...json, text: () => `{"oAuthApp":{"id":"${ID}"}}` }),
      async () => ({ ...json, headers: new Map() }),
    ]) {
      assert.deepEqual(await clientOver(fetch).getOAuthApp(ID), { id: ID });
    }
  });

  test('receives a signal that a timeout aborts', async () => {
    let signal;
    const fetch = (_, init) => ((signal = init.signal), new Promise(() => {}));
    const error = await failure(clientOver(fetch, { timeout: 20 }).getOAuthApp(ID));
    assert.deepEqual([error.code, error.attempts, signal.aborted], ['TIMEOUT', 1, true]);
    assert.match(error.message, /within 20 ms/);
  });
});

describe('OAuthAppsError', () => {
  test('has a stack that names the caller', async () => {
    const { client } = await emulated();
    const caller = async () => await client.getOAuthApp(NOBODY);
    const { stack } = await failure(caller());
    assert.match(stack, /^OAuthAppsError: getOAuthApp: appId was not found/);
    assert.match(stack, /caller/);
  });

  test('prints with its fields, its violations and its cause', async () => {
    const { client } = await emulated();
    const refused = await failure(client.createOAuthApp({ name: 'x', colour: 'red' }));
    const text = inspect(refused, { depth: Infinity });
    for (const part of ['OAuthAppsError: createOAuthApp: ', "code: 'INVALID_ARGUMENT'", "field: 'colour'"]) {
      assert.ok(text.includes(part), `${part} is not in ${text}`);
    }
    const unreachable = await failure(clientOver(() => Promise.reject(new Error('deep down'))).getOAuthApp(ID));
    assert.match(inspect(unreachable), /\[cause\]: Error: deep down/);
  });

  test('is recognised by its name', () => {
    for (const value of [
      new OAuthAppsError({ code: 'CONFIG', operation: 'x', message: 'y' }),
      Object.assign(new Error('y'), { name: 'OAuthAppsError', code: 'CONFIG' }),
      runInNewContext('Object.assign(new Error(), { name: "OAuthAppsError", code: 1 })'),
    ]) {
      assert.equal(isOAuthAppsError(value), true);
    }
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const throwing = Object.defineProperty({}, 'name', { get: () => assert.fail('no') });
    for (const value of [
      ...[undefined, null, 5, 'OAuthAppsError', Symbol('x'), {}, [], () => {}, revoked.proxy, throwing],
      ...[new Error('x'), { name: 'OAuthAppsError' }, { code: 'CONFIG' }],
    ]) {
      assert.equal(isOAuthAppsError(value), false);
    }
  });
});

test('after failures the process ends by itself, without an unhandled rejection', async () => {
  const { code, stdout, stderr, lingered } = await runScript(`
    import { createClient } from 'wix-oauth-apps';
    const never = () => new Promise(() => {});
    const later = (value) => new Promise((_, reject) => setTimeout(reject, 30, value));
    const client = (options) => createClient({ auth: { accessToken: 'x' }, retry: false, fetch: never, ...options });
    const print = (call) => call.then(console.log, (error) => console.log(error.code));
    const get = (options) => print(client(options).getOAuthApp('${ID}'));
    client();
    await print(client({ fetch: async () => new Response('{}') }).deleteOAuthApp('${ID}').then(() => 'success'));
    await print(client().createOAuthApp({}));
    await get({ fetch: () => { throw 1; } });
    await get({ fetch: undefined, baseUrl: 'http://127.0.0.1:1' });
    // These reject after the timeout.
    await get({ timeout: 5, fetch: () => later('late') });
    await get({ timeout: 5, fetch: async () => ({ status: 200, headers: new Headers(), text: () => later('late') }) });
    await get({ timeout: 5, auth: { getAccessToken: () => later('late') } });
    const controller = new AbortController();
    const aborted = print(client().getOAuthApp('${ID}', { signal: controller.signal }));
    controller.abort();
    await aborted;
    // Still running when the script ends.
    get({ timeout: 50 });
  `);
  const results = ['success', 'INVALID_ARGUMENT', 'NETWORK', 'NETWORK', 'TIMEOUT', 'TIMEOUT', 'TIMEOUT'];
  results.push('ABORTED', 'TIMEOUT');
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${results.join('\n')}\n`, stderr: '' });
  // A timer of the default timeout would keep the process alive for 30 seconds.
  assert.ok(lingered < 5_000, `it lived on for ${lingered} ms`);
});
