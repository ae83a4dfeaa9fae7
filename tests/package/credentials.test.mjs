// The four ways to authenticate; above all the tokens that the client gets itself.
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
const isMint = ({ path, url }) => (path ?? new URL(url, 'http://localhost').pathname) === '/oauth2/token';
const many = (count, call) => Promise.all(Array.from({ length: count }, (_, at) => call(at)));

describe('client credentials, over a real token endpoint', () => {
  let server;
  let mint;
  let serve;
  before(async () => {
    server = await listen((request, response) => (isMint(request) ? mint : serve)(request, response));
  });
  after(() => server.close());
  beforeEach(() => {
    server.requests.length = 0;
    serve = respond(APP);
    let minted = 0;
    mint = (...exchange) =>
      respond({ access_token: `token-${(minted += 1)}`, token_type: 'Bearer', expires_in: 14_400 })(...exchange);
  });
  const connect = (options = {}) =>
    createClient({ auth: AUTH, baseUrl: server.url, retry: { baseDelay: 1 }, ...options });
  const mints = () => server.requests.filter(isMint);
  const tokens = () =>
    server.requests.filter((request) => !isMint(request)).map(({ headers }) => headers.authorization);

  test('a token is asked for as RFC 6749 has it, without any other credential', async () => {
    await connect({ siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' }).getOAuthApp(ID, {
      headers: { 'x-trace': 'abc' },
    });
    const [{ method, url, headers, body }] = server.requests;
    assert.deepEqual([method, url, headers['content-type']], ['POST', '/oauth2/token', 'application/json']);
    assert.deepEqual(JSON.parse(body), { grant_type: 'client_credentials', client_id: ID, client_secret: SECRET });
    assert.equal('authorization' in headers || 'wix-site-id' in headers, false);
    assert.deepEqual(tokens(), ['token-1']);
    assert.equal(server.requests[1].headers['wix-site-id'], '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11');
    assert.equal(server.requests[1].headers['x-trace'], 'abc');
  });

  test('the app instance goes along where there is one', async () => {
    await connect({ auth: { ...AUTH, instanceId: NOBODY } }).getOAuthApp(ID);
    assert.equal(JSON.parse(server.requests[0].body).instance_id, NOBODY);
  });

  test('no token before the first call, one for all that follow, whatever they do', async () => {
    serve = respond({ ...APP, oAuthApps: [], oAuthAppSecret: 's', pagingMetadata: {} });
    const client = connect();
    await idle();
    assert.equal(server.requests.length, 0);
    for (const operation of OPERATIONS) await operation.call(client).catch(() => {});
    assert.equal(mints().length, 1);
    assert.deepEqual(new Set(tokens()), new Set(['token-1']));
  });

  test('one request for fifty callers who wait', async () => {
    const client = connect();
    const apps = await many(50, () => client.getOAuthApp(ID));
    assert.equal(apps.length, 50);
    assert.equal(mints().length, 1);
    assert.deepEqual(tokens(), Array(50).fill('token-1'));
  });

  test('another client asks for its own', async () => {
    await Promise.all([connect().getOAuthApp(ID), connect().getOAuthApp(ID)]);
    assert.equal(mints().length, 2);
  });

  test('a token that the service takes no more is replaced once, for all who had it', async () => {
    let valid = 'token-1';
    serve = (request, response) =>
      respond(APP, { status: request.headers.authorization === valid ? 200 : 401 })(request, response);
    const { onEvent, of } = listener();
    const client = connect({ onEvent });
    await client.getOAuthApp(ID);
    valid = 'token-2';
    await many(20, () => client.getOAuthApp(ID));
    await client.createOAuthApp({ name: 'Shop' });
    assert.equal(mints().length, 2);
    assert.equal(of('token').length, 2);
  });

  test('a create goes out again with the new token: a 401 did nothing', async () => {
    let first = true;
    serve = (request, response) =>
      (first ? ((first = false), respond('', { status: 401 })) : respond(APP))(request, response);
    assert.deepEqual(await connect({ retry: false }).createOAuthApp({ name: 'Shop' }), APP.oAuthApp);
    assert.deepEqual(tokens(), ['token-1', 'token-2']);
  });

  test('a new token that is refused as well is told: UNAUTHENTICATED', async () => {
    serve = respond({ message: 'who?' }, { status: 401 });
    const error = await failure(connect().getOAuthApp(ID));
    assert.deepEqual([error.code, error.status, error.attempts], ['UNAUTHENTICATED', 401, 2]);
    assert.match(error.message, /who\?/);
    assert.equal(mints().length, 2);
  });

  for (const [what, body, status, code, message] of [
    [
      'an unknown client',
      { error: 'invalid_client', error_description: 'no such app' },
      400,
      'UNAUTHENTICATED',
      /no such app/,
    ],
    ['an unknown client, as a 401', { error: 'invalid_client' }, 401, 'UNAUTHENTICATED', /invalid_client/],
    [
      'a request that it does not take',
      { error: 'unsupported_grant_type' },
      400,
      'INVALID_ARGUMENT',
      /unsupported_grant/,
    ],
    ['a forbidden one', { message: 'no' }, 403, 'PERMISSION_DENIED', /no/],
    ['no token', { token_type: 'Bearer' }, 200, 'BAD_RESPONSE', /access_token/],
    ['a token that is no text', { access_token: 5 }, 200, 'BAD_RESPONSE', /access_token/],
    ['a token that no header can carry', { access_token: 'a\nb' }, 200, 'BAD_RESPONSE', /header/],
    ['an empty token', { access_token: '' }, 200, 'BAD_RESPONSE', /./],
    ['a page of HTML', '<html>', 200, 'BAD_RESPONSE', /HTML/],
    ['an empty body', '', 200, 'BAD_RESPONSE', /empty/],
  ]) {
    test(`${what} is asked for once, and fails everybody who waits with ${code}`, async () => {
      mint = respond(body, { status, headers: { 'x-wix-request-id': '4711' } });
      const client = connect();
      const errors = await many(50, (at) =>
        failure(at % 2 ? client.getOAuthApp(ID) : client.createOAuthApp({ name: 'Shop' })),
      );
      errors.forEach((error, at) => {
        assert.equal(error.code, code);
        assert.equal(error.operation, at % 2 ? 'getOAuthApp' : 'createOAuthApp');
        assert.match(error.message, message);
      });
      assert.equal(server.requests.length, 1);
      // Whoever comes later may be luckier.
      mint = respond({ access_token: 'late' });
      assert.deepEqual(await client.getOAuthApp(ID), APP.oAuthApp);
      assert.deepEqual(tokens(), ['late']);
    });
  }

  test('a token is asked for again like everything that does the same each time', async () => {
    const faults = [
      respond('', { status: 503 }),
      (_, response) => response.socket.resetAndDestroy(),
      respond({ access_token: 'third' }),
    ];
    mint = (...exchange) => faults.shift()(...exchange);
    const { onEvent, of } = listener();
    // Even for a create: it was not sent yet.
    assert.deepEqual(await connect({ onEvent }).createOAuthApp({ name: 'Shop' }), APP.oAuthApp);
    assert.equal(mints().length, 3);
    assert.deepEqual(tokens(), ['third']);
    assert.deepEqual(
      of('retry').map(({ code }) => code),
      ['SERVER_ERROR', 'NETWORK'],
    );
  });

  test('a token that cannot be had is a failure of the token: a create is not unknown', async () => {
    mint = respond('', { status: 500 });
    const error = await failure(connect().createOAuthApp({ name: 'Shop' }));
    assert.equal(error.code, 'SERVER_ERROR');
    assert.equal(mints().length, 3);
    assert.deepEqual(tokens(), []);
  });

  test('a token endpoint that never answers is TIMEOUT', async () => {
    mint = () => {};
    const error = await failure(connect({ timeout: 40, retry: false }).createOAuthApp({ name: 'Shop' }));
    assert.equal(error.code, 'TIMEOUT');
  });

  test('the first to wait gives up: the others get their token all the same', async () => {
    let release;
    const asked = new Promise((resolve) => (release = resolve));
    const held = mint;
    mint = (...exchange) => (release(), setTimeout(held, 30, ...exchange));
    const client = connect();
    const controller = new AbortController();
    const first = failure(client.getOAuthApp(ID, { signal: controller.signal }));
    const others = many(10, () => client.getOAuthApp(ID));
    await asked;
    controller.abort('enough');
    const error = await first;
    assert.deepEqual([error.code, error.cause], ['ABORTED', 'enough']);
    assert.equal((await settled(others)).length, 10);
    assert.ok(mints().length <= 2);
  });

  test('one in the middle of those who wait gives up: nobody else notices', async () => {
    const client = connect();
    const controller = new AbortController();
    const calls = Array.from({ length: 9 }, (_, at) => {
      const call = client.getOAuthApp(ID, at === 4 ? { signal: controller.signal } : {});
      return call.then(
        () => 'success',
        ({ code }) => code,
      );
    });
    controller.abort();
    const outcomes = await settled(Promise.all(calls));
    assert.deepEqual(
      outcomes,
      outcomes.map((_, at) => (at === 4 ? 'ABORTED' : 'success')),
    );
    assert.equal(mints().length, 1);
  });

  test('all who wait give up: the next one is served', async () => {
    const held = mint;
    mint = () => {};
    const client = connect();
    const controller = new AbortController();
    const calls = many(5, () => failure(client.getOAuthApp(ID, { signal: controller.signal })));
    await idle();
    controller.abort();
    for (const { code } of await calls) assert.equal(code, 'ABORTED');
    mint = held;
    assert.deepEqual(await client.getOAuthApp(ID), APP.oAuthApp);
  });
});

