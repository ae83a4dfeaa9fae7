// What a user downloads: the package's files, each compressed as a server would send it.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pkg } from './paths.mjs';
import { Stop } from './run.mjs';

const CLIENT_LIMIT = 106_000;

/** Prints the sizes of client and emulator, and stops when the client has outgrown its limit. */
export function reportSizes() {
  const files = readdirSync(pkg, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(wasm|m?js|cjs)$/.test(entry.name))
    .map((entry) =>
      relative(pkg, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    );
  // Whatever is named after the emulator is loaded by those who import it, and by nobody else.
  const isEmulator = (path) => /(^|\/)emulator/.test(path);
  const client = gzipped(files.filter((path) => !isEmulator(path)));
  const emulator = gzipped(files.filter(isEmulator));
  console.log(
    `- gzipped: client ${kilobytes(client)} of at most ${kilobytes(CLIENT_LIMIT)}, emulator ${kilobytes(emulator)}`,
  );
  if (client > CLIENT_LIMIT) throw new Stop(`the client is ${client - CLIENT_LIMIT} bytes too large`);
}

const gzipped = (paths) =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(join(pkg, path)), { level: 9 }).length, 0);

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
