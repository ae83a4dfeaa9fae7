// The HTTP server around the emulator. It carries bytes and keeps what is to be kept; the emulator decides.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { ENOUGH, readBody } from './body.js';
import { isPreflight, preflightHeaders, sharedHeaders } from './cors.js';
import { carryOut } from './outcome.js';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */

/**
 * @typedef {object} Parts
 * @property {import('wix-oauth-apps/emulator').Emulator} emulator
 * @property {import('./store.js').Store | undefined} store Where what is written must be before it is answered.
 * @property {import('./access-log.js').AccessLog | undefined} log
 * @property {(error: unknown) => void} onFailure Told where the state can be kept no longer; nothing is answered then.
 */

/** @param {Parts} parts */
export function createServer({ emulator, store, log, onFailure }) {
  /** @type {(() => void)[]} What waits until the state is kept. */
  let waiting = [];

  // All that arrived meanwhile is written together: one write to the disk, however many requests.
  function keep() {
    const ready = waiting;
    waiting = [];
    try {
      const changes = emulator.changes();
      if (changes.length) store?.write(changes);
    } catch (error) {
      return onFailure(error);
    }
    for (const act of ready) act();
  }

  /** @param {() => void} act */
  function onceKept(act) {
    if (!store) return act();
    if (waiting.push(act) === 1) setImmediate(keep);
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response @param {number} start @param {Buffer} [body] */
  function serve(request, response, start, body) {
    const { method = '', url = '' } = request;
    const headers = /** @type {Record<string, string>} */ (request.headers);
    const outcome = emulator.handle(body ? { method, url, headers, body } : { method, url, headers });
    const act = () => {
      carryOut(outcome, request, response, sharedHeaders(request));
      log?.add(method, pathOf(url), outcome.kind === 'answer' ? outcome.status : outcome.kind, start);
    };
    onceKept(() => (outcome.delay ? setTimeout(act, outcome.delay) : act()));
  }

  const server = createHttpServer((request, response) => {
    const start = performance.now();
    const own = ownAnswer(request);
    if (!own) return readBody(request, (body) => serve(request, response, start, body));
    response.writeHead(own.status, own.headers).end(own.body);
    log?.add(request.method ?? '', pathOf(request.url), own.status, start);
  });
  // A body that will be refused need not be sent at all.
  server.on('checkContinue', (request, response) => {
    if (!(Number(request.headers['content-length']) >= ENOUGH)) response.writeContinue();
    server.emit('request', request, response);
  });
  return server;
}

/**
 * What the server answers itself: it is not a part of the API.
 *
 * @param {IncomingMessage} request
 * @returns {{ status: number, headers: Record<string, string>, body?: string } | undefined}
 */
function ownAnswer(request) {
  if (isPreflight(request)) return { status: 204, headers: preflightHeaders(request) };
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const body = OWN.get(pathOf(request.url))?.();
  if (body === undefined) return undefined;
  return { status: 200, headers: { 'content-type': 'application/json', ...sharedHeaders(request) }, body };
}

/** @type {Map<string, () => string>} */
const OWN = new Map([
  ['/healthz', () => '{"status":"ok"}'],
  ['/openapi.json', () => readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')],
]);

function pathOf(url = '') {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
