// The official SDK on the emulator: visitors, members, their tokens, and the service's own pages.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppStrategy, createClient } from '@wix/sdk';
import { oAuthApps } from '@wix/auth-management';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { createApp, CALLBACK, emulatedSdk, open, serveEmulator, shopApp, visitorOf } from './support/sdk.mjs';

const HOURS_4 = 4 * 3600 * 1000;
const MEMBER = { email: 'member@example.com', password: 'correct horse' };

/** Returns an emulator with an app, and the SDK of a visitor of its client site. */
async function visited(t, options) {
  const { emulator, server } = await emulatedSdk(t, { members: [MEMBER], ...options });
  const app = await shopApp(server);
  const visitor = visitorOf(app._id);
  visitor.auth.setTokens(await visitor.auth.generateVisitorTokens());
  return { emulator, server, app, visitor };
}

/** Returns the service's information about an access token. */
const infoOf = (accessToken) => AppStrategy({ appId: 'x', accessToken }).getTokenInfo();

/** Logs a member in, and returns the tokens. */
async function logIn(visitor, { responseMode = 'fragment', ...more } = {}) {
  const data = visitor.auth.generateOAuthData(CALLBACK, 'https://shop.example.com/account');
  const { authUrl } = await visitor.auth.getAuthUrl(data, { prompt: 'login', responseMode, ...more });
  const { status, location, page, cookie } = await open(authUrl);
  assert.equal(status, 302, page);
  const { code, state } = visitor.auth.parseFromUrl(location, responseMode);
  assert.equal(state, data.state);
  return { data, code, state, location, cookie, tokens: await visitor.auth.getMemberTokens(code, state, data) };
}

describe('visitors', () => {
  test('get tokens that last four hours', async (t) => {
    const { app, visitor } = await visited(t);
    const { accessToken, refreshToken } = visitor.auth.getTokens();
    assert.ok(Math.abs(accessToken.expiresAt - (Date.now() / 1000 + 14_400)) < 60);
    assert.equal(refreshToken.role, 'visitor');
    const { active, subjectType, clientId, exp, iat } = await infoOf(accessToken.value);
    assert.deepEqual([active, subjectType, clientId, exp - iat], [true, 'VISITOR', app._id, 14_400]);
  });

  test('renew them, and keep their identity', async (t) => {
    const { emulator, visitor } = await visited(t);
    const before = visitor.auth.getTokens();
    const { subjectId } = await infoOf(before.accessToken.value);
    emulator.advance(HOURS_4);
    assert.deepEqual(await infoOf(before.accessToken.value), { active: false });
    const renewed = await visitor.auth.renewToken(before.refreshToken);
    assert.deepEqual(renewed.refreshToken, before.refreshToken);
    assert.equal((await infoOf(renewed.accessToken.value)).subjectId, subjectId);
    const again = await visitor.auth.generateVisitorTokens({ refreshToken: before.refreshToken });
    assert.equal((await infoOf(again.accessToken.value)).subjectId, subjectId);
  });

  test('do not manage apps', async (t) => {
    const { app, visitor } = await visited(t);
    await assert.rejects(visitor.use(oAuthApps).getOAuthApp(app._id), /PERMISSION_DENIED/);
  });

  test('of an unknown app are refused', async (t) => {
    await visited(t);
    const { auth } = visitorOf('00000000-0000-4000-8000-000000000000');
    await assert.rejects(auth.generateVisitorTokens(), /"error":"invalid_client"/);
  });
});

