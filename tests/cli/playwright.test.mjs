// The example with Playwright, run as its README says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

const here = join(import.meta.dirname, 'examples', 'playwright');
const example = existsSync(here) ? here : join(import.meta.dirname, '..', '..', 'examples', 'playwright');
const program = createRequire(import.meta.url).resolve('@playwright/test/cli');

test('the tests of examples/playwright pass', { skip: !process.env.CHROME && 'CHROME names no browser' }, async () => {
  const env = { ...process.env, CI: '1', NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [program, 'test', '--reporter=list', '--workers=1'], { cwd: example, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(code, 0, output);
  assert.match(output, /3 passed/);
});
