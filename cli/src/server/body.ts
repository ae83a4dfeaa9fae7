/** Reads the body of a request, up to the size that the API accepts. */
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.js';

/** The largest body of the API, in bytes. A larger one is read up to one byte more. */
export const MAX_BODY = 1_048_576;

/** How many bytes of a refused body are read and discarded before the connection is closed. */
const MAX_DISCARDED = 8 * 1_048_576;

/** Checks whether a request has a body. Throws an `HttpError` for an encoding that the server does not decode. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': transfer, 'content-encoding': encoding } = headers;
  if (transfer === undefined && (length === undefined || length === '0')) return false;
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    throw new HttpError(501, `The transfer encoding ${JSON.stringify(transfer)} is not supported; only chunked is`);
  }
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
    const message = `The content encoding ${JSON.stringify(encoding)} is not supported; send the body without one`;
    throw new HttpError(415, message, { 'accept-encoding': 'identity' });
  }
  return true;
}

/** Checks whether the announced length of a body is too large. */
export const isTooLarge = ({ headers }: IncomingMessage, max = MAX_BODY): boolean =>
  Number(headers['content-length']) > max;

/**
 * Calls `use` with the whole body, or with one byte more than `max` of a larger body. It is not called for a body that breaks
 * off.
 */
export function readBody(request: IncomingMessage, use: (body: Uint8Array) => void, max = MAX_BODY): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size <= max) return;
    request.off('data', take).off('end', end);
    discard(request);
    end();
  };
  const end = () => {
    const [first] = chunks;
    use(chunks.length === 1 && first ? first : Buffer.concat(chunks, Math.min(size, max + 1)));
  };
  request.on('data', take).on('end', end);
}

/**
 * Reads the rest of a refused body and discards it: a client that is still sending would lose the response if the
 * connection closed before. The connection of a client that sends more than `MAX_DISCARDED` is closed.
 */
export function discard(request: IncomingMessage): void {
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_DISCARDED) request.socket.destroy();
  });
}
