// Imports of the package from ES modules, CommonJS, a worker and a bundle; and the content of the package.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as api from 'wix-oauth-apps';
import * as emulatorApi from 'wix-oauth-apps/emulator';
import { failure, NOBODY } from './support/client.mjs';
import { runScript } from './support/script.mjs';

const require = createRequire(import.meta.url);
const manifest = require('wix-oauth-apps/package.json');
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

describe('the content of the package', () => {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );

  test(
    'is what is needed, without sources and source maps',
    { skip: !process.env.PACKAGE_TARBALL && 'run by npm test, which packs it' },
    () => {
      const packed = execFileSync('tar', ['-tzf', process.env.PACKAGE_TARBALL], { encoding: 'utf8' })
        .trim()
        .split(/\r?\n/)
        .map((path) => path.replace(/^package\//, ''));
      const known = [
        /^(emulator\/)?((emulator|inline)\/)?package\.json$/,
        /^(THIRD-PARTY-LICENSES\.md|emulator\/README\.md|examples\/[\w./-]+)$/,
        /^(README\.md|CHANGELOG\.md|LICENSE-MIT|LICENSE-APACHE)$/,
        /^dist\/(emulator\/)?(browser|node|inline|workerd|edge)\.js$/,
        /^dist\/(core|error)\.js$/,
        /^dist\/((emulator\/)?(node|inline)|emulator\/(brotli|deflate))\.cjs$/,
        /^dist\/(emulator\/)?[a-z-]+\.d\.c?ts$/,
        /^wasm\/(core|emulator)_bg\.wasm$/,
      ];
      assert.deepEqual(
        packed.filter((path) => !known.some((form) => form.test(path))),
        [],
      );
      for (const form of known)
        assert.ok(
          packed.some((path) => form.test(path)),
          String(form),
        );
      assert.deepEqual([...packed].sort(), [...files].sort(), 'the tarball is what is installed');
    },
  );

  test('has no dependency and no install script', () => {
    for (const name of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies']) {
      assert.equal(name in manifest, false, name);
    }
    assert.equal('scripts' in manifest, false);
    assert.equal('bin' in manifest, false);
  });

  test('has every exported file, and no other file can be imported', () => {
    const targets = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(targets));
    const { main, module, types, typesVersions } = manifest;
    const legacy = [main, module, types, ...Object.values(typesVersions['*']).flat()];
    for (const target of [...legacy, ...targets(manifest.exports)]) assert.ok(existsSync(join(root, target)), target);
    for (const folder of ['emulator', 'emulator/inline', 'inline']) {
      const { main, module, types } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
      for (const target of [main, module, types]) assert.ok(existsSync(join(root, folder, target)), target);
    }
    for (const entry of Object.values(manifest.exports)) {
      if (typeof entry === 'string') continue;
      assert.equal(Object.keys(entry)[0], 'types', 'TypeScript uses the first condition that matches');
      assert.equal(Object.keys(entry).at(-1), 'default');
    }
    for (const path of ['dist/core.js', 'dist/node.js', 'wasm/core_bg.wasm', 'README.md']) {
      assert.throws(() => require.resolve(`wix-oauth-apps/${path}`), { code: 'ERR_PACKAGE_PATH_NOT_EXPORTED' });
    }
  });

  test('includes the WebAssembly and the manifest as exports', async () => {
    const module = await WebAssembly.compile(readFileSync(core));
    assert.ok(WebAssembly.Module.exports(module).some(({ name }) => name === 'validateOAuthApp'));
    assert.equal(manifest.name, 'wix-oauth-apps');
    assert.match(manifest.version, /^\d+\.\d+\.\d+/);
  });

  test('contains no path of the machine that built it, and no reference to a source map', () => {
    for (const path of files) {
      const content = readFileSync(join(root, path), 'latin1');
      const place = /(?:\/(?:home|root|Users|tmp|builds?|runner)\/|[A-Z]:\\Users)[\w./\\-]*/.exec(content);
      assert.equal(place?.[0], undefined, path);
      assert.doesNotMatch(content, /sourceMappingURL/, path);
    }
  });

  test('has the declarations that its declarations import', () => {
    for (const path of files.filter((path) => path.startsWith('dist/') && path.endsWith('.d.ts'))) {
      for (const [, from] of readFileSync(join(root, path), 'utf8').matchAll(/from '(\.[^']+)'/g)) {
        assert.ok(
          files.includes(join(dirname(path), from.replace(/\.js$/, '.d.ts')).replaceAll('\\', '/')),
          `${path}: ${from}`,
        );
      }
    }
  });
});

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
