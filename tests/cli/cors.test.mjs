// The web pages that may send requests to the server.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { launch } from 'puppeteer-core';
import { startServer } from 'wix-oauth-apps-cli';
import { allApps, create } from './support/apps.mjs';
import { ask, isShared } from './support/ask.mjs';
import { APPS, HEADERS, serve } from './support/emulate.mjs';

const LOOPBACK = [
  'http://localhost:5173',
  'https://localhost',
  'http://127.0.0.1:3000',
  'http://127.9.9.9',
  'http://[::1]:3000',
  'http://shop.localhost:8080',
];
const FOREIGN = [
  'http://evil.example',
  'https://localhost.evil.example',
  'http://127.0.0.1.nip.io',
  'http://evillocalhost',
  'http://10.0.0.1:8787',
  'null',
  'file://',
  'chrome-extension://abc',
  'http://localhost@evil.example',
  'http://localhost:3000, http://evil.example',
];
const PREFLIGHT = {
  'access-control-request-method': 'PATCH',
  'access-control-request-headers': 'authorization,content-type,wix-site-id,x-wix-consistent,x-anything',
  'access-control-request-private-network': 'true',
};

describe('a page', () => {
  let server;
  let apps;
  before(async () => {
    server = await serve([
      '--quiet',
      '--allow-origin',
      'https://SHOP.test:443/',
      '--allow-origin',
      'chrome-extension://ours',
    ]);
    await create(server, { name: 'Shop' });
    apps = await allApps(server);
  });
  after(() => server.stop());

  for (const origin of [...LOOPBACK, 'https://shop.test', 'chrome-extension://ours']) {
    test(`of ${origin} may send requests and read responses`, async () => {
      for (const path of [APPS, '/oauth2/token', '/healthz', '/nowhere']) {
        const answer = await ask(server, 'OPTIONS', path, { origin, ...PREFLIGHT });
        assert.deepEqual([answer.status, answer.text], [204, '']);
        assert.equal(answer.headers.get('access-control-allow-origin'), origin);
        assert.match(answer.headers.get('access-control-allow-methods'), /\bPATCH\b/);
        assert.equal(answer.headers.get('access-control-allow-headers'), PREFLIGHT['access-control-request-headers']);
        assert.equal(answer.headers.get('access-control-allow-private-network'), 'true');
        assert.match(answer.headers.get('vary'), /\borigin\b/);
      }
      for (const [method, path, headers, status] of [
        ['POST', `${APPS}/query`, HEADERS, 200],
        ['POST', APPS, {}, 401],
        ['GET', '/nowhere', {}, 404],
        ['GET', '/healthz', {}, 200],
        ['POST', APPS, { ...HEADERS, 'content-encoding': 'gzip', 'content-length': '0' }, 415],
      ]) {
        const answer = await ask(server, method, path, { ...headers, origin, 'sec-fetch-site': 'cross-site' });
        if (status !== 415) assert.equal(answer.status, status, path);
        assert.equal(answer.headers.get('access-control-allow-origin'), origin);
        assert.match(answer.headers.get('access-control-expose-headers'), /x-wix-request-id/);
      }
    });
  }

  for (const origin of FOREIGN) {
    test(`of ${origin} may do neither of them`, async () => {
      for (const path of [APPS, '/oauth2/token', '/healthz', '/nowhere']) {
        const answer = await ask(server, 'OPTIONS', path, { origin, ...PREFLIGHT });
        assert.equal(answer.status, 403, path);
        assert.match(answer.message, /--allow-origin/);
        assert.ok(!isShared(answer));
      }
      const draft = '{"oAuthApp":{"name":"Foreign"}}';
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json',
        'multipart/form-data; boundary=a',
      ]) {
        for (const extra of [
          {},
          { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
          { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
        ]) {
          const answer = await ask(server, 'POST', APPS, { ...HEADERS, ...extra, origin, 'content-type': type }, draft);
          assert.equal(answer.status, 403);
          assert.match(answer.message, /--allow-origin/);
          assert.ok(!isShared(answer));
        }
      }
      for (const [method, path] of [
        ['GET', `${APPS}/${[...apps.keys()][0]}`],
        ['POST', '/oauth2/token'],
        ['DELETE', `${APPS}/${[...apps.keys()][0]}`],
        ['GET', '/_pages/logout?client_id=a'],
      ]) {
        const answer = await ask(server, method, path, { ...HEADERS, origin });
        assert.equal(answer.status, 403, path);
        assert.ok(!isShared(answer));
      }
      const open = await ask(server, 'GET', '/healthz', { origin });
      assert.deepEqual([open.status, isShared(open)], [200, false]);
      assert.deepEqual(await allApps(server), apps);
    });
  }

  test('of any origin may link to the pages, and may embed nothing', async () => {
    const [id] = apps.keys();
    for (const [mode, extra, status] of [
      ['navigate', {}, 200],
      ['navigate', { origin: 'null' }, 200],
      ['navigate', { origin: 'https://evil.example' }, 200],
      ['no-cors', {}, 403],
    ]) {
      const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode, ...extra };
      assert.equal((await ask(server, 'GET', `/_pages/logout?client_id=${id}`, headers)).status, status, mode);
    }
    assert.equal(
      (
        await ask(server, 'GET', '/_api/oauth2/authorize', {
          'sec-fetch-site': 'cross-site',
          'sec-fetch-mode': 'navigate',
        })
      ).status,
      400,
    );
  });

  test('of the emulator itself may post forms, although its referrer policy hides its origin', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-mode': 'navigate' };
    const post = async (headers) => (await ask(server, 'POST', '/oauth2/token', { ...form, ...headers }, 'a=b')).status;
    assert.equal(await post({ origin: 'null', 'sec-fetch-site': 'same-origin' }), 400);
    assert.equal(await post({ origin: 'null', 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await post({ origin: 'null' }), 403);
  });

  test('of an allowed host may use the server under that host', async () => {
    const named = await startServer({ allowHosts: ['wix.test'] });
    const status = async (origin, host) => (await ask(named, 'POST', '/oauth2/token', { origin, host })).status;
    assert.equal(await status('http://wix.test:8787', 'wix.test:8787'), 400);
    assert.equal(await status('https://wix.test', 'wix.test'), 400);
    assert.equal(await status('http://wix.test:3000', 'wix.test:8787'), 403);
    await named.stop();
  });

  test('is not assumed for a client that is no browser', async () => {
    assert.ok(!isShared(await ask(server, 'GET', '/healthz', {})));
    // Node's `fetch` sends this header too.
    assert.equal((await ask(server, 'POST', `${APPS}/query`, { ...HEADERS, 'sec-fetch-mode': 'cors' })).status, 200);
  });
});

