// Runs programs as a user writes them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const consumer = join(import.meta.dirname, '..');

/**
 * Runs a module, given as source or as a file, in the consumer project. `lingered` is the number of milliseconds between
 * its last output and its end.
 */
export function runScript(
  source,
  { file, args = [], type = 'module', node = [], env = {}, cwd = consumer, timeout = 60_000 } = {},
) {
  const program = file ? [file, ...args] : [`--input-type=${type}`, '--eval', source];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...node, ...program], {
      cwd,
      env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined, ...env },
      timeout,
    });
    let stdout = '';
    let stderr = '';
    let spoke = performance.now();
    child.stdout.setEncoding('utf8').on('data', (text) => ((stdout += text), (spoke = performance.now())));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code: code ?? signal, stdout, stderr, lingered: performance.now() - spoke }),
    );
  });
}
