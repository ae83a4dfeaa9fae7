// Answers that the server gives without asking the emulator: JSON in the API's form, with a message that says what to do.
import { STATUS_CODES } from 'node:http';

/** A request that the server refuses; `message` goes to the client and into the access log. */
export class Refusal extends Error {
  name = 'Refusal';

  /**
   * @param {number} status
   * @param {string} message The fault and the remedy.
   * @param {Record<string, string>} [headers]
   */
  constructor(status, message, headers) {
    super(message);
    this.status = status;
    this.body = JSON.stringify({ message });
    /** @type {Record<string, string>} */
    this.headers = {
      ...headers,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(this.body)),
    };
  }
}

/**
 * Writes the answer to a socket for which Node has no response object, and ends it.
 *
 * @param {import('node:stream').Duplex} socket
 * @param {Refusal} refusal
 */
export function writeRefusal(socket, { status, headers, body }) {
  if (!socket.writable) return socket.destroy();
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // A client that is still sending would lose the answer if the socket closed at once: the rest is read and dropped.
  const timer = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.resume().once('close', () => clearTimeout(timer));
}

const LINGER = 1_000; // milliseconds
