// Unusual HTTP, and failures within a request: each is answered in the form of the API's errors.
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { after, before, describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { allApps, create } from './support/apps.mjs';
import { APPS, HEADERS, run, serve } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';
import { exchange, open, requestText } from './support/raw.mjs';

const QUERY = { ...HEADERS, 'content-type': 'application/json' };
const query = (headers = {}, body = '{}') =>
  requestText('POST', `${APPS}/query`, { ...QUERY, 'content-length': String(body.length), ...headers }, body);
const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

/** Checks that a response has the status, a JSON body with a message, and its full length. */
function isRefusal({ status, head, body }, expected, said) {
  assert.equal(status, expected, head);
  assert.match(head, /^content-type: application\/json\r?$/im);
  assert.match(head, new RegExp(`^content-length: ${Buffer.byteLength(body, 'latin1')}\r?$`, 'im'));
  assert.match(JSON.parse(body).message, said);
}

describe('the server', () => {
  let server;
  let apps;
  before(async () => {
    server = await serve();
    await create(server, { name: 'Shop' });
    apps = await allApps(server);
  });
  after(() => server.stop());

  for (const [what, text, status, said] of [
    ['no HTTP', 'hello\r\n\r\n', 400, /not HTTP/],
    ['a TLS handshake', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), 400, /http:\/\//],
    ['an unknown method', requestText('NOTAMETHOD', '/'), 400, /not HTTP/],
    ['a space in the path', requestText('GET', '/a b'), 400, /not HTTP/],
    ['a path with a control character', requestText('GET', '/a\u0001'), 400, /not HTTP/],
    ['a header without a colon', 'GET / HTTP/1.1\r\nhost: localhost\r\nno colon\r\n\r\n', 400, /not HTTP/],
    ['a negative length', requestText('POST', APPS, { 'content-length': '-5' }), 400, /not HTTP/],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\na',
      400,
      /not HTTP/,
    ],
    [
      'a length and chunks',
      requestText('POST', APPS, { 'content-length': '5', 'transfer-encoding': 'chunked' }),
      400,
      /not HTTP/,
    ],
    [
      'a malformed chunk',
      requestText('POST', APPS, { ...QUERY, 'transfer-encoding': 'chunked' }, 'xyz\r\n'),
      400,
      /not HTTP/,
    ],
    [
      'a body that breaks off',
      requestText('POST', APPS, { ...QUERY, 'content-length': '50' }, '{"oAuthApp":'),
      400,
      /not HTTP/,
    ],
    ['a large header', requestText('GET', '/healthz', { 'x-large': 'x'.repeat(100_000) }), 431, /16 KB/],
    ['a long path', requestText('GET', `/${'x'.repeat(100_000)}`), 431, /16 KB/],
    ['a header that breaks off', 'GET / HTTP/1.1\r\nhost: local', 400, /not HTTP/],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n', 405, /proxy/],
    ['an unknown expectation', query({ expect: '200-maybe' }), 417, /200-maybe/],
    ['an encoded body', query({ 'content-encoding': 'gzip' }, gzipSync('{}').toString('latin1')), 415, /gzip/],
    ['a twice encoded body', query({ 'content-encoding': 'br, gzip' }), 415, /br, gzip/],
    [
      'a compressed transfer',
      requestText('POST', APPS, { ...QUERY, 'transfer-encoding': 'gzip, chunked' }, '0\r\n\r\n'),
      501,
      /chunked/,
    ],
    ['a target of another scheme', requestText('GET', 'ftp://localhost/healthz'), 400, /target/],
    ['an absolute target without a host', requestText('GET', 'http:///healthz'), 400, /./],
  ]) {
    test(`refuses ${what}`, async () => {
      isRefusal(await exchange(server.url, Buffer.from(text, 'latin1')), status, said);
    });
  }

  for (const [what, text] of [
    ['an absolute target', requestText('POST', `http://localhost:1${APPS}/query?a=b`, QUERY)],
    ['an absolute target of https, in capitals', requestText('POST', `HTTPS://LOCALHOST${APPS}/query`, QUERY)],
    ['a body that is encoded as identity', query({ 'content-encoding': 'identity' })],
    ['an encoding without a body', query({ 'content-encoding': 'gzip' }, '')],
    ['an upgrade, by ignoring it', query({ connection: 'upgrade', upgrade: 'websocket' })],
    ['a Set-Cookie header', query({ 'Set-Cookie': 'a=b' })],
    [
      'trailers',
      requestText(
        'POST',
        `${APPS}/query`,
        { ...QUERY, 'transfer-encoding': 'chunked', trailer: 'x-sum' },
        '2\r\n{}\r\n0\r\nx-sum: 1\r\nhost: evil.example\r\n\r\n',
      ),
    ],
    [
      'a chunk extension',
      requestText('POST', `${APPS}/query`, { ...QUERY, 'transfer-encoding': 'chunked' }, '2;a=b\r\n{}\r\n0\r\n\r\n'),
    ],
    ['HTTP/1.0', query().replace('HTTP/1.1', 'HTTP/1.0')],
    ['HTTP/1.0 without a host', query().replace('HTTP/1.1', 'HTTP/1.0').replace('host: localhost\r\n', '')],
    ['100-continue', query({ expect: '100-continue' })],
  ]) {
    test(`accepts ${what}`, async () => {
      const { status, body } = await exchange(server.url, Buffer.from(text, 'latin1'));
      assert.equal(status, 200, body);
      assert.equal(JSON.parse(body).oAuthApps.length, 1);
    });
  }

  test('serves its documents for an absolute target too', async () => {
    const { status, body } = await exchange(server.url, requestText('GET', 'http://localhost/healthz'));
    assert.deepEqual([status, body], [200, '{"status":"ok"}']);
  });

  test('uses the host of an absolute target in a redirect session', async () => {
    const [id] = apps.keys();
    const post = async (path, headers, value) => {
      const body = JSON.stringify(value);
      const all = { ...headers, 'content-type': 'application/json', 'content-length': String(body.length) };
      return JSON.parse((await exchange(server.url, requestText('POST', path, all, body))).body);
    };
    const { access_token: authorization } = await post('/oauth2/token', {}, { grantType: 'anonymous', clientId: id });
    const session = (target) => post(target, { authorization }, { logout: { clientId: id }, callbacks: {} });
    const path = '/_api/redirects-api/v1/redirect-session';
    const urlOf = async (target) => (await session(target)).redirectSession.fullUrl;
    assert.match(await urlOf(`http://shop.localhost:99${path}`), /^http:\/\/shop\.localhost:99\/_pages\/logout\?/);
    assert.match(await urlOf(path), /^http:\/\/localhost\/_pages\/logout\?/);
  });

  test('answers pipelined requests in order, and then the malformed one', async () => {
    const healthz = requestText('GET', '/healthz');
    for (const [bytes, expected] of [
      [query() + query({ 'set-cookie': 'a' }) + healthz, [200, 200, 200]],
      [query() + healthz + 'GARBAGE\r\n\r\n' + healthz, [200, 200, 400]],
      [query() + requestText('POST', APPS, { ...QUERY, 'transfer-encoding': 'chunked' }, 'xyz\r\n'), [200, 400]],
      [query() + requestText('CONNECT', 'localhost:1'), [200, 405]],
      [requestText('GET', '/healthz', { host: 'evil.example' }) + healthz, [421, 200]],
    ]) {
      const { received } = await exchange(server.url, bytes);
      assert.deepEqual(statuses(received), expected);
    }
  });

  test('keeps a connection open after a refusal, whatever the body', async () => {
    const connection = open(server.url);
    const large = 'x'.repeat(300_000);
    await connection.send(
      query({ origin: 'http://evil.example' }, large) + query({ 'content-encoding': 'gzip' }, large),
    );
    await connection.send(
      query({ host: 'evil.example' }, large) + requestText('GET', '/healthz', { connection: 'close' }),
    );
    await connection.closed;
    assert.deepEqual(statuses(connection.received), [403, 415, 421, 200]);
  });

  test('sends no 100 Continue for a body that it refuses', async () => {
    for (const [headers, status] of [
      [{ origin: 'http://evil.example' }, 403],
      [{ host: 'evil.example' }, 421],
      [{ 'content-encoding': 'gzip' }, 415],
    ]) {
      const connection = open(server.url);
      await connection.send(query({ expect: '100-continue', ...headers }, '{}').slice(0, -2));
      await connection.until(/\}$/);
      assert.deepEqual(statuses(connection.received), [status]);
      connection.close();
    }
  });

  test('logs the reason of a refusal', async () => {
    await fetch(`${server.url}/nowhere`);
    await fetch(`${server.url}/healthz`);
    await fetch(`${server.url}/_api/oauth2/authorize?client_id=x`);
    await exchange(
      server.url,
      requestText('POST', '/oauth2/token', { 'content-type': 'application/json', 'content-length': '2' }, '{}'),
    );
    await exchange(server.url, requestText('GET', '/a', { host: 'evil.example' }));
    await exchange(server.url, 'hello\r\n\r\n');
    await new Promise((resolve) => setTimeout(resolve, 50)); // as long as lines are gathered
    const log = server.output.stdout;
    for (const line of [
      / GET \/nowhere 404 [\d.]+ ms \S[^\n]*\n/,
      / GET \/healthz 200 [\d.]+ ms\n/,
      / GET \/_api\/oauth2\/authorize 400 [\d.]+ ms Invalid client: There is no OAuth app "x"\.\n/,
      / POST \/oauth2\/token 400 [\d.]+ ms \w+: \S[^\n]*\n/,
      / GET \/a 421 [\d.]+ ms [^\n]*evil\.example[^\n]*\n/,
      / - - 400 [\d.]+ ms [^\n]*not HTTP[^\n]*\n/,
    ])
      assert.match(log, line);
  });

  test('still runs afterwards, with its state', async () => {
    assert.deepEqual(await allApps(server), apps);
    assert.equal(server.output.stderr, '');
  });
});

