// Installs what a build needs on a machine with rustup and Node. Does only what is missing.
import { Stop, isMain, isNewer, output, read, run, tools } from './run.mjs';

export function setup() {
  checkNode();
  if (!output('rustup', ['--version'])) {
    throw new Stop('rustup does not run here: install it from https://rustup.rs, and open a new shell');
  }
  // Without a name: the toolchain of rust-toolchain.toml, with its components and targets.
  run('rustup', ['--quiet', 'toolchain', 'install']);
  ensureWasmTools();
  if (!isNewer('node_modules/.package-lock.json', ['package-lock.json'])) run('npm', ['ci']);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  // 20.19 is the first version with require() of ES modules, which the package needs for CommonJS callers.
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Stop(`Node 20.19 or newer is needed, this is ${process.versions.node}: install it from https://nodejs.org`);
}

function ensureWasmTools() {
  const { wasmPack } = JSON.parse(read('package.json')).config;
  ensureCargoTool('wasm-pack', wasmPack, ['wasm-pack']);
  // The command line and the crate must have one version, or the WebAssembly fails at run time.
  const [, wasmBindgen] = /^name = "wasm-bindgen"\r?\nversion = "([^"]+)"/m.exec(read('Cargo.lock'));
  ensureCargoTool('wasm-bindgen-cli', wasmBindgen, ['wasm-bindgen', 'wasm-bindgen-test-runner']);
}

function ensureCargoTool(crate, version, programs) {
  if (programs.every((program) => output(program, ['--version']) === `${program} ${version}`)) return;
  console.log(`- building ${crate} ${version} into .tools (once; a few minutes)`);
  run('cargo', ['install', '--locked', '--root', tools, '--version', version, crate]);
}

if (isMain(import.meta)) setup();
