// The declarations in projects with other settings than the two that `npm test` checks.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';

/** The last version of TypeScript with the resolution `node10`, and the current one. */
const [tsc5, tsc] = ['typescript-5', 'typescript'].map((name) =>
  join(import.meta.dirname, 'node_modules', name, 'bin', 'tsc'),
);
const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022'];
const bundler = ['--module', 'preserve', '--moduleResolution', 'bundler'];

const node10 = ['--moduleResolution', 'node10'];
const exact = ['--exactOptionalPropertyTypes'];
/** Without the DOM's types, Node's and any others. */
const bare = ['--lib', 'es2022', '--typeRoots', 'none'];

describe('the declarations compile', () => {
  for (const [what, options, file = 'surface.ts', compiler = tsc] of [
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
    ['in a CommonJS module', ['--module', 'node16', '--types', 'node'], 'commonjs.cts', tsc5],
    ['with every entry, as an ES module', ['--module', 'nodenext', ...exact, ...bare], 'entries.ts'],
    ['with every entry, as CommonJS', ['--module', 'commonjs', ...node10, ...exact, ...bare], 'entries.ts', tsc5],
    ['with every entry, in a bundle', [...bundler, ...exact, ...bare], 'entries.ts'],
    ['with every entry, in a page', [...bundler, ...exact, '--lib', 'es2022,dom', '--typeRoots', 'none'], 'entries.ts'],
  ]) {
    test(what, async () => {
      const args = [compiler, ...strict, ...options, join('types', file)];
      const run = promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname });
      const { stdout } = await run.catch(({ stdout }) => ({ stdout }));
      assert.equal(stdout, '');
    });
  }
});
