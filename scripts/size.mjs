// Reports what a user downloads: the files of the package, each compressed as a server would send it.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Stop, root } from './run.mjs';

const CLIENT_LIMIT = 99_948;

/** Prints the sizes of client and emulator. Throws a `Stop` if the client exceeds its limit. */
export function reportSizes() {
  const sizes = { client: 0, emulator: 0 };
  for (const path of readdirSync(join(root, 'pkg'), { recursive: true }).filter((path) => /\.(wasm|js)$/.test(path))) {
    // Only a program that imports the emulator loads what is named after it.
    const owner = /(^|[\\/])emulator/.test(path) ? 'emulator' : 'client';
    sizes[owner] += gzipSync(readFileSync(join(root, 'pkg', path)), { level: 9 }).length;
  }
  console.log(`- gzipped: client ${sizes.client} of at most ${CLIENT_LIMIT} bytes, emulator ${sizes.emulator} bytes`);
  if (sizes.client <= CLIENT_LIMIT) return;
  throw new Stop(`the client is ${sizes.client - CLIENT_LIMIT} bytes larger than scripts/size.mjs allows`);
}
