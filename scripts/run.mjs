// Runs programs. Their failure ends the script with a message and no stack trace.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const tools = join(root, '.tools');
export const cargoHome = process.env.CARGO_HOME || join(homedir(), '.cargo');

// wasm-pack looks for wasm-opt on the PATH.
process.env.PATH = [
  ...[join(tools, 'bin'), join(root, 'node_modules', '.bin')],
  ...[process.env.PATH, join(cargoHome, 'bin')],
].join(delimiter);

/** A reason to end the script that needs no stack trace. */
export class Stop extends Error {}

process.on('uncaughtException', (error) => {
  console.error(error instanceof Stop ? `\nStopped: ${error.message}` : error);
  process.exit(1);
});

function spawn(program, args, options) {
  // On Windows, npm is no program that can be started without a shell; `npm run` says where its script is.
  const npm = program === 'npm' && process.env.npm_execpath;
  const [file, ...rest] = npm ? [process.execPath, npm, ...args] : [program, ...args];
  return spawnSync(file, rest, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26, ...options });
}

/** Runs a program with its output on the terminal. Throws a `Stop` if it does not exit with 0. */
export function run(program, args, { cwd = root, env } = {}) {
  const stdio = ['ignore', 'inherit', 'inherit'];
  const { error, status, signal } = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio });
  if (status === 0) return;
  const reason = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
  throw new Stop(`\`${[program, ...args].join(' ')}\` failed: ${reason}`);
}

/** Runs a script of a package in node_modules with Node. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** Returns the trimmed standard output of a program, or undefined if it is missing or fails. */
export function output(program, args, { cwd = root } = {}) {
  const { status, stdout } = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
}

/** Returns the content of a file of the repository. */
export const read = (path) => readFileSync(join(root, path), 'utf8');

/** Checks whether a file exists and is newer than everything in `others`, which may be folders. */
export function isNewer(path, others) {
  const time = (name) => statSync(resolve(root, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const content = (name) =>
    statSync(join(root, name)).isDirectory() ? readdirSync(join(root, name), { recursive: true }) : [];
  const inputs = others.flatMap((name) => [name, ...content(name).map((below) => join(name, below))]);
  return time(path) > Math.max(...inputs.map(time));
}

/** Checks whether a module is the script that Node was started with. */
export const isMain = (meta) => fileURLToPath(meta.url) === realpathSync(process.argv[1]);
