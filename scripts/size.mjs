// Reports what a user downloads: the files of the package, each compressed as a server would send it.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Stop, read, root } from './run.mjs';

const CLIENT_LIMIT = 94_000;

/** Prints the sizes of client and emulator. Throws a `Stop` if the client exceeds its limit. */
export function reportSizes() {
  const { exports } = JSON.parse(read('pkg/package.json'));
  const page = (name) =>
    size([...modules(exports[name].default), exports[name === '.' ? './core.wasm' : `${name}.wasm`].default]);
  const client = page('.');
  console.log(
    `- gzipped, in a page: client ${client} of at most ${CLIENT_LIMIT} bytes, emulator ${page('./emulator')} bytes; ` +
      `with the WebAssembly inlined: wix-oauth-apps/inline ${size([exports['./inline'].default])} bytes, Node's entry ${size([exports['.'].node.default])} bytes`,
  );
  if (client <= CLIENT_LIMIT) return;
  throw new Stop(`the client is ${client - CLIENT_LIMIT} bytes larger than scripts/size.mjs allows`);
}

/** Returns a module and those that it imports. */
function modules(path) {
  const imports = [...read(join('pkg', path)).matchAll(/from\s*["'](\.[^"']+)["']/g)];
  return [path, ...imports.flatMap(([, imported]) => modules(join(dirname(path), imported)))];
}

const size = (paths) =>
  [...new Set(paths)].reduce(
    (sum, path) => sum + gzipSync(readFileSync(join(root, 'pkg', path)), { level: 9 }).length,
    0,
  );
