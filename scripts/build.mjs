// Builds the npm packages: into pkg/ the two WebAssembly modules, the TypeScript facade and the hand-written files, and
// into pkg-cli/ the command line.
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { cli, cliPkg, nodeModules, pkg, root, target, template } from './paths.mjs';
import { Stop, main, run, timed } from './run.mjs';
import { setup } from './setup.mjs';
import { shortenNames } from './shorten.mjs';
import { reportSizes } from './size.mjs';

// What the WebAssembly depends on; the package itself depends on it and on its own files.
const WASM_INPUTS = [
  ...['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'src', 'emulator/Cargo.toml', 'emulator/src'],
  ...['package.json', 'package-lock.json', 'scripts/build.mjs', 'scripts/shorten.mjs'],
];
const COPIED = ['README.md', 'CHANGELOG.md', 'LICENSE-MIT', 'LICENSE-APACHE'];
const PKG_INPUTS = ['pkg-template', ...COPIED];
const CLI_COPIED = COPIED.filter((name) => name !== 'README.md');

const MODULES = [
  { crate: '.', name: 'core', what: 'the client' },
  { crate: 'emulator', name: 'emulator', what: 'the emulator' },
];

/** Builds what changed since the last time, and lets the repository import the package by its name. */
export async function build() {
  checkVersions();
  const wasmHash = hash(WASM_INPUTS);
  const pkgHash = hash(PKG_INPUTS, wasmHash);
  const stamp = join(pkg, '.stamp');
  if (read(stamp) === pkgHash) {
    console.log('- pkg/ is up to date');
  } else {
    rmSync(pkg, { recursive: true, force: true });
    for (const module of MODULES) await buildWasm(module, wasmHash);
    await buildPackage();
    writeFileSync(stamp, pkgHash);
  }
  linkPackage(pkg);
  await buildCli();
  linkPackage(cliPkg);
  reportSizes();
}

const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

function hash(paths, seed = '') {
  const sum = createHash('sha256').update(seed);
  const add = (path) => {
    const absolute = join(root, path);
    if (!existsSync(absolute)) throw new Stop(`${path} is missing, and the build needs it`);
    if (lstatSync(absolute).isDirectory()) {
      for (const name of readdirSync(absolute).sort()) add(`${path}/${name}`);
    } else {
      const content = readFileSync(absolute);
      sum.update(`${path}\0${content.length}\0`).update(content);
    }
  };
  paths.forEach(add);
  return sum.digest('hex');
}

// The command line works with the package of its own version alone, and the repository installs what its users do.
function checkVersions() {
  const manifest = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));
  const [lib, command, workspace] = ['pkg-template', 'cli', '.'].map((folder) =>
    manifest(join(folder, 'package.json')),
  );
  const inCargo = /^\[workspace\.package\]$[^[]*?^version = "([^"]+)"/m.exec(
    readFileSync(join(root, 'Cargo.toml'), 'utf8'),
  )?.[1];
  const ownLib = command.dependencies[lib.name];
  const versions = {
    'pkg-template/package.json': lib.version,
    'cli/package.json': command.version,
    'its dependency': ownLib,
  };
  for (const [where, version] of Object.entries(versions)) {
    if (version !== inCargo) throw new Stop(`the versions differ: Cargo.toml says ${inCargo}, ${where} ${version}`);
  }
  for (const [name, range] of Object.entries(command.peerDependencies)) {
    const here = workspace.devDependencies[name];
    if (range !== `^${here}`)
      throw new Stop(`the versions differ: cli/package.json wants ${name} ${range}, package.json ${here}`);
  }
}

