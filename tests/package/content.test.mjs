// The files of the package: what it contains, what it exports, and what it does not tell about the machine that built it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const manifest = require('wix-oauth-apps/package.json');
const root = join(fileURLToPath(import.meta.resolve('wix-oauth-apps/package.json')), '..');
const core = fileURLToPath(import.meta.resolve('wix-oauth-apps/core.wasm'));

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
        /^wasm\/(core|core-server|emulator)_bg\.wasm$/,
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
