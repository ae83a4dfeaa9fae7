// The packed packages: their manifests, types, files and links.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packAll, read, root } from './support.mjs';

const [library, cli] = packAll();
const PACKAGES = [library, cli];
const workspace = JSON.parse(read('package.json'));

for (const { manifest, bytes, files, text } of PACKAGES) {
  describe(manifest.name, () => {
    test('has nothing that publint complains of', async () => {
      const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
      assert.deepEqual(
        messages.map((message) => formatMessage(message, pkg)),
        [],
      );
    });

    test('has types that every kind of project resolves', async () => {
      const { problems } = await checkPackage(createPackageFromTarballData(bytes), {
        // No program imports these as modules with types.
        excludeEntrypoints: Object.keys(manifest.exports).filter((name) => /\.(json|wasm)(\?|$)/.test(name)),
      });
      // The library is for CommonJS too. The command line's API is an ES module, which every supported version of Node requires.
      const isAccepted = ({ kind }) => manifest === cli.manifest && kind === 'CJSResolvesToESM';
      assert.deepEqual(
        problems.filter((problem) => !isAccepted(problem)),
        [],
      );
    });

    test('names the project as the root manifest does', () => {
      for (const field of ['author', 'homepage', 'bugs']) assert.deepEqual(manifest[field], workspace[field], field);
      const { directory, ...repository } = manifest.repository;
      assert.deepEqual(repository, workspace.repository);
      assert.ok(existsSync(join(root, directory, 'package.json')));
    });

    test('has documents whose links resolve', () => {
      for (const from of files.filter((path) => path.endsWith('.md') && path !== 'THIRD-PARTY-LICENSES.md')) {
        for (const link of linksOf(text(from))) checkLink(from, link);
      }
    });

    /** Fails unless a link leads to a packed file, a heading of one, or a file of the repository at this version. */
    function checkLink(from, link) {
      const repository = `${workspace.homepage.replace('#readme', '')}/`;
      if (link.startsWith(repository)) {
        const [, version, path] = /^(?:blob|tree)\/v([^/]+)\/([^#]+)/.exec(link.slice(repository.length)) ?? [];
        assert.equal(version, manifest.version, `${from}: ${link}`);
        assert.ok(existsSync(join(root, path)), `${from}: ${link}`);
      } else if (/^[a-z]+:/.test(link)) {
        assert.match(link, /^https:\/\//, from);
      } else {
        const [path, heading] = link.split('#');
        const target = path === '' ? from : posix.join(posix.dirname(from), path);
        const isPacked = files.some((file) => file === target || file.startsWith(`${target.replace(/\/$/, '')}/`));
        assert.ok(isPacked, `${from}: ${link}`);
        if (heading) assert.ok(headingsOf(text(target)).includes(heading), `${from}: ${link}`);
      }
    }
  });
}

const withoutCode = (markdown) => markdown.replace(/^```.*?^```$/gms, '');
const linksOf = (markdown) => [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);

/** Returns the anchors of the headings, as GitHub and the registry's page make them. */
function headingsOf(markdown) {
  return [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

describe('the packed files', () => {
  test('of the library are those of release/files.json', () => {
    assert.deepEqual(library.files, JSON.parse(read('release/files.json')), 'if a change is intended, edit the list');
  });

  test('of the command line are its compiled sources, and what the manifest names', () => {
    const sources = readdirSync(join(root, 'cli', 'src'), { recursive: true })
      .map((path) => `src/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
    const compiled = sources.flatMap((path) => ['.js', '.d.ts'].map((extension) => path.replace('.ts', extension)));
    const others = cli.files.filter((path) => !path.startsWith('src/'));
    assert.deepEqual(cli.files.filter((path) => path.startsWith('src/')).sort(), compiled.sort());
    // The names of the console's files contain a hash of their content.
    const known = [
      /^(package\.json|config\.schema\.json|openapi\.json|README\.md|CHANGELOG\.md|LICENSE-(MIT|APACHE))$/,
      /^THIRD-PARTY-LICENSES\.md$/,
      /^completions\/[\w.-]+$/,
      /^wasm\/cli-core(\.js|\.d\.ts|_bg\.wasm)$/,
      /^console\/(index\.html|favicon\.svg|THIRD-PARTY-LICENSES\.md|assets\/[\w-]+\.(js|css|wasm))$/,
    ];
    assert.deepEqual(
      others.filter((path) => !known.some((form) => form.test(path))),
      [],
    );
    for (const form of known)
      assert.ok(
        others.some((path) => form.test(path)),
        String(form),
      );
  });

  test('do not include another package’s WebAssembly', () => {
    const modules = (files) => files.filter((path) => path.endsWith('.wasm') && !path.startsWith('console/'));
    assert.deepEqual(modules(cli.files), ['wasm/cli-core_bg.wasm']);
  });
});
