// Credentials: tokens that the client obtains, and those that the caller provides. The life of a token is tested in
// src/client/tests/token.rs.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, listener, NOBODY, scripted, settled } from './support/client.mjs';
import { idle, stopClock } from './support/clock.mjs';
import { listen, respond } from './support/loopback.mjs';
import { ID, OPERATIONS } from './support/operations.mjs';

const SECRET = 'qzxw-0f7e3d-the-client-secret';
const AUTH = { clientId: ID, clientSecret: SECRET };
const APP = { oAuthApp: { id: ID } };
const isTokenRequest = ({ path, url }) => (path ?? new URL(url, 'http://localhost').pathname) === '/oauth2/token';
const many = (count, call) => Promise.all(Array.from({ length: count }, (_, at) => call(at)));

describe('client credentials, over a socket', () => {
  let server;
  let serveToken;
  let serve;
  before(async () => {
    server = await listen((request, response) => (isTokenRequest(request) ? serveToken : serve)(request, response));
  });
  after(() => server.close());
  beforeEach(() => {
    server.requests.length = 0;
    serve = respond(APP);
    let count = 0;
    serveToken = (...exchange) =>
      respond({ access_token: `token-${(count += 1)}`, token_type: 'Bearer', expires_in: 14_400 })(...exchange);
  });
  const connect = (options = {}) =>
    createClient({ auth: AUTH, baseUrl: server.url, retry: { baseDelay: 1 }, ...options });
  const tokenRequests = () => server.requests.filter(isTokenRequest);
  const tokens = () =>
    server.requests.filter((request) => !isTokenRequest(request)).map(({ headers }) => headers.authorization);

  test('a token is requested as in RFC 6749, without any other credential', async () => {
    const siteId = '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11';
    await connect({ siteId, auth: { ...AUTH, instanceId: NOBODY } }).getOAuthApp(ID);
    const [{ method, url, headers, body }] = server.requests;
    assert.deepEqual([method, url, headers['content-type']], ['POST', '/oauth2/token', 'application/json']);
    assert.deepEqual(JSON.parse(body), {
      ...{ grant_type: 'client_credentials', client_id: ID, client_secret: SECRET, instance_id: NOBODY },
    });
    assert.equal('authorization' in headers || 'wix-site-id' in headers, false);
    assert.deepEqual(tokens(), ['token-1']);
    assert.equal(server.requests[1].headers['wix-site-id'], siteId);
  });

  test('one token serves every operation and concurrent calls', async () => {
    serve = respond({ ...APP, oAuthApps: [], oAuthAppSecret: 's', pagingMetadata: {} });
    const client = connect();
    await idle();
    assert.equal(server.requests.length, 0);
    await many(50, () => client.getOAuthApp(ID));
    for (const operation of OPERATIONS) await operation.call(client).catch(() => {});
    assert.equal(tokenRequests().length, 1);
    assert.deepEqual(new Set(tokens()), new Set(['token-1']));
  });

  test('a token that the service no longer accepts is replaced once', async () => {
    let valid = 'token-1';
    serve = (request, response) =>
      respond(APP, { status: request.headers.authorization === valid ? 200 : 401 })(request, response);
    const { onEvent, of } = listener();
    const client = connect({ onEvent });
    await client.getOAuthApp(ID);
    valid = 'token-2';
    await many(20, () => client.getOAuthApp(ID));
    assert.deepEqual(await client.createOAuthApp({ name: 'Shop' }), APP.oAuthApp);
    assert.deepEqual([tokenRequests().length, of('token').length], [2, 2]);
  });

  test('a refused token request fails every waiting call, and later calls try again', async () => {
    for (const [body, status, code] of [
      [{ error: 'invalid_client', error_description: 'no such app' }, 400, 'UNAUTHENTICATED'],
      [{ token_type: 'Bearer' }, 200, 'BAD_RESPONSE'],
      [{ access_token: 'a\nb' }, 200, 'BAD_RESPONSE'],
      ['<html>', 404, 'BAD_RESPONSE'],
    ]) {
      server.requests.length = 0;
      serveToken = respond(body, { status });
      const client = connect();
      const errors = await many(20, (at) =>
        failure(at % 2 ? client.getOAuthApp(ID) : client.createOAuthApp({ name: 'Shop' })),
      );
      errors.forEach((error, at) =>
        assert.deepEqual([error.code, error.operation], [code, at % 2 ? 'getOAuthApp' : 'createOAuthApp']),
      );
      assert.equal(server.requests.length, 1);
      serveToken = respond({ access_token: 'later' });
      await client.getOAuthApp(ID);
      assert.deepEqual(tokens(), ['later']);
    }
  });

  test('a token request is repeated, also for a create', async () => {
    const responses = [
      respond('', { status: 503 }),
      (_, response) => response.socket.resetAndDestroy(),
      respond({ access_token: 'third' }),
    ];
    serveToken = (...exchange) => responses.shift()(...exchange);
    assert.deepEqual(await connect().createOAuthApp({ name: 'Shop' }), APP.oAuthApp);
    assert.deepEqual(tokens(), ['third']);
    serveToken = () => {};
    const error = await failure(connect({ timeout: 40, retry: false }).createOAuthApp({ name: 'Shop' }));
    assert.equal(error.code, 'TIMEOUT');
  });

  test('an aborted call does not end the token request of the others', async () => {
    let arrived;
    const isRequested = new Promise((resolve) => (arrived = resolve));
    const respondLater = serveToken;
    serveToken = (...exchange) => (arrived(), setTimeout(respondLater, 30, ...exchange));
    const client = connect();
    const controller = new AbortController();
    const first = failure(client.getOAuthApp(ID, { signal: controller.signal }));
    const others = many(10, () => client.getOAuthApp(ID));
    await isRequested;
    controller.abort('enough');
    const error = await first;
    assert.deepEqual([error.code, error.cause], ['ABORTED', 'enough']);
    assert.equal((await settled(others)).length, 10);
    assert.ok(tokenRequests().length <= 2);
  });
});

