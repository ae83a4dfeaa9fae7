// Who may use the server: the hosts that a request may name, and the web pages that may send requests.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { launch } from 'puppeteer-core';
import { startServer } from 'wix-oauth-apps-cli';
import { allApps, create } from './support/apps.mjs';
import { APPS, HEADERS, run, serve } from './support/emulate.mjs';
import { exchange, requestText } from './support/raw.mjs';

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

/** Sends the text of a request unchanged, and parses the response. */
async function ask({ url }, method, path, headers, body = '') {
  const length = body && { 'content-length': String(body.length) };
  const { status, head, body: text } = await exchange(url, requestText(method, path, { ...headers, ...length }, body));
  const names = new Map(
    [...head.matchAll(/^([\w-]+): (.*?)\r?$/gm)].map(([, name, value]) => [name.toLowerCase(), value]),
  );
  return { status, headers: names, text, message: text.startsWith('{') ? JSON.parse(text).message : undefined };
}
const isShared = ({ headers }) => [...headers.keys()].some((name) => name.startsWith('access-control-'));

describe('the Host header', () => {
  let server;
  before(async () => (server = await serve(['--quiet', '--allow-host', 'wix.test', '--allow-host', 'shop.test:8787'])));
  after(() => server.stop());

  for (const host of [
    'localhost',
    'LOCALHOST:1',
    'localhost.',
    'a.b.localhost:99',
    '127.0.0.1',
    '127.1.2.3:8787',
    '[::1]',
    '[0:0::1]:80',
    'wix.test',
    'WIX.test:99',
    'shop.test:8787',
  ]) {
    test(`can be ${host}`, async () => {
      assert.equal((await ask(server, 'POST', `${APPS}/query`, { ...HEADERS, host })).status, 200);
      assert.equal((await ask(server, 'GET', '/healthz', { host })).status, 200);
      assert.equal((await ask(server, 'POST', `http://${host}${APPS}/query`, HEADERS)).status, 200);
    });
  }

  for (const host of [
    'evil.example',
    'evil.example:8787',
    'localhost.evil.example',
    'evil-localhost',
    'www.wixapis.com',
    '10.0.0.1',
    '0.0.0.0',
    '[2001:db8::1]',
    '127.1',
    '2130706433',
    'sub.wix.test',
    'shop.test',
    'shop.test:8788',
  ]) {
    test(`is answered with 421 as ${host}`, async () => {
      for (const [method, path] of [
        ['POST', `${APPS}/query`],
        ['GET', '/healthz'],
        ['GET', '/openapi.json'],
        ['OPTIONS', APPS],
        ['GET', `http://${host}/healthz`],
      ]) {
        const answer = await ask(server, method, path, {
          ...HEADERS,
          ...(path.startsWith('/') && { host }),
          origin: `http://${host}`,
        });
        assert.equal(answer.status, 421, path);
        assert.match(answer.message, /--allow-host/);
        assert.ok(!isShared(answer));
      }
    });
  }

  for (const host of [
    '',
    ' ',
    "x'><script>",
    'a b',
    'a/b',
    'user@localhost',
    'localhost:http',
    'localhost:99999',
    'localhost:1:2',
    '[::1',
    '::1',
    '[localhost]',
    '[fe80::1%25lo]',
    'a..b',
    '.localhost',
    'l\xf6calhost',
    '%6cocalhost',
    'localhost,localhost',
    'localhost#',
    'localhost?',
  ]) {
    test(`is answered with 400 as ${JSON.stringify(host)}`, async () => {
      const answer = await ask(server, 'POST', `${APPS}/query`, { ...HEADERS, host });
      assert.equal(answer.status, 400);
      assert.match(answer.message, /Host/);
    });
  }

  test('must be sent exactly once', async () => {
    for (const [lines, status] of [
      ['', 400],
      ['host: localhost\r\nhost: localhost\r\n', 400],
      ['Host: localhost\r\nhOST: evil.example\r\n', 400],
      [`${'a:b\r\n'.repeat(2_500)}host: localhost\r\nhost: localhost\r\n`, 400],
    ]) {
      const answer = await exchange(server.url, `GET /healthz HTTP/1.1\r\n${lines}\r\n`);
      assert.equal(answer.status, status, lines.slice(0, 60));
      assert.match(JSON.parse(answer.body).message, /RFC 9112, section 3\.2/);
    }
    assert.equal((await exchange(server.url, 'GET /healthz HTTP/1.0\r\n\r\n')).status, 200);
    assert.equal((await exchange(server.url, 'GET /healthz HTTP/1.0\r\nhost: evil.example\r\n\r\n')).status, 421);
  });

  test('can be an address that the server was started on', async () => {
    const everywhere = await startServer({ host: '0.0.0.0' });
    const port = new URL(everywhere.url).port;
    assert.equal(everywhere.url, `http://127.0.0.1:${port}`);
    assert.equal((await ask(everywhere, 'GET', '/healthz', { host: `0.0.0.0:${port}` })).status, 200);
    assert.equal((await ask(everywhere, 'GET', '/healthz', { host: '192.0.2.1' })).status, 421);
    await everywhere.stop();
  });

  test('can be allowed by an option, which is checked', async () => {
    const named = await startServer({ allowHosts: ['emulator', '10.0.0.7'] });
    for (const host of ['emulator', 'emulator:8787', '10.0.0.7'])
      assert.equal((await ask(named, 'GET', '/healthz', { host })).status, 200);
    await named.stop();
    for (const [options, ...said] of [
      [{ allowHosts: 'wix.test' }, 'options.allowHosts', 'array'],
      [{ allowHosts: ['https://wix.test'] }, 'options.allowHosts[0]', 'https://wix.test', 'host name'],
      [{ allowHosts: ['*'] }, 'options.allowHosts[0]', 'host name'],
      [{ allowOrigins: ['*'] }, 'options.allowOrigins[0]', 'any web page'],
      [{ allowOrigins: ['null'] }, 'options.allowOrigins[0]', 'any web page'],
      [{ allowOrigins: ['https://a.test', 'shop.test'] }, 'options.allowOrigins[1]', 'shop.test', 'scheme'],
      [{ allowOrigins: ['https://shop.test/path'] }, 'options.allowOrigins[0]', 'scheme'],
      [{ port: 65_536 }, 'options.port', '65536'],
      [{ port: '80' }, 'options.port', '"80"'],
      [{ host: 'http://localhost' }, 'options.host'],
      [{ data: ':memory:' }, 'options.data', 'leave it out'],
      [{ data: 'file:a.db?mode=memory' }, 'options.data', 'path'],
      [{ data: '' }, 'options.data', 'path'],
      [{ data: 5 }, 'options.data', 'path'],
      [{ log: true }, 'options.log', 'function'],
    ]) {
      const error = await startServer(options).catch((error) => error);
      assert.equal(error.name, 'TypeError', JSON.stringify(options));
      for (const text of said) assert.ok(error.message.includes(text), `${text} in ${error.message}`);
    }
    for (const [args, ...said] of [
      [['--allow-host', 'https://wix.test'], '--allow-host', 'host name'],
      [['--allow-host', ''], '--allow-host'],
      [['--allow-origin', 'shop.test'], '--allow-origin', 'scheme'],
      [['--allow-origin', '*'], '--allow-origin', 'any web page'],
    ]) {
      const { code, stderr } = await run(['emulate', ...args]);
      assert.equal(code, 2);
      for (const text of said) assert.ok(stderr.includes(text), `${text} in ${stderr}`);
    }
  });
});

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
