// `npm test`: every check of the project, in the order in which a failure is cheapest; stops at the first.
// `npm test -- --only <step>` runs the steps whose name starts so.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser, writeWebdriverConfig } from './browser.mjs';
import { build } from './build.mjs';
import { nodeModules, root } from './paths.mjs';
import { Stop, main, run, seconds } from './run.mjs';
import { findSchemathesis } from './schemathesis.mjs';
import { setup } from './setup.mjs';
import { testPackage } from './test-package.mjs';

const WASM_TARGET = ['--target', 'wasm32-unknown-unknown'];
const CLIPPY = ['--locked', '--workspace', '--all-targets', '--', '-D', 'warnings'];
const CRATES = ['.', 'emulator'];

let browser;

const steps = [
  ['setup', setUp],
  ['format', format],
  ['clippy', () => run('cargo', ['clippy', ...CLIPPY])],
  ['clippy-wasm', () => run('cargo', ['clippy', ...WASM_TARGET, ...CLIPPY])],
  ['native', () => run('cargo', ['test', '--locked', '--workspace'])],
  ['build', build],
  ['wasm-node', () => wasmTests(['--node'])],
  ['wasm-browser', wasmBrowserTests],
  ['package', () => testPacked('package')],
  ['cli', testCli],
];

async function setUp() {
  await setup();
  browser = await ensureBrowser();
  console.log(`- browser: ${browser.chrome}`);
}

async function format() {
  await run(process.execPath, [join(nodeModules, 'prettier', 'bin', 'prettier.cjs'), '--check', '.']);
  await run('cargo', ['fmt', '--all', '--check']);
}

async function wasmTests(where, env) {
  for (const crate of CRATES.filter(hasWasmTests)) {
    await run('wasm-pack', ['--log-level', 'warn', 'test', ...where, '--mode', 'no-install', crate], { env });
  }
}

async function wasmBrowserTests() {
  await wasmTests(['--headless', '--chrome', '--chromedriver', browser.chromedriver], {
    // Tests that are not bound to a host run in Node and here.
    WASM_BINDGEN_USE_BROWSER: '1',
    WASM_BINDGEN_TEST_WEBDRIVER_JSON: writeWebdriverConfig(browser.chrome),
  });
}

async function testPacked(project, env) {
  await build();
  await testPackage(project, browser, env);
}

async function testCli() {
  const SCHEMATHESIS = await findSchemathesis();
  await testPacked('cli', SCHEMATHESIS && { SCHEMATHESIS });
}

function hasWasmTests(crate) {
  return ['src', 'tests'].some((folder) => {
    const path = join(root, crate, folder);
    const files = existsSync(path) ? readdirSync(path, { recursive: true }) : [];
    return files.some(
      (file) => file.endsWith('.rs') && readFileSync(join(path, file), 'utf8').includes('#[wasm_bindgen_test'),
    );
  });
}

await main(import.meta, async () => {
  const only = process.argv[2] === '--only' ? process.argv[3] : '';
  const chosen = steps.filter(([name]) => name === 'setup' || name.startsWith(only));
  if (chosen.length === 1) throw new Stop(`no such step: ${only}; there are ${steps.map(([name]) => name).join(', ')}`);
  const start = performance.now();
  for (const [name, action] of chosen) {
    const stepStart = performance.now();
    console.log(`\n== ${name}`);
    try {
      await action();
    } catch (error) {
      if (error instanceof Stop) error.message = `step ${name}: ${error.message}`;
      throw error;
    }
    console.log(`== ${name}: ok, ${seconds(performance.now() - stepStart)}`);
  }
  console.log(`\nEvery step passed, ${seconds(performance.now() - start)}.`);
});
