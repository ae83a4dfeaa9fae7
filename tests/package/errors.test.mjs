// Every way in which a call can fail, and what its caller sees of it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { createClient, isOAuthAppsError, OAuthAppsError } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, NOBODY, plain, settled } from './support/client.mjs';
import { listen, respond } from './support/loopback.mjs';
import { runScript } from './support/script.mjs';

const ID = '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11';
const REQUEST_ID = '1700000000.4711';

const application = (code) => ({
  message: `the service says ${code}`,
  details: { applicationError: { code, description: 'more of it', data: {} } },
});
const violations = (...fieldViolations) => ({
  message: 'the service names fields',
  details: { validationError: { fieldViolations } },
});

describe('what the service answers', () => {
  let server;
  let client;
  let serve;
  before(async () => {
    server = await listen((...exchange) => serve(...exchange));
    client = createClient({ auth: { accessToken: 'token' }, baseUrl: server.url, retry: false });
  });
  after(() => server.close());

  for (const [status, body, code, message] of [
    // An application error: its own code says more than the status.
    [401, application('UNAUTHENTICATED'), 'UNAUTHENTICATED', /the service says UNAUTHENTICATED/],
    [403, application('PERMISSION_DENIED'), 'PERMISSION_DENIED', /the service says PERMISSION_DENIED/],
    [404, application('NOT_FOUND'), 'NOT_FOUND', /the service says NOT_FOUND/],
    [409, application('ALREADY_EXISTS'), 'CONFLICT', /the service says ALREADY_EXISTS/],
    [409, application('ABORTED'), 'CONFLICT', /the service says ABORTED/],
    [429, application('RESOURCE_EXHAUSTED'), 'RATE_LIMITED', /the service says RESOURCE_EXHAUSTED/],
    [400, application('NOT_FOUND'), 'NOT_FOUND', /the service says NOT_FOUND/],
    [400, application('SOMETHING_NEW'), 'INVALID_ARGUMENT', /the service says SOMETHING_NEW/],
    [500, application('SOMETHING_NEW'), 'SERVER_ERROR', /the service says SOMETHING_NEW/],
    [404, { details: { applicationError: { code: 'NOT_FOUND', description: 'alone' } } }, 'NOT_FOUND', /alone/],
    // A message alone.
    [400, { message: 'Expected an object' }, 'INVALID_ARGUMENT', /Expected an object/],
    [401, { message: 'who?' }, 'UNAUTHENTICATED', /who\?/],
    [403, { message: 'no' }, 'PERMISSION_DENIED', /no/],
    [404, { message: 'Not Found' }, 'NOT_FOUND', /Not Found/],
    [409, { message: 'twice' }, 'CONFLICT', /twice/],
    [412, { message: 'stale' }, 'CONFLICT', /stale/],
    [413, { message: 'too large' }, 'INVALID_ARGUMENT', /too large/],
    [429, { message: 'slow down' }, 'RATE_LIMITED', /slow down/],
    [503, { message: 'back soon' }, 'SERVER_ERROR', /back soon/],
    // A gateway's page, no body, half a body, JSON of another shape.
    [400, '<html><body>Bad Request</body></html>', 'BAD_RESPONSE', /an HTML page .*: Bad Request$/],
    [403, '<!DOCTYPE html><title>Access denied</title>', 'BAD_RESPONSE', /an HTML page .*: Access denied$/],
    [502, '\n <html>Bad Gateway</html>', 'SERVER_ERROR', /an HTML page/],
    [504, 'upstream request timeout', 'SERVER_ERROR', /text that is no JSON/],
    [401, '', 'BAD_RESPONSE', /an empty body/],
    [404, '', 'BAD_RESPONSE', /an empty body/],
    [500, '', 'SERVER_ERROR', /an empty body/],
    [500, '{"message":"cut sh', 'SERVER_ERROR', /text that is no JSON/],
    [500, '[1,2]', 'SERVER_ERROR', /JSON of another shape/],
    [500, 'null', 'SERVER_ERROR', /JSON of another shape/],
    [500, '"text"', 'SERVER_ERROR', /JSON of another shape/],
    [400, { message: { not: 'text' }, details: 'neither' }, 'BAD_RESPONSE', /JSON of another shape/],
    [400, { message: '', details: { applicationError: 5 } }, 'INVALID_ARGUMENT', /the service gave no reason/],
    [400, { details: { validationError: { fieldViolations: 'x' } } }, 'INVALID_ARGUMENT', /gave no reason/],
    [418, { message: 'a teapot' }, 'INVALID_ARGUMENT', /a teapot/],
    // A success that is none.
    [200, '', 'BAD_RESPONSE', /an empty body where an object `oAuthApp`/],
    [200, '<html>Welcome</html>', 'BAD_RESPONSE', /an HTML page where/],
    [200, '{"oAuthApp":{"id":"x"', 'BAD_RESPONSE', /text that is no JSON where/],
    [200, {}, 'BAD_RESPONSE', /JSON of another shape where/],
    [200, [], 'BAD_RESPONSE', /JSON of another shape where/],
    [200, { oAuthApp: null }, 'BAD_RESPONSE', /JSON of another shape where/],
    [200, { oAuthApp: { name: 'no id' } }, 'BAD_RESPONSE', /JSON of another shape where/],
    [200, { oAuthApp: { id: 5 } }, 'BAD_RESPONSE', /JSON of another shape where/],
    [204, '', 'BAD_RESPONSE', /an empty body where/],
  ]) {
    const shown = typeof body === 'string' ? JSON.stringify(body) : JSON.stringify(body).slice(0, 60);
    test(`${status} ${shown} is ${code}`, async () => {
      serve = respond(body, { status, headers: { 'x-wix-request-id': REQUEST_ID } });
      const error = await failure(client.getOAuthApp(ID));
      assert.deepEqual(plain(error), {
        ...{ code, operation: 'getOAuthApp', status, requestId: REQUEST_ID, attempts: 1 },
      });
      assert.match(error.message, message);
      assert.match(error.message, /^getOAuthApp: /);
      assert.ok(error instanceof OAuthAppsError && error instanceof Error);
      assert.equal('violations' in error, false);
      assert.equal('cause' in error, false);
    });
  }

  test('an answer without a request ID leaves it out', async () => {
    serve = respond({ message: 'no' }, { status: 403 });
    assert.equal('requestId' in (await failure(client.getOAuthApp(ID))), false);
  });

  test('field violations come rooted in the app, all of them', async () => {
    serve = respond(
      violations(
        {
          field: 'oAuthApp.allowedRedirectUris[3]',
          ...{ description: 'must be a valid URI', violatedRule: 'FORMAT', data: { type: 'URI' } },
        },
        { field: 'oAuthApp.name', description: 'must be set', violatedRule: 'REQUIRED_FIELD' },
        { field: 'value', description: "Field 'name' is not declared as filterable" },
        { field: 'mask.paths[0]' },
        {},
      ),
      { status: 400 },
    );
    const error = await failure(client.createOAuthApp({ name: 'Shop' }));
    assert.equal(error.code, 'INVALID_ARGUMENT');
    assert.equal(error.status, 400);
    assert.equal(error.attempts, 1);
    assert.match(error.message, /the service names fields/);
    const seen = (field, rule, message) => ({ field, rule, severity: 'error', message });
    assert.deepEqual(error.violations, [
      seen('allowedRedirectUris[3]', 'FORMAT', 'must be a valid URI'),
      seen('name', 'REQUIRED_FIELD', 'must be set'),
      seen('value', 'REFUSED', "Field 'name' is not declared as filterable"),
      seen('mask.paths[0]', 'REFUSED', 'was refused by the service'),
      seen('', 'REFUSED', 'was refused by the service'),
    ]);
  });

  test('where violations come without a message, they are the message', async () => {
    const { details } = violations({ field: 'oAuthApp.loginUrl', description: 'must be a valid WEB_URL' });
    serve = respond({ details }, { status: 400 });
    const { message } = await failure(client.updateOAuthApp(ID, { loginUrl: 'https://example.com' }));
    assert.match(message, /^updateOAuthApp: loginUrl must be a valid WEB_URL/);
  });

  for (const status of [301, 302, 303, 307, 308, 304]) {
    test(`a ${status} is not followed: the credential goes nowhere else`, async () => {
      const elsewhere = await listen(respond({ oAuthApp: { id: ID } }));
      serve = respond('', { status, headers: { location: `${elsewhere.url}/there`, 'x-wix-request-id': REQUEST_ID } });
      for (const call of [() => client.getOAuthApp(ID), () => client.createOAuthApp({ name: 'Shop' })]) {
        const { code, requestId, ...error } = await failure(call);
        assert.deepEqual({ code, status: error.status, requestId }, { code: 'BAD_RESPONSE', status, requestId });
        assert.equal(requestId, REQUEST_ID);
      }
      await elsewhere.close();
      assert.deepEqual(elsewhere.requests, []);
    });
  }

  // What was created, or generated, nobody can say.
  for (const [operation, call, wanted, code] of [
    ['createOAuthApp', () => client.createOAuthApp({ name: 'Shop' }), '`oAuthApp`', 'OUTCOME_UNKNOWN'],
    ['getOAuthApp', () => client.getOAuthApp(ID), '`oAuthApp`', 'BAD_RESPONSE'],
    ['updateOAuthApp', () => client.updateOAuthApp(ID, { name: 'Shop' }), '`oAuthApp`', 'BAD_RESPONSE'],
    ['queryOAuthApps', () => client.queryOAuthApps(), '`oAuthApps`', 'BAD_RESPONSE'],
    ['generateOAuthAppSecret', () => client.generateOAuthAppSecret(ID), '`oAuthAppSecret`', 'OUTCOME_UNKNOWN'],
  ]) {
    test(`${operation} says which member of the answer is missing`, async () => {
      serve = respond({ oAuthAppss: [], oAuthAppSecret: 5 });
      const error = await failure(call);
      assert.equal(error.code, code);
      assert.equal(error.operation, operation);
      assert.ok(error.message.includes(wanted), error.message);
    });
  }
});

