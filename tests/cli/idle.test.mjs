// Connections without a request, on a clock that the test drives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { APPS, HEADERS } from './support/emulate.mjs';
import { open, requestText } from './support/raw.mjs';

const query = requestText('POST', `${APPS}/query`, { ...HEADERS, 'content-length': '0' });

test('the server closes a connection on which nothing arrives for two periods of 5 seconds, and no other', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const server = await startServer();
  const connect = async (pattern = /\{.*\}/s) => {
    const connection = open(server.url);
    await connection.send(query);
    if (pattern) await connection.until(pattern);
    return connection;
  };
  const [idle, busy, slow] = [await connect(), await connect(), await connect()];
  server.emulator.fail({ error: 'hang' });
  const waiting = await connect(null);
  // The server has received the request of `waiting` before it answers this one.
  await fetch(`${server.url}/healthz`);

  t.mock.timers.tick(5_000);
  // The beginning of a request, which the server has read when it answers `busy`.
  await slow.send('GET / HT');
  busy.received = '';
  await busy.send(query);
  await busy.until(/\{.*\}/s);
  await fetch(`${server.url}/healthz`);
  t.mock.timers.tick(5_000);
  await idle.closed;
  for (const connection of [busy, slow, waiting]) assert.equal(connection.socket.readableEnded, false);

  t.mock.timers.tick(5_000);
  await Promise.all([busy.closed, slow.closed]);
  assert.equal(waiting.socket.readableEnded, false);
  await server.stop();
  await waiting.closed;
});
