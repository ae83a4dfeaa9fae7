// Builds the npm packages: the library in pkg/, the command line with the console of its server in pkg-cli/.
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeDocuments, writeManifest } from '../release/documents.mjs';
import { Stop, cargoHome, isMain, isNewer, output, read, root, run, runNode } from './run.mjs';
import { compact } from '../pkg-template/compact/compact.mjs';
import { setup } from './setup.mjs';
import { reportSizes } from './size.mjs';

// Cargo compiles the core with other features for each module, and into the same file, so it would never skip the work.
const WASM_SOURCES = ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'package-lock.json', 'src'];
// Compiles the standard library with the client, without the texts of panics: 3.4 KB of the gzipped client. See
// docs/decisions/0011-compile-the-standard-library.md, also for the names by which the stable compiler takes these settings.
const OWN_LIBRARY = {
  RUSTC_BOOTSTRAP: '1',
  CARGO_UNSTABLE_BUILD_STD: 'std,panic_abort',
  CARGO_UNSTABLE_PANIC_IMMEDIATE_ABORT: 'true',
  CARGO_PROFILE_RELEASE_PANIC: 'immediate-abort',
  CARGO_PROFILE_SERVER_PANIC: 'immediate-abort',
};
const CLIENT_FLAGS = [
  ...['-Zlocation-detail=none', '-Csymbol-mangling-version=legacy', '-Zunstable-options'],
  // The bindings keep JavaScript's values in an array instead of a table of references: 0.5 KB.
  '-Ctarget-feature=-reference-types',
  // The stack lies below the data, whose addresses have three bytes instead of four below 1 MiB: 0.2 KB.
  '-Clink-arg=-zstack-size=983040',
];
const CLIENT = { folder: 'pkg', crate: 'wix-oauth-apps', env: OWN_LIBRARY, flags: CLIENT_FLAGS };
/** The modules. Each has the package whose folder `wasm` takes it, and the crate that is compiled. */
const MODULES = {
  // The client in a page.
  core: { ...CLIENT, isCompacted: true },
  // The client on a server: see docs/decisions/0012-compile-the-client-twice.md.
  'core-server': { ...CLIENT, profile: 'server', features: ['workers'] },
  // The prebuilt standard library is compiled for speed.
  emulator: { folder: 'pkg', crate: 'wix-oauth-apps-emulator', sources: ['emulator/Cargo.toml', 'emulator/src'] },
  'cli-core': { folder: 'pkg-cli', crate: 'wix-oauth-apps-cli-core', sources: ['cli/core/Cargo.toml', 'cli/core/src'] },
};
const TSC = 'node_modules/typescript/bin/tsc';
const VITE = 'node_modules/vite/bin/vite.js';

export async function build() {
  const cargo = JSON.parse(output('cargo', ['metadata', '--locked', '--no-deps', '--format-version', '1']) ?? 'null');
  if (!cargo) throw new Stop('`cargo metadata --locked` failed: is Cargo.lock up to date?');
  for (const path of ['pkg', 'pkg-cli']) rmSync(join(root, path), { recursive: true, force: true });
  for (const name of Object.keys(MODULES)) buildWasm(name, cargo);

  runNode([TSC, '-p', 'pkg-template']);
  // Imported here because setup may have installed the bundler just now.
  const { bundle } = await import('../pkg-template/bundle.mjs');
  writeManifest('pkg');
  const bundled = await bundle(join(root, 'pkg'));
  writeDocuments('pkg', bundled);
  link('pkg', 'wix-oauth-apps');

  runNode([TSC, '-p', 'cli']);
  runNode([VITE, 'build', 'cli', '-l', 'warn']);
  runNode([VITE, 'build', 'www-demo', '--outDir', join(root, 'pkg-cli', 'console'), '--emptyOutDir', '-l', 'warn']);
  for (const name of ['config.schema.json', 'openapi.json'])
    cpSync(join(root, 'cli', name), join(root, 'pkg-cli', name));
  writeManifest('pkg-cli');
  writeDocuments('pkg-cli');
  link('pkg-cli', 'wix-oauth-apps-cli');
  reportSizes();
}

/** Compiles a crate to WebAssembly with its JavaScript bindings, in the folder `wasm` of a package. */
function buildWasm(name, { packages, target_directory: target }) {
  const { folder, crate, profile, features = [], env, flags = [], sources = [], isCompacted } = MODULES[name];
  const built = join(target, 'wasm-pack', name);
  const module = join(built, `${name}_bg.wasm`);
  if (!isNewer(module, [...WASM_SOURCES, ...sources])) {
    // Without wasm-opt, wasm-pack only warns, and the package would be larger.
    if (!output('wasm-opt', ['--version'])) throw new Stop('wasm-opt is missing: delete node_modules and run `npm ci`');
    console.log(`- compiling ${crate} to WebAssembly, for ${name}_bg.wasm`);
    // Renamed when it is complete: a build that is ended leaves no module that the next one takes for finished.
    const unfinished = `${built}.unfinished`;
    for (const path of [unfinished, built]) rmSync(path, { recursive: true, force: true });
    const { manifest_path: manifest, metadata } = packages.find((candidate) => candidate.name === crate);
    const files = ['--target', 'web', '--no-pack', '--no-gitignore', '--out-dir', unfinished, '--out-name', name];
    const options = [...(profile ? ['--profile', profile] : ['--release']), '--mode', 'no-install', ...files];
    const cargoOptions = ['--locked', ...features.flatMap((feature) => ['--features', feature])];
    run('wasm-pack', ['--log-level', 'warn', 'build', ...options, dirname(manifest), ...cargoOptions], {
      env: { ...env, CARGO_ENCODED_RUSTFLAGS: [...flags, ...remapPaths()].join('\x1f') },
    });
    const enabled = metadata['wasm-pack'].profile.release['wasm-opt'].filter((flag) => flag.startsWith('--enable-'));
    if (isCompacted) compact(unfinished, name, enabled, run);
    renameSync(unfinished, built);
  }
  // The facade uses the bindings, so nothing needs the declarations of the module itself.
  const isNeeded = (path) => !path.endsWith('_bg.wasm.d.ts');
  cpSync(built, join(root, folder, 'wasm'), { recursive: true, filter: isNeeded });
}

/** Keeps the paths of this machine out of panic messages: the package has the same bytes on every machine. */
function remapPaths() {
  const registry = join(cargoHome, 'registry', 'src');
  const indexes = existsSync(registry) ? readdirSync(registry).map((index) => [join(registry, index), 'crates']) : [];
  const library = join(output('rustc', ['--print', 'sysroot']) ?? '', 'lib', 'rustlib', 'src', 'rust');
  const renamed = [[root, '.'], [cargoHome, 'cargo'], [library, 'rust'], ...indexes];
  return renamed.map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}

/** Lets examples, benchmarks and the demo import a package by its name, as its users do. */
function link(folder, name) {
  rmSync(join(root, 'node_modules', name), { recursive: true, force: true });
  // A junction needs no special right on Windows; elsewhere the type has no meaning.
  symlinkSync(join(root, folder), join(root, 'node_modules', name), 'junction');
}

if (isMain(import.meta)) {
  setup();
  await build();
}
