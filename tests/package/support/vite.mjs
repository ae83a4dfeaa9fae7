// Vite on a folder of the consumer project, without configuration for the package.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, createServer, preview } from 'vite';

const consumer = join(import.meta.dirname, '..');

// Each root has its own cache, because tests run concurrently. The location is the one that Vite would use.
const common = (root) => ({
  root,
  configFile: false,
  logLevel: 'warn',
  cacheDir: join(consumer, 'node_modules', `.vite-${basename(root)}`),
});

/** Starts the development server, and returns `{ url, close }`. */
export async function serve(root) {
  const server = await createServer({ ...common(root), server: { host: '127.0.0.1', port: 0 } });
  await server.listen();
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

/** Builds for production, serves the result, and returns `{ url, close }`. */
export async function serveBuilt(root) {
  const outDir = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-vite-'));
  const options = { ...common(root), build: { outDir, emptyOutDir: true } };
  await build(options);
  const server = await preview({ ...options, preview: { host: '127.0.0.1', port: 0 } });
  return {
    url: server.resolvedUrls.local[0],
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
