// The access log: a whole line for each request, in order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APPS, serve } from './support/emulate.mjs';
import { exchange, requestText } from './support/raw.mjs';

test('the access log has a whole line for each request, of any length and with any characters', async () => {
  // Node refuses longer heads than this, 16 KB by default.
  const server = await serve([], { env: { NODE_OPTIONS: '--max-http-header-size=250000' } });
  const paths = [15_000, 15_000, 5, 200_000, 15_000, 200_000, 5].map((length, at) => `/${at}${'x'.repeat(length)}`);
  const heads = [...paths, ...paths].map((path) => requestText('GET', path));
  const { received } = await exchange(server.url, heads.join(''));
  assert.equal(received.match(/HTTP\/1\.1 404 /g).length, heads.length);
  await server.request(`${APPS}/${server.siteId}`, {
    method: 'PATCH',
    body: JSON.stringify({ oAuthApp: { name: 'Shop' }, mask: { paths: ['Größe💥'] } }),
  });
  await server.stop();
  const lines = server.output.stdout.split('\n').filter((line) => /^\S+Z /.test(line));
  const logged = lines.slice(0, -1).map((line) => /^\S+Z GET (\S+) 404 [\d.]+ ms Not Found: .+$/.exec(line)?.[1]);
  assert.ok(logged.join() === [...paths, ...paths].join(), `${logged.map((path) => path?.slice(0, 9))}`);
  assert.match(lines.at(-1), / PATCH \S+ 400 [\d.]+ ms .*Größe💥/);
});
