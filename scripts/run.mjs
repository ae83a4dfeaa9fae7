// Starts other programs, and says plainly what failed when one does.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeModules, root, tools } from './paths.mjs';

/** The reason why a script cannot go on, in words for the person at the terminal; printed without a stack. */
export class Stop extends Error {}

/** A program that ended with another exit code than 0. */
export class CommandFailed extends Stop {
  constructor(command, code) {
    super(`\`${command}\` failed: exit code ${code}`);
    this.code = code;
  }
}

/** The environment for every program started here: the project's own tools come first on the PATH. */
export function environment(extra = {}) {
  const env = { ...process.env, ...extra };
  const pathKey = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const cargoHome = process.env.CARGO_HOME || join(homedir(), '.cargo');
  env[pathKey] = [join(tools, 'bin'), join(nodeModules, '.bin'), env[pathKey], join(cargoHome, 'bin')]
    .filter(Boolean)
    .join(delimiter);
  // Set by an enclosing `npm run`; they describe that run, not the npm that is started here in another folder.
  for (const key of Object.keys(env)) {
    if (/^npm_(package|lifecycle)_|^npm_config_local_prefix$|^npm_command$/.test(key)) delete env[key];
  }
  return env;
}

// npm is a script, started by node: on Windows there is no npm that could be started as a program without a shell.
function resolveProgram(program, args) {
  if (program !== 'npm' && program !== 'npx') return { file: program, args };
  const running = process.env.npm_execpath;
  const candidates = [
    running && /npm-cli\.js$/.test(running) ? running : '',
    join(process.execPath, '..', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(process.execPath, '..', '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const cli = candidates.find((path) => path && existsSync(path));
  if (!cli) return { file: program, args };
  return {
    file: process.execPath,
    args: [program === 'npx' ? cli.replace(/npm-cli\.js$/, 'npx-cli.js') : cli, ...args],
  };
}

const shown = (program, args) =>
  [program === process.execPath ? 'node' : program, ...args]
    .map((word) => (/\s/.test(word) ? `'${word}'` : word))
    .join(' ');

/** Runs a program with its output on the terminal; resolves when it exits with 0. */
export function run(program, args, { cwd = root, env = {}, stdin = 'ignore' } = {}) {
  const command = resolveProgram(program, args);
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.args, {
      cwd,
      env: environment(env),
      stdio: [stdin, 'inherit', 'inherit'],
    });
    child.on('error', (error) =>
      reject(new Stop(`\`${shown(program, args)}\` could not be started: ${error.message}`)),
    );
    child.on('close', (code, signal) =>
      code === 0 ? resolve() : reject(new CommandFailed(shown(program, args), code ?? signal)),
    );
  });
}

/** The standard output of a program, trimmed; undefined when it cannot be started or fails. */
export function output(program, args, { cwd = root, env = {} } = {}) {
  const command = resolveProgram(program, args);
  const result = spawnSync(command.file, command.args, {
    cwd,
    env: environment(env),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Says what is about to take time, does it, and says how long it took. */
export async function timed(what, action) {
  const start = performance.now();
  console.log(`- ${what}`);
  const result = await action();
  console.log(`- done in ${seconds(performance.now() - start)}`);
  return result;
}

export const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Runs a script's main function when the script is what node was started with, not when another imports it. */
export async function main(meta, action) {
  if (fileURLToPath(meta.url) !== realpathSync(process.argv[1])) return;
  try {
    await action();
  } catch (error) {
    console.error(error instanceof Stop ? `\nStopped: ${error.message}` : error);
    process.exitCode = error instanceof CommandFailed && Number.isInteger(error.code) ? error.code : 1;
  }
}
