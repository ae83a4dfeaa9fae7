// Runs every code block of the README as a program, and the examples that need no account.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runScript } from './support/script.mjs';

// In the repository the README is two folders up. `npm test` copies it beside the tests.
const root = [import.meta.dirname, join(import.meta.dirname, '..', '..')].find((path) =>
  existsSync(join(path, 'README.md')),
);
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/^( *)```(\w*)[^\n]*\n(.*?)^ *```$/gms)].map(
  ({ index, 1: indent, 2: language, 3: code }) => ({
    language,
    code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    line: readme.slice(0, index).split('\n').length,
  }),
);
const programs = blocks.filter(({ language }) => /^(js|mjs|ts|mts|javascript|typescript)$/.test(language));
const output = blocks.find(({ language }) => language === 'text');

/** Replaces the service by the emulator: the programs run as they are. */
const NETWORK = ['--import', pathToFileURL(join(import.meta.dirname, 'support', 'emulated-network.mjs')).href];

describe('the README', () => {
  test('shows programs', () => assert.notEqual(programs.length, 0));

  for (const { language, code, line } of programs) {
    const reason = /^\/\/ not run: (.+)/.exec(code)?.[1];
    test(`runs the block in line ${line}`, { skip: reason }, async () => {
      const { code: status, stdout, stderr } = await runScript(await javascript(language, code), { node: NETWORK });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' }, stdout);
      // The first program is followed by what it prints, after the client ID.
      if (code === programs[0].code) assert.equal(stdout.replace(/^client ID: \S+\n/, ''), output.code);
    });
  }
});

describe('the examples', () => {
  for (const file of ['quickstart.mjs', 'official-sdk.mjs']) {
    test(`runs ${file}`, async () => {
      const { code, stdout, stderr } = await runScript(undefined, {
        file: join(root, 'examples', file),
        node: NETWORK,
      });
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, stdout);
      if (file === 'quickstart.mjs') assert.match(stdout, /(^|\n)quickstart ok\n$/);
    });
  }
});

async function javascript(language, code) {
  if (!/^(ts|mts|typescript)$/.test(language)) return code;
  const { transform } = await import('esbuild');
  return (await transform(code, { loader: 'ts', format: 'esm' })).code;
}
