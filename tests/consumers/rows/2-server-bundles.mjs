// Bundles for servers, which contain the library and run in Node with no package beside them.
import { cpSync } from 'node:fs';
import { CLIENT, FULL } from '../harness/project.mjs';

/**
 * A group for one bundler. `build(project, entry, folder)` bundles `src/ENTRY.mjs` into a folder, and returns the path of
 * the file to run. `more` has members of the group; its `setup` is that of the bundle with the emulator.
 */
const group = (name, title, version, dependencies, build, { setup, ...more } = {}) => ({
  name,
  title,
  version,
  files: 'server',
  journey: ['src'],
  dependencies,
  rows: [
    {
      name: 'client',
      title: 'bundle for Node',
      run: (project) => bundleAndRun(project, build, 'client', CLIENT, { core: 1, emulator: 0 }),
    },
    {
      name: 'emulator',
      title: 'bundle for Node with the emulator',
      setup,
      run: (project) => bundleAndRun(project, build, 'main', FULL, { core: 1, emulator: 1 }),
    },
  ],
  ...more,
});

async function bundleAndRun(project, build, entry, checks, modules) {
  const folder = `built-${entry}`;
  const file = await build(project, entry, folder);
  project.checkBuilt(folder, modules);
  // Away from node_modules, as it is deployed.
  const elsewhere = `${project.folder}-deployed`;
  cpSync(project.path(folder), `${elsewhere}/${folder}`, { recursive: true });
  project.checkReport(await project.runNode([`${elsewhere}/${file}`], { cwd: elsewhere }), checks);
}

const esbuild = (format, extension) => async (project, entry, folder) => {
  const file = `${folder}/app.${extension}`;
  const options = ['--bundle', '--platform=node', `--format=${format}`, `--outfile=${file}`];
  const printed = await project.run(project.path('node_modules', '.bin', 'esbuild'), [`src/${entry}.mjs`, ...options]);
  if (/warning/i.test(printed)) throw new Error(printed);
  return file;
};

const webpackConfig = (entry, folder) => `
import { resolve } from 'node:path';
export default {
  mode: 'production',
  target: 'node',
  entry: './src/${entry}.mjs',
  output: { path: resolve('${folder}'), filename: 'app.cjs' },
};
`;

export default [
  group('esbuild-node', 'esbuild', '0.28.2', { esbuild: '0.28.2' }, esbuild('esm', 'mjs')),
  group('esbuild-node-cjs', 'esbuild, CommonJS', '0.28.2', { esbuild: '0.28.2' }, esbuild('cjs', 'cjs')),
  group(
    'tsup',
    'tsup',
    '9.0.0',
    { tsup: '9.0.0', typescript: '5.9.3' },
    async (project, entry, folder) => {
      const options = `entry: ['src/${entry}.mjs'], format: 'esm', outDir: '${folder}', noExternal: ['wix-oauth-apps']`;
      project.write('tsup.config.mjs', `export default { ${options} };\n`);
      await project.runTool('tsup', ['--silent']);
      return `${folder}/${entry}.js`;
    },
    { node: 24 },
  ),
  group(
    'webpack-node',
    'webpack',
    '5.113.0',
    { webpack: '5.113.0', 'webpack-cli': '7.3.1' },
    async (project, entry, folder) => {
      project.write('webpack.config.mjs', webpackConfig(entry, folder));
      await project.runTool('webpack-cli', ['build']);
      return `${folder}/app.cjs`;
    },
  ),
  group(
    'rspack-node',
    'Rspack',
    '2.3.3',
    { '@rspack/core': '2.3.3', '@rspack/cli': '2.2.8' },
    async (project, entry, folder) => {
      project.write('rspack.config.mjs', webpackConfig(entry, folder));
      await project.runTool('@rspack/cli', ['build'], { bin: 'rspack' });
      return `${folder}/app.cjs`;
    },
  ),
  group(
    'rollup-node',
    'Rollup',
    '4.68.8',
    { rollup: '4.68.8', '@rollup/plugin-node-resolve': '16.0.3', '@rollup/plugin-commonjs': '29.0.3' },
    async (project, entry, folder) => {
      const plugins = `resolve({ exportConditions: ['node'] })${entry === 'main' ? ', commonjs()' : ''}`;
      project.write(
        'rollup.config.mjs',
        `import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
export default {
  input: 'src/${entry}.mjs',
  output: { file: '${folder}/app.mjs', format: 'es', inlineDynamicImports: true },
  plugins: [${plugins}],
};
`,
      );
      await project.runTool('rollup', ['-c', '--silent']);
      return `${folder}/app.mjs`;
    },
    { setup: 'commonjs()' },
  ),
  group('vite-ssr', 'Vite, for servers', '8.3.8', { vite: '8.3.8' }, async (project, entry, folder) => {
    project.write('vite.config.mjs', `export default { ssr: { noExternal: true }, build: { outDir: '${folder}' } };\n`);
    await project.runTool('vite', ['build', '--ssr', `src/${entry}.mjs`, '-l', 'warn']);
    return `${folder}/${entry}.js`;
  }),
  group('bun-build', 'bun build', '1.4.5', { bun: '1.4.5' }, async (project, entry, folder) => {
    const bun = project.path('node_modules', '.bin', 'bun');
    await project.run(bun, ['build', `src/${entry}.mjs`, '--target=node', `--outfile=${folder}/app.mjs`]);
    return `${folder}/app.mjs`;
  }),
  {
    name: 'single-executable',
    title: 'Node, single executable',
    version: '24.21.0',
    files: 'server',
    journey: ['src'],
    node: 24,
    dependencies: { esbuild: '0.28.2', postject: '1.0.0-alpha.6' },
    rows: [
      {
        name: 'server',
        title: 'one file with the program and Node',
        run: async (project) => {
          const main = await esbuild('cjs', 'cjs')(project, 'main', 'built');
          project.write('sea.json', JSON.stringify({ main, output: 'app.blob', disableExperimentalSEAWarning: true }));
          await project.runNode(['--experimental-sea-config', 'sea.json']);
          cpSync(project.node, project.path('app'));
          const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
          await project.runTool('postject', ['app', 'NODE_SEA_BLOB', 'app.blob', '--sentinel-fuse', fuse]);
          project.checkReport(await project.run(project.path('app'), []));
        },
      },
    ],
  },
];