// Built beside the package and copied: wasm-pack runs wasm-opt over every wasm file that it finds in its output folder.
async function buildWasm({ crate, name, what }, wasmHash) {
  const out = join(target, 'wasm-pack', name);
  const stamp = join(out, '.stamp');
  if (read(stamp) !== wasmHash) {
    if (!existsSync(join(nodeModules, 'binaryen', 'bin', 'wasm-opt'))) {
      // wasm-pack would leave the optimisation out without a word that anyone reads.
      throw new Stop('wasm-opt is missing from node_modules: remove node_modules/.stamp and start again');
    }
    rmSync(out, { recursive: true, force: true });
    await timed(`building the WebAssembly of ${what}`, () =>
      run(
        'wasm-pack',
        [
          ...[
            '--log-level',
            'warn',
            'build',
            '--release',
            '--target',
            'web',
            '--mode',
            'no-install',
            '--no-pack',
            '--no-gitignore',
          ],
          ...['--out-dir', out, '--out-name', name, crate],
        ],
        { env: reproducible() },
      ),
    );
    writeFileSync(stamp, wasmHash);
  }
  cpSync(out, join(pkg, 'wasm'), {
    recursive: true,
    // The declarations of the raw wasm module serve nobody: the facade goes through the JavaScript beside it.
    filter: (path) => path !== stamp && !path.endsWith('_bg.wasm.d.ts'),
  });
  const built = join(pkg, 'wasm', name);
  shortenNames(`${built}_bg.wasm`, [`${built}.js`, `${built}.d.ts`]);
}

// Panic messages hold the paths of sources: the same bytes on every machine, and no home folder in what is published.
function reproducible() {
  if (process.env.CARGO_ENCODED_RUSTFLAGS || process.env.RUSTFLAGS) return {};
  const cargoHome = process.env.CARGO_HOME || join(homedir(), '.cargo');
  const registry = join(cargoHome, 'registry', 'src');
  const indexes = existsSync(registry) ? readdirSync(registry).map((index) => join(registry, index)) : [];
  const renamed = [[root, '.'], [cargoHome, 'cargo'], ...indexes.map((path) => [path, 'crates'])];
  return { CARGO_ENCODED_RUSTFLAGS: renamed.map(([from, to]) => `--remap-path-prefix=${from}=${to}`).join('\x1f') };
}

async function buildPackage() {
  await timed('compiling the TypeScript facade', () =>
    run(process.execPath, [join(nodeModules, 'typescript', 'bin', 'tsc'), '-p', template]),
  );
  await minify();
  cpSync(join(template, 'package.json'), join(pkg, 'package.json'));
  for (const name of COPIED) cpSync(join(root, name), join(pkg, name));
}

// Every visitor of a page downloads it. The declarations keep the documentation, and nothing is bundled: a module stays a
// module, which a user's own bundler can leave out. Imported here, as the set-up may have installed it just now.
async function minify() {
  const { minifySync } = await import('vite');
  const modules = readdirSync(pkg, { recursive: true }).filter((path) => path.endsWith('.js'));
  for (const path of modules) {
    const file = join(pkg, path);
    const { code, errors } = minifySync(path, readFileSync(file, 'utf8'), { module: true });
    if (errors.length) throw new Stop(`${path} cannot be minified: ${errors[0].message}`);
    writeFileSync(file, code);
  }
}

async function buildCli() {
  const stamp = join(cliPkg, '.stamp');
  const wanted = hash(['cli', 'pkg/package.json', ...CLI_COPIED], read(join(pkg, '.stamp')));
  if (read(stamp) === wanted) return;
  rmSync(cliPkg, { recursive: true, force: true });
  await timed('compiling the command line', () =>
    run(process.execPath, [join(nodeModules, 'typescript', 'bin', 'tsc'), '-p', cli]),
  );
  for (const name of ['README.md', 'openapi.json', 'package.json']) cpSync(join(cli, name), join(cliPkg, name));
  for (const name of CLI_COPIED) cpSync(join(root, name), join(cliPkg, name));
  writeFileSync(stamp, wanted);
}

// Examples, demo and tests import a package as its users do; `npm ci` removes the link, so it is looked at each time.
function linkPackage(folder) {
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const link = join(nodeModules, name);
  if (existsSync(join(link, 'package.json')) && realpathSync(link) === realpathSync(folder)) return;
  rmSync(link, { recursive: true, force: true });
  mkdirSync(nodeModules, { recursive: true });
  // A junction needs no special right on Windows, but an absolute path.
  if (process.platform === 'win32') symlinkSync(folder, link, 'junction');
  else symlinkSync(join('..', basename(folder)), link, 'dir');
}

await main(import.meta, async () => {
  await setup();
  await build();
});
