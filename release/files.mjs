// `node release/files.mjs` writes release/files.json, the list of the files in each package, from the packages of the last build.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packAll } from './tests/support.mjs';

/** Returns the files of a package whose names the project chooses. */
export function listedFiles({ files }) {
  // The bundler names the chunks of the command line, and each of its modules has its declarations.
  const isOthers = (path) => /^src\/([\w-]+\.js|.*\.d\.ts)$/.test(path);
  // The hash of a file of the console changes with its content.
  const named = (path) => path.replace(/^(console\/assets\/.+)-[\w-]{8}(?=\.\w+$)/, '$1-HASH');
  return files
    .filter((path) => !isOthers(path))
    .map(named)
    .sort();
}

if (import.meta.filename === process.argv[1]) {
  const lists = Object.fromEntries(packAll().map((packed) => [packed.manifest.name, listedFiles(packed)]));
  writeFileSync(join(import.meta.dirname, 'files.json'), `${JSON.stringify(lists, undefined, 2)}\n`);
}
