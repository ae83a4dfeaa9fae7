// Frameworks that render on a server and in the browser.

/** Opens the page of a client component with the emulator, and the one without. */
async function checkClient(project, url) {
  await project.checkPage(`${url}/client`);
  await project.checkPage(`${url}/client-only`, { emulator: false });
}

const REACT = { react: '19.3.1', 'react-dom': '19.3.1' };

/** Next is built once, and serves all rows from one server. */
function next(major, version, bundler, flags) {
  const withServer = (use) => (project) =>
    project.serveTool(
      'next',
      (port) => ['start', '-p', String(port), '-H', '127.0.0.1'],
      (url) => use(project, url),
    );
  const row = (name, title, use) => ({ name, title: `${bundler}, ${title}`, run: withServer(use) });
  return {
    name: `next-${major}-${bundler.toLowerCase()}`,
    title: 'Next',
    version,
    files: 'next',
    journey: ['app'],
    manifest: { type: undefined },
    dependencies: { next: version, ...REACT },
    build: (project) => project.runTool('next', ['build', ...flags], { timeout: 400_000 }),
    rows: [
      row('route', 'route handler', (project, url) => project.checkResponse(`${url}/route`)),
      row('component', 'server component', (project, url) => project.checkResponse(`${url}/component`)),
      row('client', 'client component', checkClient),
      row('edge', 'edge runtime', (project, url) => project.checkResponse(`${url}/edge`)),
    ],
  };
}

/** A framework whose build is a server that runs in Node. `paths` are those that respond with a report. */
const nodeServer = ({ build, start, paths, ...group }) => ({
  ...group,
  build,
  rows: [
    ...Object.entries(paths).map(([path, title]) => ({
      name: path.split('/').at(-1),
      title,
      run: (project) =>
        project.serveNode(
          () => [start],
          (url) => project.checkResponse(`${url}/${path}`),
        ),
    })),
    {
      name: 'client',
      title: 'page',
      run: (project) =>
        project.serveNode(
          () => [start],
          (url) => checkClient(project, url),
        ),
    },
  ],
});

export default [
  next(15, '15.5.29', 'Turbopack', ['--turbopack']),
  next(15, '15.5.29', 'webpack', []),
  next(16, '16.4.6', 'Turbopack', []),
  next(16, '16.4.6', 'webpack', ['--webpack']),
  nodeServer({
    name: 'astro-node',
    title: 'Astro with @astrojs/node',
    version: '7.3.5',
    node: 24,
    files: 'astro',
    journey: ['src'],
    dependencies: { astro: '7.3.5', '@astrojs/node': '11.1.6' },
    build: (project) => project.runTool('astro', ['build'], { timeout: 400_000 }),
    start: 'dist/server/entry.mjs',
    paths: { server: 'endpoint', component: 'page on the server' },
  }),
  {
    name: 'astro-cloudflare',
    title: 'Astro with @astrojs/cloudflare',
    version: '7.3.5',
    node: 24,
    files: ['astro', 'astro-cloudflare'],
    journey: ['src'],
    dependencies: { astro: '7.3.5', '@astrojs/cloudflare': '14.3.3', wrangler: '4.164.0' },
    build: (project) => project.runTool('astro', ['build'], { timeout: 400_000 }),
    rows: [
      ['server', 'endpoint in workerd', (project, url) => project.checkResponse(`${url}/server`)],
      ['component', 'page on the server in workerd', (project, url) => project.checkResponse(`${url}/component`)],
      ['client', 'page', checkClient],
    ].map(([name, title, use]) => ({
      name,
      title,
      run: (project) =>
        project.serveTool(
          'astro',
          (port) => ['preview', '--port', String(port), '--host', '127.0.0.1'],
          (url) => use(project, url),
        ),
    })),
  },
  nodeServer({
    name: 'sveltekit',
    title: 'SvelteKit',
    version: '2.70.4',
    files: 'sveltekit',
    journey: ['src'],
    dependencies: {
      '@sveltejs/kit': '2.70.4',
      '@sveltejs/adapter-node': '5.5.7',
      '@sveltejs/vite-plugin-svelte': '6.2.4',
      svelte: '5.57.3',
      vite: '7.3.8',
    },
    build: (project) => project.runTool('vite', ['build', '-l', 'warn'], { timeout: 400_000 }),
    start: 'build/index.js',
    paths: { server: 'endpoint' },
  }),
  nodeServer({
    name: 'nuxt',
    title: 'Nuxt',
    version: '4.5.2',
    node: 24,
    files: 'nuxt',
    journey: ['.'],
    dependencies: { nuxt: '4.5.2', vue: '3.5.45', 'vue-router': '5.5.1' },
    build: (project) => project.runTool('nuxt', ['build'], { timeout: 400_000 }),
    start: '.output/server/index.mjs',
    paths: { 'api/server': 'endpoint' },
  }),
  {
    name: 'angular',
    title: 'Angular',
    version: '20.3.35',
    files: 'angular',
    journey: ['src'],
    dependencies: {
      '@angular/build': '20.3.41',
      '@angular/cli': '20.3.43',
      ...Object.fromEntries(
        ['common', 'compiler', 'compiler-cli', 'core', 'platform-browser'].map((name) => [
          `@angular/${name}`,
          '20.3.35',
        ]),
      ),
      rxjs: '7.8.2',
      tslib: '2.9.1',
      typescript: '5.9.3',
    },
    rows: [
      {
        name: 'page',
        title: 'page',
        setup: `import { createClient } from 'wix-oauth-apps/inline'`,
        run: async (project) => {
          for (const [entry, configuration, emulator] of [
            ['main', [], true],
            ['client', ['--configuration', 'client'], false],
          ]) {
            const source = project.read(`src/${entry}.ts`);
            project.write(`src/${entry}.ts`, source.replace(/'(wix-oauth-apps(\/emulator)?)'/g, `'$1/inline'`));
            await project.runTool('@angular/cli', ['build', ...configuration], { bin: 'ng', timeout: 400_000 });
            project.checkBuilt(`built-${entry}/browser`, { core: 1, emulator: emulator ? 1 : 0 });
            await project.serveFiles(`built-${entry}/browser`, (url) => project.checkPage(`${url}/`, { emulator }));
          }
        },
      },
    ],
  },
];
