import { join } from 'node:path';
import { defineConfig } from 'vite';

const folder = join(import.meta.dirname, '..', 'pkg-cli');

/**
 * Bundles the SDK of `mcp` into the one module that imports it. As a dependency it would add 94 packages with 29 MB to each
 * installation; `du -sk node_modules` after `npm install @modelcontextprotocol/sdk` tells its size.
 */
export default defineConfig({
  root: import.meta.dirname,
  ssr: { noExternal: true, target: 'node' },
  build: {
    ssr: join(folder, 'src', 'commands', 'mcp', 'sdk.js'),
    outDir: folder,
    emptyOutDir: false,
    target: 'node20',
    minify: true,
    license: { fileName: 'THIRD-PARTY-LICENSES.md' },
    rolldownOptions: { output: { entryFileNames: 'src/commands/mcp/sdk.js' } },
  },
});
