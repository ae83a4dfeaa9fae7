// The console in a real browser: logins of the official SDK that it shows, and pages that must not reach it.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { createClient, OAuthStrategy } from '@wix/sdk';
import { launch } from 'puppeteer-core';
import { allApps, create } from './support/apps.mjs';
import { serve } from './support/emulate.mjs';

const GUID = '11111111-1111-4111-8111-111111111111';
const EVIL = 'evil.example';

describe('in a real browser', { skip: !process.env.CHROME && 'no browser: CHROME is not set' }, () => {
  let browser;
  let site;
  let sitePort;
  before(async () => {
    site = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A client site</title>'),
    );
    await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
    sitePort = site.address().port;
    browser = await launch({
      executablePath: process.env.CHROME,
      args: ['--no-sandbox', `--host-resolver-rules=MAP ${EVIL} 127.0.0.1`],
    });
  });
  after(async () => {
    await browser?.close();
    site?.close();
  });

  test('a member logs in with the official SDK, while the console shows the requests', async (t) => {
    const callback = `http://127.0.0.1:${sitePort}/callback`;
    const server = await serve([
      ...['--quiet', '--login', 'interactive', '--app', `name=Storefront,id=${GUID},redirect=${callback}`],
      ...['--member', 'first@example.com:1', '--member', 'second@example.com:2'],
    ]);
    t.after(() => server.stop());
    const network = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const { hostname, pathname, search } = new URL(input.url ?? input);
      return network(hostname === 'www.wixapis.com' ? server.url + pathname + search : input, init);
    };
    t.after(() => (globalThis.fetch = network));

    const faults = [];
    const console = await browser.newPage();
    console.on('pageerror', (error) => faults.push(error.message));
    console.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    await console.goto(`${server.url}/`);
    await console.locator('::-p-text(Storefront)').wait();
    await console.locator('::-p-aria([name="Requests"][role="link"])').click();
    await console.locator('::-p-text(Live: new requests appear by themselves.)').wait();

    const visitor = createClient({ auth: OAuthStrategy({ clientId: GUID }) });
    const data = visitor.auth.generateOAuthData(callback);
    const { authUrl } = await visitor.auth.getAuthUrl(data, { responseMode: 'query' });
    const tab = await browser.newPage();
    await tab.goto(authUrl);
    assert.equal(await tab.title(), 'Log in');
    await tab.locator('::-p-aria([name="E-mail address"][role="textbox"])').fill('second@example.com');
    await tab.locator('::-p-aria([name="Password"])').fill('wrong');
    await tab.locator('::-p-aria([name="Log in"][role="button"])').click();
    await tab.locator('::-p-text(The password is not that of second@example.com.)').wait();
    const arrived = tab.waitForNavigation();
    await tab.locator('::-p-aria([name="Log in as second@example.com"][role="button"])').click();
    await arrived;
    assert.ok(tab.url().startsWith(`${callback}?`), tab.url());
    const { code, state } = visitor.auth.parseFromUrl(tab.url(), 'query');
    assert.equal(state, data.state);
    const { refreshToken, accessToken } = await visitor.auth.getMemberTokens(code, state, data);
    assert.equal(refreshToken.role, 'member');
    const info = await network(`${server.url}/oauth2/token-info`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: accessToken.value }),
    });
    const { members } = await (await network(`${server.url}/_emulator/members`)).json();
    assert.equal((await info.json()).subjectId, members[1].id);

    // The login goes on, unless the client asks for another one.
    const again = await visitor.auth.getAuthUrl(visitor.auth.generateOAuthData(callback), {
      responseMode: 'query',
      prompt: 'none',
    });
    await tab.goto(again.authUrl);
    assert.match(tab.url(), /[?&]code=/);

    // An unlisted redirect URI is explained, on the page and in the console.
    const wrong = await visitor.auth.getAuthUrl(visitor.auth.generateOAuthData(`${callback}s`), {
      responseMode: 'query',
    });
    await tab.goto(wrong.authUrl);
    assert.equal(await tab.title(), 'Invalid redirect URI');
    const note = await tab.$eval('aside', (element) => element.innerText);
    assert.match(note, /Note by the emulator/);
    assert.ok(note.includes(`nearest entry  ${callback}`), note);

    for (const text of [
      'POST /headless/v1/redirect-session|POST /_api/redirects-api/v1/redirect-session',
      'The password is not that of second@example.com.',
      'POST /oauth2/token',
      "isn't listed as an allowed redirect URI",
    ]) {
      await console.waitForFunction(
        (texts) => {
          const table = document.querySelector('table[aria-label="Requests to the server"]');
          return table !== null && texts.some((text) => table.innerText.replace(/\s+/g, ' ').includes(text));
        },
        { timeout: 5_000 },
        text.split('|'),
      );
    }
    const shown = await console.$eval('main', (element) => element.innerText);
    for (const secret of [code, data.codeVerifier, refreshToken.value, accessToken.value])
      assert.ok(!shown.includes(secret));
    assert.deepEqual(faults, []);
  });

  test('a page of another origin reaches neither the control interface nor the console', async (t) => {
    const server = await serve(['--quiet', '--allow-origin', `http://${EVIL}:${sitePort}`]);
    t.after(() => server.stop());
    const app = await create(server, { name: 'Shop' });
    for (const host of [EVIL, 'localhost', '127.0.0.1']) {
      const tab = await browser.newPage();
      await tab.goto(`http://${host}:${sitePort}/`);
      const results = await tab.evaluate(async (url) => {
        const attempt = (path, init) =>
          fetch(url + path, init).then(
            async (response) => [response.type, response.status, await response.text()],
            (error) => error.name,
          );
        const post = (mode, path, body) =>
          attempt(path, { method: 'POST', mode, headers: { 'content-type': 'text/plain' }, body });
        const embed = (name, attributes) =>
          new Promise((resolve) => {
            const element = Object.assign(document.createElement(name), attributes);
            element.onload = () => resolve(`${name} loaded`);
            element.onerror = () => resolve('error');
            document.body.append(element);
          });
        const frame = Object.assign(document.createElement('iframe'), { src: `${url}/_emulator/`, name: 'console' });
        const framed = new Promise((resolve) => (frame.onload = resolve));
        document.body.append(frame);
        const events = new EventSource(`${url}/_emulator/requests`);
        const followed = new Promise((resolve) => {
          events.onopen = () => resolve('open');
          events.onerror = () => resolve('error');
        });
        const form = Object.assign(document.createElement('form'), {
          method: 'post',
          action: `${url}/_emulator/reset`,
          target: 'console',
        });
        document.body.append(form);
        const answers = {
          state: await attempt('/_emulator/state'),
          requests: await attempt('/_emulator/requests'),
          page: await attempt('/_emulator/'),
          root: await attempt('/'),
          reset: await post('cors', '/_emulator/reset'),
          put: await attempt('/_emulator/clock', { method: 'PUT', body: '{"now":0}' }),
          remove: await attempt('/_emulator/faults', { method: 'DELETE' }),
          script: await embed('script', { src: `${url}/_emulator/requests` }),
          image: await embed('img', { src: `${url}/_emulator/favicon.svg` }),
          events: await followed,
          frame: await framed.then(() => {
            try {
              return frame.contentDocument?.title ?? null;
            } catch {
              return 'error';
            }
          }),
        };
        const opaque = await post('no-cors', '/_emulator/reset');
        await post('no-cors', '/_emulator/faults', '{"status":500,"times":"always"}');
        navigator.sendBeacon(`${url}/_emulator/reset`, '');
        const posted = new Promise((resolve) => (frame.onload = resolve));
        form.submit();
        await posted;
        return { ...answers, opaque: opaque.slice(0, 1) };
      }, server.url);
      const unreadable = ['state', 'requests', 'page', 'root', 'reset', 'put', 'remove'];
      assert.deepEqual(results, {
        ...Object.fromEntries(unreadable.map((name) => [name, 'TypeError'])),
        script: 'error',
        image: 'error',
        events: 'error',
        frame: null,
        opaque: ['opaque'],
      });
      // A window that the page opens is the console, and the page has no hold on it.
      const [target] = await Promise.all([
        new Promise((resolve) => browser.once('targetcreated', resolve)),
        tab.evaluate((url) => void (globalThis.opened = open(`${url}/_emulator/`)), server.url),
      ]);
      const opened = await target.page();
      await opened.locator('::-p-text(Shop)').wait();
      assert.equal(await tab.evaluate(() => globalThis.opened.closed), true, 'the windows are separated');
      await opened.close();
      await tab.close();
    }
    assert.deepEqual([...(await allApps(server)).keys()], [app.id]);
    const { requests } = await (await fetch(`${server.url}/_emulator/requests`)).json();
    assert.ok(requests.every(({ path }) => !path.startsWith('/_emulator')));
  });

  test('a page whose host leads to the server is not answered', async (t) => {
    const server = await serve(['--quiet']);
    t.after(() => server.stop());
    const { port } = new URL(server.url);
    const tab = await browser.newPage();
    for (const path of ['/', '/_emulator/', '/_emulator/state', '/_emulator/favicon.svg']) {
      const response = await tab.goto(`http://${EVIL}:${port}${path}`);
      assert.equal(response.status(), 421);
      assert.match(await tab.evaluate(() => document.body.innerText), /does not answer to the host evil\.example/);
    }
    const statuses = await tab.evaluate(() =>
      Promise.all(
        [
          ['GET', 'state'],
          ['POST', 'reset'],
          ['GET', 'requests'],
        ].map(async ([method, path]) => (await fetch(`/_emulator/${path}`, { method })).status),
      ),
    );
    assert.deepEqual(statuses, [421, 421, 421]);
  });
});
