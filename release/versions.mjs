// The places that state the version of the project. They agree, because the command line works only with its own library.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = dirname(import.meta.dirname);
const read = (path) => readFileSync(join(root, path), 'utf8');

/** Returns the version that each place states. */
export function statedVersions(readFile = read) {
  const [library, cli, server] = ['pkg-template/package.json', 'cli/package.json', 'cli/openapi.json'].map((path) =>
    JSON.parse(readFile(path)),
  );
  const lock = readFile('Cargo.lock').matchAll(/^name = "(wix-oauth-apps[\w-]*)"\r?\nversion = "([^"]+)"/gm);
  return {
    'Cargo.toml': /^\[workspace\.package\]\r?\nversion = "([^"]+)"/m.exec(readFile('Cargo.toml'))?.[1],
    ...Object.fromEntries([...lock].map(([, crate, version]) => [`Cargo.lock, ${crate}`, version])),
    'pkg-template/package.json': library.version,
    'cli/package.json': cli.version,
    'cli/package.json, dependencies': cli.dependencies[library.name],
    'cli/openapi.json': server.info.version,
    // The newest release, below what is unreleased.
    'CHANGELOG.md': /^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$/m.exec(readFile('CHANGELOG.md'))?.[1],
  };
}

/** Returns the version of the project. Throws an error that lists the places if they do not agree. */
export function projectVersion(readFile) {
  const stated = Object.entries(statedVersions(readFile));
  const versions = new Set(stated.map(([, version]) => version));
  const [version] = versions;
  if (versions.size === 1 && version) return version;
  const list = stated.map(([place, stating]) => `  ${place}: ${stating ?? 'no version'}`);
  throw new Error(`the versions of the project differ; make them one:\n${list.join('\n')}`);
}
