// `npm test`: runs every check but those of the demo page, the quickest first, and stops at the first failure.
// `npm test -- --only STEP` runs setup and the steps whose name starts with STEP.
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureBrowser, webdriverConfig } from './browser.mjs';
import { build } from './build.mjs';
import { Stop, isNewer, output, root, run, runNode, tools } from './run.mjs';
import { setup } from './setup.mjs';

const WASM = ['--target', 'wasm32-unknown-unknown'];
const CLIPPY = ['--locked', '--workspace', '--all-targets', '--', '-D', 'warnings'];

let browser;

const STEPS = {
  setup() {
    setup();
    browser = ensureBrowser();
    console.log(`- browser: ${browser.chrome}`);
  },
  format() {
    runNode(['node_modules/prettier/bin/prettier.cjs', '--check', '.']);
    run('cargo', ['fmt', '--all', '--check']);
    runNode(['--test', 'tests/bindings.test.mjs']);
  },
  clippy: () => run('cargo', ['clippy', ...CLIPPY]),
  'clippy-wasm'() {
    run('cargo', ['clippy', ...WASM, ...CLIPPY]);
    run('cargo', ['clippy', ...WASM, '--all-features', ...CLIPPY]);
  },
  native: () => run('cargo', ['test', '--locked', '--workspace']),
  build,
  'wasm-node': () => testWasm({ WASM_BINDGEN_TEST_ONLY_NODE: '1' }),
  // Tests that are bound to no host run in Node and in the browser.
  'wasm-browser': () =>
    testWasm({
      WASM_BINDGEN_USE_BROWSER: '1',
      WASM_BINDGEN_TEST_ONLY_WEB: '1',
      WASM_BINDGEN_TEST_WEBDRIVER_JSON: webdriverConfig(browser.chrome),
      CHROMEDRIVER: browser.chromedriver,
    }),
  package: () => testPacked('package', ['pkg'], ['examples', 'README.md', 'tests/redirect', 'tests/tables']),
  demo() {
    const options = ['--test', '--test-concurrency=1', '--test-timeout=600000'];
    runNode([...options, ...testsIn('tests/demo')], { env: { CHROME: browser.chrome } });
  },
  async release() {
    await build();
    run('npm', ['run', 'docs']);
    runNode(['--test', '--test-reporter=spec', ...testsIn('release/tests')]);
  },
  cli: () =>
    testPacked('cli', ['pkg', 'pkg-cli'], ['cli/README.md', 'examples/ci', 'examples/playwright'], {
      SCHEMATHESIS: findSchemathesis(),
    }),
  consumers: () => build().then(() => runNode(['tests/consumers/run.mjs', '--quick'])),
};

function testWasm(env) {
  const runner = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: 'wasm-bindgen-test-runner' };
  for (const crate of ['wix-oauth-apps', 'wix-oauth-apps-emulator']) {
    run('cargo', ['test', '--locked', '--tests', ...WASM, '--package', crate], { env: { ...runner, ...env } });
  }
}

/** Tests packages as users install them: packed, installed in a project elsewhere, imported from there. */
async function testPacked(name, packages, data, env) {
  await build();
  // Outside the repository, so that no module is found in the folders above.
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'wix-oauth-apps-')));
  // A test runs the server as another user, who has to read the folder.
  chmodSync(project, 0o755);
  try {
    const isSource = (path) => !['node_modules', 'dist'].includes(basename(path));
    cpSync(join(root, 'tests', name), project, { recursive: true, filter: isSource });
    for (const path of data) cpSync(join(root, path), join(project, path), { recursive: true, filter: isSource });
    const tarballs = packages.map((folder) => join(project, pack(folder, project)));
    // No package that the tests use needs its install script, and neither may ours.
    run('npm', ['ci', '--ignore-scripts', '--prefer-offline'], { cwd: project });
    run('npm', ['install', '--no-save', '--ignore-scripts', '--prefer-offline', ...tarballs], { cwd: project });
    if (existsSync(join(project, 'types'))) checkTypes(project);
    const { chrome, chromedriver } = browser;
    const files = readdirSync(project).filter((file) => file.endsWith('.test.mjs'));
    runNode(['--test', '--test-reporter=spec', '--test-timeout=300000', '--test-concurrency=2', ...files], {
      cwd: project,
      env: { CHROME: chrome, CHROMEDRIVER: chromedriver, PACKAGE_TARBALL: tarballs[0], ...env },
    });
  } finally {
    rmSync(project, { recursive: true, force: true, maxRetries: 3 });
  }
}

function testsIn(folder) {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.test.mjs'));
  return files.map((file) => `${folder}/${file}`);
}

function pack(folder, destination) {
  const packed = output('npm', ['pack', '--json', '--pack-destination', destination], { cwd: join(root, folder) });
  if (!packed) throw new Stop(`\`npm pack\` of ${folder}/ failed`);
  return JSON.parse(packed)[0].filename;
}

/** Checks the types as a Node project and as a bundler's project resolve them, without skipping any. */
function checkTypes(project) {
  const files = readdirSync(join(project, 'types')).map((file) => join('types', file));
  const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
  for (const resolution of [
    ['--module', 'nodenext', '--types', 'node'],
    ['--module', 'preserve', '--moduleResolution', 'bundler'],
  ]) {
    runNode(['node_modules/typescript/bin/tsc', ...strict, ...resolution, ...files], { cwd: project });
  }
}

/** Returns the path of Schemathesis, which fuzzes the server by its OpenAPI document; undefined if there is no Python. */
function findSchemathesis() {
  const folder = join(tools, 'schemathesis');
  const program = join(folder, 'bin', 'schemathesis');
  const requirements = 'tests/cli/requirements.txt';
  if (isNewer(program, [requirements]) && output(program, ['--version'])) return program;
  try {
    run('python3', ['-m', 'venv', '--clear', folder]);
    run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '-r', requirements]);
    return program;
  } catch (error) {
    console.log(`- SKIPPED: the fuzz by the OpenAPI document, because Schemathesis is missing (${error.message})`);
    return undefined;
  }
}

const only = process.argv[2] === '--only' ? process.argv[3] : '';
// The demo page takes as long as the package and the command line together, so it has a command of its own.
const isChosen = (name) => name === 'setup' || (only ? name.startsWith(only) : name !== 'demo');
const chosen = Object.keys(STEPS).filter(isChosen);
if (!chosen.some((name) => name.startsWith(only)))
  throw new Stop(`no step is named ${only}; there are ${Object.keys(STEPS).join(', ')}`);
for (const name of chosen) {
  const start = performance.now();
  console.log(`\n== ${name}`);
  try {
    await STEPS[name]();
  } catch (error) {
    if (error instanceof Stop) error.message = `step ${name}: ${error.message}`;
    throw error;
  }
  console.log(`== ${name}: ok, ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
console.log('\nEvery step passed.');
