// The server as a client sees it: its ready line, its responses, and clients that misbehave.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { APPS, CREDENTIALS, HEADERS, run, serve } from './support/emulate.mjs';
import { open, requestText } from './support/raw.mjs';

const BODY_LIMIT = 1_048_576;
const JSON_HEADERS = { ...HEADERS, 'content-type': 'application/json' };
const draft = (name) => JSON.stringify({ oAuthApp: { name } });

describe('the server', () => {
  let server;
  before(async () => (server = await serve()));
  after(() => server.stop());

  test('listens on loopback and shows the credentials', () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.deepEqual({ apiKey: server.apiKey, siteId: server.siteId }, CREDENTIALS);
    assert.equal(server.output.stderr, '');
  });

  test('answers a health check', async () => {
    const response = await fetch(`${server.url}/healthz`);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: 'ok' });
    assert.equal((await fetch(`${server.url}/healthz`, { method: 'HEAD' })).status, 200);
    const refused = await fetch(`${server.url}/healthz`, { method: 'POST' });
    assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, HEAD']);
  });

  test('serves the client', async () => {
    const client = createClient({ auth: { apiKey: server.apiKey }, siteId: server.siteId, baseUrl: server.url });
    const made = await client.createOAuthApp({ name: 'Shop', allowedRedirectUris: ['https://shop.example.com/cb'] });
    assert.equal((await client.getOAuthApp(made.id)).name, 'Shop');
    assert.equal((await client.updateOAuthApp(made.id, { name: 'Ladengeschäft 😀' })).name, 'Ladengeschäft 😀');
    assert.ok((await client.queryOAuthApps()).oAuthApps.some(({ id }) => id === made.id));
    assert.equal(typeof (await client.generateOAuthAppSecret(made.id)).reveal(), 'string');
    await client.deleteOAuthApp(made.id);
    await assert.rejects(client.getOAuthApp(made.id), { code: 'NOT_FOUND', status: 404 });
  });

  for (const [method, path, status, headers = {}] of [
    ['GET', '/oauth-app', 404],
    ['GET', '/oauth-app/v1', 404],
    ['GET', `${APPS}/%`, 400],
    ['GET', `${APPS}/..%2f..%2fetc`, 400],
    ['DELETE', APPS, 405],
    ['PUT', `${APPS}/query`, 405],
    ['OPTIONS', APPS, 405],
    ['TRACE', APPS, 405],
    ['PURGE', APPS, 405],
    ['POST', APPS, 401, { authorization: '' }],
    ['POST', APPS, 401, { authorization: 'nobody' }],
    ['POST', APPS, 403, { 'wix-site-id': '00000000-0000-4000-8000-000000000000' }],
    ['POST', APPS, 415, { 'content-type': 'text/xml', 'content-length': '2' }],
  ]) {
    test(`answers ${method} ${path} ${JSON.stringify(headers)} like the service`, async () => {
      const connection = open(server.url);
      const all = { ...HEADERS, ...headers, connection: 'close' };
      await connection.send(requestText(method, path, all, headers['content-length'] && '{}'));
      await connection.closed;
      const [head, body] = connection.received.split('\r\n\r\n');
      assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(head, /^content-type: application\/json$/m);
      assert.match(head, /^x-wix-request-id: \d+\.\d+$/m);
      assert.equal(typeof JSON.parse(body).message, 'string');
    });
  }

  test('answers HEAD like any other method that a path does not accept, without a body', async () => {
    const response = await server.request(`${APPS}/x`, { method: 'HEAD' });
    assert.equal(response.status, 405);
    assert.equal(await response.text(), '');
  });

  describe('a body over 1 MB', () => {
    const LARGE = { 'content-length': String(BODY_LIMIT + 1) };
    const isTooLarge = (text) => assert.match(text, /^HTTP\/1\.1 413 [^]*"message":"Payload Too Large"/);

    test('is refused by its announced length, before any of it is sent', async () => {
      const connection = open(server.url);
      await connection.send(requestText('POST', APPS, { ...HEADERS, 'content-length': '9999999999' }));
      isTooLarge(await connection.until(/Too Large"/));
      connection.close();
    });

    test('gets no 100 Continue', async () => {
      const connection = open(server.url);
      await connection.send(requestText('POST', APPS, { ...HEADERS, ...LARGE, expect: '100-continue' }));
      isTooLarge(await connection.until(/Too Large"/));
      connection.close();
    });

    test('is refused as soon as it is too large if its length is not announced', async () => {
      const connection = open(server.url);
      await connection.send(requestText('POST', APPS, { ...HEADERS, 'transfer-encoding': 'chunked' }));
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
      for (let sent = 0; sent <= BODY_LIMIT; sent += 0x10000) await connection.send(chunk);
      isTooLarge(await connection.until(/Too Large"/));
      connection.close();
    });

    test('has a response that also reaches a client which sends the whole body', async () => {
      const response = await server.request(APPS, { method: 'POST', body: 'x'.repeat(3 * BODY_LIMIT) });
      assert.equal(response.status, 413);
      await response.text();
    });

    test('is cut off if the client keeps sending', async () => {
      const connection = open(server.url);
      await connection.send(requestText('POST', APPS, { ...HEADERS, 'content-length': String(2 ** 40) }));
      const chunk = Buffer.alloc(BODY_LIMIT);
      let sent = 0;
      connection.socket.on('error', () => {});
      while (!connection.socket.destroyed && sent < 64) {
        sent += 1;
        await new Promise((resolve) => connection.socket.write(chunk, resolve));
      }
      await connection.closed;
      assert.ok(sent < 64, `${sent} MB`);
    });

    test('is refused only above exactly 1 MB', async () => {
      const body = draft('Shop').padEnd(BODY_LIMIT);
      const response = await server.request(APPS, { method: 'POST', body });
      assert.equal(response.status, 200);
      await response.text();
    });
  });

  describe('a client that misbehaves', () => {
    test('by leaving in the middle of a request has no effect', async () => {
      const name = 'Half a request';
      const whole = draft(name);
      const connection = open(server.url);
      await connection.send(
        requestText('POST', APPS, { ...HEADERS, 'content-length': String(whole.length + 1) }, whole),
      );
      connection.close();
      assert.deepEqual(await names(server, name), []);
    });

    test('by leaving before the response still has its request carried out', async () => {
      const name = 'Gone before the answer';
      const whole = draft(name);
      const connection = open(server.url);
      await connection.send(
        requestText('POST', APPS, { ...JSON_HEADERS, 'content-length': String(whole.length) }, whole),
      );
      connection.close();
      // It is carried out before the next request once it has arrived, which may take a moment.
      for (let tries = 0; tries < 100 && !(await names(server, name)).length; tries += 1);
      assert.deepEqual(await names(server, name), [name]);
    });

    test('by pipelining requests gets the responses in order', async () => {
      const connection = open(server.url);
      const query = '{"query":{"paging":{"limit":1}}}';
      const requests = ['/healthz', '/nowhere', APPS, '/healthz'].map((path, at) =>
        at === 2
          ? requestText('POST', `${path}/query`, { ...HEADERS, 'content-length': String(query.length) }, query)
          : requestText('GET', path, at === 3 ? { connection: 'close' } : {}),
      );
      await connection.send(requests.join(''));
      await connection.closed;
      const statuses = [...connection.received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
      assert.deepEqual(statuses, ['200', '404', '200', '200']);
    });

    for (const [what, text] of [
      ['no HTTP', 'hello\r\n\r\n'],
      ['another protocol', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])],
      ['a method that is none', requestText('NOTAMETHOD', APPS)],
      ['no host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n'],
      ['a header that is none', 'GET / HTTP/1.1\r\nhost: a\r\nno colon\r\n\r\n'],
      ['a length that is none', requestText('POST', APPS, { 'content-length': '-5' })],
      [
        'two ways to tell the length',
        requestText('POST', APPS, { 'content-length': '5', 'transfer-encoding': 'chunked' }),
      ],
      ['a chunk that is none', requestText('POST', APPS, { 'transfer-encoding': 'chunked' }, 'xyz\r\n')],
      ['too large a header', requestText('GET', '/healthz', { 'x-large': 'x'.repeat(100_000) })],
      ['too long a path', requestText('GET', `/${'x'.repeat(100_000)}`)],
      [
        'too many headers',
        requestText('GET', '/healthz', Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`x-${at}`, '1']))),
      ],
    ]) {
      test(`by sending ${what} gets an error`, async () => {
        const connection = open(server.url);
        await connection.send(text);
        await connection.closed;
        assert.match(connection.received, /^HTTP\/1\.1 4\d\d /);
      });
    }

    test('by holding connections open does not affect others', async () => {
      const idle = Array.from({ length: 200 }, () => open(server.url));
      await Promise.all(
        idle.map((connection) => connection.send('POST /oauth-app/v1/oauth-apps HTTP/1.1\r\nhost: a\r\n')),
      );
      assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
      idle.forEach((connection) => connection.close());
    });
  });

  test('still runs afterwards, with its state', async () => {
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    assert.equal(server.output.stderr, '');
  });
});