describe('a failure within a request', () => {
  let server;
  const errors = [];
  const lines = [];
  before(
    async () =>
      (server = await startServer({ onError: (error) => errors.push(error), log: (some) => lines.push(some) })),
  );
  after(() => server.stop());
  const failing = (object, name, act, value) => {
    const original = object[name];
    object[name] = value;
    return act().finally(() => (object[name] = original));
  };
  const thrown = (message) => () => {
    throw new Error(message);
  };

  test('of the emulator is a 500 with the reason', async () => {
    const answer = () => exchange(server.url, query());
    for (const body of ['{}', '']) {
      isRefusal(
        await failing(server.emulator, 'handle', () => exchange(server.url, query({}, body)), thrown('handle broke')),
        500,
        /handle broke/,
      );
    }
    const delayed = () => ({ kind: 'answer', status: 200, headers: { 'x-bad': 'a\nb' }, body: '{}', delay: 5 });
    isRefusal(await failing(server.emulator, 'handle', answer, delayed), 500, /x-bad/);
    assert.deepEqual(
      errors.splice(0).map(({ name }) => name),
      ['Error', 'Error', 'TypeError'],
    );
    assert.equal((await answer()).status, 200);
  });

  test('of a document of the server is a 500 with the reason', async () => {
    const key = () => exchange(server.url, requestText('GET', '/webhooks/public-key'));
    isRefusal(
      await failing(server.emulator.webhooks, 'publicKey', key, () => Promise.reject(new Error('no key'))),
      500,
      /no key/,
    );
    isRefusal(await failing(server.emulator.webhooks, 'publicKey', key, thrown('no key')), 500, /no key/);
    assert.deepEqual(
      errors.splice(0).map(({ message }) => message),
      ['no key', 'no key'],
    );
    assert.equal((await key()).status, 200);
  });

  test('is not caused by a fault whose response has no body', async () => {
    for (const status of [204, 205, 304]) {
      server.emulator.fail({ status });
      const answer = await exchange(server.url, query());
      assert.deepEqual([answer.status, answer.body], [status, '']);
      assert.doesNotMatch(answer.head, /content-length: [1-9]/i);
    }
    assert.equal((await exchange(server.url, query())).status, 200);
  });

  test('is in the access log', async () => {
    await server.stop();
    assert.match(lines.join(''), / POST \S+ 500 [\d.]+ ms The emulator failed: handle broke\n/);
  });

  test("is not caused by a JavaScript realm other than Node's", async (t) => {
    // Some test runners give each test file globals of its own, such as jsdom's.
    const script = `
      import { runInNewContext } from 'node:vm';
      for (const name of ['Uint8Array', 'ArrayBuffer', 'Error', 'TypeError']) {
        globalThis[name] = runInNewContext(name);
      }
      const { startServer } = await import('wix-oauth-apps-cli');
      const server = await startServer({ data: process.argv[1] });
      const { apiKey, siteId } = server.credentials;
      for (let turn = 0; turn < 2; turn += 1) {
        const response = await fetch(server.url + '${APPS}', {
          method: 'POST',
          headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
          body: '{"oAuthApp":{"name":"Shop"}}',
        });
        console.log(response.status, (await response.text()).slice(0, 200));
      }
      await server.stop();
      const next = await startServer({ data: process.argv[1] });
      console.log(next.emulator.changes().length);
      await next.stop();
    `;
    const { code, stdout, stderr } = await run([`${folder(t)}/emulator.db`], { script });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^200 .*\n200 .*\n0\n$/);
  });
});
