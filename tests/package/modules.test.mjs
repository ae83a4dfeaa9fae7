// Imports of the package from ES modules, CommonJS and a worker, and how it gets its WebAssembly.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as api from 'wix-oauth-apps';
import * as emulatorApi from 'wix-oauth-apps/emulator';
import { failure, NOBODY } from './support/client.mjs';
import { runScript } from './support/script.mjs';

const require = createRequire(import.meta.url);
const root = join(fileURLToPath(import.meta.resolve('wix-oauth-apps/package.json')), '..');
const core = fileURLToPath(import.meta.resolve('wix-oauth-apps/core.wasm'));

const NAMES = [
  ...['OAuthAppsError', 'Secret', 'createClient', 'createOAuthApp', 'deleteOAuthApp', 'generateOAuthAppSecret'],
  ...[
    'getOAuthApp',
    'init',
    'isClientActive',
    'isOAuthAppsError',
    'queryOAuthApps',
    'updateOAuthApp',
    'validateOAuthApp',
  ],
];

/** Returns what a program prints. Fails if it prints to stderr or exits with an error. */
async function printed(source, options) {
  const { code, stdout, stderr } = await runScript(source, options);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return stdout.trim();
}

describe('importing', () => {
  test('provides the public names', () => {
    for (const name of NAMES) assert.equal(typeof api[name], 'function', name);
    assert.deepEqual(Object.keys(emulatorApi), ['createEmulator']);
  });

  test('provides no default and no internal name', () => {
    for (const name of Object.keys(api)) assert.match(name, /^[a-zA-Z]+$/);
    for (const name of ['default', 'Client', 'toError', 'isLoaded', 'loadSync', 'requireLoaded', 'initSync']) {
      assert.equal(name in api, false, name);
    }
  });

  test('with require() provides the same objects, without a warning', async () => {
    assert.equal(require('wix-oauth-apps').createClient, api.createClient);
    assert.equal(require('wix-oauth-apps/emulator').createEmulator, emulatorApi.createEmulator);
    const script = `
      const { createClient, Secret } = require('wix-oauth-apps');
      const { createEmulator } = require('wix-oauth-apps/emulator');
      (async () => {
        const emulator = await createEmulator();
        const { apiKey, siteId } = emulator.credentials;
        const client = createClient({ auth: { apiKey }, siteId, fetch: emulator.fetch });
        const { id } = await client.createOAuthApp({ name: 'CommonJS' });
        console.log((await client.getOAuthApp(id)).name, Secret === (await import('wix-oauth-apps')).Secret);
      })();
    `;
    assert.equal(await printed(script, { type: 'commonjs' }), 'CommonJS true');
  });

  for (const [how, load] of [
    ['by import', (name) => `await import('${name}')`],
    ['by require()', (name) => `createRequire(import.meta.resolve('wix-oauth-apps'))('${name}')`],
  ]) {
    test(`the package ${how} reads no WebAssembly from a file`, async () => {
      const script = `
        import fs from 'node:fs';
        import { createRequire, syncBuiltinESMExports } from 'node:module';
        const read = new Set();
        for (const name of ['readFileSync', 'readFile', 'openSync', 'createReadStream']) {
          const original = fs[name];
          fs[name] = (path, ...rest) => {
            if (String(path).endsWith('.wasm')) read.add(String(path).split('/').at(-1));
            return original(path, ...rest);
          };
        }
        syncBuiltinESMExports();
        const { createClient } = ${load('wix-oauth-apps')};
        await createClient({ auth: { accessToken: 't' }, fetch: async () => new Response('{}') }).deleteOAuthApp('${NOBODY}');
        const { createEmulator } = ${load('wix-oauth-apps/emulator')};
        await Promise.all([createEmulator(), createEmulator()]);
        console.log(JSON.stringify([...read]));
      `;
      assert.deepEqual(JSON.parse(await printed(script)), []);
    });
  }

  test('with require() works where Node cannot require an ES module', async () => {
    const script = `
      const { createClient } = require('wix-oauth-apps');
      const { createEmulator } = require('wix-oauth-apps/emulator');
      createEmulator().then(async ({ fetch, credentials: { apiKey, siteId } }) => {
        const client = createClient({ auth: { apiKey }, siteId, fetch });
        console.log((await client.createOAuthApp({ name: 'CommonJS' })).name);
      });
    `;
    const options = { type: 'commonjs', node: ['--no-experimental-require-module'] };
    assert.equal(await printed(script, options), 'CommonJS');
  });

  test('works without TextDecoder and TextEncoder', async () => {
    const script = (entry) => `
      if ('${entry}' !== 'wix-oauth-apps') delete globalThis.TextDecoder, delete globalThis.TextEncoder;
      const { init, checkRedirect, validateOAuthApp } = await import('${entry}');
      await init();
      const app = { allowedRedirectUris: ['https://é.example/☃/😀'], allowedRedirectDomains: [] };
      console.log(JSON.stringify([
        validateOAuthApp({ name: 'Shöp', description: 'half: \\ud83d', allowedRedirectUris: ['https://é.example/☃#😀'] }),
        checkRedirect(app, 'https://é.example/☃/😁', 'authentication'),
      ]));
    `;
    assert.equal(await printed(script('wix-oauth-apps/inline')), await printed(script('wix-oauth-apps')));
  });

  test('creates no timer, no socket and no global', async () => {
    const script = `
      const before = Object.getOwnPropertyNames(globalThis).join();
      await import('wix-oauth-apps');
      await import('wix-oauth-apps/emulator');
      const resources = process.getActiveResourcesInfo().filter((name) => /Timeout|Immediate|TCP|TLS/.test(name));
      console.log(Object.getOwnPropertyNames(globalThis).join() === before, resources.length);
    `;
    assert.equal(await printed(script), 'true 0');
  });

  test('works in a worker thread', async () => {
    const script = `
      import { Worker } from 'node:worker_threads';
      const worker = new Worker(\`
        const { parentPort } = require('node:worker_threads');
        import('wix-oauth-apps').then(({ validateOAuthApp }) => parentPort.postMessage(validateOAuthApp({ name: 'x' })));
      \`, { eval: true, execArgv: [] });
      worker.on('message', ([{ field, rule }]) => console.log(field, rule));
    `;
    assert.equal(await printed(script), 'name OUT_OF_RANGE');
  });

  test('works where code generation from strings is disallowed', async () => {
    const script = `console.log((await import('wix-oauth-apps')).validateOAuthApp({ name: 'Shop' }).length);`;
    assert.equal(await printed(script, { node: ['--disallow-code-generation-from-strings'] }), '0');
  });
});

