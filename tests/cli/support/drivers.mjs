// The SQLite drivers of the data file. The guarantees of the data file are tested with each of them.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const [major, minor] = process.versions.node.split('.').map(Number);
const hasBuiltin = major > 22 || (major === 22 && minor >= 13);

/** The path of a Node with `node:sqlite`: this one, or the one that is installed for the tests; undefined without any. */
const nodeWithSqlite = hasBuiltin ? process.execPath : installedNode();

function installedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    return [join(dirname(manifest), 'bin', 'node')].find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

/** Options of `start`, `run` and `serve` that make the server use `node:sqlite`. */
export const BUILTIN = { node: nodeWithSqlite };

/** Options that make the server use `@photostructure/sqlite`. */
export const PEER = { env: hasBuiltin ? { NODE_OPTIONS: '--no-experimental-sqlite' } : {} };

/** Why `node:sqlite` cannot be tested here; `false` if it can. */
export const skipBuiltin =
  nodeWithSqlite === undefined &&
  `there is no Node 22.13 or newer for ${process.platform}-${process.arch}: run the tests with one`;

/** Each driver with its options, and with the reason to skip it. */
export const DRIVERS = [
  { driver: 'node:sqlite', options: BUILTIN, skip: skipBuiltin },
  { driver: '@photostructure/sqlite', options: PEER, skip: false },
];
