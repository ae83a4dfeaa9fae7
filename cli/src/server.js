// The HTTP server around the emulator. It carries bytes and keeps what is to be kept; the emulator decides.
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { ENOUGH, readBody } from './body.js';
import { isPreflight, preflightHeaders, sharedHeaders } from './cors.js';
import { carryOut } from './outcome.js';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('wix-oauth-apps/emulator').Emulator} Emulator */

/**
 * @typedef {object} Parts
 * @property {Emulator} emulator
 * @property {import('./store.js').Store | undefined} store Where what is written must be before it is answered.
 * @property {import('./access-log.js').AccessLog | undefined} log
 * @property {(error: unknown) => void} onFailure Told where the state can be kept no longer; nothing is answered then.
 */

const OPENAPI = new URL('../openapi.json', import.meta.url);
const NOT_ALLOWED = '{"message":"Method Not Allowed"}';

/** @param {Parts} parts */
export function createServer({ emulator, store, log, onFailure }) {
  /** @type {(() => void)[]} What waits until the state is kept. */
  let waiting = [];

  // All that arrived meanwhile is written together: one write to the disk, however many requests.
  function keep() {
    const ready = waiting;
    waiting = [];
    try {
      store?.write(emulator.changes());
    } catch (error) {
      return onFailure(error);
    }
    for (const act of ready) act();
  }

  /** @param {() => void} act */
  function onceKept(act) {
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
    const { method = '', url } = request;
    const own = isPreflight(request) ? answerPreflight : OWN.get(pathOf(url));
    if (!own) return readBody(request, (body) => serve(request, response, start, body));
    void own(request, emulator).then(({ status, headers, body }) => {
      response.writeHead(status, { ...headers, ...sharedHeaders(request) }).end(body);
      log?.add(method, pathOf(url), status, start);
    });
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
 * @typedef {(request: IncomingMessage, emulator: Emulator) => Promise<OwnAnswer>} Own
 * @typedef {{ status: number, headers: Record<string, string>, body?: string }} OwnAnswer
 */

/** @type {Own} */
const answerPreflight = async (request) => ({ status: 204, headers: preflightHeaders(request) });

/** @type {Map<string, Own>} */
const OWN = new Map([
  ['/healthz', document('application/json', () => '{"status":"ok"}')],
  ['/openapi.json', document('application/json', () => readFileSync(OPENAPI, 'utf8'))],
  ['/webhooks/public-key', document('application/x-pem-file', ({ webhooks }) => webhooks.publicKey())],
]);

/**
 * @param {string} type
 * @param {(emulator: Emulator) => string | Promise<string>} content
 * @returns {Own}
 */
function document(type, content) {
  return async ({ method }, emulator) =>
    method === 'GET' || method === 'HEAD'
      ? { status: 200, headers: { 'content-type': type }, body: await content(emulator) }
      : { status: 405, headers: { 'content-type': 'application/json', allow: 'GET, HEAD' }, body: NOT_ALLOWED };
}

function pathOf(url = '') {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
