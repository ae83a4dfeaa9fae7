// Sends raw requests with every header that Node treats specially: repeated, with unusual values, with unusual bytes. The
// server answers each of them and keeps its state.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { allApps, create } from './support/apps.mjs';
import { APPS, CREDENTIALS, serve } from './support/emulate.mjs';
import { exchange } from './support/raw.mjs';

/** Headers of which Node keeps the first and drops the others (`_http_incoming.js`). */
const DUPLICATES_DISCARDED = [
  ...['age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host'],
  ...['if-modified-since', 'if-unmodified-since', 'last-modified', 'location', 'max-forwards'],
  ...['proxy-authorization', 'referer', 'retry-after', 'server', 'user-agent'],
];
/** Node gives `set-cookie` as an array, joins `cookie` with `; `, and acts on the others itself. */
const SPECIAL = [
  ...['set-cookie', 'cookie', 'transfer-encoding', 'connection', 'proxy-connection', 'keep-alive', 'upgrade'],
  ...['expect', 'te', 'trailer', 'date', 'http2-settings'],
];
/** Headers that the emulator or its server reads. */
const READ = [
  ...['origin', 'access-control-request-method', 'access-control-request-headers', 'sec-fetch-site'],
  ...['sec-fetch-mode', 'content-encoding', 'wix-site-id', 'wix-account-id', 'x-wix-consistent'],
];
const ODD = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'x-unknown', '0', "!#$%&'*+.^_`|~"];
const NAMES = [...DUPLICATES_DISCARDED, ...SPECIAL, ...READ, ...ODD];

const VALUES = [
  ...['', 'a=b', 'a, b', '"', "x'><script>", '0', '-1', '5', '1e3', '99999999999999999999', 'null', '[]', '{}', '*'],
  ...['close', 'upgrade', 'keep-alive, upgrade', 'websocket', 'h2c', 'chunked', 'chunked, chunked', 'gzip, chunked'],
  ...['100-continue', '200-maybe', 'http://[::1', '[::1]', 'a:b:c', 'localhost:99999', 'Bearer ', 'Basic ????'],
  // Bytes: latin1, UTF-8, broken UTF-8, a tab, a delete character, another control character.
  ...['\xe9', 'Ã©', '\xff\xfe\x80', 'a\tb', '\x7f', '\x01', ';'.repeat(2_000)],
];

const REQUESTS = {
  'the API': (lines) => ['POST', `${APPS}/query`, lines, '{}'],
  'a page': (lines) => ['GET', '/_pages/logout', lines],
  "the server's own document": (lines) => ['GET', '/webhooks/public-key', lines],
  'a preflight': (lines) => [
    'OPTIONS',
    APPS,
    ['origin: http://localhost', 'access-control-request-method: GET', ...lines],
  ],
};

function text([method, path, lines, body = '']) {
  const names = lines.map((line) => line.slice(0, line.indexOf(':')));
  const defaults = {
    host: 'localhost',
    authorization: CREDENTIALS.apiKey,
    'wix-site-id': CREDENTIALS.siteId,
    ...(body && { 'content-type': 'application/json', 'content-length': String(body.length) }),
  };
  const missing = Object.entries(defaults).filter(([name]) => !names.includes(name));
  const all = [...missing.map(([name, value]) => `${name}: ${value}`), ...lines];
  return Buffer.from([`${method} ${path} HTTP/1.1`, ...all, '', body].join('\r\n'), 'latin1');
}

describe('a special, repeated or unusual header', () => {
  let server;
  let apps;
  before(async () => {
    server = await serve(['--quiet']);
    await create(server, { name: 'Shop' });
    apps = await allApps(server);
  });
  after(() => server.stop());

  for (const name of NAMES) {
    test(`is answered: ${name}`, async () => {
      for (const [what, request] of Object.entries(REQUESTS)) {
        for (const value of VALUES) {
          for (const count of [1, 2, 3]) {
            const lines = Array(count).fill(`${name}: ${value}`);
            const { status } = await exchange(server.url, text(request(lines)));
            const said = `${what}, ${count} times ${JSON.stringify(value.slice(0, 40))}: ${status}`;
            assert.ok((status >= 200 && status < 500) || status === 501, said);
          }
        }
      }
    });
  }

  test('is answered if it is random', async () => {
    let seed = 1;
    const random = (below) => {
      seed = (seed * 48_271) % 0x7fffffff;
      return seed % below;
    };
    const pick = (list) => list[random(list.length)];
    for (let round = 0; round < 1_000; round += 1) {
      const bytes = () => String.fromCharCode(...Array.from({ length: random(12) }, () => random(256)));
      const lines = Array.from({ length: 1 + random(8) }, () => {
        const value = random(3) ? pick(VALUES) : bytes();
        return random(12) ? `${pick(NAMES)}: ${value}` : `${bytes()}${value}`;
      });
      const request = text(pick(Object.values(REQUESTS))(lines));
      const { status } = await exchange(server.url, request);
      assert.ok(
        (status >= 200 && status < 500) || status === 501,
        `${status}: ${JSON.stringify(request.toString('latin1'))}`,
      );
    }
  });

  test('leaves the server running with its state', async () => {
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    assert.deepEqual(await allApps(server), apps);
    assert.equal(server.output.stderr, '');
    assert.equal(server.child.exitCode, null);
  });
});