async function names(server, name) {
  const response = await server.request(`${APPS}/query`, {
    method: 'POST',
    body: '{"query":{"paging":{"limit":100}}}',
  });
  return (await response.json()).oAuthApps.map((app) => app.name).filter((found) => found === name);
}

describe('the address of the server', () => {
  test('a port in use is reported, with the remedy', async () => {
    const taken = createServer();
    await new Promise((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const port = String(taken.address().port);
    const { code, stdout, stderr } = await run(['emulate', '--port', port]);
    taken.close();
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(
      stderr,
      new RegExp(`^wix-oauth-apps: port ${port} of 127\\.0\\.0\\.1 is in use: [^\\n]*another port[^\\n]*\\n$`),
    );
  });

  test('an address that is not of this machine is reported', async () => {
    const { code, stderr } = await run(['emulate', '--port', '0', '--host', '192.0.2.1']);
    assert.equal(code, 1);
    assert.match(stderr, /^wix-oauth-apps: 192\.0\.2\.1 is no address of this machine: [^\n]*choose[^\n]*\n$/m);
  });

  test('an address that other machines can reach causes a warning', async () => {
    const server = await serve(['--host', '0.0.0.0']);
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    await server.stop();
    assert.match(
      server.output.stderr,
      /^wix-oauth-apps: listening on 0\.0\.0\.0: everybody who can reach this machine[^\n]*\n$/,
    );
  });

  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some(({ address }) => address === '::1');
  test('it can be IPv6 loopback', { skip: !hasIpv6 && 'this machine has no IPv6' }, async () => {
    const server = await serve(['--host', '::1']);
    assert.match(server.url, /^http:\/\/\[::1\]:\d+$/);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    await server.stop();
    assert.equal(server.output.stderr, '');
  });

  test(
    'every IPv6 address gives a URL that a client can use',
    { skip: !hasIpv6 && 'this machine has no IPv6' },
    async () => {
      const server = await serve(['--host', '::']);
      assert.match(server.url, /^http:\/\/\[::1\]:\d+$/);
      const client = createClient({ auth: { apiKey: server.apiKey }, siteId: server.siteId, baseUrl: server.url });
      assert.deepEqual((await client.queryOAuthApps()).oAuthApps, []);
      await server.stop();
    },
  );
});

describe('the options of the emulator', () => {
  test('reach the emulator', async () => {
    const site = '00000000-0000-4000-8000-00000000000a';
    const other = '00000000-0000-4000-8000-00000000000b';
    const server = await serve([
      ...['--api-key', 'IST.mine', '--site-id', site, '--site-id', other, '--permission', 'SCOPE.OAUTH_APP.READ'],
      ...['--max-page-limit', '7', '--quiet'],
    ]);
    assert.deepEqual([server.apiKey, server.siteId], ['IST.mine', site]);
    const query = (limit) => ({ method: 'POST', body: JSON.stringify({ query: { paging: { limit } } }) });
    const statuses = await Promise.all([
      server.request(APPS, { method: 'POST', body: draft('Shop') }),
      server.request(`${APPS}/query`, query(7)),
      server.request(`${APPS}/query`, query(8)),
      server.request(`${APPS}/query`, { ...query(7), headers: { 'wix-site-id': other } }),
    ]);
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [403, 200, 400, 200],
    );
    await server.stop();
  });

  test('include a seed, which repeats the IDs', async () => {
    const ids = [];
    for (let run = 0; run < 2; run += 1) {
      const server = await serve(['--seed', 'spring', '--now', '2026-03-01T09:05:00Z']);
      const { oAuthApp } = await (await server.request(APPS, { method: 'POST', body: draft('Shop') })).json();
      ids.push(`${oAuthApp.id} ${oAuthApp.createdDate}`);
      await server.stop();
    }
    assert.equal(ids[0], ids[1]);
    assert.match(ids[0], / 2026-03-01T09:05:00\.000Z$/);
  });

  test('include a latency, which delays responses', async () => {
    const server = await serve(['--latency', '150']);
    const start = performance.now();
    await server.request(`${APPS}/query`, { method: 'POST' });
    assert.ok(performance.now() - start >= 149);
    await server.stop();
  });
});
