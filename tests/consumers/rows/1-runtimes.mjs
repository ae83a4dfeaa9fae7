// JavaScript runtimes, without a bundler.
import { statSync } from 'node:fs';
import { formats } from '../harness/formats.mjs';

const NODES = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' };

const nodeGroup = ([major, version]) => ({
  name: `node-${major}`,
  title: 'Node',
  version,
  files: 'plain',
  dependencies: { node: version },
  rows: formats(async (project, file) => {
    const node = project.path('node_modules', 'node', 'bin', 'node');
    const found = (await project.run(node, ['--version'])).trim();
    if (found !== `v${version}`) throw new Error(`this Node says that it is ${found}`);
    // A warning would be a line of its own.
    const printed = await project.run(node, [file]);
    project.checkReport(printed);
    if (printed.trim().includes('\n')) throw new Error(`it printed more than the report:\n${printed}`);
  }),
});

export default [
  ...Object.entries(NODES).map(nodeGroup),
  {
    name: 'deno',
    title: 'Deno',
    version: '2.9.6',
    files: 'plain',
    dependencies: { deno: '2.9.6' },
    rows: [
      {
        name: 'import',
        title: 'ES module, with no permission but `--allow-net`',
        quick: true,
        run: async (project) => {
          const args = ['run', '--no-prompt', '--allow-net', '--node-modules-dir=manual', 'main.mjs'];
          project.checkReport(
            await project.run(program(project, 'deno'), args, { env: { DENO_NO_UPDATE_CHECK: '1' } }),
          );
        },
      },
    ],
  },
  {
    name: 'bun',
    title: 'Bun',
    version: '1.4.5',
    files: 'plain',
    dependencies: { bun: '1.4.5' },
    rows: formats(async (project, file) => project.checkReport(await project.run(program(project, 'bun'), [file]))),
  },
];

const program = (project, name) => {
  const path = project.path('node_modules', '.bin', name);
  statSync(path);
  return path;
};
