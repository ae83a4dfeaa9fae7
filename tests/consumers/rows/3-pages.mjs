// Pages, in Chromium. Each project has a page with the client and the emulator, and one with the client alone.
import { cpSync, rmSync } from 'node:fs';

const INLINE = `import { createClient } from 'wix-oauth-apps/inline'`;

const html = (script) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Consumer</title><link rel="icon" href="data:,"></head>` +
  `<body><script type="module" src="${script}"></script></body></html>\n`;

/** Opens both pages of a server. */
async function checkPages(project, url, [main, client] = ['/', '/client.html']) {
  await project.checkPage(`${url}${main}`);
  await project.checkPage(`${url}${client}`, { emulator: false });
}

const PAGES = { main: 'index', client: 'client' };

/**
 * A group for one bundler. `build(project, entries)` writes `built/ENTRY.js` for each entry. `rows` say which entries are
 * built together.
 */
const page = (name, title, version, dependencies, build, rows = [{}]) => ({
  name,
  title,
  version,
  files: 'page',
  journey: ['src'],
  dependencies,
  rows: rows.map(({ entries = ['main', 'client'], isInline = false, ...row }) => ({
    name: 'page',
    title: 'page',
    ...row,
    run: async (project) => {
      if (isInline) entries.forEach((entry) => inline(project, `src/${entry}.js`));
      await build(project, entries);
      for (const entry of entries) project.write(`built/${PAGES[entry]}.html`, html(`/${entry}.js`));
      const hasEmulator = entries.includes('main');
      project.checkBuilt('built', { core: 1, emulator: hasEmulator ? 1 : 0 });
      await project.serveFiles('built', async (url) => {
        for (const entry of entries) {
          await project.checkPage(`${url}/${PAGES[entry]}.html`, { emulator: entry === 'main' });
        }
      });
      rmSync(project.path('built'), { recursive: true });
    },
  })),
});

/** Makes an entry import the modules that contain the WebAssembly. */
function inline(project, entry) {
  project.write(entry, project.read(entry).replace(/'(wix-oauth-apps(\/emulator)?)'/g, `'$1/inline'`));
}

const vite = (major, version, more = {}) => ({
  name: `vite-${major}`,
  title: 'Vite',
  version,
  files: 'page',
  journey: ['src'],
  dependencies: { vite: version },
  rows: [
    {
      name: 'build',
      title: 'built page',
      quick: major === 8,
      run: async (project) => {
        const input = `rollupOptions: { input: ['index.html', 'client.html'] }`;
        project.write('vite.build.mjs', `export default { build: { outDir: 'built', ${input} } };\n`);
        await project.runTool('vite', ['build', '-c', 'vite.build.mjs', '-l', 'warn']);
        project.checkBuilt('built', { core: 1, emulator: 1 });
        await project.serveFiles('built', (url) => checkPages(project, url));
      },
    },
    {
      name: 'dev',
      title: 'development server',
      ...more.dev,
      run: (project) =>
        project.serveTool(
          'vite',
          (port) => ['--port', String(port), '--strictPort', '--host', '127.0.0.1'],
          (url) => checkPages(project, url),
        ),
    },
  ],
});

const webpackConfig = `
import { resolve } from 'node:path';
export default {
  mode: 'production',
  entry: { main: './src/main.js', client: './src/client.js' },
  output: { path: resolve('built') },
};
`;

export default [
  vite(5, '5.4.21'),
  vite(6, '6.4.6'),
  vite(7, '7.3.8'),
  vite(8, '8.3.8'),
  page('webpack-page', 'webpack', '5.113.0', { webpack: '5.113.0', 'webpack-cli': '7.3.1' }, (project) => {
    project.write('webpack.config.mjs', webpackConfig);
    return project.runTool('webpack-cli', ['build']);
  }),
  page('rspack-page', 'Rspack', '2.3.3', { '@rspack/core': '2.3.3', '@rspack/cli': '2.2.8' }, (project) => {
    project.write('rspack.config.mjs', webpackConfig);
    return project.runTool('@rspack/cli', ['build'], { bin: 'rspack' });
  }),
  page(
    'rollup-page',
    'Rollup',
    '4.68.8',
    { rollup: '4.68.8', '@rollup/plugin-node-resolve': '16.0.3', '@rollup/plugin-commonjs': '29.0.3' },
    (project, [entry]) => {
      const plugins = `resolve({ browser: true })${entry === 'main' ? ', commonjs()' : ''}`;
      project.write(
        'rollup.config.mjs',
        `import commonjs from '@rollup/plugin-commonjs';
