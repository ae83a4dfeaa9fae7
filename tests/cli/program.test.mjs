// The program around the server: its access log, and its stop.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { APPS, serve, start } from './support/emulate.mjs';
import { open, requestText } from './support/raw.mjs';

const draft = (name) => JSON.stringify({ oAuthApp: { name } });

describe('the access log', () => {
  test('has a line for each request, and no secret', async () => {
    const server = await serve(['--api-key', 'IST.do-not-print']);
    const ready = server.output.stdout;
    await server.request(APPS, { method: 'POST', body: draft('do-not-print') });
    await server.request(`${APPS}/query?token=do-not-print`, { method: 'POST' });
    await fetch(`${server.url}/${encodeURIComponent('é\u001b')}?code=do-not-print`, {
      headers: { cookie: 'do-not-print', authorization: 'Bearer do-not-print' },
    });
    await fetch(`${server.url}/healthz`);
    await server.stop();
    const lines = server.output.stdout.slice(ready.length).split('\n');
    assert.deepEqual(
      lines.map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z /, '').replace(/ [\d.]+ ms( [^\n]+)?$/, '')),
      [`POST ${APPS} 200`, `POST ${APPS}/query 200`, 'GET /%C3%A9%1B 404', 'GET /healthz 200', ''],
    );
    assert.ok(!lines.join().includes('do-not-print'));
    assert.equal(server.output.stderr, '');
  });

  test('can be turned off', async () => {
    const server = await serve(['--quiet']);
    await server.request(`${APPS}/query`, { method: 'POST' });
    await server.stop();
    assert.match(server.output.stdout, /^Listening on [^\n]+\nConsole: http:\/\/127\.0\.0\.1:\d+\/_emulator\/\n$/);
  });

  test('does not stop the server if its reader stops reading', async () => {
    const server = await serve();
    server.child.stdout.pause();
    const path = `${APPS}/${'x'.repeat(1_000)}`;
    // More than a pipe can hold.
    for (let at = 0; at < 300; at += 1) assert.equal((await server.request(path)).status, 400);
    assert.deepEqual(await Promise.race([once(server.child, 'exit'), server.stop()]), [0, null]);
  });

  test('does not stop the server if its reader is gone', async () => {
    const server = await serve();
    server.child.stdout.destroy();
    for (let at = 0; at < 3; at += 1) {
      assert.equal((await server.request(`${APPS}/query`, { method: 'POST' })).status, 200);
      await new Promise((resolve) => setTimeout(resolve, 30)); // as long as lines are gathered
    }
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
  });
});

describe('a stop', () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    test(`by ${signal} lets a response under way finish`, async () => {
      const server = await serve(['--latency', '300']);
      const answer = server.request(APPS, { method: 'POST', body: draft('Shop') });
      await fetch(`${server.url}/healthz`); // so the request before has arrived
      server.child.kill(signal);
      assert.equal((await answer).status, 200);
      assert.deepEqual(await server.ended, { code: 0, signal: null });
      await assert.rejects(fetch(`${server.url}/healthz`));
    });
  }

  test('does not wait for idle connections', async () => {
    const server = await serve();
    const idle = open(server.url);
    await idle.send(requestText('GET', '/healthz'));
    await idle.until(/ok/);
    const half = open(server.url);
    await half.send('POST / HTTP/1.1\r\n');
    const start = performance.now();
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    assert.ok(performance.now() - start < 5_000);
    idle.close();
    half.close();
  });

  test('is immediate at the second signal', async () => {
    const server = await serve(['--latency', '60000']);
    const answer = server.request(`${APPS}/query`, { method: 'POST' });
    await fetch(`${server.url}/healthz`);
    server.child.kill('SIGTERM');
    server.child.kill('SIGINT');
    await assert.rejects(answer);
    assert.deepEqual(await server.ended, { code: 0, signal: null });
  });

  test('works before the server is ready', async () => {
    const { child, ended } = start(['emulate', '--port', '0']);
    await new Promise((resolve) => child.once('spawn', resolve));
    child.kill('SIGTERM');
    await ended;
  });
});
