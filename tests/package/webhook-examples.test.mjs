// Runs the examples of webhooks, each with the events of an emulator.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { changeApp } from './support/webhooks.mjs';

// In the repository the examples are two folders up. `npm test` copies them beside the tests.
const examples = [import.meta.dirname, join(import.meta.dirname, '..', '..')]
  .map((folder) => join(folder, 'examples'))
  .find(existsSync);

/** Creates an emulator, has an app created, renamed and deleted, and returns the results of the webhooks. */
async function events(url) {
  const emulator = await createEmulator({ webhooks: [{ url }] });
  return {
    publicKey: await emulator.webhooks.publicKey(),
    async run() {
      const id = await changeApp(emulator);
      const outcomes = emulator.webhooks.attempts.map(({ outcome }) => outcome);
      assert.deepEqual(outcomes, ['delivered', 'delivered', 'delivered']);
      return id;
    },
  };
}

/** Serves a function of `Request` on loopback. */
async function serve(t) {
  const served = { handle: undefined };
  const server = createServer(async (request, response) => {
    const init = { method: request.method, body: Readable.toWeb(request), duplex: 'half' };
    const { status } = await served.handle(new Request('http://localhost/', init));
    response.writeHead(status).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => (server.close(), server.closeAllConnections()));
  return Object.assign(served, { url: `http://127.0.0.1:${server.address().port}/` });
}

/** Bundles an example and imports it. */
async function load(t, file, options) {
  // In the project, so that the package can be resolved.
  mkdirSync(join(import.meta.dirname, 'node_modules', '.cache'), { recursive: true });
  const folder = mkdtempSync(join(import.meta.dirname, 'node_modules', '.cache', 'webhooks-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'example.mjs');
  const nodePaths = [join(import.meta.dirname, 'node_modules')];
  await build({
    ...{ entryPoints: [join(examples, file)], bundle: true, format: 'esm', outfile, nodePaths, logLevel: 'silent' },
    ...options,
  });
  return import(pathToFileURL(outfile));
}

/** Returns the lines that are logged during a test. */
function logged(t) {
  const lines = [];
  t.mock.method(console, 'log', (...words) => void lines.push(words.join(' ')));
  t.mock.method(console, 'error', (fault) => void lines.push(String(fault)));
  return lines;
}

describe('the example of webhooks for', () => {
  test('Next.js', async (t) => {
    const served = await serve(t);
    const { publicKey, run } = await events(served.url);
    process.env.WIX_WEBHOOK_PUBLIC_KEY = publicKey.replaceAll('\n', '\\n');
    t.after(() => delete process.env.WIX_WEBHOOK_PUBLIC_KEY);
    const { POST } = await load(t, 'webhooks.next.ts', { platform: 'node', packages: 'external' });
    served.handle = POST;
    const lines = logged(t);
    const id = await run();
    assert.deepEqual(lines, [`created ${id} Shop`, `updated ${id} Renamed`, `deleted ${id}`]);
    assert.equal((await POST(new Request('http://localhost/', { method: 'POST', body: 'garbage' }))).status, 401);
  });

  test('a Worker', async (t) => {
    const served = await serve(t);
    const { publicKey, run } = await events(served.url);
    const { default: worker } = await load(t, 'webhooks.worker.ts', {
      ...{ platform: 'browser', conditions: ['workerd'], loader: { '.wasm': 'binary' }, target: 'es2022' },
    });
    const stored = new Map();
    const SEEN = { get: async (id) => stored.get(id) ?? null, put: async (id, value) => void stored.set(id, value) };
    served.handle = (request) => worker.fetch(request, { WIX_WEBHOOK_PUBLIC_KEY: publicKey, SEEN });
    const lines = logged(t);
    const id = await run();
    assert.deepEqual([lines, stored.size], [[`created ${id} Shop`, `deleted ${id}`], 3]);
  });

  test('Express', async (t) => {
    // The key belongs to the emulator, which needs the port of the example.
    const { port } = await freePort();
    const { publicKey, run } = await events(`http://127.0.0.1:${port}/webhooks`);
    const env = { ...process.env, WIX_WEBHOOK_PUBLIC_KEY: publicKey, PORT: String(port) };
    const child = spawn(process.execPath, [join(examples, 'webhooks.express.js')], { env });
    t.after(() => child.kill());
    let output = '';
    child.stderr.on('data', (data) => (output += data));
    const isListening = new Promise((resolve, reject) => {
      child.stdout.on('data', (data) => (output += data).includes('listening') && resolve());
      child.on('exit', () => reject(new Error(output)));
    });
    await isListening;
    const id = await run();
    assert.equal(output, `listening on port ${port}\ncreated ${id} Shop\nupdated ${id} Renamed\ndeleted ${id}\n`);
    const { status } = await fetch(`http://127.0.0.1:${port}/webhooks`, { method: 'POST', body: 'garbage' });
    assert.equal(status, 401);
  });
});

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return { port };
}