describe('faults on the way', () => {
  /** A server that does `handle` to each request, and a client of it that tries once. */
  async function faulty(handle, options) {
    const server = await listen(handle);
    return {
      server,
      client: createClient({ auth: { accessToken: 'token' }, baseUrl: server.url, retry: false, ...options }),
    };
  }
  const head = (response, length = 1000) =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });

  test('a refused connection is NETWORK, with the platform’s own error as the cause', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address();
    closed.close();
    await once(closed, 'close');
    const client = createClient({ auth: { accessToken: 't' }, baseUrl: `http://127.0.0.1:${port}`, retry: false });
    const error = await failure(client.getOAuthApp(ID));
    assert.deepEqual(plain(error), {
      ...{ code: 'NETWORK', operation: 'getOAuthApp', attempts: 1, status: undefined, requestId: undefined },
    });
    assert.equal(error.cause.cause.code, 'ECONNREFUSED');
  });

  for (const [what, handle] of [
    ['before the answer', (_, response) => response.destroy()],
    ['in the middle of the body', (_, response) => head(response).write('{"oAuthApp":', () => response.destroy())],
    ['after an answer that is not HTTP', (_, response) => response.socket.end('HELLO\r\n\r\n')],
  ]) {
    test(`a connection that breaks ${what} is NETWORK`, async () => {
      const { server, client } = await faulty(handle);
      const error = await failure(client.getOAuthApp(ID));
      assert.deepEqual([error.code, error.attempts], ['NETWORK', 1]);
      assert.ok(error.cause instanceof Error);
      await server.close();
    });
  }

  const stalls = [
    ['before the head', () => {}],
    ['in the middle of the body', (_, response) => head(response).write('{"oAuthApp":')],
  ];
  for (const [what, handle] of stalls) {
    test(`a server that stalls ${what} is TIMEOUT, and the connection is given up`, async () => {
      const gone = withResolvers();
      const { server, client } = await faulty(
        (request, response) => (response.on('close', gone.resolve), handle(request, response)),
        { timeout: 60_000 },
      );
      const error = await failure(client.getOAuthApp(ID, { timeout: 100 }));
      assert.deepEqual([error.code, error.attempts], ['TIMEOUT', 1]);
      assert.equal('status' in error, false);
      await settled(gone.promise);
      await server.close();
    });

    test(`a signal that ends it ${what} is ABORTED, and the connection is given up`, async () => {
      const gone = withResolvers();
      const controller = new AbortController();
      const { server, client } = await faulty(async (request, response) => {
        response.on('close', gone.resolve);
        await handle(request, response);
        controller.abort('enough');
      });
      const error = await failure(client.getOAuthApp(ID, { signal: controller.signal }));
      assert.deepEqual([error.code, error.attempts, error.cause], ['ABORTED', 1, 'enough']);
      await settled(gone.promise);
      await server.close();
    });
  }

  test('a time-out is that of one call; the same client goes on', async () => {
    let stall = true;
    const { server, client } = await faulty((request, response) => {
      if (!stall) respond({ oAuthApp: { id: ID } })(request, response);
    });
    assert.equal((await failure(client.getOAuthApp(ID, { timeout: 50 }))).code, 'TIMEOUT');
    stall = false;
    assert.deepEqual(await client.getOAuthApp(ID), { id: ID });
    await server.close();
  });

  test('AbortSignal.timeout is the caller’s own: ABORTED, with its reason', async () => {
    const { server, client } = await faulty(() => {});
    const error = await failure(client.getOAuthApp(ID, { signal: AbortSignal.timeout(50) }));
    assert.deepEqual([error.code, error.cause.name], ['ABORTED', 'TimeoutError']);
    await server.close();
  });
});

