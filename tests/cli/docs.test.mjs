// Runs the programs of the README: each code block that begins with the name of a file is that file.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, describe, test } from 'node:test';
import { program, run, serve } from './support/emulate.mjs';

const here = import.meta.dirname;
const readme = readFileSync(
  [join(here, 'cli', 'README.md'), join(here, '..', '..', 'cli', 'README.md')].find((path) => existsSync(path)),
  'utf8',
);
const files = new Map(
  [...readme.matchAll(/^```\w+\n((?:\/\/|#) (\S+\.\w+)\n.*?)^```$/gms)].map(([, content, name]) => [name, content]),
);
const programs = [...readme.matchAll(/^```(?:js|sh)\n(.*?)^```$/gms)].length;

/** Runs a program in this folder. */
function execute(file, args, variables) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined, CI: '1', ...variables };
    const child = spawn(file, args, { cwd: here, env, timeout: 100_000 });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject).on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new assert.AssertionError({ message: output }));
    });
  });
}
const node = (...args) => execute(process.execPath, args);

describe('the README', { concurrency: false }, () => {
  before(() => files.forEach((content, name) => writeFileSync(join(here, name), content)));

  test('names a file for each program', () =>
    assert.equal(files.size, programs - 1, 'all but the commands at the beginning'));

  test('has first steps that work', { skip: process.platform === 'win32' }, async () => {
    const server = await serve();
    const env = { WIX_API_KEY: server.apiKey, WIX_SITE_ID: server.siteId, WIX_API_BASE_URL: server.url };
    const output = await execute('bash', ['first-steps.sh'], env);
    await server.stop();
    assert.match(output, /^pass {2}permissions/m);
    assert.match(output, /^\+ https:\/\/shop\.example\.com\/cb\n\+ shop\.example\.com$/m);
    assert.match(output, /^allowed after authentication$/m);
    assert.match(output, /^Storefront +[0-9a-f-]{36} /m);
    assert.match(readFileSync(join(here, '.env.local'), 'utf8'), /^WIX_CLIENT_ID=[0-9a-f-]{36}\n$/);
  });

  test('has a reference that is not stale', async () => {
    const [, written] = /<!-- reference -->\n\n(.*)\n\n<!-- end of reference -->/s.exec(readme);
    const { reference } = await import(new URL('commands/reference.js', pathToFileURL(program)));
    assert.equal(written, await reference(), 'run `npm run build && node cli/reference.mjs`');
  });

  test('has a client that works', async () => {
    const server = await serve(['--port', '8787']);
    assert.match(await node('client.mjs'), /^client ID: [0-9a-f-]{36}\n$/);
    await server.stop();
  });

  test('has a node:test file that passes', async () => {
    assert.match(await node('--test', '--test-reporter=tap', 'storefront.node-test.mjs'), /^# pass 2$/m);
  });

  test('has a Vitest project that passes', async () => {
    assert.match(await node('node_modules/vitest/vitest.mjs', 'run', '--no-color'), /Tests +1 passed/);
  });

  test('has a Jest project that passes', async () => {
    const output = await node('--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--colors=false');
    assert.match(output, /Tests: +1 passed, 1 total/);
  });

  test('has a program with the official SDK that works', async () => {
    assert.match(await node('official-sdk.mjs'), /^a visitor token of \d+ characters\n$/);
  });

  test('has a CI script that works', { skip: process.platform === 'win32' }, async () => {
    assert.match(await execute('bash', ['emulator.sh']), /"status":"ok"[^]*client ID: /);
  });

  test('has a script that controls the server', { skip: process.platform === 'win32' }, async () => {
    const server = await serve(['--port', '8787']);
    assert.match(await execute('bash', ['control.sh']), /^\{\}\{\}\{"requests":\[\]\}$/);
    await server.stop();
  });

  test('lists every option', async () => {
    const { stdout } = await run(['emulate', '--help']);
    const listed = [...stdout.matchAll(/^  (--\S+)/gm)].map(([, name]) => name);
    assert.ok(listed.length > 20);
    for (const name of listed) assert.ok(readme.includes(`\`${name}`) || ['--version', '--help'].includes(name), name);
  });
});
