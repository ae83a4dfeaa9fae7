// Runs the command in a pseudo-terminal, with Python's module `pty`.
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { program } from './emulate.mjs';

const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0,
);

/** The reason to skip tests that need a terminal; undefined if there is one. */
export const withoutTerminal = python === undefined ? 'there is no Python with the module pty' : false;

/**
 * Runs the command to its end and returns `{ code, output }`, with line feeds alone at the ends of lines.
 *
 * @param {string[]} args
 * @param {{ env: object, cwd?: string, columns?: number, steps?: [string, string][] }} options `steps`: each a text to wait
 *   for, and a text to type then.
 */
export async function inTerminal(args, { env, cwd, columns = 80, steps = [] }) {
  const script = join(import.meta.dirname, 'terminal.py');
  const given = [script, String(columns), JSON.stringify(steps), process.execPath, program, ...args];
  const { stdout } = await promisify(execFile)(python, given, { cwd, env: { TERM: 'xterm-256color', ...env } });
  const { code, output } = JSON.parse(stdout);
  return { code, output: output.replaceAll('\r\n', '\n') };
}
