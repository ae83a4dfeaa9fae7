// Writes what a package contains beside its code: the manifest, the documents with links that resolve there, the licenses.
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { writeNotice } from './notices.mjs';

const root = dirname(import.meta.dirname);
const read = (path) => readFileSync(join(root, path), 'utf8');
const workspace = JSON.parse(read('package.json'));

/** The root manifest is the one place that names the project's address and author. */
const SHARED_FIELDS = ['author', 'homepage', 'bugs'];
const COMMON = { 'CHANGELOG.md': 'CHANGELOG.md', 'LICENSE-MIT': 'LICENSE-MIT', 'LICENSE-APACHE': 'LICENSE-APACHE' };

/** Each package's folder of sources, and its documents: the path in the repository, and the path in the package. */
const PACKAGES = {
  pkg: {
    source: 'pkg-template',
    documents: {
      ...{ 'README.md': 'README.md', 'emulator/README.md': 'emulator/README.md' },
      'pkg-template/emulator/package.json': 'emulator/package.json',
      'pkg-template/emulator/inline/package.json': 'emulator/inline/package.json',
      'pkg-template/inline/package.json': 'inline/package.json',
      ...Object.fromEntries(filesBelow('examples').map((path) => [path, path])),
      ...COMMON,
    },
  },
  'pkg-cli': { source: 'cli', documents: { 'cli/README.md': 'README.md', ...COMMON } },
};

/** Writes the manifest of a package. */
export function writeManifest(folder) {
  writeFileSync(
    join(root, folder, 'package.json'),
    `${JSON.stringify(manifestOf(PACKAGES[folder].source), undefined, 2)}\n`,
  );
}

/**
 * Writes the documents of a package. Its code must be there, because the notice lists what it contains. `bundled` are the
 * folders of the npm packages that a bundler has put into it without listing them in a notice.
 */
export function writeDocuments(folder, bundled = []) {
  const { documents } = PACKAGES[folder];
  for (const [from, to] of Object.entries(documents)) {
    const target = join(root, folder, to);
    mkdirSync(dirname(target), { recursive: true });
    if (to.endsWith('.md')) writeFileSync(target, withResolvedLinks(read(from), from, documents));
    else cpSync(join(root, from), target);
  }
  writeNotice(folder, bundled);
}

function manifestOf(source) {
  const { license, ...rest } = JSON.parse(read(`${source}/package.json`));
  const { name, version, description, keywords, ...others } = rest;
  const shared = Object.fromEntries(SHARED_FIELDS.map((field) => [field, workspace[field]]));
  const repository = { ...workspace.repository, directory: source };
  return { name, version, description, keywords, license, ...shared, repository, ...others };
}

/** Replaces relative links: the target's path in the package, or its address in the repository if it is not packed. */
function withResolvedLinks(text, from, documents) {
  return text.replace(/\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)/g, (_, path, fragment = '') => {
    const target = posix.join(posix.dirname(from), path);
    const packed = documents[target];
    if (packed === undefined) return `](${addressOf(target)}${fragment})`;
    return `](${posix.relative(posix.dirname(documents[from]), packed)}${fragment})`;
  });
}

/** Returns the address of a file in the repository, at the tag of this version. */
export function addressOf(path) {
  const { version } = JSON.parse(read('pkg-template/package.json'));
  const kind = statSync(join(root, path)).isDirectory() ? 'tree' : 'blob';
  return `${workspace.repository.url.replace(/^git\+|\.git$/g, '')}/${kind}/v${version}/${path}`;
}

/** Returns the files of a folder of the repository, without what is installed or built in it. */
function filesBelow(folder) {
  const isSource = (path) => !/(^|[\\/])(node_modules|dist|test-results|\.\w+)([\\/]|$)/.test(path);
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(folder, join(entry.parentPath, entry.name).slice(join(root, folder).length + 1)))
    .map((path) => path.replaceAll('\\', '/'))
    .filter(isSource)
    .sort();
}