describe('members', () => {
  for (const responseMode of ['fragment', 'query']) {
    test(`log in with response mode ${responseMode}`, async (t) => {
      const { app, visitor } = await visited(t);
      const { location, tokens } = await logIn(visitor, { responseMode });
      assert.ok(location.startsWith(`${CALLBACK}${responseMode === 'query' ? '?' : '#'}code=`), location);
      visitor.auth.setTokens(tokens);
      assert.ok(visitor.auth.loggedIn());
      const { subjectType, clientId } = await infoOf(tokens.accessToken.value);
      assert.deepEqual([subjectType, clientId], ['MEMBER', app._id]);
      const renewed = await visitor.auth.renewToken(tokens.refreshToken);
      assert.equal((await infoOf(renewed.accessToken.value)).subjectType, 'MEMBER');
    });
  }

  test('log in over a socket', async (t) => {
    const emulator = await createEmulator({ members: [MEMBER] });
    const { port, close } = await serveEmulator(emulator);
    const network = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const { pathname, search } = new URL(input);
      return network(`http://127.0.0.1:${port}${pathname}${search}`, init);
    };
    t.after(() => ((globalThis.fetch = network), close()));
    const { apiKey, siteId } = emulator.credentials;
    const body = JSON.stringify({ oAuthApp: { name: 'Shop', allowedRedirectUris: [CALLBACK] } });
    const headers = { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' };
    const response = await fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps', { method: 'POST', headers, body });
    const { oAuthApp } = await response.json();
    const visitor = visitorOf(oAuthApp.id);
    const { authUrl } = await visitor.auth.getAuthUrl(visitor.auth.generateOAuthData(CALLBACK));
    assert.ok(authUrl.startsWith(`http://127.0.0.1:${port}/_api/oauth2/authorize?`), authUrl);
    const { tokens } = await logIn(visitor);
    assert.equal((await infoOf(tokens.accessToken.value)).subjectType, 'MEMBER');
  });

  test('receive a message if the page is in a frame', async (t) => {
    const { visitor } = await visited(t);
    const data = visitor.auth.generateOAuthData(CALLBACK);
    const { authUrl } = await visitor.auth.getAuthUrl(data, { prompt: 'login', responseMode: 'web_message' });
    const { status, page } = await open(authUrl);
    assert.equal(status, 200);
    const { code, state } = JSON.parse(/const message = (.*);\n/.exec(page)[1]);
    assert.ok(page.includes('["https://shop.example.com"]'), page);
    assert.equal((await visitor.auth.getMemberTokens(code, state, data)).refreshToken.role, 'member');
  });

  test('are not redirected to an unlisted URI, even if it differs by a slash', async (t) => {
    const { visitor } = await visited(t);
    for (const responseMode of ['fragment', 'query', 'web_message']) {
      const data = visitor.auth.generateOAuthData(`${CALLBACK}/`);
      const { authUrl } = await visitor.auth.getAuthUrl(data, { prompt: 'login', responseMode });
      const { status, location, page } = await open(authUrl);
      assert.deepEqual([status, location], [400, null]);
      assert.match(page, /Invalid redirect URI/);
    }
  });

  test('use a code once, with its verifier', async (t) => {
    const { visitor } = await visited(t);
    const { data, code, state } = await logIn(visitor);
    await assert.rejects(visitor.auth.getMemberTokens(code, state, data), /"error":"invalid_grant"/);
    const other = visitor.auth.generateOAuthData(CALLBACK);
    const { authUrl } = await visitor.auth.getAuthUrl(data);
    const fresh = visitor.auth.parseFromUrl((await open(authUrl)).location);
    const mixed = { ...data, codeVerifier: other.codeVerifier };
    await assert.rejects(visitor.auth.getMemberTokens(fresh.code, fresh.state, mixed), /"error":"invalid_grant"/);
  });

  test('need no prompt if they are logged in', async (t) => {
    const { visitor } = await visited(t);
    const data = visitor.auth.generateOAuthData(CALLBACK);
    const silently = async (headers) => {
      const { authUrl } = await visitor.auth.getAuthUrl(data, { prompt: 'none', responseMode: 'query' });
      return visitor.auth.parseFromUrl((await open(authUrl, headers)).location, 'query');
    };
    const { error, state } = await silently();
    assert.deepEqual([error, state], ['login_required', data.state]);
    const { tokens, cookie } = await logIn(visitor);
    const byCookie = await silently({ cookie });
    assert.equal((await visitor.auth.getMemberTokens(byCookie.code, data.state, data)).refreshToken.role, 'member');
    visitor.auth.setTokens(tokens);
    const byToken = await silently();
    const again = await visitor.auth.getMemberTokens(byToken.code, data.state, data);
    const subjects = await Promise.all([tokens, again].map(({ accessToken }) => infoOf(accessToken.value)));
    assert.equal(subjects[0].subjectId, subjects[1].subjectId);
  });

  test('log out: their tokens are revoked, and they are redirected back', async (t) => {
    const { visitor } = await visited(t);
    const { tokens, cookie } = await logIn(visitor);
    visitor.auth.setTokens(tokens);
    const { logoutUrl } = await visitor.auth.logout('https://shop.example.com/bye?x=1');
    assert.ok(!visitor.auth.loggedIn());
    const { status, location } = await open(logoutUrl, { cookie });
    assert.deepEqual([status, location], [302, 'https://shop.example.com/bye?x=1']);
    await assert.rejects(visitor.auth.renewToken(tokens.refreshToken), /"error":"invalid_grant"/);
    assert.deepEqual(await infoOf(tokens.accessToken.value), { active: false });
    const visitorAgain = await visitor.auth.generateVisitorTokens(tokens);
    assert.equal(visitorAgain.refreshToken.role, 'member', 'the SDK believes a token that has not expired');
    const { refreshToken } = tokens;
    assert.equal((await visitor.auth.generateVisitorTokens({ refreshToken })).refreshToken.role, 'visitor');
  });

  test('are not redirected to an unlisted domain', async (t) => {
    const { visitor } = await visited(t);
    for (const url of ['https://evil.example/', 'http://shop.example.com/', 'https://www.shop.example.com/']) {
      const { logoutUrl } = await visitor.auth.logout(url);
      const { status, page } = await open(logoutUrl);
      assert.equal(status, 403);
      assert.ok(page.includes(`${url} isn't listed as an allowed redirect domain.`), page);
    }
  });

  test('log in and register with email address and password', async (t) => {
    const { visitor } = await visited(t);
    const results = [];
    for (const [way, email, password] of [
      ['login', MEMBER.email, 'wrong'],
      ['login', 'new@example.com', 'pass'],
      ['register', 'new', 'pass'],
      ['register', MEMBER.email, 'pass'],
      ['register', 'new@example.com', 'pass'],
      ['login', 'new@example.com', 'pass'],
    ]) {
      const { loginState, errorCode } = await visitor.auth[way]({ email, password });
      results.push(errorCode ?? loginState);
    }
    assert.deepEqual(results, [
      'invalidPassword',
      'invalidEmail',
      'invalidEmail',
      'emailAlreadyExists',
      'SUCCESS',
      'SUCCESS',
    ]);
  });

  test('use the session token of such a login on the authorize page', async (t) => {
    const { visitor } = await visited(t);
    const { data } = await visitor.auth.login(MEMBER);
    const { tokens } = await logIn(visitor, { prompt: 'none', sessionToken: data.sessionToken });
    assert.equal((await infoOf(tokens.accessToken.value)).subjectType, 'MEMBER');
  });
});

