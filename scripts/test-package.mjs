// Tests the package as its users get it: packed, installed in a project elsewhere, imported from there.
import { cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { pkg, root } from './paths.mjs';
import { Stop, main, output, run, timed } from './run.mjs';
import { setup } from './setup.mjs';

// No package that the tests use needs its install script, and neither may ours.
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund'];

// What the tests read besides themselves: the documentation's promises are tested too.
const BESIDE = ['examples', 'README.md', 'www-demo', 'tests/redirect'];

export async function testPackage(browser) {
  // Outside the repository, so that nothing of it is found by looking in the folders above.
  const consumer = realpathSync(mkdtempSync(join(tmpdir(), 'wix-oauth-apps-')));
  try {
    const tarball = await install(consumer);
    await checkTypes(consumer);
    await runTests(consumer, { CHROME: browser.chrome, CHROMEDRIVER: browser.chromedriver, PACKAGE_TARBALL: tarball });
  } finally {
    rmSync(consumer, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function install(consumer) {
  const packed = output('npm', ['pack', '--json', '--pack-destination', consumer], { cwd: pkg });
  if (!packed) throw new Stop('`npm pack` of pkg/ failed');
  const [{ filename, files }] = JSON.parse(packed);
  console.log(`- packed ${filename}: ${files.map((file) => file.path).join(' ')}`);
  const isSource = (path) =>
    !relative(root, path)
      .split(/[\\/]/)
      .some((name) => name === 'node_modules' || name === 'dist');
  cpSync(join(root, 'tests', 'package'), consumer, { recursive: true, filter: isSource });
  for (const name of BESIDE.filter((name) => existsSync(join(root, name)))) {
    cpSync(join(root, name), join(consumer, name), { recursive: true, filter: isSource });
  }
  const tarball = join(consumer, filename);
  await timed(`installing ${filename} in a project of its own, ${consumer}`, async () => {
    await run('npm', ['ci', ...QUIET], { cwd: consumer });
    await run('npm', ['install', '--no-save', ...QUIET, tarball], { cwd: consumer });
  });
  return tarball;
}

// As a Node project and as a bundler's project resolve and check the package's types, nothing skipped.
async function checkTypes(consumer) {
  const folder = join(consumer, 'types');
  if (!existsSync(folder)) return;
  const files = readdirSync(folder).filter((name) => /\.[mc]?ts$/.test(name));
  const tsc = join(consumer, 'node_modules', 'typescript', 'bin', 'tsc');
  const common = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
  for (const [kind, options] of [
    ['a Node project', ['--module', 'nodenext', '--types', 'node']],
    ['a bundler', ['--module', 'preserve', '--moduleResolution', 'bundler']],
  ]) {
    await timed(`checking the types as ${kind} sees them`, () =>
      run(process.execPath, [tsc, ...common, ...options, ...files.map((name) => join('types', name))], {
        cwd: consumer,
      }),
    );
  }
}

async function runTests(consumer, env) {
  const files = readdirSync(join(root, 'tests', 'package'), { recursive: true })
    .filter((path) => path.endsWith('.test.mjs') && !/(^|[\\/])node_modules[\\/]/.test(path))
    .sort();
  if (!files.length) throw new Stop('there is no *.test.mjs in tests/package');
  await run(process.execPath, ['--test', '--test-reporter=spec', '--test-timeout=120000', ...files], {
    cwd: consumer,
    env,
  });
}

await main(import.meta, async () => {
  await setup();
  await build();
  await testPackage(await ensureBrowser());
});
