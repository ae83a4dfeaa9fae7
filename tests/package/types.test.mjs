// The declarations in projects with other settings than the two that `npm test` checks.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';

const tsc = join(import.meta.dirname, 'node_modules', 'typescript', 'bin', 'tsc');
const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
const bundler = ['--module', 'preserve', '--moduleResolution', 'bundler'];

describe('the declarations compile', () => {
  for (const [what, options, file = 'surface.ts'] of [
    ['in a Node project without the DOM', ['--module', 'nodenext', '--lib', 'es2022', '--types', 'node']],
    ['in a page', [...bundler, '--lib', 'es2022,dom']],
    ['in a web worker', [...bundler, '--lib', 'es2022,webworker'], 'module.mts'],
    [
      'under every strictness that there is',
      [
        ...['--module', 'nodenext', '--types', 'node', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
        ...[
          '--noPropertyAccessFromIndexSignature',
          '--noImplicitOverride',
          '--verbatimModuleSyntax',
          '--isolatedModules',
        ],
      ],
    ],
  ]) {
    test(what, async () => {
      const args = [tsc, ...strict, ...options, join('types', file)];
      const run = promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
      const { stdout } = await run.catch(({ stdout }) => ({ stdout }));
      assert.equal(stdout, '');
    });
  }
});
