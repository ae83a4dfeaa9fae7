/**
 * The HTTP server around the emulator and its console. It decides who may send requests, carries bytes and writes changes to
 * the data file; the emulator decides every response of the API. An error within a request is answered with 500 and affects no other
 * request.
 */
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Emulator, EmulatorOutcome } from 'wix-oauth-apps/emulator';
import type { DataFile } from '../data-file.js';
import { MAX_BODY, discard, hasBody, isTooLarge, readBody } from './body.js';
import { Connections, type Exchange as ConnectionExchange } from './connections.js';
import { CONSOLE, CONSOLE_HEADERS, consoleFile, isConsolePage, isConsolePath } from './console.js';
import { MAX_STATE, sinceOf, type Control } from './control.js';
import { corsHeaders, isPreflight, preflightHeaders, type OriginPolicy } from './cors.js';
import { documentAt } from './documents.js';
import { sendEvents } from './events.js';
import type { HostPolicy } from './hosts.js';
import { HttpError } from './http-error.js';
import { readTime, type RequestLog } from './request-log.js';
import { sendOutcome } from './response.js';
import { pathOf, readTarget } from './target.js';

/** The parts that the server works with. */
export interface Parts {
  emulator: Emulator;
  hosts: HostPolicy;
  origins: OriginPolicy;
  /** Changes are written to it before a request is answered. */
  dataFile: DataFile | undefined;
  requests: RequestLog;
  control: Control;
  /** Receives an error that a request ran into. */
  onError: (error: unknown) => void;
  /** Receives the error if changes cannot be written to the data file any more. */
  onWriteFailure: (error: unknown) => void;
}

/** A request with what is needed to answer and to log it. */
interface Exchange extends ConnectionExchange {
  start: number;
  method: string;
  path: string;
  cors: Record<string, string> | undefined;
  outcome: EmulatorOutcome | undefined;
  /** Set for a request of the console or of the control interface. */
  isOwn: boolean;
}

/** The longest delay of a timer. */
const MAX_DELAY = 2 ** 31 - 1; // milliseconds

/** The least time that an idle connection stays open. The longest time is twice that. */
const IDLE_TIMEOUT = 5_000; // milliseconds

