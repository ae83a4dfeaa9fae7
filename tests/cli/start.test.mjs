// The server in the process of a test: what `startServer` returns, faults on real sockets, and webhooks.
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { ServerError, startServer } from 'wix-oauth-apps-cli';
import { APPS, HEADERS, serve } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';
import { open, requestText } from './support/raw.mjs';

const clientOf = ({ url, credentials }, options) =>
  createClient({ auth: { apiKey: credentials.apiKey }, siteId: credentials.siteId, baseUrl: url, ...options });

describe('startServer', () => {
  test('listens on a free port of loopback, and closes', async () => {
    const server = await startServer();
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    await server.stop();
    await server.closed;
    await server.stop();
    await assert.rejects(fetch(`${server.url}/healthz`));
  });

  test('accepts the options of the emulator, and returns the emulator', async () => {
    const server = await startServer({ apiKey: 'IST.mine', now: '2026-03-01T09:05:00Z' });
    const client = clientOf(server);
    assert.equal(server.credentials.apiKey, 'IST.mine');
    assert.equal((await client.createOAuthApp({ name: 'One' })).createdDate, '2026-03-01T09:05:00.000Z');
    server.emulator.advance(1_000);
    assert.equal((await client.createOAuthApp({ name: 'Two' })).createdDate, '2026-03-01T09:05:01.000Z');
    assert.deepEqual(
      server.emulator.requests.map(({ method, path, headers }) => `${method} ${path} ${headers.authorization}`),
      Array(2).fill(`POST ${APPS} [redacted]`),
    );
    await server.stop();
  });

  test('passes the access log to the function that is given', async () => {
    const lines = [];
    const server = await startServer({ log: (some) => lines.push(some) });
    await fetch(`${server.url}/healthz`);
    await server.stop();
    assert.match(lines.join(''), /^\S+Z GET \/healthz 200 [\d.]+ ms\n$/);
  });

  test('rejects options that it cannot use, and leaves nothing open', async (t) => {
    await assert.rejects(startServer({ latency: -1 }), { name: 'TypeError', message: /latency/ });
    const first = await startServer();
    const port = Number(new URL(first.url).port);
    const data = join(folder(t), 'emulator.db');
    const error = await startServer({ port, data }).catch((error) => error);
    assert.ok(error instanceof ServerError);
    assert.match(error.message, new RegExp(`^port ${port} of 127\\.0\\.0\\.1 is in use`));
    await first.stop();
  });

  test('keeps its state in a file for the next server', async (t) => {
    const data = join(folder(t), 'emulator.db');
    const first = await startServer({ data });
    const { id } = await clientOf(first).createOAuthApp({ name: 'Kept' });
    await first.stop();
    const second = await startServer({ data });
    assert.equal((await clientOf(second).getOAuthApp(id)).name, 'Kept');
    await second.stop();
  });
});

describe('a fault on the wire', () => {
  let server;
  before(async () => (server = await startServer()));
  beforeEach(() => server.emulator.reset());
  after(() => server.stop());

  const query = requestText('POST', `${APPS}/query`, { ...HEADERS, 'content-length': '0' });
  const send = async (fault) => {
    server.emulator.fail(fault);
    const connection = open(server.url);
    await connection.send(query);
    return connection;
  };

  test('status: the response has it', async () => {
    const connection = await send({ status: 503, headers: { 'retry-after': '7' }, body: 'Busy' });
    const answer = await connection.until(/Busy$/);
    assert.match(answer, /^HTTP\/1\.1 503 [^]*retry-after: 7\r\n/);
    connection.close();
  });

  for (const error of ['refused', 'reset']) {
    test(`${error}: the connection closes before any byte`, async () => {
      const connection = await send({ error });
      await connection.closed;
      assert.equal(connection.received, '');
    });
  }

  test('resetInBody: the connection closes in the middle of the body', async () => {
    const connection = await send({ error: 'resetInBody' });
    await connection.closed;
    const [head, body] = connection.received.split('\r\n\r\n');
    const length = Number(/content-length: (\d+)/.exec(head)[1]);
    assert.match(head, /^HTTP\/1\.1 200 /);
    assert.equal(body.length, Math.floor(length / 2));
  });

  test('stall and hang: the connection stays open, and nothing more arrives', async () => {
    const stalled = await send({ error: 'stall' });
    await stalled.until(/\r\n\r\n./);
    const hanging = await send({ error: 'hang' });
    // A later request is answered: the two before were received.
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    const body = stalled.received.split('\r\n\r\n')[1];
    assert.equal(body.length, Math.floor(Number(/content-length: (\d+)/.exec(stalled.received)[1]) / 2));
    assert.equal(hanging.received, '');
    assert.deepEqual([stalled.socket.readableEnded, hanging.socket.readableEnded], [false, false]);
    stalled.close();
    hanging.close();
  });

  test('has the error code of the client that describes it', async () => {
    const client = clientOf(server, { retry: false, timeout: 300 });
    for (const [error, code] of [
      ['refused', 'NETWORK'],
      ['reset', 'NETWORK'],
      ['resetInBody', 'NETWORK'],
      ['hang', 'TIMEOUT'],
      ['stall', 'TIMEOUT'],
    ]) {
      server.emulator.fail({ error });
      await assert.rejects(client.queryOAuthApps(), { code }, error);
    }
  });

  test('with takeEffect fails after the request was carried out', async () => {
    server.emulator.fail({ method: 'POST', path: APPS, error: 'reset', takeEffect: true });
    const client = clientOf(server, { retry: false });
    await assert.rejects(client.createOAuthApp({ name: 'There' }));
    assert.deepEqual(
      (await client.queryOAuthApps()).oAuthApps.map(({ name }) => name),
      ['There'],
    );
  });

  test('the rate limit answers 429, with Retry-After unless that is turned off', async () => {
    for (const [args, retryAfter] of [
      [['--rate-limit', '2/60000'], /^\d+$/],
      [['--rate-limit', '2', '--no-retry-after'], /^null$/],
    ]) {
      const limited = await serve(args);
      const answers = [];
      for (let at = 0; at < 3; at += 1) answers.push(await limited.request(`${APPS}/query`, { method: 'POST' }));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 429],
      );
      assert.match(String(answers[2].headers.get('retry-after')), retryAfter);
      await limited.stop();
    }
  });
});

describe('webhooks', () => {
  test('are signed with the key that is given, and verified with the key that is served', async (t) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keyFile = join(folder(t), 'key.json');
    writeFileSync(keyFile, JSON.stringify(privateKey.export({ format: 'jwk' })));
    const receiver = createServer(async (request, response) => {
      receiver.emit('webhook', await text(request));
      response.end();
    });
    await once(receiver.listen(0, '127.0.0.1'), 'listening');
    const posted = once(receiver, 'webhook');
    const url = `http://127.0.0.1:${receiver.address().port}/`;
    const server = await serve(['--webhook', url, '--webhook-key', keyFile]);
    await server.request(APPS, { method: 'POST', body: '{"oAuthApp":{"name":"Told of"}}' });
    const [token] = await posted;
    const [head, claims, signature] = token.split('.');
    const pem = await (await fetch(`${server.url}/webhooks/public-key`)).text();
    assert.equal(pem, createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
    assert.ok(verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), pem, Buffer.from(signature, 'base64url')));
    assert.ok(Buffer.from(claims, 'base64url').toString().includes('Told of'));
    await server.stop();
    receiver.close();
  });
});