import resolve from '@rollup/plugin-node-resolve';
export default { input: 'src/${entry}.js', output: { dir: 'built', format: 'es' }, plugins: [${plugins}] };
`,
      );
      return project.runTool('rollup', ['-c', '--silent']);
    },
    [
      { name: 'client', entries: ['client'], isInline: true, setup: INLINE },
      {
        name: 'emulator',
        title: 'page with the emulator, inlined too',
        entries: ['main'],
        isInline: true,
        setup: 'commonjs()',
      },
    ],
  ),
  page(
    'esbuild-page',
    'esbuild',
    '0.28.2',
    { esbuild: '0.28.2' },
    (project, entries) => {
      const inputs = entries.map((entry) => `src/${entry}.js`);
      const options = ['--bundle', '--format=esm', '--splitting', '--minify', '--outdir=built'];
      return project.run(project.path('node_modules', '.bin', 'esbuild'), [...inputs, ...options]);
    },
    [{ isInline: true, setup: INLINE, quick: true }],
  ),
  {
    name: 'parcel',
    title: 'Parcel',
    version: '2.16.4',
    files: 'page',
    journey: ['src'],
    dependencies: { parcel: '2.16.4' },
    rows: [
      {
        name: 'page',
        title: 'page',
        run: async (project) => {
          // Parcel reads absolute paths of a page from the folder of the project.
          const options = ['--dist-dir', 'built', '--no-cache', '--no-source-maps', '--log-level', 'warn'];
          await project.runTool('parcel', ['build', 'index.html', 'client.html', ...options]);
          project.checkBuilt('built', { core: 1, emulator: 1 });
          await project.serveFiles('built', (url) => checkPages(project, url));
        },
      },
    ],
  },
  {
    name: 'no-bundler',
    title: 'no bundler',
    files: 'page',
    journey: ['src'],
    rows: [
      {
        name: 'import-map',
        title: 'page with an import map',
        run: async (project) => {
          const { exports } = JSON.parse(project.read('node_modules/wix-oauth-apps/package.json'));
          const target = (entry) => {
            let found = exports[entry];
            while (typeof found === 'object') found = found.browser ?? found.default;
            return `/package/${found.slice(2)}`;
          };
          const imports = { 'wix-oauth-apps': target('.'), 'wix-oauth-apps/emulator': target('./emulator') };
          const map = `<script type="importmap">${JSON.stringify({ imports })}</script><body>`;
          cpSync(project.path('node_modules', 'wix-oauth-apps'), project.path('package'), { recursive: true });
          for (const file of ['index.html', 'client.html']) {
            project.write(file, project.read(file).replace('<body>', map));
          }
          await project.serveFiles('.', (url) => checkPages(project, url));
        },
      },
    ],
  },
  {
    name: 'csp',
    title: 'Content Security Policy',
    version: 'Chromium',
    files: 'page',
    journey: ['src'],
    dependencies: { vite: '8.3.8' },
    build: async (project) => {
      const input = `rollupOptions: { input: ['index.html', 'client.html'] }`;
      project.write('vite.config.mjs', `export default { build: { outDir: 'built', ${input} } };\n`);
      await project.runTool('vite', ['build', '-l', 'warn']);
    },
    rows: [
      {
        name: 'wasm-unsafe-eval',
        title: 'page that allows its own scripts and WebAssembly alone',
        setup: `script-src 'self' 'wasm-unsafe-eval'`,
        quick: true,
        run: (project) =>
          project.serveFiles('built', (url) => checkPages(project, url), policy(project, `'self' 'wasm-unsafe-eval'`)),
      },
      {
        name: 'no-wasm',
        title: 'page that allows no WebAssembly',
        sentence: 'it names the policy and the source `wasm-unsafe-eval`',
        quick: true,
        run: (project) =>
          project.serveFiles(
            'built',
            async (url) => {
              const failures = await project.failuresOfPage(`${url}/client.html`);
              if (
                !/Content.Security.Policy|CSP/i.test(failures) ||
                !/wasm-unsafe-eval/.test(failures.split('[cause')[0])
              )
                throw new Error(`the message does not name the policy: ${failures}`);
            },
            policy(project, `'self'`),
          ),
      },
    ],
  },
];

function policy({ services }, scripts) {
  const connect = `'self' ${services.url} ${services.hangingUrl}`;
  const sources = `default-src 'none'; script-src ${scripts}; connect-src ${connect}; img-src data:`;
  return { 'content-security-policy': `${sources}; base-uri 'none'; require-trusted-types-for 'script'` };
}
