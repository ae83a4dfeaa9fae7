// The examples, unchanged, with the emulator in place of the network.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { runScript } from './support/script.mjs';

// In the repository the examples are two folders up. `npm test` copies them beside the tests.
const examples = [join(import.meta.dirname, 'examples'), join(import.meta.dirname, '..', '..', 'examples')].find(
  existsSync,
);
const NETWORK = ['--import', pathToFileURL(join(import.meta.dirname, 'support', 'emulated-network.mjs')).href];
const CLIENT_ID = '13f5e2ab-8e4f-4a0b-9c64-000000000001';
const PREVIEW = 'https://shop-git-cart-team.vercel.app';

/** Runs an example on an emulator that has the app `CLIENT_ID`, and returns what it prints. */
async function printed(name, { args = [], env = {}, cwd } = {}) {
  const options = { file: join(examples, name), node: NETWORK, args, env: { WIX_CLIENT_ID: CLIENT_ID, ...env }, cwd };
  const { code, stdout, stderr } = await runScript(undefined, options);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, stdout);
  return stdout;
}

describe('the programs', () => {
  test('preview-deployment.mjs adds both entries of a preview, and removes an entry only if it is there', async () => {
    const added = await printed('preview-deployment.mjs', { args: ['add', PREVIEW] });
    assert.equal(added, `+ ${PREVIEW}/api/auth/callback\n+ shop-git-cart-team.vercel.app\n`);
    assert.equal(await printed('preview-deployment.mjs', { args: ['remove', PREVIEW] }), '');
  });

  test('connect-template.mjs creates the app, and writes its client ID beside what the file has', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-'));
    try {
      writeFileSync(join(folder, '.env.local'), 'OTHER=1\nWIX_CLIENT_ID=old\n');
      const env = { SITE_URL: 'https://shop.example.com', WIX_CLIENT_ID: '' };
      const [, id] = /^created (\S+)\n$/.exec(await printed('connect-template.mjs', { env, cwd: folder }));
      assert.equal(readFileSync(join(folder, '.env.local'), 'utf8'), `OTHER=1\nWIX_CLIENT_ID=${id}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('cut-off-client.mjs proves the deletion', async () => {
    const output = await printed('cut-off-client.mjs', { args: [CLIENT_ID] });
    assert.equal(output, `Storefront is deleted; the client ID ${CLIENT_ID} no longer authenticates\n`);
  });

  test('cut-off-client.mjs fails for an app that does not exist', async () => {
    const options = {
      file: join(examples, 'cut-off-client.mjs'),
      node: NETWORK,
      args: [CLIENT_ID],
      env: { WIX_CLIENT_ID: '' },
    };
    const { code, stderr } = await runScript(undefined, options);
    assert.equal(code, 1);
    assert.match(stderr, /NOT_FOUND/);
  });
});

describe('the handlers of frameworks', () => {
  const network = globalThis.fetch;
  let emulator;
  let env;
  before(async () => {
    const allowedRedirectUris = ['https://shop.example.com/callback'];
    emulator = await createEmulator({ apps: [{ name: 'Shop', id: CLIENT_ID, allowedRedirectUris }] });
    globalThis.fetch = emulator.fetch;
    const { apiKey, siteId } = emulator.credentials;
    env = { WIX_API_KEY: apiKey, WIX_SITE_ID: siteId };
    Object.assign(process.env, env, { WIX_CLIENT_ID: CLIENT_ID, SITE_URL: 'https://shop.example.com' });
  });
  after(() => (globalThis.fetch = network));

  const load = (path) => import(pathToFileURL(join(examples, path)));

  test('the Next.js route explains a refused redirect, and does not say how to allow it', async () => {
    const { POST } = await load('nextjs/app/api/login-check/route.js');
    const ask = async (url) => {
      const request = new Request('http://localhost/', { method: 'POST', body: JSON.stringify({ url }) });
      return (await POST(request)).json();
    };
    assert.equal((await ask('https://shop.example.com/callback')).allowed, true);
    const { message, ...rest } = await ask('https://shop.example.com/callback/');
    assert.deepEqual(rest, { allowed: false, reason: 'TRAILING_SLASH' });
    assert.match(message, /slash at the end/);
  });

  test('the Next.js route answers 502 if the service fails', async (t) => {
    t.mock.method(console, 'error', () => {});
    const { POST } = await load('nextjs/app/api/login-check/route.js');
    emulator.fail({ status: 401 });
    const request = new Request('http://localhost/', { method: 'POST', body: '{"url":"https://a.example/"}' });
    const response = await POST(request);
    assert.deepEqual([response.status, await response.json()], [502, { error: 'UNAUTHENTICATED' }]);
  });

  test('the Worker lists apps, and says whether a client is admitted', async () => {
    const { default: worker } = await load('cloudflare-worker/src/index.js');
    const get = async (path) => (await worker.fetch(new Request(`https://worker.example${path}`), env)).json();
    assert.deepEqual(await get('/apps'), [{ id: CLIENT_ID, name: 'Shop' }]);
    assert.deepEqual(await get(`/active/${CLIENT_ID}`), { active: true });
    assert.deepEqual(await get('/active/13f5e2ab-8e4f-4a0b-9c64-000000000099'), { active: false });
  });

  test('the Worker answers with the error of the library', async () => {
    const { default: worker } = await load('cloudflare-worker/src/index.js');
    const response = await worker.fetch(new Request('https://worker.example/apps'), { ...env, WIX_API_KEY: 'wrong' });
    assert.equal(response.status, 502);
    assert.match((await response.json()).error, /UNAUTHENTICATED|PERMISSION_DENIED/);
  });

  test('the Astro endpoint creates one app, however often it is called', async () => {
    const { GET } = await load('astro/src/pages/api/client-id.json.js');
    const [first, second] = await Promise.all([GET(), GET()]);
    const { clientId } = await first.json();
    assert.deepEqual(await second.json(), { clientId });
    assert.match(clientId, /^[0-9a-f-]{36}$/);
  });
});