describe('the life of a token', () => {
  /** A client whose service hands out tokens of that life. */
  function living(t, expiresIn) {
    const clock = stopClock(t);
    let minted = 0;
    const { fetch, requests } = scripted((request) =>
      answer(isMint(request) ? { access_token: `token-${(minted += 1)}`, expires_in: expiresIn } : APP),
    );
    const { onEvent, of } = listener();
    const client = clientOver(fetch, { auth: AUTH, onEvent });
    const token = async () => (await client.getOAuthApp(ID), requests.at(-1).headers.Authorization);
    return { clock, token, of };
  }

  for (const [what, expiresIn, lasts] of [
    ['of four hours is renewed a minute before its end', 14_400, 14_340_000],
    ['of ten minutes too', 600, 540_000],
    ['of a minute is renewed when a tenth of it is left', 60, 54_000],
    ['whose life comes as text', '600', 540_000],
  ]) {
    test(`one ${what}`, async (t) => {
      const { clock, token } = living(t, expiresIn);
      assert.equal(await token(), 'token-1');
      await clock.advance(lasts - 1);
      assert.equal(await token(), 'token-1');
      await clock.advance(1);
      assert.equal(await token(), 'token-2');
      await clock.advance(lasts - 1);
      assert.equal(await token(), 'token-2');
    });
  }

  test('one of no life serves the call it was asked for, and no other', async (t) => {
    const { token } = living(t, 0);
    assert.deepEqual([await token(), await token()], ['token-1', 'token-2']);
  });

  for (const expiresIn of [undefined, null, 'long', -5, {}]) {
    test(`one whose life is told as ${JSON.stringify(expiresIn)} is used until it is refused`, async (t) => {
      const { clock, token, of } = living(t, expiresIn);
      await token();
      await clock.advance(365 * 86_400_000);
      assert.equal(await token(), 'token-1');
      assert.equal('expiresIn' in of('token')[0], false);
    });
  }

  test('the event tells how long, and not which', async (t) => {
    const { token, of } = living(t, 14_400);
    await token();
    assert.deepEqual(of('token'), [{ type: 'token', operation: 'getOAuthApp', expiresIn: 14_400 }]);
  });
});

