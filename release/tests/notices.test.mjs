// The notices in the packages name everything that Cargo.lock and the bundlers put into them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { packAll, read, root } from './support.mjs';

const NOTICE = 'THIRD-PARTY-LICENSES.md';
const [library, cli] = packAll();

/** Returns the crates that a crate's WebAssembly is compiled from, as `name version`. */
function cratesOf(name) {
  const args = ['tree', '--locked', '-p', name, '--target', 'wasm32-unknown-unknown', '-e', 'normal,no-proc-macro'];
  const tree = execFileSync('cargo', [...args, '--prefix', 'none', '-f', '{p}'], { cwd: root, encoding: 'utf8' });
  const own = /^wix-oauth-apps/;
  return [...tree.matchAll(/^(\S+) v(\S+)/gm)].filter(([, crate]) => !own.test(crate)).map((match) => match.slice(1));
}

for (const [{ manifest, files, text }, crates] of [
  [library, ['wix-oauth-apps', 'wix-oauth-apps-emulator']],
  [cli, ['wix-oauth-apps', 'wix-oauth-apps-emulator', 'wix-oauth-apps-cli-core']],
]) {
  describe(`the notice of ${manifest.name}`, () => {
    test('is packed', () => assert.ok(files.includes(NOTICE)));

    test('names every crate in the WebAssembly, with its version and license', () => {
      const notice = text(NOTICE);
      for (const [name, version] of crates.flatMap(cratesOf)) {
        assert.ok(notice.includes(`${name} ${version} (`), `${name} ${version} is missing: run \`npm run build\``);
      }
    });

    test('has a license text for each work', () => {
      const sections = text(NOTICE).split(/^## /m).slice(1);
      for (const section of sections) assert.ok(section.length > 300, section);
      assert.ok(sections.length > 20);
    });

    test('has the notice of the Public Suffix List, in the version that is compiled in', () => {
      const [, version] = /Public Suffix List\] of ([^;]+);/.exec(read('src/redirect/suffix/list.rs'));
      const [section] = /^## The Public Suffix List.*?(?=^## )/ms.exec(text(NOTICE));
      assert.ok(section.includes(version));
      assert.match(section, /Mozilla Public License, v\. 2\.0[^]*https:\/\/mozilla\.org\/MPL\/2\.0\//);
      assert.match(section, /https:\/\/publicsuffix\.org\/list\/public_suffix_list\.dat/);
    });
  });
}

test('the notice of the command line names the npm packages in its bundles', () => {
  const notice = cli.text(NOTICE);
  for (const name of ['@modelcontextprotocol/sdk', 'zod', 'ajv', 'preact', '@preact/signals', '@preact/signals-core']) {
    assert.match(notice, new RegExp(`^#+ ${name} - \\d`, 'm'), name);
  }
});

test('the notice of the library names the one npm package in its bundles', () => {
  assert.match(library.text(NOTICE), /^## .*\bfflate \d+\.\d+\.\d+ \(MIT\)/m);
  for (const path of library.files.filter((path) => /^dist\/.*\.c?js$/.test(path))) {
    // The bundler names the file of each module in a comment, unless it minifies.
    for (const [, name] of library.text(path).matchAll(/^\/\/#region .*node_modules\/((?:@[^/]+\/)?[^/]+)/gm)) {
      assert.equal(name, 'fflate', path);
    }
    for (const [, name] of library
      .text(path)
      .matchAll(/\b(?:from|require\()\s*['"](?!\.|node:|wix-oauth-apps\/)([^'"]+)/g)) {
      assert.fail(`${path} imports ${name}`);
    }
  }
});
