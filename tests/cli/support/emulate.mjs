// Starts the server as a separate program, as its users do.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after } from 'node:test';

const manifest = createRequire(import.meta.url).resolve('wix-oauth-apps-cli/package.json');
/** The file behind the command `wix-oauth-apps`. */
export const program = join(dirname(manifest), 'src', 'main.js');

/** The default credentials of the emulator. */
export const CREDENTIALS = {
  apiKey: 'IST.emulator.not-a-real-api-key',
  siteId: 'e3a1e3a1-0000-4000-8000-000000000001',
};
export const HEADERS = { authorization: CREDENTIALS.apiKey, 'wix-site-id': CREDENTIALS.siteId };
export const APPS = '/oauth-app/v1/oauth-apps';

const READY = /^Listening on (http:\/\/\S+) with API key (\S+) and site ID (\S+)$/m;

// A failed test does not stop its server.
const running = new Set();
after(() => running.forEach((child) => child.kill('SIGKILL')));

/**
 * Runs the command to its end: `{ code, signal, stdout, stderr }`.
 *
 * @param {string[]} args
 */
export const run = (args, options) => finish(start(args, options));

/** Runs another program to its end, in the same way. */
export const runFile = (file, args, options = {}) => finish(spawnFile(file, args, options));

async function finish({ ended, output, child }) {
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  ended.then(() => clearTimeout(late));
  return { ...(await ended), ...output };
}

/**
 * Starts the command; `output` grows, `ended` gives `{ code, signal }`.
 *
 * @param {string[]} args
 * @param {{ node?: string, wrapper?: string[], env?: object, cwd?: string, uid?: number, script?: string,
 *   isolated?: boolean, input?: string | null }} [options] `node`:
 *   the path of Node; `wrapper`: a command that runs Node; `script`: a module to run instead of the program;
 *   `isolated`: whether `env` is the whole environment; `input`: the text of standard input, or `null` to keep
 *   it open.
 */
export function start(args, { node = process.execPath, wrapper = [], env, isolated, input, cwd, uid, script } = {}) {
  const main = script === undefined ? [program] : ['--input-type=module', '--eval', script, '--'];
  const [file, ...rest] = [...wrapper, node, ...main, ...args];
  return spawnFile(file, rest, { env, isolated, input, cwd, uid });
}

function spawnFile(file, args, { env = {}, isolated = false, input, cwd, uid }) {
  const child = spawn(file, args, {
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: isolated ? env : { ...process.env, ...env },
    cwd,
    uid,
    gid: uid,
  });
  running.add(child);
  if (input !== null) child.stdin?.end(input);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text));
  const ended = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    return { code, signal };
  });
  return { child, output, ended };
}

/**
 * Starts the server on a free port and waits for its ready line. `stop()` sends SIGTERM, `kill()` sends SIGKILL.
 */
export async function serve(args = [], options) {
  const { child, output, ended } = start(['emulate', '--port', '0', ...args], options);
  const { url, apiKey, siteId } = await ready({ child, output, ended });
  const end = (signal) => {
    child.kill(signal);
    return ended;
  };
  return {
    url,
    apiKey,
    siteId,
    output,
    ended,
    child,
    /** `fetch` for a path, with the credentials and, where there is a body, its type. */
    request: (path, { headers, ...init } = {}) => {
      const type = init.body === undefined ? {} : { 'content-type': 'application/json' };
      return fetch(url + path, {
        headers: { authorization: apiKey, 'wix-site-id': siteId, ...type, ...headers },
        ...init,
      });
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

function ready({ child, output, ended }) {
  return new Promise((resolve, reject) => {
    const look = () => {
      const [line, url, apiKey, siteId] = READY.exec(output.stdout) ?? [];
      if (line) resolve({ url, apiKey, siteId });
    };
    child.stdout.on('data', look);
    ended.then(({ code, signal }) =>
      reject(new assert.AssertionError({ message: `it ended with ${code ?? signal}: ${output.stderr}` })),
    );
  });
}
