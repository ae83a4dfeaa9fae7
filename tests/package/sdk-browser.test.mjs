// The official SDK in Chromium, with the emulator behind a socket: a login with redirects, and one in a frame.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { launch, openPage } from './support/chromium.mjs';
import { serveEmulator } from './support/sdk.mjs';

const MEMBER = { email: 'member@example.com', password: 'correct horse' };
const PAGE = `<!doctype html><title>A client site</title><link rel="icon" href="data:," /><script src="/sdk.js"></script>`;

let browser;
let bundle;

before(async () => {
  // The SDK calls the service's host; in this page the service has the origin of the page.
  const contents = `
    import { createClient, OAuthStrategy } from '@wix/sdk';
    const network = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const { hostname, pathname, search } = new URL(input, location.href);
      return network(hostname === 'www.wixapis.com' ? pathname + search : input, init);
    };
    globalThis.visitorOf = (clientId) => createClient({ auth: OAuthStrategy({ clientId }) });`;
  const options = { bundle: true, write: false, format: 'iife', platform: 'browser', logLevel: 'silent' };
  const [started, built] = await Promise.all([
    launch(),
    build({ ...options, stdin: { contents, resolveDir: import.meta.dirname } }),
  ]);
  browser = started;
  bundle = built.outputFiles[0].text;
});
after(() => browser?.close());

/** Starts a client site with an emulator, and creates an app with the lists that `lists` returns for the site's host. */
async function site(t, lists) {
  const emulator = await createEmulator({ members: [MEMBER] });
  const { port, close } = await serveEmulator(emulator, (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/sdk.js') return response.writeHead(200, { 'content-type': 'text/javascript' }).end(bundle);
    if (['/', '/callback'].includes(pathname))
      return response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    return false;
  });
  t.after(close);
  const { apiKey, siteId } = emulator.credentials;
  const headers = { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' };
  const body = JSON.stringify({ oAuthApp: { name: 'Shop', ...lists(`127.0.0.1:${port}`) } });
  const response = await emulator.fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps', {
    method: 'POST',
    headers,
    body,
  });
  const clientId = (await response.json()).oAuthApp.id;
  const url = `http://127.0.0.1:${port}/`;
  const { page, problems, close: closePage } = await openPage(browser, { url });
  t.after(closePage);
  return { emulator, clientId, url, page, problems };
}

const infoOf = async (emulator, token) => {
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', headers, body: JSON.stringify({ token }) };
  return (await emulator.fetch('https://www.wixapis.com/oauth2/token-info', request)).json();
};

test('a member logs in with redirects, returns with a code, and stays logged in', async (t) => {
  const { emulator, clientId, url, page, problems } = await site(t, (host) => ({
    allowedRedirectUris: [`http://${host}/callback`],
    allowedRedirectDomains: [host],
  }));
  const logIn = async (prompt) => {
    const data = await page.evaluate(
      async (id, redirectUri, prompt) => {
        const { auth } = globalThis.visitorOf(id);
        const data = auth.generateOAuthData(redirectUri);
        const { authUrl } = await auth.getAuthUrl(data, { prompt });
        return { ...data, authUrl };
      },
      clientId,
      `${url}callback`,
      prompt,
    );
    await page.goto(data.authUrl);
    assert.ok(page.url().startsWith(`${url}callback#code=`), page.url());
    return page.evaluate(
      async (id, data) => {
        const { auth } = globalThis.visitorOf(id);
        const { code, state } = auth.parseFromUrl();
        const tokens = await auth.getMemberTokens(code, state, data);
        auth.setTokens(tokens);
        const { logoutUrl } = await auth.logout(new URL('/', location.href).href);
        return { tokens, logoutUrl };
      },
      clientId,
      data,
    );
  };
  const first = await logIn('login');
  const second = await logIn('none');
  const [one, two] = await Promise.all([first, second].map(({ tokens }) => infoOf(emulator, tokens.accessToken.value)));
  assert.deepEqual([one.subjectType, two.subjectType], ['MEMBER', 'MEMBER']);
  assert.equal(one.subjectId, two.subjectId);
  await page.goto(second.logoutUrl);
  assert.equal(page.url(), url);
  assert.deepEqual(await infoOf(emulator, second.tokens.accessToken.value), { active: false });
  assert.deepEqual(problems, []);
});

test('a login with email address and password posts the code from a frame', async (t) => {
  const { emulator, clientId, page, problems } = await site(t, (host) => ({ allowedRedirectDomains: [host] }));
  const tokens = await page.evaluate(
    async (id, member) => {
      const { auth } = globalThis.visitorOf(id);
      const { data } = await auth.login(member);
      return auth.getMemberTokensForDirectLogin(data.sessionToken);
    },
    clientId,
    MEMBER,
  );
  assert.equal((await infoOf(emulator, tokens.accessToken.value)).subjectType, 'MEMBER');
  assert.deepEqual(problems, []);
});

test('a frame on an unlisted site receives no message', async (t) => {
  const { clientId, page } = await site(t, () => ({ allowedRedirectDomains: ['shop.example.com'] }));
  const heard = await page.evaluate(
    async (id, member) => {
      const { auth } = globalThis.visitorOf(id);
      const { data } = await auth.login(member);
      const messages = [];
      addEventListener('message', (event) => messages.push(event.data));
      const challenge = auth.generateOAuthData('');
      const { authUrl } = await auth.getAuthUrl(
        { ...challenge, redirectUri: undefined },
        { prompt: 'none', responseMode: 'web_message', sessionToken: data.sessionToken },
      );
      const frame = document.body.appendChild(document.createElement('iframe'));
      const loaded = new Promise((resolve) => (frame.onload = resolve));
      frame.src = authUrl;
      await loaded;
      // Messages arrive in order, so this one arrives after any earlier one.
      await new Promise((resolve) => {
        addEventListener('message', ({ data }) => data === 'last' && resolve());
        postMessage('last', '*');
      });
      return messages;
    },
    clientId,
    MEMBER,
  );
  assert.deepEqual(heard, ['last']);
});
