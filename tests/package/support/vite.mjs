// Vite over a folder of the consumer project, with no configuration that a user would need.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, createServer, preview } from 'vite';

const consumer = join(import.meta.dirname, '..');

// Each root has a cache of its own, for tests run side by side; where Vite would put it, since its place matters.
const common = (root) => ({
  root,
  configFile: false,
  logLevel: 'warn',
  cacheDir: join(consumer, 'node_modules', `.vite-${basename(root)}`),
});

/** The development server: `{ url, close }`. */
export async function serve(root) {
  const server = await createServer({ ...common(root), server: { host: '127.0.0.1', port: 0 } });
  await server.listen();
  return { url: server.resolvedUrls.local[0], close: () => server.close() };
}

/** The production build, as a web server would serve it: `{ url, close }`. */
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