describe('init() in Node', () => {
  test('resolves at once, because the core is loaded', async () => {
    assert.equal(await api.init(), undefined);
    await Promise.all([api.init(), api.init({}), api.init(undefined), api.init({ wasm: 'https://example.com/none' })]);
    assert.deepEqual(api.validateOAuthApp({ name: 'Shop' }), []);
  });

  test('is not necessary before a synchronous function', async () => {
    const script = `
      import { validateOAuthApp } from 'wix-oauth-apps';
      console.log(validateOAuthApp({}).map(({ field }) => field).join());
    `;
    assert.equal(await printed(script), 'name');
  });
});

test('the stack of an error names the operation, and a line of readable code', async () => {
  const { stack } = await failure(api.createClient({ auth: { accessToken: 't' } }).getOAuthApp('x'));
  const [, line] = /^OAuthAppsError: getOAuthApp: .*\n +at .*\bdist\/node\.c?js:(\d+):\d+\)/.exec(stack) ?? [];
  const code = readFileSync(join(root, 'dist', 'node.js'), 'utf8').split('\n');
  assert.ok(code[line - 1]?.trim().length < 200, stack);
});

describe('the WebAssembly given by the caller', () => {
  const load = (given) => `
    import { readFileSync } from 'node:fs';
    import { runInNewContext } from 'node:vm';
    const file = (name) => readFileSync(new URL(import.meta.resolve('wix-oauth-apps/' + name)));
    const ofAnotherRealm = (bytes) => runInNewContext('new WebAssembly.Module(bytes)', { bytes });
    ${given}
  `;
  test('may be a module of another realm', async () => {
    const script = load(`
      const { init, validateOAuthApp } = await import('wix-oauth-apps/inline');
      const { createEmulator } = await import('wix-oauth-apps/emulator');
      await init({ wasm: ofAnotherRealm(file('core.wasm')) });
      const { credentials } = await createEmulator({ wasm: ofAnotherRealm(file('emulator.wasm')) });
      console.log(validateOAuthApp({ name: 'Shop' }).length, typeof credentials.apiKey);
    `);
    assert.equal(await printed(script), '0 string');
  });

  test('is refused for the emulator if it is another module, and the call can be repeated', async () => {
    const script = load(`
      const { createEmulator } = await import('wix-oauth-apps/emulator');
      const error = await createEmulator({ wasm: file('core.wasm') }).catch((error) => error);
      console.log(error.name, error.message);
      console.log(typeof (await createEmulator({ wasm: file('emulator.wasm') })).fetch);
    `);
    const [refused, repeated] = (await printed(script)).split('\n');
    assert.match(refused, /^TypeError options\.wasm: .*wix-oauth-apps\/emulator\.wasm/);
    assert.equal(repeated, 'function');
  });
});

describe('a runtime without WebAssembly', () => {
  test('imports the package, and says so when the core is needed', async () => {
    const script = `
      delete globalThis.WebAssembly;
      const { getOAuthApp, validateOAuthApp } = await import('wix-oauth-apps');
      const show = ({ code, operation, message }) => console.log(code, operation, message);
      try { validateOAuthApp({}); } catch (error) { show(error); }
      await getOAuthApp({ auth: { accessToken: 't' } }, '${NOBODY}').catch(show);
    `;
    const [now, later] = (await printed(script)).split('\n');
    assert.match(now, /^NETWORK validateOAuthApp .*no WebAssembly/);
    assert.match(later, /^NETWORK init .*no WebAssembly/);
  });
});

describe('two copies of the package in one program', () => {
  let folder;
  let copy;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-copy-'));
    cpSync(root, folder, { recursive: true, dereference: true });
    copy = await import(pathToFileURL(join(folder, 'dist', 'node.js')));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test('recognise each other’s errors by name', async () => {
    const error = await failure(copy.getOAuthApp({ auth: { accessToken: 't' } }, 'x'));
    assert.notEqual(copy.OAuthAppsError, api.OAuthAppsError);
    assert.equal(error instanceof api.OAuthAppsError, false);
    assert.equal(api.isOAuthAppsError(error), true);
    assert.equal(copy.isOAuthAppsError(error), true);
  });

  test('accept each other’s clients and emulators', async () => {
    const emulator = await emulatorApi.createEmulator();
    const { apiKey, siteId } = emulator.credentials;
    const client = copy.createClient({ auth: { apiKey }, siteId, fetch: emulator.fetch });
    const { id } = await api.createOAuthApp(client, { name: 'Shop' });
    assert.equal((await api.getOAuthApp(client, id)).name, 'Shop');
  });
});