test('a token is renewed before it expires, on the platform’s clock', async (t) => {
  const clock = stopClock(t);
  let count = 0;
  const { fetch, requests } = scripted((request) =>
    answer(isTokenRequest(request) ? { access_token: `token-${(count += 1)}`, expires_in: 600 } : APP),
  );
  const { onEvent, of } = listener();
  const client = clientOver(fetch, { auth: AUTH, onEvent });
  const token = async () => (await client.getOAuthApp(ID), requests.at(-1).headers.Authorization);
  assert.equal(await token(), 'token-1');
  await clock.advance(539_999);
  assert.equal(await token(), 'token-1');
  await clock.advance(1);
  assert.equal(await token(), 'token-2');
  assert.deepEqual(of('token')[0], { type: 'token', operation: 'getOAuthApp', expiresIn: 600 });
});

describe('credentials of the caller', () => {
  const siteId = '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11';

  test('are sent as they are, and a 401 is reported at once', async () => {
    for (const [auth, sent] of [
      [{ apiKey: 'IST.key' }, 'IST.key'],
      [{ accessToken: 'OAUTH2.token' }, 'OAUTH2.token'],
      [{ getAccessToken: () => 'now' }, 'now'],
      [{ getAccessToken: async () => 'later' }, 'later'],
      [{ getAccessToken: () => ({ then: (resolve) => resolve('thenable') }) }, 'thenable'],
    ]) {
      const { fetch, requests } = scripted(answer({ message: 'no' }, { status: 401 }));
      const error = await failure(clientOver(fetch, { auth, siteId, retry: {} }).getOAuthApp(ID));
      assert.deepEqual([error.code, error.attempts], ['UNAUTHENTICATED', 1]);
      assert.deepEqual(
        requests.map(({ headers }) => headers.Authorization),
        [sent],
      );
    }
  });

  test('getAccessToken is called before each attempt, with a signal', async () => {
    const signals = [];
    const getAccessToken = ({ signal }) => `token-${signals.push(signal)}`;
    const { fetch, requests } = scripted(answer('', { status: 503 }), answer(APP));
    await clientOver(fetch, { auth: { getAccessToken }, retry: { baseDelay: 0 } }).getOAuthApp(ID);
    assert.deepEqual(
      requests.map(({ headers }) => headers.Authorization),
      ['token-1', 'token-2'],
    );
    assert.ok(signals.every((signal) => signal instanceof AbortSignal && !signal.aborted));
  });

  test('a getAccessToken that fails before the second attempt counts the first one', async () => {
    let calls = 0;
    const getAccessToken = () => ((calls += 1) > 1 ? assert.fail('none left') : 'token');
    const { fetch } = scripted(answer('', { status: 503 }));
    const client = clientOver(fetch, { auth: { getAccessToken }, retry: { baseDelay: 0 } });
    const error = await failure(client.getOAuthApp(ID));
    assert.deepEqual([error.code, error.attempts], ['UNAUTHENTICATED', 1]);
  });

  test('an exception of getAccessToken is the cause, for every operation', async () => {
    for (const thrown of [
      new Error('no token'),
      'no token',
      undefined,
      { name: 'OAuthAppsError', code: 'NOT_FOUND' },
    ]) {
      const throwing = () => {
        throw thrown;
      };
      for (const getAccessToken of [() => Promise.reject(thrown), throwing]) {
        for (const operation of OPERATIONS) {
          const client = clientOver(() => assert.fail('sent'), { auth: { getAccessToken }, retry: { baseDelay: 0 } });
          const error = await failure(operation.call(client));
          assert.deepEqual([error.code, error.operation, error.attempts], ['UNAUTHENTICATED', operation.name, 0]);
          assert.ok('cause' in error);
          assert.equal(error.cause, thrown);
        }
      }
    }
  });

  test('a getAccessToken that never settles is TIMEOUT, and its signal is aborted', async () => {
    let signal;
    const getAccessToken = (context) => ((signal = context.signal), new Promise(() => {}));
    const client = clientOver(() => assert.fail('sent'), { auth: { getAccessToken }, timeout: 20 });
    const error = await failure(client.getOAuthApp(ID));
    assert.deepEqual([error.code, signal.aborted], ['TIMEOUT', true]);
    assert.match(error.message, /getAccessToken .*20 ms/);
  });
});