describe('a signal', () => {
  const REASONS = [
    ['none', []],
    ['an error', [new Error('why')]],
    ['text', ['why']],
    ['null', [null]],
    ['a number', [0]],
    ['a symbol', [Symbol('why')]],
    ['false', [false]],
    ['a bare object', [Object.create(null)]],
    ['a function', [() => {}]],
    ['an error of another realm', [runInNewContext('new Error("why")')]],
    ['what says it is a time-out', [{ name: 'TimeoutError' }]],
    ['an OAuthAppsError', [new OAuthAppsError({ code: 'CONFIG', operation: 'x', message: 'y' })]],
  ];
  for (const [what, reason] of REASONS) {
    test(`that was ended before, with ${what} as the reason: nothing is sent`, async () => {
      const { client, emulator } = await emulated();
      const signal = AbortSignal.abort(...reason);
      const error = await failure(client.createOAuthApp({ name: 'Shop' }, { signal }));
      assert.deepEqual([error.code, error.attempts, error.operation], ['ABORTED', 0, 'createOAuthApp']);
      assert.equal(error.cause, signal.reason);
      assert.deepEqual(emulator.requests, []);
    });

    test(`that ends the request with ${what} as the reason`, async () => {
      const controller = new AbortController();
      const fetch = (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          queueMicrotask(() => controller.abort(...reason));
        });
      const error = await failure(clientOver(fetch).getOAuthApp(ID, { signal: controller.signal }));
      assert.deepEqual([error.code, error.attempts], ['ABORTED', 1]);
      assert.equal(error.cause, controller.signal.reason);
    });
  }

  test('that ends a fetch which takes no notice of signals', async () => {
    const controller = new AbortController();
    const call = failure(clientOver(() => new Promise(() => {})).getOAuthApp(ID, { signal: controller.signal }));
    controller.abort();
    assert.equal((await call).code, 'ABORTED');
  });

  test('that ends the reading of the body', async () => {
    const controller = new AbortController();
    const text = () => (controller.abort('enough'), new Promise(() => {}));
    const client = clientOver(async () => ({ status: 200, headers: new Headers(), text }));
    const error = await failure(client.getOAuthApp(ID, { signal: controller.signal }));
    assert.deepEqual([error.code, error.cause], ['ABORTED', 'enough']);
  });

  test('that ends after the answer has come changes nothing; it serves many calls and is left as it was', async () => {
    const { client } = await emulated();
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    signal.addEventListener = (...args) => (listeners++, EventTarget.prototype.addEventListener.apply(signal, args));
    signal.removeEventListener = (...args) => (
      listeners--,
      EventTarget.prototype.removeEventListener.apply(signal, args)
    );
    const apps = await Promise.all(['One', 'Two', 'Three'].map((name) => client.createOAuthApp({ name }, { signal })));
    controller.abort();
    assert.deepEqual(
      apps.map((app) => app.name),
      ['One', 'Two', 'Three'],
    );
    assert.equal(listeners, 0);
  });
});

