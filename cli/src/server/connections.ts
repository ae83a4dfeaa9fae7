/**
 * The open connections of the server, each with its latest request. They are needed to answer a connection after the
 * requests before, and to stop without waiting for clients.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HttpError, writeError } from './http-error.js';

/** A request and its response. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** When a delayed response is sent, by `performance.now()`; `Infinity` if it is never sent. */
  dueAt?: number;
}

/** An error of Node's HTTP parser. */
interface ParserError extends Error {
  code?: string;
  reason?: string;
  rawPacket?: Buffer;
}

/** The statuses for errors of Node's HTTP parser; any other error is a 400. */
const STATUS = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

export class Connections {
  readonly #latest = new Map<Socket, Exchange | undefined>();
  /** Connections whose last response was sent. */
  readonly #ended = new WeakSet<Socket>();
  /** The bytes that had arrived on a connection when idle ones were last looked for. */
  readonly #bytesRead = new WeakMap<Socket, number>();
  #isStopping = false;

  /** Takes note of a new connection. */
  opened(socket: Socket): void {
    if (this.#isStopping) {
      socket.destroy();
      return;
    }
    this.#latest.set(socket, undefined);
    socket.once('close', () => this.#latest.delete(socket));
  }

  /** Takes note of a request that has arrived. */
  received(exchange: Exchange): void {
    this.#latest.set(exchange.request.socket, exchange);
    if (this.#isStopping) this.#closeAfter(exchange);
  }

  /** Closes the connections without a pending response on which nothing has arrived since the last call. */
  closeIdle(): void {
    for (const [socket, exchange] of this.#latest) {
      if (!exchange?.response.writableFinished) continue;
      if (this.#bytesRead.get(socket) === socket.bytesRead) socket.destroySoon();
      this.#bytesRead.set(socket, socket.bytesRead);
    }
  }

  /**
   * Answers bytes that are not a valid request, after the responses to the requests before. Returns the error response;
   * undefined if it cannot be sent, or if the connection was answered for the last time before.
   */
  malformed(error: ParserError, socket: Socket): HttpError | undefined {
    if (this.#ended.has(socket)) return undefined; // more of the same bytes
    this.#ended.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return undefined;
    }
    const httpError = new HttpError(STATUS.get(error.code ?? '') ?? 400, faultOf(error));
    const exchange = this.#latest.get(socket);
    // If the fault is in the body of a request, the error is the response to that request.
    if (exchange && !exchange.request.complete && !exchange.response.writableEnded) {
      const { response } = exchange;
      if (response.headersSent) socket.destroy();
      else response.writeHead(httpError.status, { ...httpError.headers, connection: 'close' }).end(httpError.body);
    } else {
      this.answerInTurn(socket, httpError);
    }
    return httpError;
  }

  /** Writes an error response to a connection, after the responses to the requests before, and ends the connection. */
  answerInTurn(socket: Socket, error: HttpError): void {
    const exchange = this.#latest.get(socket);
    if (exchange && !exchange.response.writableFinished && !exchange.response.destroyed) {
      exchange.response.once('close', () => writeError(socket, error));
    } else {
      writeError(socket, error);
    }
  }

  /**
   * Closes each connection as soon as the response to its latest request is sent. A connection without such a request is
   * closed at once, and so is one whose delayed response would take longer than the grace period. All others are closed at
   * the end of the grace period. Returns a function that clears its timer.
   *
   * @param grace In milliseconds.
   */
  stop(grace: number): () => void {
    this.#isStopping = true;
    const end = performance.now() + grace;
    for (const [socket, exchange] of this.#latest) {
      const isPending = exchange && !exchange.response.writableFinished && !((exchange.dueAt ?? 0) > end);
      if (isPending) this.#closeAfter(exchange);
      else socket.destroy();
    }
    const timer = setTimeout(() => this.#destroyAll(), grace);
    return () => clearTimeout(timer);
  }

  #closeAfter({ request: { socket }, response }: Exchange): void {
    response.once('finish', () => socket.destroySoon());
  }

  #destroyAll(): void {
    for (const socket of this.#latest.keys()) socket.destroy();
  }
}

function faultOf({ code, message, reason, rawPacket }: ParserError): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'The request line and the headers are too large; the limit is 16 KB';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'The request took too long to arrive';
    default:
      // The first bytes of a TLS handshake.
      if (rawPacket?.[0] === 0x16 && rawPacket[1] === 0x03)
        return 'This server speaks plain HTTP; use http:// for its URL';
      return `The request is not HTTP/1.1: ${reason ?? message}`;
  }
}
