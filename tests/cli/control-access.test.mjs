// Access to the control interface and the console: for pages of the server itself, and programs outside a browser.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { allApps, create } from './support/apps.mjs';
import { HEADERS, serve } from './support/emulate.mjs';
import { exchange, requestText } from './support/raw.mjs';

describe('the control interface and the console', () => {
  let server;
  before(async () => {
    server = await serve(['--quiet', '--allow-origin', 'https://shop.test', '--allow-host', 'wix.test']);
  });
  after(() => server.stop());

  const CALLS = [
    ['GET', '/_emulator/'],
    ['GET', '/'],
    ['GET', '/_emulator/requests'],
    ['GET', '/_emulator/state'],
    ['PUT', '/_emulator/state', '{"version":1,"records":{}}'],
    ['POST', '/_emulator/reset'],
    ['POST', '/_emulator/faults', '{"status":500,"times":"always"}'],
    ['DELETE', '/_emulator/faults'],
    ['PUT', '/_emulator/clock', '{"now":0}'],
    ['POST', '/_emulator/clock/advance', '{"milliseconds":1}'],
    ['GET', '/_emulator/webhooks'],
    ['GET', '/_emulator/members'],
    ['OPTIONS', '/_emulator/state'],
  ];
  const send = async ([method, path, body = ''], headers) => {
    const length = body && { 'content-length': String(body.length) };
    return exchange(
      server.url,
      requestText(method, path, { host: new URL(server.url).host, ...headers, ...length }, body),
    );
  };

  for (const origin of [
    'https://evil.example',
    'null',
    'http://localhost:3000',
    'http://localhost',
    'http://127.0.0.1',
    'https://shop.test',
    'http://wix.test',
    'file://',
    'chrome-extension://abc',
  ]) {
    test(`answer no page of ${origin}`, async () => {
      const app = await create(server, { name: 'Shop' });
      for (const call of CALLS) {
        for (const extra of [
          {},
          { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
          { 'sec-fetch-site': 'same-origin' },
          { 'access-control-request-method': 'PUT', 'access-control-request-private-network': 'true' },
        ]) {
          const { status, head, body } = await send(call, { origin, ...extra });
          assert.equal(status, 403, call.join(' '));
          assert.match(JSON.parse(body).message, /^Only pages of this server, and programs outside a browser, may use/);
          assert.doesNotMatch(head, /access-control-/i);
        }
      }
      assert.ok((await allApps(server)).has(app.id));
    });
  }

  test('answer no request that a page of another site embeds', async () => {
    for (const site of ['cross-site', 'same-site']) {
      for (const call of CALLS) {
        for (const destination of ['empty', 'script', 'image', 'iframe']) {
          const mode = destination === 'iframe' ? 'navigate' : 'no-cors';
          const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': destination };
          assert.equal((await send(call, headers)).status, 403, `${call.join(' ')} ${destination}`);
        }
      }
      const link = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
      assert.equal((await send(['GET', '/_emulator/'], link)).status, 200, 'a link leads to the page');
      assert.equal((await send(['GET', '/_emulator/state'], link)).status, 403);
    }
  });

  test('answer their own origin and callers outside a browser', async () => {
    for (const call of CALLS.filter(([method]) => method !== 'OPTIONS')) {
      for (const headers of [
        {},
        { origin: server.url, 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' },
        { host: 'wix.test', origin: 'http://wix.test' },
      ]) {
        const { status, head } = await send(call, headers);
        assert.ok(status === 200 || (call[1] === '/' && status === 302), `${call.join(' ')} ${status}`);
        assert.doesNotMatch(head, /access-control-/i);
      }
    }
    assert.equal((await fetch(`${server.url}/_emulator/reset`, { method: 'POST' })).status, 200);
  });

  test('answer to no foreign host', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.nip.io']) {
      for (const call of CALLS) {
        for (const headers of [{ host }, { host, origin: `http://${host}` }]) {
          const { status, head } = await send(call, headers);
          assert.equal(status, 421, call.join(' '));
          assert.doesNotMatch(head, /access-control-/i);
        }
      }
    }
    assert.equal((await send(['GET', 'http://evil.example/_emulator/state'], {})).status, 421);
    assert.deepEqual((await send(['GET', '/_emulator/requests'], HEADERS)).status, 200);
  });
});