describe('whatever fetch does', () => {
  const json = { status: 200, headers: new Headers(), text: async () => `{"oAuthApp":{"id":"${ID}"}}` };
  const foreign = runInNewContext('new TypeError("from elsewhere")');

  for (const [what, thrown] of [
    ['an error', new TypeError('no network')],
    ['text', 'no network'],
    ['nothing', undefined],
    ['null', null],
    ['a symbol', Symbol('no network')],
    ['an error of another realm', foreign],
    ['an abort that nobody asked for', new DOMException('The operation was aborted.', 'AbortError')],
    ['a frozen object', Object.freeze({ code: 'X', operation: 'y' })],
    ['what looks like our own error', { name: 'OAuthAppsError', code: 'NOT_FOUND', operation: 'z', message: 'm' }],
  ]) {
    for (const [how, fetch] of [
      [
        'throws',
        () => {
          throw thrown;
        },
      ],
      ['rejects with', () => Promise.reject(thrown)],
      ['has a body that rejects with', async () => ({ ...json, text: () => Promise.reject(thrown) })],
      [
        'has a body that throws',
        async () => ({
          ...json,
          text: () => {
            throw thrown;
          },
        }),
      ],
    ]) {
      test(`a fetch that ${how} ${what} is NETWORK, with that as the cause`, async () => {
        const error = await failure(clientOver(fetch).getOAuthApp(ID));
        assert.deepEqual([error.code, error.attempts, error.operation], ['NETWORK', 1, 'getOAuthApp']);
        assert.equal('cause' in error, true);
        assert.equal(error.cause, thrown);
      });
    }
  }

  for (const [what, given] of [
    ['nothing', undefined],
    ['null', null],
    ['a number', 200],
    ['text', 'OK'],
    ['a symbol', Symbol('response')],
    ['an empty object', {}],
    ['a list', [json]],
    ['a status alone', { status: 200 }],
    ['no text()', { status: 200, headers: new Headers() }],
    ['headers without get()', { ...json, headers: {} }],
    ['headers whose get() throws', { ...json, headers: { get: () => assert.fail('no') } }],
    ['headers whose get() gives an object', { ...json, headers: { get: () => ({}) } }],
    ['a status as text', { ...json, status: '200' }],
    ['a status that is NaN', { ...json, status: NaN }],
    ['a negative status', { ...json, status: -1 }],
    ['a status out of range', { ...json, status: 1e9 }],
    ['a text that is no method', { ...json, text: 'body' }],
    ['a body that is no text', { ...json, text: async () => new Uint8Array(3) }],
    ['a body that is undefined', { ...json, text: async () => undefined }],
    ['a function', () => json],
    [
      'an object that throws when it is read',
      new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : assert.fail('no')) }),
    ],
  ]) {
    test(`a fetch that gives ${what} is BAD_RESPONSE`, async () => {
      for (const fetch of [() => given, async () => given]) {
        const error = await failure(clientOver(fetch).getOAuthApp(ID));
        assert.deepEqual([error.code, error.attempts], ['BAD_RESPONSE', 1]);
        assert.match(error.message, /no Response/);
      }
    });
  }

  for (const [what, fetch] of [
    ['gives a response without a promise', () => json],
    ['gives a thenable', () => ({ then: (resolve) => resolve(json) })],
    ['gives a real Response', async () => new Response(await json.text())],
    ['gives a body without a promise', async () => ({ ...json, text: () => `{"oAuthApp":{"id":"${ID}"}}` })],
    ['gives a plain object with a Map of headers', async () => ({ ...json, headers: new Map() })],
  ]) {
    test(`a fetch that ${what} will do`, async () => {
      assert.deepEqual(await clientOver(fetch).getOAuthApp(ID), { id: ID });
    });
  }

  test('a fetch that never settles is TIMEOUT, and its signal tells it', async () => {
    let signal;
    const fetch = (_, init) => ((signal = init.signal), new Promise(() => {}));
    const error = await failure(clientOver(fetch, { timeout: 20 }).getOAuthApp(ID));
    assert.deepEqual([error.code, error.attempts], ['TIMEOUT', 1]);
    assert.equal(signal.aborted, true);
  });
});

