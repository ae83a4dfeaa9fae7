// The hosts that a request to the server may name.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { ask, isShared } from './support/ask.mjs';
import { APPS, HEADERS, run, serve } from './support/emulate.mjs';
import { exchange } from './support/raw.mjs';

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
