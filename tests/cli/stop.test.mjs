// The stop of a server in the process of a test: nothing keeps the process alive.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { APPS, HEADERS, run } from './support/emulate.mjs';
import { open, requestText } from './support/raw.mjs';

const query = requestText('POST', `${APPS}/query`, { ...HEADERS, 'content-length': '0' });
const took = async (promise) => {
  const start = performance.now();
  await promise;
  return performance.now() - start;
};
/** Sends a request on a new connection, and waits until the server has received it. */
async function send(server, bytes) {
  const connection = open(server.url);
  await connection.send(bytes);
  await fetch(`${server.url}/healthz`);
  return connection;
}

describe('a stop', () => {
  for (const [what, options, fault, bytes] of [
    ['a fault that hangs', {}, { error: 'hang' }, query],
    ['a fault that stalls', {}, { error: 'stall' }, query],
    ['a latency of minutes', { latency: 100_000 }, undefined, query],
    ['the latency of a fault', {}, { latency: 100_000 }, query],
    ['a latency longer than a timer runs', { latency: 2 ** 31 - 1 }, { latency: 2 ** 31 - 1 }, query],
    ['half a request', {}, undefined, 'POST / HTTP/1.1\r\nhost: a\r\n'],
    ['no request', {}, undefined, ''],
    ['an answered request', {}, undefined, requestText('GET', '/healthz')],
  ]) {
    test(`does not wait for a connection with ${what}`, async () => {
      const server = await startServer(options);
      if (fault) server.emulator.fail(fault);
      const connection = await send(server, bytes);
      const time = await took(server.stop());
      assert.ok(time < 1_000, `${time} ms`);
      await connection.closed;
    });
  }

  test('lets a response under way finish, then closes its connection', async () => {
    const server = await startServer({ latency: 300 });
    const connection = await send(server, query);
    const time = await took(server.stop());
    await connection.closed;
    assert.match(connection.received, /^HTTP\/1\.1 200 /);
    assert.ok(time > 100 && time < 1_000, `${time} ms`);
  });

  test('waits at most two seconds for a body', async () => {
    const server = await startServer();
    const connection = await send(server, query.replace('content-length: 0', 'content-length: 9'));
    const time = await took(server.stop());
    assert.ok(time > 1_500 && time < 4_000, `${time} ms`);
    await connection.closed;
  });

  test('can be called any number of times', async () => {
    const server = await startServer();
    const stops = [server.stop(), server.stop()];
    assert.deepEqual(await Promise.all(stops), [undefined, undefined]);
    await server.stop();
    await server.closed;
  });

  test('clears the timer of an aborted request, which is logged', async () => {
    const lines = [];
    const server = await startServer({ latency: 60_000, log: (some) => lines.push(some) });
    const connection = await send(server, query);
    connection.socket.resetAndDestroy();
    await connection.closed;
    await fetch(`${server.url}/healthz`);
    await server.stop();
    assert.match(lines.join(''), / POST \S+\/query aborted [\d.]+ ms\n/);
  });

  test('leaves nothing that keeps the process alive', async () => {
    const script = `
      import { once } from 'node:events';
      import { createServer } from 'node:net';
      import { startServer } from 'wix-oauth-apps-cli';
      const silent = createServer((socket) => socket.unref()).unref();
      await once(silent.listen(0, '127.0.0.1'), 'listening');
      const silentUrl = \`http://127.0.0.1:\${silent.address().port}/\`;
      const server = await startServer({
        latency: 100,
        // Nobody listens at the first address, so the emulator tries again later; the second one never answers.
        webhooks: [{ url: 'http://127.0.0.1:1/' }, { url: silentUrl }],
        log: () => {},
      });
      const { apiKey, siteId } = server.credentials;
      const headers = { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' };
      const post = (name) => fetch(server.url + '${APPS}', { method: 'POST', headers, body: JSON.stringify({ oAuthApp: { name } }) });
      await post('Shop');
      for (const fault of [{ error: 'hang' }, { error: 'stall' }, { latency: 2 ** 31 - 1_000 }]) {
        server.emulator.fail(fault);
        post('Shop').then((response) => response.text()).catch(() => {});
        await fetch(server.url + '/healthz');
      }
      await server.stop();
      const stopped = performance.now();
      process.on('exit', () => console.log('ended after', Math.round(performance.now() - stopped)));
    `;
    const { code, stdout, stderr } = await run([], { script });
    assert.equal(code, 0, stderr);
    const [, time] = /^ended after (\d+)\n$/.exec(stdout);
    assert.ok(Number(time) < 500, stdout);
  });
});
