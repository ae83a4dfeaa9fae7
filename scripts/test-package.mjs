// Tests the packages as their users get them: packed, installed in a project elsewhere, imported from there.
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { build } from './build.mjs';
import { cliPkg, pkg, root } from './paths.mjs';
import { Stop, main, output, run, timed } from './run.mjs';
import { setup } from './setup.mjs';

// No package that the tests use needs its install script, and neither may ours.
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund'];

// The projects in tests/: what each installs, and what its tests read besides themselves, since the documentation's promises
// are tested too.
const PROJECTS = {
  package: { packages: [pkg], beside: ['examples', 'README.md', 'www-demo', 'tests/redirect'] },
  cli: { packages: [pkg, cliPkg], beside: ['cli/README.md'] },
};

/** Runs the tests of a project; `env` is what they find in their environment besides. */
export async function testPackage(name, { chrome, chromedriver }, env = {}) {
  // Outside the repository, so that nothing of it is found by looking in the folders above.
  const consumer = realpathSync(mkdtempSync(join(tmpdir(), 'wix-oauth-apps-')));
  // A test runs the server as another user, who has to read it.
  chmodSync(consumer, 0o755);
  try {
    const [tarball] = await install(name, consumer);
    await checkTypes(consumer);
    await runTests(name, consumer, { CHROME: chrome, CHROMEDRIVER: chromedriver, PACKAGE_TARBALL: tarball, ...env });
  } finally {
    rmSync(consumer, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function install(name, consumer) {
  const { packages, beside } = PROJECTS[name];
  const tarballs = packages.map((folder) => pack(folder, consumer));
  const isSource = (path) =>
    !relative(root, path)
      .split(/[\\/]/)
      .some((name) => name === 'node_modules' || name === 'dist');
  cpSync(join(root, 'tests', name), consumer, { recursive: true, filter: isSource });
  for (const path of beside.filter((path) => existsSync(join(root, path)))) {
    cpSync(join(root, path), join(consumer, path), { recursive: true, filter: isSource });
  }
  await timed(`installing them in a project of its own, ${consumer}`, async () => {
    await run('npm', ['ci', ...QUIET], { cwd: consumer });
    await run('npm', ['install', '--no-save', ...QUIET, ...tarballs], { cwd: consumer });
  });
  return tarballs;
}

function pack(folder, consumer) {
  const packed = output('npm', ['pack', '--json', '--pack-destination', consumer], { cwd: folder });
  if (!packed) throw new Stop(`\`npm pack\` of ${relative(root, folder)}/ failed`);
  const [{ filename, files }] = JSON.parse(packed);
  console.log(`- packed ${filename}: ${files.map((file) => file.path).join(' ')}`);
  return join(consumer, filename);
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

async function runTests(name, consumer, env) {
  const files = readdirSync(join(root, 'tests', name), { recursive: true })
    .filter((path) => path.endsWith('.test.mjs') && !/(^|[\\/])node_modules[\\/]/.test(path))
    .sort();
  if (!files.length) throw new Stop(`there is no *.test.mjs in tests/${name}`);
  await run(process.execPath, ['--test', '--test-reporter=spec', '--test-timeout=300000', ...files], {
    cwd: consumer,
    env,
  });
}

await main(import.meta, async () => {
  await setup();
  await build();
  await testPackage(process.argv[2] ?? 'package', await ensureBrowser());
});