/** Creates the server, which does not listen yet, and the function that stops it within a grace period. */
export function createServer(parts: Parts): {
  server: Server;
  stop: (grace: number) => void;
} {
  const { emulator, hosts, origins, dataFile, requests, control, onError, onWriteFailure } = parts;
  const connections = new Connections();
  /** Exchanges whose outcomes are sent once the changes are written. */
  let pending: Exchange[] = [];
  /** Why changes cannot be written any more. */
  let writeFailure: unknown;

  function receive(request: IncomingMessage, response: ServerResponse, act: (exchange: Exchange) => void): void {
    const { method = '', url = '' } = request;
    const path = pathOf(url);
    const isOwn = isConsolePath(path);
    const start = performance.now();
    const exchange = { request, response, start, method, path, cors: undefined, outcome: undefined, isOwn };
    connections.received(exchange);
    guard(exchange, act);
  }

  function route(exchange: Exchange, awaitsContinue = false): void {
    const { request, method } = exchange;
    const { url, authority = ownAuthority(request) } = readTarget(request, hosts);
    if (url !== request.url) {
      exchange.path = pathOf(url);
      exchange.isOwn = isConsolePath(exchange.path);
    }
    if (exchange.isOwn) {
      routeConsole(exchange, url, authority, awaitsContinue);
      return;
    }
    const origin = origins.grant(request, authority);
    if (origin !== undefined) exchange.cors = corsHeaders(origin);
    if (isPreflight(request)) {
      origins.check(request, authority);
      respond(exchange, 204, preflightHeaders(request));
      return;
    }
    const document = documentAt(exchange.path);
    if (document) {
      // A document changes nothing: a foreign page may request it, and cannot read the response.
      const sent = document(method, emulator).then(({ status, headers, body }) =>
        respond(exchange, status, headers, body),
      );
      sent.catch((error: unknown) => guard(exchange, () => fail(exchange, error)));
      return;
    }
    origins.check(request, authority);
    withBody(exchange, MAX_BODY, awaitsContinue, (body) => handle(exchange, url, authority, body));
  }

  /** Calls `use` with the body; without it if there is none, or if its announced length is too large. */
  function withBody(exchange: Exchange, max: number, awaitsContinue: boolean, use: (body?: Uint8Array) => void): void {
    const { request, response } = exchange;
    if (!hasBody(request)) {
      use();
    } else if (isTooLarge(request, max)) {
      discard(request);
      use();
    } else {
      if (awaitsContinue) response.writeContinue();
      readBody(request, (body) => guard(exchange, () => use(body)), max);
    }
  }

  /** Answers a request for the console, or for the control interface below its path. */
  function routeConsole(exchange: Exchange, url: string, authority: string, awaitsContinue: boolean): void {
    const { request, response, method, path } = exchange;
    origins.checkOwn(request, authority, isConsolePage(path));
    const query = url.slice(path.length + 1);
    if (control.serves(path)) {
      if (method === 'GET' && path === `${CONSOLE}requests` && request.headers.accept?.includes('text/event-stream')) {
        // A browser that connects again sends the ID of the last event that it got.
        const since = readTime(String(request.headers['last-event-id'] ?? '')) ?? sinceOf(query);
        response.writeHead(200, { ...CONSOLE_HEADERS, 'content-type': 'text/event-stream' });
        exchange.dueAt = Infinity; // a stop does not wait for it
        response.once('close', () => addToLog(exchange, 200));
        sendEvents(requests, since, response);
        return;
      }
      withBody(exchange, MAX_STATE, awaitsContinue, (body) => {
        if (writeFailure !== undefined) throw writeFailure;
        if (body === undefined && isTooLarge(request, MAX_STATE)) {
          throw new HttpError(413, `The body is larger than ${MAX_STATE} bytes`);
        }
        const text = control.execute({ method, path, query, body });
        const length = String(Buffer.byteLength(text));
        const headers = { ...CONSOLE_HEADERS, 'content-type': 'application/json', 'content-length': length };
        enqueue(exchange, { delay: 0, kind: 'answer', status: 200, headers, body: text });
      });
      return;
    }
    const file = consoleFile(path);
    if (!file && !isConsolePage(path)) {
      throw new HttpError(
        404,
        `Not Found: the emulator does not serve ${method} ${path}; its console is at ${CONSOLE}`,
      );
    }
    if (method !== 'GET' && method !== 'HEAD') {
      throw new HttpError(405, `The method ${method} is not allowed here; use GET`, { allow: 'GET, HEAD' });
    }
    if (file) respond(exchange, 200, { ...CONSOLE_HEADERS, 'content-type': file.type }, file.body);
    else respond(exchange, 302, { ...CONSOLE_HEADERS, location: CONSOLE }, '');
  }

  function handle(exchange: Exchange, url: string, authority: string, body?: Uint8Array): void {
    if (writeFailure !== undefined) throw writeFailure;
    const { request, method } = exchange;
    const headers = headersOf(request, authority);
    const outcome = emulator.handle(body ? { method, url, headers, body } : { method, url, headers });
    enqueue(exchange, outcome);
  }

  function enqueue(exchange: Exchange, outcome: EmulatorOutcome): void {
    exchange.outcome = outcome;
    if (pending.push(exchange) === 1) setImmediate(writeAndSend);
  }

  // One write to the disk for all requests that arrived together. Without a data file, responses are still sent together:
  // the server then wakes up less often, which saves 10 µs a request under load (node bench/server.mjs).
  function writeAndSend(): void {
    const ready = pending;
    pending = [];
    try {
      dataFile?.write(emulator.changes());
    } catch (error) {
      writeFailure = error;
      for (const exchange of ready) guard(exchange, () => fail(exchange, error));
      onWriteFailure(error);
      return;
    }
    for (const exchange of ready) guard(exchange, sendOrDelay);
  }

  function sendOrDelay(exchange: Exchange): void {
    const { outcome } = exchange;
    if (outcome?.delay) delay(exchange, outcome);
    else if (outcome) send(exchange, outcome);
  }

  function delay(exchange: Exchange, outcome: EmulatorOutcome): void {
    const { response } = exchange;
    if (response.destroyed) {
      addToLog(exchange, 'aborted');
      return;
    }
    exchange.dueAt = performance.now() + outcome.delay;
    const abort = () => {
      clearTimeout(timer);
      addToLog(exchange, 'aborted');
    };
    const timer = setTimeout(
      () => {
        response.off('close', abort);
        guard(exchange, () => send(exchange, outcome));
      },
      Math.min(outcome.delay, MAX_DELAY),
    );
    response.once('close', abort);
  }

  function send(exchange: Exchange, outcome: EmulatorOutcome): void {
    if (exchange.response.headersSent) return; // its body turned out to be malformed
    const { kind, status, reason } = outcome;
    sendOutcome(outcome, exchange.response, exchange.cors);
    if (kind === 'hang' || kind === 'stall') keepOpen(exchange);
    addToLog(exchange, kind === 'answer' ? status : kind, reason, status);
  }

  /** Keeps the connection of a request that is never answered completely, until its client ends it. */
  function keepOpen(exchange: Exchange): void {
    exchange.dueAt = Infinity;
    const { socket } = exchange.request;
    if (socket.readableEnded) socket.destroy();
    else socket.once('end', () => socket.destroy());
  }

  function respond(
    exchange: Exchange,
    status: number,
    headers: Record<string, string>,
    body?: string | Uint8Array,
    reason?: string,
  ): void {
    if (exchange.response.headersSent) return; // its body turned out to be malformed
    const length = body === undefined ? undefined : { 'content-length': String(Buffer.byteLength(body)) };
    exchange.response.writeHead(status, { ...exchange.cors, ...headers, ...length }).end(body);
    addToLog(exchange, status, reason);
  }

  function fail(exchange: Exchange, error: unknown): void {
    const message = `The emulator failed: ${(error as Partial<Error>)?.message ?? error}`;
    const httpError = error instanceof HttpError ? error : new HttpError(500, message);
    const { request, response } = exchange;
    if (response.writableEnded) return; // its body turned out to be malformed
    if (response.headersSent || response.destroyed) {
      request.socket.destroy();
      addToLog(exchange, httpError.status, httpError.message);
    } else {
      if (!request.complete) discard(request);
      respond(exchange, httpError.status, httpError.headers, httpError.body, httpError.message);
    }
    // A failed write is reported once, to `onWriteFailure`.
    if (httpError !== error && error !== writeFailure) onError(error);
  }

  /** Runs a step of an exchange. An error that it throws is sent as the response. */
  function guard(exchange: Exchange, act: (exchange: Exchange) => void): void {
    try {
      act(exchange);
    } catch (error) {
      try {
        fail(exchange, error);
      } catch {
        // The response itself cannot be written.
        exchange.request.socket.destroy();
      }
    }
  }

  function addToLog(exchange: Exchange, outcome: number | string, reason?: string, status?: number): void {
    const { method, path, start, isOwn } = exchange;
    requests.add(method, path, outcome, start, reason, status, isOwn);
  }

  // `readTarget` checks `Host`, so that a missing one gets a message too.
  const server = createHttpServer({ requireHostHeader: false }, (request, response) =>
    receive(request, response, route),
  );
  // Node would silently drop the headers beyond a limit; their size is limited anyway.
  server.maxHeadersCount = 0;
  // Node would set two timers for each request. With one timer for all connections, the server answers 4 % more requests a
  // second (node bench/server.mjs).
  server.keepAliveTimeout = 0;
  server.once('listening', () => {
    const timer = setInterval(() => connections.closeIdle(), IDLE_TIMEOUT).unref();
    server.once('close', () => clearInterval(timer));
  });
  // A client may end its side of the connection after its request, and still gets the response.
  Object.assign(server, { httpAllowHalfOpen: true });
  server.on('connection', (socket) => connections.opened(socket));
  server.on('checkContinue', (request, response) => receive(request, response, (exchange) => route(exchange, true)));
  server.on('checkExpectation', (request, response) =>
    receive(request, response, () => {
      throw new HttpError(417, `The expectation ${JSON.stringify(request.headers.expect)} is not supported`);
    }),
  );
  server.on('connect', ({ url = '' }, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    const error = new HttpError(405, 'This server is no proxy: it does not serve the method CONNECT', {
      allow: 'GET, HEAD',
    });
    connections.answerInTurn(socket, error);
    requests.add('CONNECT', url, error.status, performance.now(), error.message);
  });
  server.on('clientError', (error, socket: Socket) => {
    const httpError = connections.malformed(error, socket);
    if (httpError) requests.add('-', '-', httpError.status, performance.now(), httpError.message);
  });
  return {
    server,
    stop(grace) {
      server.close();
      server.once('close', connections.stop(grace));
    },
  };
}

/** Returns the address that a client reached if it named none, as HTTP/1.0 allows. */
function ownAuthority({ socket: { localAddress = '127.0.0.1', localPort } }: IncomingMessage): string {
  return `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`;
}

/** Returns the headers with one string each, and with the host that the request was sent to. */
function headersOf({ headers }: IncomingMessage, authority: string): Record<string, string> {
  const cookies = headers['set-cookie'];
  const texts = headers as Record<string, string>;
  if (cookies === undefined && headers.host === authority) return texts;
  // Node gives this header as an array, even though no client sends it.
  return { ...texts, ...(cookies && { 'set-cookie': cookies.join(', ') }), host: authority };
}