describe('client credentials on the emulator', () => {
  /** Returns an app's credentials, and the client that has created it. */
  async function manager() {
    const { emulator, client } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Manager' });
    const clientSecret = (await client.generateOAuthAppSecret(id)).reveal();
    return { emulator, client, id, auth: { clientId: id, clientSecret } };
  }

  test('manage the apps of the site until the app is deleted', async () => {
    const { emulator, client, id, auth } = await manager();
    const own = createClient({ auth, fetch: emulator.fetch });
    const apps = await many(20, (at) => own.createOAuthApp({ name: `Shop ${at}` }));
    assert.equal(new Set(apps.map((app) => app.id)).size, 20);
    assert.equal(emulator.requests.filter(isTokenRequest).length, 1);
    await client.deleteOAuthApp(id);
    const error = await failure(own.queryOAuthApps());
    assert.equal(error.code, 'UNAUTHENTICATED');
    assert.match(error.message, /deleted/);
    assert.ok(!error.message.includes(auth.clientSecret));
  });

  test('with a wrong secret are refused without showing it', async () => {
    const { emulator, auth } = await manager();
    const wrong = createClient({ auth: { ...auth, clientSecret: SECRET }, fetch: emulator.fetch });
    const error = await failure(wrong.createOAuthApp({ name: 'Shop' }));
    assert.deepEqual([error.code, error.operation], ['UNAUTHENTICATED', 'createOAuthApp']);
    assert.ok(!error.message.includes(SECRET));
  });
});
