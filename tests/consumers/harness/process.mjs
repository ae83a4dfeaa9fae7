// Programs of consumer projects: each in a process group of its own, so that nothing of it outlives its row.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const groups = new Set();

function killGroup(child) {
  groups.delete(child);
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of groups) killGroup(child);
    process.exit(130);
  });
}
process.once('exit', () => {
  for (const child of groups) killGroup(child);
});

function start(program, args, { cwd, env }) {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  groups.add(child);
  child.printed = '';
  child.failure = new Promise((_, reject) => child.once('error', reject));
  child.failure.catch(() => {});
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (child.printed += text));
  }
  child.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  return child;
}

/** Returns the first line and the last ones of an output, without colours. */
export function lastLines(text, count = 25) {
  const lines = text
    .replace(/\x1b\[[\d;?]*[A-Za-z]/g, '')
    .trim()
    .split('\n');
  return lines.length <= count ? lines.join('\n') : [lines[0], '…', ...lines.slice(2 - count)].join('\n');
}

/** Runs a program to its end, and returns what it prints. Throws if it fails or takes longer than `timeout` milliseconds. */
export async function execute(program, args, { timeout, allowFailure = false, ...options }) {
  const child = start(program, args, options);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    killGroup(child);
  }, timeout);
  try {
    const code = await Promise.race([child.ended, child.failure]);
    // The pipes may have more to read, but a process that the program left behind must not keep the row waiting.
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (code === 0 || (allowFailure && !isLate)) return child.printed;
    const reason = isLate ? `no end within ${timeout / 1000} s` : `exit code ${code}`;
    throw new Error(`\`${[program.split('/').at(-1), ...args].join(' ')}\`: ${reason}\n${lastLines(child.printed)}`);
  } finally {
    clearTimeout(timer);
    killGroup(child);
  }
}

/**
 * Starts a server that listens on `port`, calls `use` once it responds, and kills it. What it printed is added to an error.
 */
export async function serve(program, args, { port, timeout, ...options }, use) {
  const child = start(program, args, options);
  try {
    await Promise.race([
      responds(port, timeout),
      child.failure,
      child.ended.then((code) => Promise.reject(new Error(`the server ended with ${code}`))),
    ]);
    return await use(`http://127.0.0.1:${port}`);
  } catch (error) {
    error.message += `\n${lastLines(child.printed)}`;
    throw error;
  } finally {
    killGroup(child);
  }
}

async function responds(port, timeout) {
  const end = Date.now() + timeout;
  while (Date.now() < end) {
    try {
      const signal = AbortSignal.timeout(60_000);
      const response = await fetch(`http://127.0.0.1:${port}/ready`, { signal, redirect: 'manual' });
      await response.body?.cancel();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error(`nothing listens on port ${port} after ${timeout / 1000} s`);
}

/** Returns a port that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