describe('buyers', () => {
  test('return from a checkout to a listed domain only', async (t) => {
    const { visitor } = await visited(t);
    for (const [callbacks, expected] of [
      [{ postFlowUrl: 'https://shop.example.com/cart' }, [302, 'https://shop.example.com/cart']],
      [
        { postFlowUrl: 'https://shop.example.com/cart', thankYouPageUrl: 'https://shop.example.com/thanks' },
        [302, 'https://shop.example.com/thanks'],
      ],
      [{ postFlowUrl: 'http://shop.example.com/cart' }, [403, null]],
      [{ postFlowUrl: 'https://shop.example.com.evil.example/' }, [403, null]],
    ]) {
      const checkout = { ecomCheckout: { checkoutId: '00000000-0000-4000-8000-000000000000' }, callbacks };
      const { redirectSession } = await visitor.redirects.createRedirectSession(checkout);
      const { status, location, page } = await open(redirectSession.fullUrl);
      assert.deepEqual([status, location], expected);
      if (status === 403) assert.match(page, /isn't listed as an allowed redirect domain\./);
    }
  });
});

describe("an app's own server", () => {
  test('manages the apps of its site with its secret until the app is deleted', async (t) => {
    const { emulator, server, app } = await visited(t);
    const { oAuthAppSecret } = await server.oAuthApps.generateOAuthAppSecret(app._id);
    const auth = AppStrategy({ appId: app._id, appSecret: oAuthAppSecret, instanceId: 'an instance' });
    const own = createClient({ auth, modules: { oAuthApps } });
    const other = await createApp(own, { name: 'Another' });
    assert.deepEqual(await server.oAuthApps.getOAuthApp(other._id), other);
    await server.oAuthApps.deleteOAuthApp(app._id);
    await assert.rejects(own.oAuthApps.getOAuthApp(other._id), /UNAUTHENTICATED/);
    const log = JSON.stringify(emulator.requests) + JSON.stringify(emulator.snapshot());
    assert.ok(!log.includes(oAuthAppSecret));
  });
});

test('the client ID and the tokens of a deleted app are refused at once', async (t) => {
  const { server, app, visitor } = await visited(t);
  const { tokens } = await logIn(visitor);
  const { authUrl } = await visitor.auth.getAuthUrl(visitor.auth.generateOAuthData(CALLBACK));
  await server.oAuthApps.deleteOAuthApp(app._id);
  assert.equal((await open(authUrl)).status, 400);
  for (const { accessToken, refreshToken } of [tokens, visitor.auth.getTokens()]) {
    assert.deepEqual(await infoOf(accessToken.value), { active: false });
    await assert.rejects(visitor.auth.renewToken(refreshToken), /"error":"invalid_client"/);
  }
  await assert.rejects(visitor.auth.getAuthUrl(), /UNAUTHENTICATED/);
});

test('the log and the state contain no token, code or session', async (t) => {
  const { emulator, visitor } = await visited(t);
  const visitorTokens = visitor.auth.getTokens();
  const { data, code, tokens } = await logIn(visitor);
  const login = await visitor.auth.login(MEMBER);
  const { authUrl } = await visitor.auth.getAuthUrl(data, { prompt: 'none', sessionToken: login.data.sessionToken });
  await open(authUrl);
  const kept = JSON.stringify([emulator.requests, emulator.snapshot(), emulator.changes()]);
  const secrets = [visitorTokens, tokens].flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
  for (const secret of [...secrets.map(({ value }) => value), code, data.codeVerifier, login.data.sessionToken]) {
    assert.ok(secret.length > 20 && !kept.includes(secret), secret);
  }
  assert.ok(!kept.includes(MEMBER.password));
});
