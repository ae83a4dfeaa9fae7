// The demo page, built and served as a web server would serve it.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build, createServer as createViteServer } from 'vite';

export const root = join(import.meta.dirname, '..', '..', '..', 'www-demo');

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Builds the page into a folder of its own. */
export async function buildPage() {
  const folder = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-demo-'));
  await build({ root, logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Answers a request from a folder. `path` is below the address at which the folder is served. */
export function answerFile(folder, path, response) {
  const name = normalize(path === '/' ? '/index.html' : path);
  try {
    const bytes = readFileSync(join(folder, name));
    response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream' }).end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

/** Serves a request handler on a free port: `{ url, close }`. */
export async function listen(handler) {
  const server = createServer(handler);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The built page on a server of its own: `{ url, folder, close }`. */
export async function serveBuilt() {
  const { folder, remove } = await buildPage();
  const { url, close } = await listen((request, response) =>
    answerFile(folder, new URL(request.url, 'http://any').pathname, response),
  );
  return {
    url: `${url}/`,
    folder,
    close: async () => {
      await close();
      remove();
    },
  };
}

/** The page on Vite's development server: `{ url, close }`. */
export async function serveSource() {
  const cacheDir = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-demo-vite-'));
  const server = await createViteServer({
    root,
    logLevel: 'warn',
    cacheDir,
    server: { host: '127.0.0.1', port: 0 },
  });
  await server.listen();
  return {
    url: server.resolvedUrls.local[0],
    close: async () => {
      await server.close();
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}
