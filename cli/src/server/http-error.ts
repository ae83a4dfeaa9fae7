/** Error responses of the server itself: JSON in the form of the API's errors. */
import { randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** An error with a status. The message names the fault and the remedy; it is sent to the client and logged. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;

  constructor(status: number, message: string, headers?: Record<string, string>) {
    super(message);
    this.status = status;
    this.body = JSON.stringify({ message });
    this.headers = {
      ...headers,
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(this.body)),
      'x-wix-request-id': requestId(),
    };
  }
}

/** Returns an ID in the form of the service's: the second, and a random number. */
function requestId(): string {
  return `${Math.floor(Date.now() / 1_000)}.${randomBytes(8).readBigUInt64BE()}`;
}

/** How long a connection stays open after an error for which Node has no response object. */
const LINGER = 1_000; // milliseconds

/** Writes an error response to a socket for which Node has no response object, and ends the socket. */
export function writeError(socket: Duplex, { status, headers, body }: HttpError): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = Object.entries({ ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  // A client that is still sending would lose the response if the socket closed now: the rest is read and discarded.
  const timer = setTimeout(() => socket.destroy(), LINGER).unref();
  socket.resume().once('close', () => clearTimeout(timer));
}
