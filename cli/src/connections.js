// The open connections of the server, with the latest request of each: what is needed to answer a connection out of
// turn, and to stop without waiting for clients.
import { Refusal, writeRefusal } from './refusal.js';

/** @typedef {import('node:net').Socket} Socket */

/**
 * The latest request of a connection.
 *
 * @typedef {object} Exchange
 * @property {import('node:http').IncomingMessage} request
 * @property {import('node:http').ServerResponse} response
 * @property {number} [dueAt] When its delayed answer goes out, by `performance.now()`; `Infinity` for one that never does.
 */

/** How an error of Node's HTTP parser is answered; any other is a 400. */
const STATUS = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

export class Connections {
  /** @type {Map<Socket, Exchange | undefined>} */ #latest = new Map();
  /** @type {WeakSet<object>} Connections that were answered for the last time. */ #ended = new WeakSet();
  #stopping = false;

  /** @param {Socket} socket */
  opened(socket) {
    if (this.#stopping) return socket.destroy();
    this.#latest.set(socket, undefined);
    socket.once('close', () => this.#latest.delete(socket));
  }

  /** @param {Exchange} exchange A request that has arrived. */
  received(exchange) {
    this.#latest.set(exchange.request.socket, exchange);
    if (this.#stopping) this.#closeAfter(exchange);
  }

  /**
   * Answers bytes that are no request, after the requests before them were answered.
   *
   * @param {Error & { code?: string, reason?: string }} error
   * @param {Socket} socket
   * @returns {Refusal | undefined} The answer; undefined where nobody is there to get one.
   */
  malformed(error, socket) {
    if (this.#ended.has(socket)) return undefined; // more of the same bytes
    this.#ended.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return undefined;
    }
    const refusal = new Refusal(STATUS.get(error.code ?? '') ?? 400, faultOf(error));
    const exchange = this.#latest.get(socket);
    // A fault within its body makes it the answer to that request.
    if (exchange && !exchange.request.complete && !exchange.response.writableEnded) {
      if (exchange.response.headersSent) socket.destroy();
      else exchange.response.writeHead(refusal.status, { ...refusal.headers, connection: 'close' }).end(refusal.body);
    } else {
      this.inTurn(socket, refusal);
    }
    return refusal;
  }

  /**
   * Writes a refusal to a connection, after the answers to the requests before, and ends it.
   *
   * @param {Socket} socket
   * @param {Refusal} refusal
   */
  inTurn(socket, refusal) {
    const exchange = this.#latest.get(socket);
    if (exchange && !exchange.response.writableFinished && !exchange.response.destroyed) {
      exchange.response.once('close', () => writeRefusal(socket, refusal));
    } else {
      writeRefusal(socket, refusal);
    }
  }

  /**
   * Closes each connection as soon as its latest request is answered; at once where none is under way, or where the
   * answer would take longer than the grace, and every other one when that is over.
   *
   * @param {number} grace In milliseconds.
   */
  stop(grace) {
    this.#stopping = true;
    const end = performance.now() + grace;
    for (const [socket, exchange] of this.#latest) {
      const isUnderWay = exchange && !exchange.response.writableFinished && !((exchange.dueAt ?? 0) > end);
      if (isUnderWay) this.#closeAfter(exchange);
      else socket.destroy();
    }
    const timer = setTimeout(() => this.#destroyAll(), grace);
    return () => clearTimeout(timer);
  }

  /** @param {Exchange} exchange */
  #closeAfter({ request: { socket }, response }) {
    response.once('finish', () => socket.destroySoon());
  }

  #destroyAll() {
    for (const socket of this.#latest.keys()) socket.destroy();
  }
}

/** @param {Error & { code?: string, reason?: string, rawPacket?: Buffer }} error */
function faultOf({ code, message, reason, rawPacket }) {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return 'The request line and the headers are too large; they may have 16 KB';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'The request took too long to arrive';
    default:
      // The first bytes of a TLS handshake.
      if (rawPacket?.[0] === 0x16 && rawPacket[1] === 0x03)
        return 'This server speaks plain HTTP; use http:// for its URL';
      return `The request is not HTTP/1.1: ${reason ?? message}`;
  }
}
