// Declarations in strict projects, of which none skips the check of libraries.
const VERSIONS = ['5.0.4', '5.4.5', '5.9.3', '6.0.3', '7.0.2'];

const DOM = ['es2022', 'dom', 'dom.iterable'];
const bundler = { module: 'esnext', moduleResolution: 'bundler', lib: DOM };

/** Name, use, options of the compiler, and the file. `main.mts` and `main.cts` are copies of `main.ts`. */
const SETTINGS = [
  ['bundler', 'moduleResolution bundler', bundler, 'main.ts'],
  ['node16-module', 'module node16, ES module', { module: 'node16', lib: DOM }, 'main.mts'],
  ['node16-commonjs', 'module node16, CommonJS', { module: 'node16', lib: DOM }, 'main.cts'],
  ['nodenext-module', 'module nodenext, ES module', { module: 'nodenext', lib: DOM }, 'main.mts'],
  ['nodenext-commonjs', 'module nodenext, CommonJS', { module: 'nodenext', lib: DOM }, 'main.cts'],
  ['node10', 'moduleResolution node10', { module: 'commonjs', moduleResolution: 'node10', lib: DOM }, 'main.ts'],
  ['no-dom', 'without the DOM library', { module: 'nodenext', lib: ['es2022'] }, 'main.mts'],
  [
    'strictest',
    'exactOptionalPropertyTypes and the other strict options',
    {
      ...bundler,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
    },
    'main.mts',
  ],
  ['wasm', 'import of core.wasm', bundler, 'wasm.mts'],
];

/** TypeScript 6 deprecates node10, and TypeScript 7 has removed it. */
const isKnown = (version, name) => name !== 'node10' || parseInt(version, 10) < 6;

export default VERSIONS.map((version) => ({
  name: `typescript-${version}`,
  title: 'TypeScript',
  version,
  files: 'types',
  manifest: { type: undefined },
  dependencies: { typescript: version },
  rows: SETTINGS.filter(([name]) => isKnown(version, name)).map(([name, title, options, file]) => ({
    name,
    title,
    quick: version === '5.9.3' && ['node10', 'node16-commonjs', 'no-dom', 'strictest'].includes(name),
    run: async (project) => {
      const strict = { strict: true, noEmit: true, skipLibCheck: false, target: 'es2022', types: [] };
      project.write('tsconfig.json', JSON.stringify({ compilerOptions: { ...strict, ...options }, files: [file] }));
      if (file !== 'wasm.mts') project.write(file, project.read('main.ts'));
      await project.runTool('typescript', ['-p', '.'], { bin: 'tsc' });
    },
  })),
}));
