// The servers that a project's calls go to, and a server for built pages.
import { createServer } from 'node:http';
import { readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { startServer } from 'wix-oauth-apps-cli';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.css': 'text/css',
};

/** Starts an emulator server that pages of this machine may use, and a server that never responds: `{ url, hangingUrl, stop }`. */
export async function startServices() {
  const hanging = createServer((request, response) => {
    // A page asks before it sends a request that it may not send by itself.
    if (request.method !== 'OPTIONS') return;
    const headers = request.headers['access-control-request-headers'] ?? '';
    const allowed = { 'access-control-allow-methods': '*', 'access-control-allow-headers': headers };
    response.writeHead(204, { 'access-control-allow-origin': '*', ...allowed }).end();
  });
  const hangingUrl = await listen(hanging);
  const emulator = await startServer({ port: 0 });
  const stop = async () => {
    await Promise.all([emulator.stop(), close(hanging)]);
  };
  return { url: emulator.url, hangingUrl, stop };
}

/** Serves the files of a folder: `{ url, stop }`. */
export async function serveFolder(folder, headers = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const path = join(folder, normalize(decodeURIComponent(pathname === '/' ? '/index.html' : pathname)));
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...headers }).end(readFileSync(path));
  });
  return { url: await listen(server), stop: () => close(server) };
}

function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

function close(server) {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}