describe('in a real browser', { skip: !process.env.CHROME && 'no browser: CHROME is not set' }, () => {
  let server;
  let page;
  let browser;
  before(async () => {
    server = await serve(['--quiet']);
    page = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<title>A page</title>'),
    );
    await new Promise((resolve) => page.listen(0, '127.0.0.1', resolve));
    browser = await launch({
      executablePath: process.env.CHROME,
      args: ['--no-sandbox', '--host-resolver-rules=MAP evil.example 127.0.0.1'],
    });
  });
  after(async () => {
    await browser?.close();
    page?.close();
    await server?.stop();
  });

  const visit = async (host, port = page.address().port) => {
    const tab = await browser.newPage();
    const response = await tab.goto(`http://${host}:${port}/`);
    return { tab, status: response.status() };
  };

  for (const host of ['127.0.0.1', 'localhost', 'shop.localhost']) {
    test(`a page of ${host} creates an app and reads the request ID`, async () => {
      const { tab } = await visit(host);
      const answer = await tab.evaluate(
        async (url, headers) => {
          const body = JSON.stringify({ oAuthApp: { name: 'From a page' } });
          const response = await fetch(url, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body,
          });
          return [response.status, (await response.json()).oAuthApp.name, response.headers.get('x-wix-request-id')];
        },
        server.url + APPS,
        HEADERS,
      );
      assert.deepEqual(answer.slice(0, 2), [200, 'From a page']);
      assert.match(answer[2], /^\d+\.\d+$/);
    });
  }

  test('a page of another origin can neither read nor write', async () => {
    const apps = await allApps(server);
    const [id] = apps.keys();
    const { tab } = await visit('evil.example');
    assert.equal(await tab.evaluate(() => origin), `http://evil.example:${page.address().port}`);
    const results = await tab.evaluate(
      async (url, path, id, headers) => {
        const body = JSON.stringify({ oAuthApp: { name: 'Evil' } });
        const attempt = (path, init) =>
          fetch(url + path, init).then(
            async (response) => [response.type, response.status, await response.text()],
            (error) => error.name,
          );
        return {
          read: await attempt(`${path}/${id}`, { headers }),
          query: await attempt(`${path}/query`, { method: 'POST', headers, body: '{}' }),
          health: await attempt('/healthz', {}),
          write: await attempt(path, {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body,
          }),
          token: await attempt('/oauth2/token', {
            method: 'POST',
            body: new URLSearchParams({ grant_type: 'anonymous', client_id: id }),
          }),
          plain: await attempt(path, {
            method: 'POST',
            mode: 'no-cors',
            headers: { 'content-type': 'text/plain' },
            body,
          }),
          beacon: navigator.sendBeacon(url + path, body),
        };
      },
      server.url,
      APPS,
      id,
      HEADERS,
    );
    assert.deepEqual(results, {
      ...Object.fromEntries(['read', 'query', 'health', 'write', 'token'].map((name) => [name, 'TypeError'])),
      plain: ['opaque', 0, ''],
      beacon: true,
    });
    assert.deepEqual(await allApps(server), apps);
  });

  test('a form of another origin is refused, and a link works', async () => {
    const [id] = (await allApps(server)).keys();
    const { tab } = await visit('evil.example');
    const [posted] = await Promise.all([
      tab.waitForNavigation(),
      tab.evaluate((action) => {
        const form = document.body.appendChild(
          Object.assign(document.createElement('form'), { method: 'post', action }),
        );
        form.submit();
      }, `${server.url}/oauth2/token`),
    ]);
    assert.equal(posted.status(), 403);
    const { tab: second } = await visit('evil.example');
    const [followed] = await Promise.all([
      second.waitForNavigation(),
      second.evaluate((url) => void (location.href = url), `${server.url}/_pages/logout?client_id=${id}`),
    ]);
    assert.equal(followed.status(), 200);
  });

  test('a DNS name that is rebound to this machine reaches nothing', async () => {
    const apps = await allApps(server);
    const { port } = new URL(server.url);
    const { tab, status } = await visit('evil.example', port);
    assert.equal(status, 421);
    // The page has the same origin as the server, as after DNS rebinding.
    const statuses = await tab.evaluate(
      async (path, headers) => {
        const body = JSON.stringify({ oAuthApp: { name: 'Rebound' } });
        const requests = [
          ['/healthz'],
          [`${path}/query`, { method: 'POST', headers }],
          [path, { method: 'POST', headers, body }],
        ];
        return Promise.all(requests.map(async ([path, init]) => (await fetch(path, init)).status));
      },
      APPS,
      HEADERS,
    );
    assert.deepEqual(statuses, [421, 421, 421]);
    assert.deepEqual(await allApps(server), apps);
  });
});
