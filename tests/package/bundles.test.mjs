// Bundles of the package by esbuild, for pages and for Node.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as api from 'wix-oauth-apps';
import { NOBODY, failure } from './support/client.mjs';

const core = fileURLToPath(import.meta.resolve('wix-oauth-apps/core.wasm'));

describe('bundled with esbuild', () => {
  let folder;
  let esbuild;
  before(async () => {
    esbuild = await import('esbuild');
    // In the project, so that the package can be resolved.
    mkdirSync(join(import.meta.dirname, 'node_modules', '.cache'), { recursive: true });
    folder = mkdtempSync(join(import.meta.dirname, 'node_modules', '.cache', 'bundle-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  let count = 0;
  /** Returns the text of a bundle and its file. Fails on a warning. */
  async function bundle(contents, options = {}) {
    const outfile = join(folder, `${count++}.${options.format === 'cjs' ? 'cjs' : 'mjs'}`);
    const { warnings, errors } = await esbuild.build({
      stdin: { contents, resolveDir: import.meta.dirname, loader: 'js' },
      ...{ bundle: true, format: 'esm', platform: 'browser', outfile, logLevel: 'silent', minify: true, ...options },
    });
    assert.deepEqual([...warnings, ...errors], []);
    return { text: readFileSync(outfile, 'utf8'), outfile };
  }
  const ALL = `export * from 'wix-oauth-apps';`;

  test('for a browser, contains the URL of the core, and nothing of Node and the emulator', async () => {
    const { text } = await bundle(ALL);
    assert.doesNotMatch(text, /node:|require\(|readFileSync/);
    assert.match(text, /new URL\("\.\.\/wasm\/core_bg\.wasm",\s*import\.meta\.url\)/);
    assert.doesNotMatch(text, /emulator/i);
  });

  test('for a browser, the emulator contains the URL of its own WebAssembly, and nothing of the client', async () => {
    const { text } = await bundle(`export * from 'wix-oauth-apps/emulator';`);
    assert.match(text, /new URL\("\.\.\/\.\.\/wasm\/emulator_bg\.wasm",\s*import\.meta\.url\)/);
    assert.doesNotMatch(text, /core_bg|createOAuthApp/);
  });

  test('contains only what is used', async () => {
    const { text } = await bundle(`export { isOAuthAppsError } from 'wix-oauth-apps';`);
    assert.ok(text.length < 1_000, `${text.length} bytes`);
  });

  test('contains nothing of webhooks if it does not use them', async () => {
    const uses = async (names) => (await bundle(`export { ${names} } from 'wix-oauth-apps';`)).text;
    assert.match(await uses('createClient, readWebhook'), /RSASSA-PKCS1-v1_5/);
    const text = await uses('createClient, checkRedirect, validateOAuthApp');
    assert.doesNotMatch(text, /RSASSA|base64url|webhookFault|TextDecoder\(\)/);
  });

  test('fails with the remedy before init(), and works after init({ wasm })', async () => {
    const { outfile } = await bundle(ALL);
    const bundled = await import(pathToFileURL(outfile));
    const early = await failure(() => bundled.validateOAuthApp({ name: 'Shop' }));
    assert.deepEqual([early.code, early.operation], ['CONFIG', 'validateOAuthApp']);
    assert.match(early.message, /init\(\)/);
    // esbuild does not copy the WebAssembly, so there is no file beside the bundle.
    const missing = await failure(bundled.init());
    assert.deepEqual([missing.code, missing.operation], ['NETWORK', 'init']);
    assert.match(missing.message, /core_bg\.wasm.*init\(\{ wasm \}\)/);
    const wrong = await failure(bundled.init({ wasm: new Uint8Array(8) }));
    assert.equal(wrong.code, 'CONFIG');
    await bundled.init({ wasm: readFileSync(core) });
    assert.deepEqual(bundled.validateOAuthApp({ name: 'Shop' }), []);
    const answer = () => new Response(JSON.stringify({ oAuthApp: { id: NOBODY } }));
    const app = await bundled.getOAuthApp({ auth: { accessToken: 't' }, fetch: async () => answer() }, NOBODY);
    assert.deepEqual(app, { id: NOBODY });
  });

  test('can contain the WebAssembly of the export core.wasm', async () => {
    const { outfile } = await bundle(
      `import wasm from 'wix-oauth-apps/core.wasm';
       import { init, validateOAuthApp } from 'wix-oauth-apps';
       await init({ wasm });
       export const violations = validateOAuthApp({});`,
      { loader: { '.wasm': 'binary' }, target: 'es2022' },
    );
    const { violations } = await import(pathToFileURL(outfile));
    assert.equal(violations[0].field, 'name');
  });

  for (const format of ['esm', 'cjs']) {
    test(`for Node as ${format}, contains the WebAssembly and works at once`, async () => {
      const contents = `${ALL} export * from 'wix-oauth-apps/emulator';`;
      const { outfile } = await bundle(contents, { platform: 'node', format });
      const bundled = await import(pathToFileURL(outfile));
      assert.deepEqual(bundled.validateOAuthApp({ name: 'Shop' }), []);
      const { fetch, credentials } = await bundled.createEmulator();
      const { apiKey, siteId } = credentials;
      const app = await bundled.createOAuthApp({ auth: { apiKey }, siteId, fetch }, { name: 'Shop' });
      assert.equal(app.name, 'Shop');
    });
  }

  for (const format of ['esm', 'cjs', 'iife']) {
    test(`for a page as ${format} from wix-oauth-apps/inline, contains the WebAssembly`, async () => {
      const contents = `import { createEmulator } from 'wix-oauth-apps/emulator/inline';
        import { createClient } from 'wix-oauth-apps/inline';
        createEmulator().then(async ({ fetch, credentials: { apiKey, siteId } }) => {
          const client = createClient({ auth: { apiKey }, siteId, fetch });
          globalThis.onLoaded((await client.createOAuthApp({ name: 'Shop' })).name);
        });`;
      const { text } = await bundle(contents, { format });
      assert.equal(/import\.meta\.url\)|node:zlib/.exec(text)?.[0], undefined);
      const loaded = new Promise((resolve) => (globalThis.onLoaded = resolve));
      await import(`data:text/javascript,${encodeURIComponent(text)}#${format}`);
      assert.equal(await loaded, 'Shop');
    });
  }

  test('for Node, with the package as an external, imports the package itself', async () => {
    const { outfile } = await bundle(ALL, { platform: 'node', packages: 'external' });
    assert.equal((await import(pathToFileURL(outfile))).createClient, api.createClient);
  });
});
