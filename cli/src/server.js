// The HTTP server around the emulator. It decides who may ask, carries bytes and writes the state to the data file; what
// is answered, the emulator decides. Whatever goes wrong within a request is answered with 500 and ends nothing else.
import { createServer as createHttpServer } from 'node:http';
import { reasonOf } from './access-log.js';
import { discard, hasBody, isTooLarge, readBody } from './body.js';
import { Connections } from './connections.js';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.js';
import { ownDocument } from './documents.js';
import { carryOut } from './outcome.js';
import { Refusal } from './refusal.js';
import { pathOf, readTarget } from './target.js';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('wix-oauth-apps/emulator').Emulator} Emulator */
/** @typedef {import('wix-oauth-apps/emulator').EmulatorOutcome} Outcome */

/**
 * @typedef {object} Parts
 * @property {Emulator} emulator
 * @property {import('./hosts.js').HostPolicy} hosts
 * @property {import('./cors.js').OriginPolicy} origins
 * @property {import('./store.js').Store | undefined} store The state must be in it before a request is answered.
 * @property {import('./access-log.js').AccessLog | undefined} log
 * @property {(error: unknown) => void} onError Gets the error that a request ran into.
 * @property {(error: unknown) => void} onStoreFailure Gets the reason when the state cannot be written any more.
 */

/**
 * A request on its way to its answer.
 *
 * @typedef {import('./connections.js').Exchange & {
 *   start: number,
 *   method: string,
 *   path: string,
 *   cors: Record<string, string> | undefined,
 * }} Exchange
 */

/** The longest delay of a timer. */
const MAX_DELAY = 2 ** 31 - 1; // milliseconds

/**
 * @param {Parts} parts
 * @returns {{ server: import('node:http').Server, stop: (grace: number) => void }}
 */
