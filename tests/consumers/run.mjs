// Installs the packed library in projects of many environments and makes the same calls in each:
//   node tests/consumers/run.mjs [--quick] [--only NAME]… [--keep]
// `--quick` runs the part that `npm test` runs. `--only` runs the groups, or the rows of a group as GROUP/ROW, whose name
// starts with NAME. `--keep` keeps the projects. A complete set of results is written to docs/compatibility.md.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from '../../scripts/browser.mjs';
import { Stop, isMain, root } from '../../scripts/run.mjs';
import { launch } from './harness/browser.mjs';
import { lastLines } from './harness/process.mjs';
import { NotRun, Project } from './harness/project.mjs';
import { writeTable } from './harness/table.mjs';
import { wasmMarks } from './harness/wasm.mjs';

/** The Node of environments whose tools do not run on the oldest one that the package supports. */
const NODE = '24.21.0';
const RESULTS = join(root, 'target', 'consumers.json');
const AT_ONCE = 2;
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Returns the groups of rows, in the order of the table. */
async function readGroups() {
  const folder = join(import.meta.dirname, 'rows');
  const modules = readdirSync(folder)
    .sort()
    .map((file) => import(join(folder, file)));
  return (await Promise.all(modules)).flatMap((module) => module.default);
}

/** Returns the groups with the rows that the options name. */
function choose(groups, { quick, only = [] }) {
  const isChosen = (group, row) =>
    (!quick || row.quick) && (only.length === 0 || only.some((name) => `${group.name}/${row.name}`.startsWith(name)));
  return groups
    .map((group) => ({ ...group, rows: group.rows.filter((row) => isChosen(group, row)) }))
    .filter(({ rows }) => rows.length > 0);
}

/** Packs the library, and returns its tarball with a hash of its content and the marks of its WebAssembly. */
function packLibrary(folder) {
  const options = { cwd: join(root, 'pkg'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  const [{ filename, version }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--pack-destination', folder], options),
  );
  const tarball = join(folder, filename);
  const hash = createHash('sha256').update(readFileSync(tarball)).digest('hex');
  return { tarball, version, hash, marks: wasmMarks(join(root, 'pkg')) };
}

/** Returns the Node that runs a group's tools: this one if it is new enough. */
const nodeInstaller = (folder) => {
  let installed;
  return async (atLeast = 0) => {
    if (parseInt(process.versions.node, 10) >= atLeast) return process.execPath;
    installed ??= (async () => {
      const place = join(folder, 'node');
      mkdirSync(place);
      writeFileSync(join(place, 'package.json'), '{"private":true}');
      execFileSync(
        'npm',
        ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', `node@${NODE}`],
        {
          cwd: place,
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      return join(place, 'node_modules', 'node', 'bin', 'node');
    })();
    return installed;
  };
};

/** Runs the rows of a group in a project, and reports each result. */
async function runGroup(group, context, add) {
  let project;
  let refusal;
  try {
    const node = await context.findNode(group.node).catch(() => undefined);
    if (!node) throw new NotRun(`Node ${NODE} cannot be installed`);
    project = new Project(group, { ...context, node, folder: join(context.folder, group.name) });
    await project.prepare();
  } catch (error) {
    refusal = error;
  }
  let built;
  for (const row of group.rows) {
    const start = performance.now();
    const outcome = await outcomeOf(row, async () => {
      if (refusal) throw refusal;
      if (group.build) await (built ??= group.build(project));
      await row.run(project);
    });
    const seconds = (performance.now() - start) / 1000;
    const { title: environment, version } = group;
    const { title, setup, sentence } = row;
    add({ name: `${group.name}/${row.name}`, environment, version, title, setup, sentence, seconds, ...outcome });
  }
  await (context.keep ? project?.services?.stop() : project?.remove());
}

async function outcomeOf({ setup, sentence }, run) {
  try {
    if (setup && !readme.includes(setup)) throw new Error(`the README does not give the line ${setup}`);
    await run();
    return { result: sentence ? 'explained' : 'works' };
  } catch (error) {
    return { result: error instanceof NotRun ? 'not run' : 'fails', detail: lastLines(error.message ?? String(error)) };
  }
}

export async function runMatrix({ quick, only, keep }) {
  const groups = await readGroups();
  const chosen = choose(groups, { quick, only });
  if (chosen.length === 0)
    throw new Stop(`no row is named ${only}; the groups are ${groups.map(({ name }) => name).join(', ')}`);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'wix-oauth-apps-consumers-')));
  // Also when the run is interrupted.
  if (!keep) process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const library = packLibrary(folder);
  let browser;
  try {
    browser = launch(ensureBrowser().chrome);
    browser.catch(() => {});
  } catch (error) {
    console.log(`- no browser: ${error.message}`);
  }
  const results = [];
  const add = (result) => {
    results.push(result);
    const { name, seconds } = result;
    console.log(`${result.result.padEnd(9)} ${name} (${seconds.toFixed(1)} s)`);
    // The table has no place of this machine.
    result.detail = result.detail?.replaceAll(`${folder}/`, '');
    if (result.detail) console.log(result.detail.replace(/^/gm, '    '));
  };
  try {
    const context = { folder, keep, ...library, browser, findNode: nodeInstaller(folder) };
    const waiting = [...chosen];
    const worker = async () => {
      for (let group = waiting.shift(); group; group = waiting.shift()) await runGroup(group, context, add);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } finally {
    await (await browser?.catch(() => undefined))?.close();
    if (keep) console.log(`- the projects are in ${folder}`);
  }
  record(groups, results, library);
  const count = (result) => results.filter((row) => row.result === result).length;
  const failed = count('fails');
  console.log(
    `${count('works')} work, ${count('explained')} fail with an explanation as expected, ` +
      `${failed} failed, ${count('not run')} not run`,
  );
  return failed;
}

/** Adds results to those of earlier runs of the same tarball, and writes the table when every row has one. */
function record(groups, results, { hash, version }) {
  const earlier = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
  const all = new Map((earlier.hash === hash ? earlier.rows : []).map((row) => [row.name, row]));
  for (const row of results) all.set(row.name, row);
  mkdirSync(dirname(RESULTS), { recursive: true });
  writeFileSync(RESULTS, JSON.stringify({ hash, rows: [...all.values()] }, null, 1));
  const names = groups.flatMap((group) => group.rows.map((row) => `${group.name}/${row.name}`));
  const missing = names.filter((name) => !all.has(name));
  if (missing.length > 0) return;
  writeTable(
    join(root, 'docs', 'compatibility.md'),
    names.map((name) => all.get(name)),
    version,
  );
  console.log('- wrote docs/compatibility.md');
}

if (isMain(import.meta)) {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean' },
      keep: { type: 'boolean' },
      only: { type: 'string', multiple: true },
    },
  });
  const failed = await runMatrix(values);
  if (failed > 0) throw new Stop(`${failed} rows of the matrix failed`);
}
