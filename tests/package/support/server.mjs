// A web server on loopback that serves the installed package to pages without any bundler.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';

const root = join(import.meta.dirname, '..', 'node_modules', 'wix-oauth-apps');
const { name, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };

// The import map of a page: the default conditions of the package's exports.
const imports = Object.fromEntries(
  Object.entries(exports).map(([path, target]) => [name + path.slice(1), `/package/${target.default ?? target}`]),
);
const page = `<!doctype html>
<title>A page without a bundler</title>
<link rel="icon" href="data:," />
<script type="importmap">${JSON.stringify({ imports })}</script>`;

/**
 * Serves a page at `/` and the package at `/package/`. `answers` maps paths to handlers `(request, response)`; a handler
 * that returns false leaves the request to the server.
 */
export async function servePackage(answers = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (answers[pathname] && answers[pathname](request, response) !== false) return;
    if (pathname === '/') return response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    const file = join(root, pathname.replace(/^\/package\//, ''));
    try {
      if (!file.startsWith(root + sep)) throw new Error('outside the package');
      const content = readFileSync(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}