export function createServer({ emulator, hosts, origins, store, log, onError, onStoreFailure }) {
  const connections = new Connections();
  /** @type {{ exchange: Exchange, outcome: Outcome }[]} Outcomes that wait until the state is written. */
  let waiting = [];
  /** @type {unknown} Why the state cannot be written any more. */
  let failure;

  /**
   * Takes a request in.
   *
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   * @param {(exchange: Exchange) => void} act
   */
  function receive(request, response, act) {
    const { method = '', url = '' } = request;
    /** @type {Exchange} */
    const exchange = { request, response, start: performance.now(), method, path: pathOf(url), cors: undefined };
    connections.received(exchange);
    guard(exchange, () => act(exchange));
  }

  /** @param {Exchange} exchange */
  function route(exchange, awaitsContinue = false) {
    const { request, response, method } = exchange;
    const { url, authority = ownAuthority(request) } = readTarget(request, (named) =>
      hosts.check(named, request.socket.localAddress),
    );
    if (url !== request.url) exchange.path = pathOf(url);
    const origin = origins.grant(request, authority);
    if (origin !== undefined) exchange.cors = corsHeaders(origin);
    if (isPreflight(request)) {
      origins.check(request, authority);
      return answer(exchange, 204, preflightHeaders(request));
    }
    const document = ownDocument(exchange.path);
    if (document) {
      // Nothing changes by it: a foreign page may ask, and cannot read the answer.
      return guardAsync(exchange, async () => {
        const { status, headers, body } = await document(method, emulator);
        answer(exchange, status, headers, body);
      });
    }
    origins.check(request, authority);
    if (!hasBody(request)) return serve(exchange, url, authority);
    if (isTooLarge(request)) {
      discard(request);
      return serve(exchange, url, authority);
    }
    if (awaitsContinue) response.writeContinue();
    readBody(request, (body) => guard(exchange, () => serve(exchange, url, authority, body)));
  }

  /** @param {Exchange} exchange @param {string} url @param {string} authority @param {Uint8Array} [body] */
  function serve(exchange, url, authority, body) {
    if (failure !== undefined) throw failure;
    const { request, method } = exchange;
    const headers = headersOf(request, authority);
    const outcome = emulator.handle(body ? { method, url, headers, body } : { method, url, headers });
    if (waiting.push({ exchange, outcome }) === 1) setImmediate(write);
  }

  // All that arrived meanwhile is written together: one write to the disk, however many requests.
  function write() {
    const ready = waiting;
    waiting = [];
    try {
      store?.write(emulator.changes());
    } catch (error) {
      failure = error;
      for (const { exchange } of ready) guard(exchange, () => fail(exchange, error));
      return onStoreFailure(error);
    }
    for (const { exchange, outcome } of ready) {
      try {
        if (outcome.delay) delay(exchange, outcome);
        else perform(exchange, outcome);
      } catch (error) {
        guard(exchange, () => fail(exchange, error));
      }
    }
  }

  /** @param {Exchange} exchange @param {Outcome} outcome */
  function delay(exchange, outcome) {
    const { response } = exchange;
    const milliseconds = outcome.delay;
    if (response.destroyed) return logged(exchange, 'aborted');
    exchange.dueAt = performance.now() + milliseconds;
    const abort = () => {
      clearTimeout(timer);
      logged(exchange, 'aborted');
    };
    const timer = setTimeout(
      () => {
        response.off('close', abort);
        guard(exchange, () => perform(exchange, outcome));
      },
      Math.min(milliseconds, MAX_DELAY),
    );
    response.once('close', abort);
  }

  /** @param {Exchange} exchange @param {Outcome} outcome */
  function perform(exchange, outcome) {
    if (exchange.response.headersSent) return; // its body turned out to be malformed
    const { kind, status, body } = outcome;
    carryOut(outcome, exchange.response, exchange.cors);
    if (kind === 'hang' || kind === 'stall') hold(exchange);
    if (!log) return;
    if (kind !== 'answer') return logged(exchange, kind);
    logged(exchange, status, status < 400 ? undefined : reasonOf(body));
  }

  /** @param {Exchange} exchange A request that is never answered, or never to its end: only its client ends it. */
  function hold(exchange) {
    exchange.dueAt = Infinity;
    const { socket } = exchange.request;
    if (socket.readableEnded) socket.destroy();
    else socket.once('end', () => socket.destroy());
  }

  /**
   * @param {Exchange} exchange
   * @param {number} status
   * @param {Record<string, string>} headers
   * @param {string} [body]
   * @param {string} [reason]
   */
  function answer(exchange, status, headers, body, reason) {
    if (exchange.response.headersSent) return; // its body turned out to be malformed
    const length = body === undefined ? undefined : { 'content-length': String(Buffer.byteLength(body)) };
    exchange.response.writeHead(status, { ...exchange.cors, ...headers, ...length }).end(body);
    logged(exchange, status, reason);
  }

  /** @param {Exchange} exchange @param {unknown} error */
  function fail(exchange, error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, `The emulator failed: ${reasonFor(error)}`);
    const { request, response } = exchange;
    if (response.writableEnded) return; // its body turned out to be malformed
    if (response.headersSent || response.destroyed) {
      request.socket.destroy();
      logged(exchange, refusal.status, refusal.message);
    } else {
      if (!request.complete) discard(request);
      answer(exchange, refusal.status, refusal.headers, refusal.body, refusal.message);
    }
    // Why the state cannot be written is reported once, to `onStoreFailure`.
    if (refusal !== error && error !== failure) onError(error);
  }

  /** @param {Exchange} exchange @param {() => void} act Whatever it throws is answered. */
  function guard(exchange, act) {
    try {
      act();
    } catch (error) {
      try {
        fail(exchange, error);
      } catch {
        // The answer itself cannot be written.
        exchange.request.socket.destroy();
      }
    }
  }

  /** @param {Exchange} exchange @param {() => Promise<void>} act Whatever it rejects with is answered. */
  function guardAsync(exchange, act) {
    act().catch((error) => guard(exchange, () => fail(exchange, error)));
  }

  /** @param {Exchange} exchange @param {number | string} outcome @param {string} [reason] */
  function logged({ method, path, start }, outcome, reason) {
    log?.add(method, path, outcome, start, reason);
  }

  // `Host` is checked here, so that its absence has a message too.
  const server = createHttpServer({ requireHostHeader: false }, (request, response) =>
    receive(request, response, route),
  );
  // A limit would drop the headers beyond it without a word; their size is limited anyway.
  server.maxHeadersCount = 0;
  // A client may end its side of the connection once it has sent its request, and is answered all the same.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', (socket) => connections.opened(socket));
  server.on('checkContinue', (request, response) => receive(request, response, (exchange) => route(exchange, true)));
  server.on('checkExpectation', (request, response) =>
    receive(request, response, () => {
      throw new Refusal(417, `The expectation ${JSON.stringify(request.headers.expect)} is not supported`);
    }),
  );
  server.on('connect', ({ url = '' }, /** @type {import('node:net').Socket} */ socket) => {
    socket.on('error', () => socket.destroy());
    const refusal = new Refusal(405, 'This server is no proxy: it does not serve the method CONNECT', {
      allow: 'GET, HEAD',
    });
    connections.inTurn(socket, refusal);
    log?.add('CONNECT', url, refusal.status, performance.now(), refusal.message);
  });
  server.on('clientError', (error, /** @type {import('node:net').Socket} */ socket) => {
    const refusal = connections.malformed(error, socket);
    if (refusal) log?.add('-', '-', refusal.status, performance.now(), refusal.message);
  });
  return {
    server,
    stop(grace) {
      server.close();
      server.once('close', connections.stop(grace));
    },
  };
}

/** @param {unknown} error */
const reasonFor = (error) => String(/** @type {Partial<Error>} */ (error)?.message ?? error);

/** @param {IncomingMessage} request The address that a client reached which named none, as HTTP/1.0 allows. */
function ownAuthority({ socket: { localAddress = '127.0.0.1', localPort } }) {
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/**
 * The headers as the emulator takes them: each a text, and the host that the request was sent to.
 *
 * @param {IncomingMessage} request
 * @param {string} authority
 * @returns {Record<string, string>}
 */
function headersOf({ headers }, authority) {
  const cookies = headers['set-cookie'];
  const texts = /** @type {Record<string, string>} */ (headers);
  if (cookies === undefined && headers.host === authority) return texts;
  // Node gives this header as an array, even though no client sends it.
  return { ...texts, ...(cookies && { 'set-cookie': cookies.join(', ') }), host: authority };
}
