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

/** Writes the table. `rows` are in its order. */
export function writeTable(path, rows, version) {
  const lines = ['| environment | version | use | result | set-up |', '| --- | --- | --- | --- | --- |'];
  for (const row of rows) {
    const { environment, title, result, setup, sentence, detail } = row;
    const outcome = {
      works: 'works',
      explained: `fails with a message: ${sentence}`,
      fails: `**fails**: ${firstLine(detail)}`,
      'not run': `not run: ${firstLine(detail)}`,
    }[result];
    const columns = [environment, row.version ?? '', title ?? '', outcome, setup ? `\`${setup}\`` : 'none'];
    lines.push(`| ${columns.map(cell).join(' | ')} |`);
  }
  writeFileSync(path, `${HEAD}The results below are those of version ${version}.\n\n${lines.join('\n')}\n`);
  execFileSync(process.execPath, [join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs'), '--write', path], {
    stdio: 'ignore',
  });
}

const firstLine = (text = '') => text.split('\n')[0].slice(0, 200);
