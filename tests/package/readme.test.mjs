// Runs every code block of the README and every example as a program.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
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

/** Makes the network unavailable: the programs run on the emulator. */
const OFFLINE = [
  '--import',
  'data:text/javascript,globalThis.fetch = () => { throw new Error("the network, in a program that runs as a test") }',
];

describe('the README', () => {
  test('shows programs', () => assert.notEqual(programs.length, 0));

  for (const { language, code, line } of programs) {
    const reason = /^\/\/ not run: (.+)/.exec(code)?.[1];
    test(`runs the block in line ${line}`, { skip: reason }, async () => {
      const { code: status, stdout, stderr } = await runScript(await javascript(language, code), { node: OFFLINE });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' }, stdout);
    });
  }
});

describe('the examples', () => {
  for (const file of readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.mjs'))) {
    test(`runs ${file}`, async () => {
      const { code, stdout, stderr } = await runScript(undefined, {
        file: join(root, 'examples', file),
        node: OFFLINE,
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
