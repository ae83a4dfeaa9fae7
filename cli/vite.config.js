import { join } from 'node:path';
import { minify } from 'rolldown/utils';
import { defineConfig, normalizePath } from 'vite';
import { SHELLS } from './src/commands/tools/definitions.ts';
import { completionScript } from './src/parse/completion-script.ts';

/** The folder of the sources, as the IDs of modules begin. */
const sources = normalizePath(join(import.meta.dirname, 'src'));

/** The program, the JavaScript API, and what `reference.mjs` and the tests read. */
const ENTRIES = [
  'main',
  'index',
  'commands/common',
  'commands/definitions',
  'commands/reference',
  'parse/completion-script',
];

/**
 * Bundles the command line with commander and the SDK of `mcp`. `get` loads 8 files in place of 41, which takes 13 ms less
 * (`bench/cli.mjs`), and an installation lacks the 94 packages with 29 MB of `@modelcontextprotocol/sdk`.
 */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { noExternal: true, target: 'node' },
  plugins: [completionScripts(), minified('mcp-sdk')],
  build: {
    ssr: true,
    outDir: join(import.meta.dirname, '..', 'pkg-cli'),
    emptyOutDir: false,
    target: 'node20',
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    rolldownOptions: {
      input: Object.fromEntries(ENTRIES.map((name) => [name, `${sources}/${name}.ts`])),
      external: [/^wix-oauth-apps(\/|$)/, 'yaml', '@photostructure/sqlite'],
      output: {
        entryFileNames: 'src/[name].js',
        chunkFileNames: ({ facadeModuleId, name }) => `src/${nameOf(facadeModuleId) || name}.js`,
        minifyInternalExports: false,
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: programOf(), debugName: 'program' },
            { name: 'mcp-sdk', test: /\/node_modules\// },
          ],
        },
      },
    },
  },
});

/** Returns the name of the chunk of a module, such as `redirects-check`, so that the stack of an error names the command. */
const nameOf = (id) =>
  id?.startsWith(`${sources}/`) &&
  id
    .slice(sources.length + 1)
    .replace(/^commands\/|\.ts$/g, '')
    .replaceAll('/', '-');

/** Returns a function that returns `program` for the program and the modules that it imports at once. */
function programOf() {
  const found = new Set();
  return (id, chunking) => {
    const queue = found.size ? [] : [`${sources}/program.ts`];
    for (const module of queue) {
      if (!found.has(module)) queue.push(...(chunking.getModuleInfo(module)?.importedIds ?? []));
      found.add(module);
    }
    return found.has(id) ? 'program' : null;
  };
}

/** Writes the completion scripts, so that `wix-oauth-apps completion` prints a file: shells call it when they start. */
function completionScripts() {
  return {
    name: 'completion-scripts',
    async generateBundle() {
      for (const shell of SHELLS)
        this.emitFile({ type: 'asset', fileName: `completions/${shell}`, source: await completionScript(shell) });
    },
  };
}

/** Minifies the chunk of that name. The others stay readable in the stack of an error. */
function minified(chunk) {
  return {
    name: 'minified',
    renderChunk: async (code, { name, fileName }) =>
      name === chunk ? { code: (await minify(fileName, code, { module: true })).code } : null,
  };
}