describe('the error itself', () => {
  test('shows where it was called, and names itself in its stack', async () => {
    const { client } = await emulated();
    const whereItWasCalled = async () => await client.getOAuthApp(NOBODY);
    const error = await failure(whereItWasCalled());
    assert.match(error.stack, /^OAuthAppsError: getOAuthApp: appId was not found/);
    assert.match(error.stack, /whereItWasCalled/);
  });

  test('prints once, with its fields, its violations and its cause', async () => {
    const { client } = await emulated();
    const refused = await failure(client.createOAuthApp({ name: 'x', colour: 'red' }));
    const text = inspect(refused, { depth: Infinity });
    assert.match(text, /^OAuthAppsError: createOAuthApp: /);
    for (const part of ["code: 'INVALID_ARGUMENT'", "field: 'colour'", "rule: 'OUT_OF_RANGE'"]) {
      assert.ok(text.includes(part), `${part} is not in ${text}`);
    }
    const unreachable = await failure(clientOver(() => Promise.reject(new Error('deep down'))).getOAuthApp(ID));
    assert.match(inspect(unreachable), /\[cause\]: Error: deep down/);
  });

  test('is known by its name, whatever else is thrown', () => {
    const own = new OAuthAppsError({ code: 'CONFIG', operation: 'x', message: 'y' });
    const copy = Object.assign(new Error('y'), { name: 'OAuthAppsError', code: 'CONFIG' });
    for (const value of [
      own,
      copy,
      runInNewContext('Object.assign(new Error(), { name: "OAuthAppsError", code: 1 })'),
    ]) {
      assert.equal(isOAuthAppsError(value), true);
    }
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const value of [
      ...[undefined, null, 5, 'OAuthAppsError', Symbol('x'), {}, [], () => {}, revoked.proxy],
      ...[new Error('x'), { name: 'OAuthAppsError' }, { code: 'CONFIG' }],
      {
        get name() {
          throw new Error('no');
        },
      },
    ]) {
      assert.equal(isOAuthAppsError(value), false);
    }
  });
});