describe('credentials that the client did not get itself', () => {
  for (const [what, auth] of [
    ['an API key', { apiKey: 'IST.key' }],
    ['an access token', { accessToken: 'token' }],
    ['a callback', { getAccessToken: () => 'token' }],
  ]) {
    test(`${what} that is refused is told at once`, async () => {
      const { fetch, requests } = scripted(answer({ message: 'no' }, { status: 401 }));
      const error = await failure(
        clientOver(fetch, { auth, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11', retry: {} }).getOAuthApp(ID),
      );
      assert.deepEqual([error.code, error.attempts, requests.length], ['UNAUTHENTICATED', 1, 1]);
    });
  }

  for (const [what, thrown] of [
    ['an error', new Error('no token today')],
    ['text', 'no token today'],
    ['nothing', undefined],
    ['null', null],
    ['a number', 0],
    ['what looks like our own error', { name: 'OAuthAppsError', code: 'NOT_FOUND', operation: 'x', message: 'y' }],
  ]) {
    test(`what getAccessToken throws, ${what}, arrives as it is, as the cause`, async () => {
      for (const getAccessToken of [
        () => Promise.reject(thrown),
        () => {
          throw thrown;
        },
      ]) {
        // prettier-ignore
        for (const operation of OPERATIONS) {
          const client = clientOver(() => assert.fail('sent'), { auth: { getAccessToken }, retry: { baseDelay: 0 } });
          const error = await failure(operation.call(client));
          assert.deepEqual([error.code, error.operation, error.attempts], ['UNAUTHENTICATED', operation.name, 0]);
          assert.ok('cause' in error);
          assert.equal(error.cause, thrown);
        }
      }
    });
  }

  test('a callback is asked before each attempt, so that a token that has run out is replaced', async () => {
    let asked = 0;
    const getAccessToken = () => `token-${(asked += 1)}`;
    const { fetch, requests } = scripted(answer('', { status: 503 }), answer(APP));
    await clientOver(fetch, { auth: { getAccessToken }, retry: { baseDelay: 0 } }).getOAuthApp(ID);
    assert.deepEqual(
      requests.map(({ headers }) => headers.Authorization),
      ['token-1', 'token-2'],
    );
  });

  test('a callback that fails after an attempt tells how often was sent', async () => {
    let asked = 0;
    const getAccessToken = () => (asked++ ? assert.fail('none left') : 'token');
    const { fetch } = scripted(answer('', { status: 503 }));
    const error = await failure(
      clientOver(fetch, { auth: { getAccessToken }, retry: { baseDelay: 0 } }).getOAuthApp(ID),
    );
    assert.deepEqual([error.code, error.attempts], ['UNAUTHENTICATED', 1]);
  });
});

describe('client credentials on the emulator', () => {
  test('an app’s own ID and secret manage the apps of its site', async () => {
    const { emulator, client } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Manager' });
    const clientSecret = (await client.generateOAuthAppSecret(id)).reveal();
    const { onEvent, of } = listener();
    const manager = createClient({ auth: { clientId: id, clientSecret }, fetch: emulator.fetch, onEvent });
    const apps = await many(50, (at) => manager.createOAuthApp({ name: `Shop ${at}` }));
    assert.equal(new Set(apps.map((app) => app.id)).size, 50);
    assert.equal((await manager.queryOAuthApps({ paging: { limit: 100 } })).oAuthApps.length, 51);
    assert.equal(emulator.requests.filter(isMint).length, 1);
    assert.deepEqual(of('token'), [{ type: 'token', operation: 'createOAuthApp', expiresIn: 14_400 }]);
  });

  test('once the app is deleted, its token is refused, and so is a new one', async () => {
    const { emulator, client } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Manager' });
    const clientSecret = (await client.generateOAuthAppSecret(id)).reveal();
    const manager = createClient({ auth: { clientId: id, clientSecret }, fetch: emulator.fetch });
    await manager.queryOAuthApps();
    await client.deleteOAuthApp(id);
    const error = await failure(manager.queryOAuthApps());
    assert.equal(error.code, 'UNAUTHENTICATED');
    assert.match(error.message, /deleted/);
    assert.ok(!error.message.includes(clientSecret));
  });

  test('a wrong secret is refused without being shown', async () => {
    const { emulator, client } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Manager' });
    const wrong = createClient({ auth: { clientId: id, clientSecret: SECRET }, fetch: emulator.fetch });
    const error = await failure(wrong.createOAuthApp({ name: 'Shop' }));
    assert.deepEqual([error.code, error.operation], ['UNAUTHENTICATED', 'createOAuthApp']);
    assert.ok(!error.message.includes(SECRET));
  });
});
