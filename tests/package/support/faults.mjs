// Network faults: a server that causes them if one can, else a `fetch`.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { listen, respond } from './loopback.mjs';

const head = (response, length) =>
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });

/** Returns a port of this machine on which no server listens. */
export async function closedPort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** `start()` returns client options with which a request meets the fault, and the `requests` of the server. */
const served = (handler) => async () => {
  const server = await listen(handler);
  return { options: { baseUrl: server.url }, requests: server.requests, close: server.close };
};
const injected = (answer) => async () => {
  const requests = [];
  const fetch = (url, init) => (requests.push({ url, ...init }), answer(url, init));
  return { options: { fetch }, requests, close: () => {} };
};

/**
 * The faults. `code` and `attempts` are those of an operation that may be repeated. `reaches` means that the request may
 * have been carried out, so that a create is not repeated; `isSuccess`, that the fault is a success for a delete.
 */
export const FAULTS = [
  {
    what: 'a refused connection',
    start: async () => ({ options: { baseUrl: `http://127.0.0.1:${await closedPort()}` }, requests: [], close() {} }),
    ...{ code: 'NETWORK', attempts: 3, reaches: false, seen: 0 },
  },
  {
    what: 'a name that is not in the DNS',
    start: async () => ({ options: { baseUrl: 'https://nobody.invalid' }, requests: [], close() {} }),
    // The machine's resolver may take long.
    ...{ code: 'NETWORK', attempts: 3, reaches: false, seen: 0, patience: 60_000 },
  },
  {
    what: 'a TLS handshake with a server that speaks plain HTTP',
    start: async () => {
      const server = await listen(respond({}));
      return { ...server, options: { baseUrl: server.url.replace('http:', 'https:') } };
    },
    ...{ code: 'NETWORK', attempts: 1, reaches: false, seen: 0 },
  },
  {
    what: 'a connection that is reset before the answer',
    start: served((_, response) => response.socket.resetAndDestroy()),
    ...{ code: 'NETWORK', attempts: 3, reaches: true },
  },
  {
    what: 'a connection that is reset in the middle of the body',
    start: served((_, response) => head(response, 1000).write('{"oAuthApp":', () => response.socket.resetAndDestroy())),
    ...{ code: 'NETWORK', attempts: 3, reaches: true },
  },
  {
    what: 'a connection that ends in the middle of the body',
    start: served((_, response) => head(response, 1000).write('{"oAuthApp":', () => response.socket.end())),
    ...{ code: 'NETWORK', attempts: 3, reaches: true },
  },
  {
    what: 'a server that never answers',
    start: served(() => {}),
    ...{ code: 'TIMEOUT', attempts: 3, reaches: true, timeout: 60 },
  },
  {
    what: 'a body that stalls',
    start: served((_, response) => head(response, 1000).write('{"oAuthApp":')),
    ...{ code: 'TIMEOUT', attempts: 3, reaches: true, timeout: 60 },
  },
  {
    what: 'a body that trickles and never ends',
    start: served((_, response) => {
      head(response, 1_000_000);
      const drops = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drops));
    }),
    ...{ code: 'TIMEOUT', attempts: 3, reaches: true, timeout: 60 },
  },
  {
    what: 'a header line that is too long',
    start: served(respond({}, { headers: { 'x-long': 'x'.repeat(100_000) } })),
    ...{ code: 'NETWORK', attempts: 3, reaches: true },
  },
  {
    what: 'a response that is not HTTP',
    start: served((_, response) => response.socket.end('HELLO\r\n\r\n')),
    ...{ code: 'NETWORK', attempts: 3, reaches: true },
  },
  {
    what: 'HTML with a 502',
    start: served(respond('<html>Bad Gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } })),
    ...{ code: 'SERVER_ERROR', attempts: 3, reaches: true, status: 502 },
  },
  {
    what: 'truncated JSON',
    start: served(respond('{"oAuthApp":{"id":"13f5e2ab-8e4f')),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: true, status: 200 },
  },
  {
    what: 'JSON of the wrong shape',
    start: served(respond({ oAuthApp: 'text', oAuthApps: { 0: 'x' }, oAuthAppSecret: 5 })),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: true, status: 200, isSuccess: true },
  },
  {
    what: 'HTML with a 200',
    start: served(respond('<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } })),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: true, status: 200 },
  },
  {
    what: 'a 200 with an empty body',
    start: served(respond('')),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: true, status: 200, isSuccess: true },
  },
  {
    what: 'a 204',
    start: served((_, response) => response.writeHead(204).end()),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: true, status: 204, isSuccess: true },
  },
  ...[301, 302, 303, 307, 308].map((status) => ({
    what: `a ${status}`,
    start: served((request, response) => response.writeHead(status, { location: `${request.url}/moved` }).end()),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: false, status },
  })),
  {
    what: 'a fetch that throws at once',
    start: injected(() => {
      throw new TypeError('no network');
    }),
    ...{ code: 'NETWORK', attempts: 3, reaches: false },
  },
  {
    what: 'a fetch that returns no promise',
    start: injected(() => 'OK'),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: true },
  },
  {
    what: 'a fetch that resolves to no Response',
    start: injected(async () => ({ ok: true })),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: true },
  },
  {
    what: 'a fetch that resolves to nothing',
    start: injected(async () => undefined),
    ...{ code: 'BAD_RESPONSE', attempts: 1, reaches: true },
  },
  {
    what: 'a fetch that rejects with text',
    start: injected(() => Promise.reject('no network')),
    ...{ code: 'NETWORK', attempts: 3, reaches: true },
  },
  {
    what: 'a fetch that never settles, whatever its signal says',
    start: injected(() => new Promise(() => {})),
    ...{ code: 'TIMEOUT', attempts: 3, reaches: true, timeout: 60 },
  },
];

/**
 * Returns the result of a call whose requests all meet the fault: the error's code, the attempts, and the number of
 * requests that the server sees.
 */
export function expected(fault, operation) {
  if (fault.isSuccess && !operation.needsBody) return { code: undefined, seen: 1 };
  const isUnknown = !operation.isRepeatable && fault.reaches;
  const attempts = isUnknown ? 1 : fault.attempts;
  return { code: isUnknown ? 'OUTCOME_UNKNOWN' : fault.code, attempts, seen: fault.seen ?? attempts };
}
