// The packed packages: their manifests, types, files and links.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { listedFiles } from '../files.mjs';
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
  for (const packed of PACKAGES) {
    test(`of ${packed.manifest.name} are those of release/files.json`, () => {
      const expected = JSON.parse(read('release/files.json'))[packed.manifest.name];
      assert.deepEqual(listedFiles(packed), expected, 'if the change is intended, run `node release/files.mjs`');
    });
  }

  test('of the command line include the declarations of its sources', () => {
    const sources = readdirSync(join(root, 'cli', 'src'), { recursive: true })
      .map((path) => `src/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
    const declarations = sources.map((path) => path.replace('.ts', '.d.ts'));
    assert.deepEqual(
      cli.files.filter((path) => /^src\/.*\.d\.ts$/.test(path)),
      declarations.sort(),
    );
  });
});
