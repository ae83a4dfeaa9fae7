// Test runners, with their own module loaders and simulated pages.

const vitest = (environment, title) => ({
  name: environment,
  title,
  quick: environment === 'jsdom',
  run: (project) => project.runTool('vitest', ['run', '--environment', environment]),
});

/** Runs one file with Jest. */
const jest = (name, title, file, { config = {}, env, ...more } = {}) => ({
  name,
  title,
  ...more,
  run: async (project) => {
    // Jest cannot require an ES module, so these tests get the journey as CommonJS.
    const journey = project.read('journey.mjs').replaceAll('export async function', 'async function');
    const source = journey.replace('export function', 'function');
    project.write('journey.cjs', `${source}\nmodule.exports = { report };\n`);
    project.write('jest.config.json', JSON.stringify({ testMatch: [`**/${file}`], ...config }));
    await project.runTool('jest', ['--config', 'jest.config.json'], { env });
  },
});

export default [
  {
    name: 'vitest',
    title: 'Vitest',
    version: '5.1.1',
    node: 24,
    files: 'vitest',
    dependencies: { vitest: '5.1.1', jsdom: '31.0.1', 'happy-dom': '21.0.4' },
    rows: [
      vitest('node', 'environment node'),
      vitest('jsdom', 'environment jsdom'),
      vitest('happy-dom', 'environment happy-dom'),
    ],
  },
  {
    name: 'jest',
    title: 'Jest',
    version: '30.5.2',
    files: 'jest',
    manifest: { type: undefined },
    dependencies: {
      jest: '30.5.2',
      'jest-environment-jsdom': '30.5.2',
      'jest-fixed-jsdom': '0.0.11',
      '@babel/core': '7.29.13',
      '@babel/preset-env': '7.29.14',
    },
    rows: [
      jest('require', 'default mode, `require`', 'require.test.cjs', { config: { transform: {} }, quick: true }),
      jest('babel', 'default mode, `import` by Babel', 'import.test.js', {
        config: {
          transform: {
            '\\.js$': ['babel-jest', { presets: [['@babel/preset-env', { targets: { node: 'current' } }]] }],
          },
        },
      }),
      jest('fixed-jsdom', 'default mode, environment jsdom with `fetch`', 'require.test.cjs', {
        config: { transform: {}, testEnvironment: 'jest-fixed-jsdom' },
        setup: 'testEnvironment: jest-fixed-jsdom',
      }),
      jest('jsdom', 'default mode, environment jsdom, which has no `fetch`', 'jsdom.test.cjs', {
        config: { transform: {}, testEnvironment: 'jsdom' },
        quick: true,
        sentence: 'the functions without network work, and the emulator says that it needs `Request`',
      }),
      jest('module', 'ES modules', 'module.test.mjs', {
        config: { transform: {} },
        env: { NODE_OPTIONS: '--experimental-vm-modules' },
        setup: 'NODE_OPTIONS=--experimental-vm-modules',
      }),
    ],
  },
];
