// `npm run release`: writes the tarballs of both packages to dist/, and proves that they are reproducible: a clean clone of the
// commit in another folder builds the same bytes. `npm run release -- --once` leaves the proof out.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectVersion } from './versions.mjs';

const root = dirname(import.meta.dirname);
const FOLDERS = ['pkg', 'pkg-cli'];

const run = (folder, program, ...args) => execFileSync(program, args, { cwd: folder, stdio: 'inherit' });
const output = (folder, program, ...args) => execFileSync(program, args, { cwd: folder, encoding: 'utf8' }).trim();

/** Builds and packs both packages of a clone, and returns the SHA-256 of each tarball by its name. */
function packed(clone, destination) {
  run(clone, process.execPath, 'scripts/build.mjs');
  mkdirSync(destination, { recursive: true });
  return FOLDERS.map((folder) => {
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const [program, ...args] = [...npm, 'pack', '--json', '--pack-destination', destination];
    const [{ filename }] = JSON.parse(output(join(clone, folder), program, ...args));
    const sum = createHash('sha256')
      .update(readFileSync(join(destination, filename)))
      .digest('hex');
    return `${sum}  ${filename}`;
  });
}

const isProved = !process.argv.includes('--once');
const version = projectVersion();
if (output(root, 'git', 'status', '--porcelain') !== '') {
  throw new Error(
    'the working tree has changes that no commit holds; commit them, so that the tarballs are of a commit',
  );
}
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
const sums = packed(root, dist);

if (isProved) {
  const folder = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-release-'));
  try {
    const clone = join(folder, 'clone');
    run(root, 'git', 'clone', '--quiet', root, clone);
    // The build tools, which a build would otherwise compile for minutes.
    if (existsSync(join(root, '.tools'))) symlinkSync(join(root, '.tools'), join(clone, '.tools'), 'junction');
    const again = packed(clone, join(folder, 'dist'));
    if (again.join() !== sums.join()) {
      const kept = join(root, 'target', 'second-build');
      cpSync(join(folder, 'dist'), kept, { recursive: true });
      throw new Error(`the builds differ; the second one is in ${kept}:\n${[...sums, ...again].join('\n')}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
writeFileSync(join(dist, 'SHA256SUMS'), `${sums.join('\n')}\n`);
console.log(
  `\nwix-oauth-apps ${version}, in dist/${isProved ? '; a clean clone elsewhere built the same bytes' : ''}:`,
);
console.log(sums.join('\n'));
