// Brings a machine that has rustup and Node to where the project builds. Does only what is missing.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeModules, root, tools } from './paths.mjs';
import { Stop, main, output, run, timed } from './run.mjs';

const readRoot = (name) => readFileSync(join(root, name), 'utf8');

/** Everything a build needs. */
export async function setup() {
  checkNode();
  checkPins();
  await ensureRust();
  await ensureWasmTools();
  await ensurePackages();
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  // 20.19 is the first with require() of ES modules, which the package needs for CommonJS callers.
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Stop(`Node 20.19 or newer is needed, this is ${process.versions.node}: install it from https://nodejs.org`);
}

/** The versions of the command-line tools; package.json is the one place that names them. */
export function pins() {
  return JSON.parse(readRoot('package.json')).config;
}

// A crate and a command line of two versions produce wasm that fails at run time, or not at all.
function checkPins() {
  const { wasmBindgen } = pins();
  const inManifest = /^wasm-bindgen = "=([^"]+)"$/m.exec(readRoot('Cargo.toml'))?.[1];
  const inLock = /^name = "wasm-bindgen"\nversion = "([^"]+)"$/m.exec(readRoot('Cargo.lock').replaceAll('\r', ''))?.[1];
  if (inManifest === wasmBindgen && inLock === wasmBindgen) return;
  throw new Stop(
    `wasm-bindgen must be one version everywhere: package.json says ${wasmBindgen}, ` +
      `Cargo.toml =${inManifest}, Cargo.lock ${inLock}`,
  );
}

/** The toolchain that rust-toolchain.toml names, with its components and targets. */
export async function ensureRust() {
  if (!output('rustup', ['--version'])) {
    throw new Stop('rustup does not run here: install it from https://rustup.rs, and open a new shell');
  }
  const wanted = readRoot('rust-toolchain.toml');
  const channel = /^channel = "([^"]+)"/m.exec(wanted)[1];
  const list = (key) =>
    [...(new RegExp(`^${key} = \\[([^\\]]*)\\]`, 'm').exec(wanted)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(
      (match) => match[1],
    );
  const components = list('components');
  const targets = list('targets');

  const installed = output('rustup', ['component', 'list', '--installed', '--toolchain', channel])?.split(/\s+/);
  if (!installed) {
    await timed(`installing Rust ${channel}, which rust-toolchain.toml asks for`, () =>
      run('rustup', [
        ...['toolchain', 'install', channel, '--profile', 'minimal', '--no-self-update'],
        ...components.flatMap((name) => ['--component', name]),
        ...targets.flatMap((name) => ['--target', name]),
      ]),
    );
    return;
  }
  const missing = components.filter((name) => !installed.some((line) => line.startsWith(name)));
  if (missing.length) {
    await timed(`adding ${missing.join(' and ')} to Rust ${channel}`, () =>
      run('rustup', ['component', 'add', '--toolchain', channel, ...missing]),
    );
  }
  for (const name of targets.filter((name) => !installed.includes(`rust-std-${name}`))) {
    await timed(`adding the target ${name} to Rust ${channel}, to compile the core to WebAssembly`, () =>
      run('rustup', ['target', 'add', '--toolchain', channel, name]),
    );
  }
}

/** wasm-pack and wasm-bindgen at their pinned versions: from .tools, else from the PATH, else built into .tools. */
export async function ensureWasmTools() {
  const { wasmPack, wasmBindgen } = pins();
  await ensureCargoTool('wasm-pack', wasmPack, ['wasm-pack'], 'which drives the WebAssembly build');
  await ensureCargoTool(
    'wasm-bindgen-cli',
    wasmBindgen,
    ['wasm-bindgen', 'wasm-bindgen-test-runner'],
    'which writes the JavaScript half of the WebAssembly binding',
  );
  // wasm-pack notes here when it last asked for a newer version of itself; without a date it never asks.
  if (existsSync(join(tools, 'bin'))) writeFileSync(join(tools, 'bin', 'wasm-pack.stamp'), 'pinned in package.json\n');
}

async function ensureCargoTool(crate, version, programs, purpose) {
  // .tools/bin is first on the PATH of every program started here, so one look finds either.
  const found = () => programs.every((program) => output(program, ['--version'])?.split(/\s+/)[1] === version);
  if (found()) return;
  await timed(`building ${crate} ${version}, ${purpose}, into .tools (once; a few minutes)`, () =>
    run('cargo', ['install', '--locked', '--root', tools, '--version', version, crate]),
  );
  if (!found())
    throw new Stop(`${programs.join(' and ')} ${version} should be in .tools/bin now, and do not run from there`);
}

/** The npm packages of package-lock.json. */
export async function ensurePackages() {
  const stamp = join(nodeModules, '.stamp');
  const wanted = createHash('sha256').update(readRoot('package-lock.json')).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await timed('installing the npm packages of package-lock.json (TypeScript, wasm-opt, Vite, Prettier)', () =>
    run('npm', ['ci', '--no-audit', '--no-fund']),
  );
  writeFileSync(stamp, wanted);
}

await main(import.meta, setup);
