// `npm run bench`: measures the packages, the official packages and the bare platform in one run, with Node 20 and Node 24.
// Writes bench/results.json, and the tables of bench/README.md and of README.md. Takes about six minutes on a quiet machine.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeTables } from './tables.mjs';

const here = import.meta.dirname;
const STARTS = 31;
const WARM_UP = 3;
const PROGRAMS = { 'bare platform': 'bare', 'wix-oauth-apps': 'ours', 'official packages': 'official' };

/** Runs a program; throws if it fails. */
function run(node, args, env = {}) {
  const { status, stderr, error } = spawnSync(node, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${node} ${args.join(' ')} failed: ${error ?? stderr}`);
}

/** Returns the program of each version of Node: those that `npm ci` has installed in this folder, or the running one. */
function nodes() {
  const found = ['20', '24'].flatMap((major) => {
    const folders = [`node-${major}`, `node-${major}-arm64`].map((name) => join(here, 'node_modules', name));
    const node = folders.map((folder) => join(folder, 'bin', 'node')).find(existsSync);
    if (!node) console.log(`- Node ${major} is not measured: its npm package is not for this system`);
    return node ? [[major, node]] : [];
  });
  return found.length > 0 ? found : [[process.versions.node.split('.')[0], process.execPath]];
}

/** Returns the median milliseconds from the start to the end of a process of each program, in alternating rounds. */
function coldStarts(node) {
  const times = Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, []]));
  for (let round = 0; round < WARM_UP + STARTS; round += 1) {
    for (const [name, program] of Object.entries(PROGRAMS)) {
      const start = performance.now();
      run(node, [join(here, 'programs', `${program}.mjs`)]);
      if (round >= WARM_UP) times[name].push(performance.now() - start);
    }
  }
  const median = (values) => Number(values.toSorted((one, other) => one - other)[values.length >> 1].toFixed(1));
  const rows = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
  return { title: 'cold start to the first answered call, in a fresh process', unit: 'ms', rows };
}

/** Runs a benchmark of this folder, and returns the figures that it has recorded. */
function benchmark(node, script, ...args) {
  console.log(`- bench/${script}`);
  const folder = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-bench-'));
  const records = join(folder, 'records');
  try {
    run(node, ['--expose-gc', join(here, script), ...args], { BENCH_RECORDS: records });
    return readFileSync(records, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the gzipped bytes that a page loads to make the calls of a storefront. */
async function bundleSizes() {
  const { rolldown } = await import('rolldown');
  const bundled = async (name) => {
    const bundler = await rolldown({ input: join(here, 'programs', `${name}.mjs`), platform: 'browser' });
    const { output } = await bundler.generate({ format: 'esm', minify: true, codeSplitting: false });
    await bundler.close();
    return output.reduce((sum, { code, source }) => sum + gzipped(code ?? source), 0);
  };
  const read = (path) => readFileSync(join(here, '..', 'pkg', path));
  const rows = {
    'wix-oauth-apps': (await bundled('ours')) + gzipped(read('wasm/core_bg.wasm')),
    'wix-oauth-apps/inline': gzipped(read('dist/inline.js')),
    'official packages': await bundled('official'),
  };
  return { title: 'a bundle for a page that makes one call, gzipped, with the WebAssembly', unit: 'bytes', rows };
}

const gzipped = (content) => gzipSync(content, { level: 9 }).length;
const versionOf = (path) => JSON.parse(readFileSync(join(here, path, 'package.json'), 'utf8')).version;

const results = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${platform()}`,
  packages: {
    'wix-oauth-apps': versionOf('../pkg'),
    '@wix/sdk': versionOf('node_modules/@wix/sdk'),
    '@wix/auth-management': versionOf('node_modules/@wix/auth-management'),
  },
  bundle: await bundleSizes(),
  nodes: {},
};
for (const [major, node] of nodes()) {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  console.log(`\nNode ${stdout.trim()}\n- cold starts`);
  results.nodes[major] = {
    version: stdout.trim(),
    figures: [
      coldStarts(node),
      ...benchmark(node, 'calls.mjs'),
      ...benchmark(node, 'redirect.mjs'),
      ...benchmark(node, 'emulator.mjs'),
      ...benchmark(node, 'server.mjs', '1', '3'),
    ],
  };
}
writeFileSync(join(here, 'results.json'), `${JSON.stringify(results, undefined, 2)}\n`);
await writeTables(results);
console.log('\nwrote bench/results.json, bench/README.md and the table of README.md');
