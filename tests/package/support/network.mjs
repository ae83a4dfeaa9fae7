// Servers on loopback whose connections fail.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { closedPort } from './faults.mjs';

const pem = (name) => readFileSync(join(import.meta.dirname, 'tls', `${name}.pem`));
/** The file of the CA that signed the certificates. */
export const CA_FILE = join(import.meta.dirname, 'tls', 'ca.pem');

const json = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"oAuthApp":{}}');
/** Returns a handler that runs when the body of the request has arrived. */
const whole = (handle) => (request, response) => request.resume().on('end', () => handle(request, response));
const partial = (response, then) =>
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"oAuthApp":', then);

async function listening(server, scheme) {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `${scheme}://127.0.0.1:${server.address().port}`, close };
}
const plain = (handle) => listening(createHttpServer(whole(handle)), 'http');
const secure = (certificate, options) =>
  listening(createHttpsServer({ key: pem('key'), cert: pem(certificate), ...options }, whole(json)), 'https');
const raw = (handle, scheme) => listening(createServer(handle), scheme);
const other = (scheme) => async (server) => ({ ...server, url: server.url.replace(/^https?/, scheme) });
const nothing = { close: () => {} };

/** Starts a proxy that responds to each CONNECT with this status. */
async function proxy(status) {
  const server = createHttpServer((_, response) => response.writeHead(status).end());
  server.on('connect', (_, socket) =>
    socket.on('error', () => {}).end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`),
  );
  const { url, close } = await listening(server, 'http');
  return { url: 'https://service.example', proxy: url, close };
}

/**
 * The faults. `isSent` means that the request may have reached the service; `isLasting`, that a retry would fail too. `how`
 * is what the caller does. `start()` returns the `url`, the `proxy` if there is one, and `close`.
 */
export const NETWORK_FAULTS = [
  {
    what: 'connection refused',
    start: async () => ({ ...nothing, url: `http://127.0.0.1:${await closedPort()}` }),
    isSent: false,
  },
  { what: 'unknown host', start: async () => ({ ...nothing, url: 'https://nope.invalid' }), isSent: false },
  {
    what: 'https to an http port',
    start: () => plain(json).then(other('https')),
    ...{ isSent: false, isLasting: true },
  },
  { what: 'http to an https port', start: () => secure('valid').then(other('http')), isSent: true },
  { what: 'self-signed certificate', start: () => secure('self-signed'), ...{ isSent: false, isLasting: true } },
  { what: 'expired certificate', start: () => secure('expired'), ...{ isSent: false, isLasting: true } },
  { what: 'certificate of another host', start: () => secure('other-host'), ...{ isSent: false, isLasting: true } },
  {
    what: 'TLS version not supported',
    start: () => secure('valid', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ...{ isSent: false, isLasting: true },
  },
  {
    what: 'client certificate required',
    // In TLS 1.3 the client sends before the server refuses it. Few runtimes say that the request was not processed.
    start: () => secure('valid', { requestCert: true, rejectUnauthorized: true, ca: pem('ca') }),
    ...{ isSent: false, isLasting: true },
  },
  {
    what: 'connection reset in the TLS handshake',
    start: () => raw((socket) => socket.once('data', () => socket.resetAndDestroy()), 'https'),
    isSent: false,
  },
  {
    what: 'connection closed in the TLS handshake',
    start: () => raw((socket) => socket.once('data', () => socket.destroy()), 'https'),
    isSent: false,
  },
  {
    what: 'port blocked by fetch',
    start: async () => ({ ...nothing, url: 'http://127.0.0.1:6000' }),
    ...{ isSent: false, isLasting: true },
  },
  { what: 'CONNECT refused by the proxy', start: () => proxy(403), isSent: false },
  { what: 'proxy authentication required', start: () => proxy(407), isSent: false },
  {
    what: 'proxy refused',
    start: async () => ({
      ...nothing,
      url: 'https://service.example',
      proxy: `http://127.0.0.1:${await closedPort()}`,
    }),
    isSent: false,
  },
  {
    what: 'connection reset before the response',
    start: () => plain((_, response) => response.socket.resetAndDestroy()),
    isSent: true,
  },
  {
    what: 'connection closed before the response',
    start: () => plain((_, response) => response.socket.destroy()),
    isSent: true,
  },
  {
    what: 'connection reset in the body',
    start: () => plain((_, response) => partial(response, () => response.socket.resetAndDestroy())),
    isSent: true,
  },
  {
    what: 'connection closed in the body',
    start: () => plain((_, response) => partial(response, () => response.socket.end())),
    isSent: true,
  },
  {
    what: 'a response that is not HTTP',
    start: () => plain((_, response) => response.socket.end('HELLO\r\n\r\n')),
    isSent: true,
  },
  { what: 'abort', start: () => plain(() => {}), how: 'abort', isSent: true },
  { what: 'timeout', start: () => plain(() => {}), how: 'timeout', isSent: true },
];

const run = promisify(execFile);

/** Runs a probe in a runtime, given as a command and its arguments, and returns what it prints. */
export async function probe([command, ...args], { url, proxy }, how = '', script = 'probe.mjs') {
  const { PATH, HOME, UNDICI } = process.env;
  // Deno reads the CA from another variable. Node before 24 does not support a proxy by itself.
  const env = { PATH, HOME, NO_COLOR: '1', NODE_EXTRA_CA_CERTS: CA_FILE, DENO_CERT: CA_FILE };
  if (proxy) Object.assign(env, { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy, HTTP_PROXY: proxy });
  if (UNDICI) env.UNDICI = UNDICI;
  const { stdout } = await run(command, [...args, join(import.meta.dirname, script), url, how], {
    env,
    timeout: 30_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
