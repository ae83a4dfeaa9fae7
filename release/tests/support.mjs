// The packages as a registry would hold them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = dirname(dirname(import.meta.dirname));
export const read = (path) => readFileSync(join(root, path), 'utf8');

/** Packs both packages, and returns them with the bytes, the texts and the names of what is inside. */
export function packAll() {
  const folder = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-'));
  try {
    return ['pkg', 'pkg-cli'].map((name) => packed(name, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function packed(name, destination) {
  const { npm_execpath: npm } = process.env;
  const [program, ...args] = npm ? [process.execPath, npm] : ['npm'];
  const options = { cwd: join(root, name), encoding: 'utf8', maxBuffer: 2 ** 26 };
  const printed = execFileSync(program, [...args, 'pack', '--json', '--pack-destination', destination], options);
  const [{ filename, files }] = JSON.parse(printed);
  const manifest = JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8'));
  return {
    manifest,
    bytes: new Uint8Array(readFileSync(join(destination, filename))),
    files: files.map(({ path }) => path).sort(),
    text: (path) => readFileSync(join(root, name, path), 'utf8'),
  };
}