describe('afterwards the process ends by itself, and nothing was left unhandled', () => {
  const PRELUDE = `
    import { createClient } from 'wix-oauth-apps';
    import { createEmulator } from 'wix-oauth-apps/emulator';
    process.on('unhandledRejection', (reason) => { console.log('unhandled', reason); process.exitCode = 1; });
    const ID = '${ID}';
    const later = (settle, value) => new Promise((...settlers) => setTimeout(settlers[settle], 30, value));
    const never = () => new Promise(() => {});
    const client = (fetch, options) => createClient({ auth: { accessToken: 'x' }, retry: false, fetch, ...options });
    const code = (call) => call.then(() => 'ok', (error) => error.code);
  `;
  for (const [what, script, printed] of [
    [
      'a success',
      `const emulator = await createEmulator();
       const { apiKey, siteId } = emulator.credentials;
       const made = createClient({ auth: { apiKey }, siteId, fetch: emulator.fetch });
       console.log(await code(made.createOAuthApp({ name: 'Shop' })));`,
      'ok',
    ],
    ['a refusal', `console.log(await code(client(never).createOAuthApp({})));`, 'INVALID_ARGUMENT'],
    ['a client that is never used', `client(never); console.log('ok');`, 'ok'],
    ['a time-out', `console.log(await code(client(never, { timeout: 10 }).getOAuthApp(ID)));`, 'TIMEOUT'],
    [
      'a fetch that rejects after the time-out',
      `console.log(await code(client(() => later(1, 'late'), { timeout: 5 }).getOAuthApp(ID))); await later(0); await later(0);`,
      'TIMEOUT',
    ],
    [
      'a body that rejects after the time-out',
      `const fetch = async () => ({ status: 200, headers: new Headers(), text: () => later(1, 'late') });
       console.log(await code(client(fetch, { timeout: 5 }).getOAuthApp(ID))); await later(0); await later(0);`,
      'TIMEOUT',
    ],
    [
      'a token that is refused after the time-out',
      `const auth = { getAccessToken: () => later(1, 'late') };
       console.log(await code(client(never, { auth, timeout: 5 }).getOAuthApp(ID))); await later(0); await later(0);`,
      'TIMEOUT',
    ],
    [
      'an abort',
      `const controller = new AbortController();
       const call = code(client(never).getOAuthApp(ID, { signal: controller.signal }));
       controller.abort();
       console.log(await call);`,
      'ABORTED',
    ],
    ['a fetch that fails at once', `console.log(await code(client(() => { throw 1; }).getOAuthApp(ID)));`, 'NETWORK'],
    [
      'a connection that is refused',
      `const at = { baseUrl: 'http://127.0.0.1:1', fetch: undefined };
       console.log(await code(client(undefined, at).getOAuthApp(ID)));`,
      'NETWORK',
    ],
    [
      'a call that nobody waits for, still under way',
      `code(client(never, { timeout: 50 }).getOAuthApp(ID)).then(console.log);`,
      'TIMEOUT',
    ],
  ]) {
    test(`after ${what}`, async () => {
      const { code, stdout, stderr, lingered } = await runScript(PRELUDE + script);
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${printed}\n`, stderr: '' });
      // The default time-out is 30 seconds: a timer of it would hold the process for so long.
      assert.ok(lingered < 5_000, `it lived on for ${lingered} ms`);
    });
  }
});

/** `Promise.withResolvers`. */
function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

test('a call that its own token callback or listener ends is not sent', async () => {
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
