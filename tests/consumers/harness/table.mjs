// Writes the results as docs/compatibility.md.
import { writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../../scripts/run.mjs';

const HEAD = `# Compatibility

Each row is a project that installs the packed library, is built as its environment's users build, and makes the same calls: validate, create, query, allow a redirect, check a redirect, update, list, delete, a time-out and an abort. Pages run in Chromium. The calls go to the emulator in the program and to an emulator server. Pages and bundles are checked for copies of the WebAssembly: one of the client, and none of the emulator unless it is imported.

\`npm run test:matrix\` runs the rows and writes this file; \`npm test\` runs a part of them. [The README](../README.md) describes the set-up lines.

`;

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Writes the table. `rows` are in its order; those of a group with the same result and set-up share a line. */
export function writeTable(path, rows, version) {
  const lines = new Map();
  for (const { name, environment, version = '', title, setup, ...row } of rows) {
    const columns = [environment, version, outcome(row), setup ? `\`${setup}\`` : 'none'];
    const key = [name.split('/')[0], ...columns].join('\n');
    const line = lines.get(key) ?? { columns, uses: [] };
    line.uses.push(title);
    lines.set(key, line);
  }
  const table = [...lines.values()].map(({ columns: [environment, version, result, setup], uses }) =>
    [environment, version, uses.join('; '), result, setup].map(cell).join(' | '),
  );
  const head = ['environment | version | use | result | set-up', '--- | --- | --- | --- | ---'];
  const text = [...head, ...table].map((line) => `| ${line} |\n`).join('');
  writeFileSync(path, `${HEAD}The results are those of version ${version}.\n\n${text}`);
  execFileSync(process.execPath, [join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs'), '--write', path], {
    stdio: 'ignore',
  });
}

function outcome({ result, sentence, detail = '' }) {
  const reason = detail.split('\n')[0].slice(0, 200);
  if (result === 'explained') return `fails with a message: ${sentence}`;
  return { works: 'works', fails: `**fails**: ${reason}`, 'not run': `not run: ${reason}` }[result];
}
