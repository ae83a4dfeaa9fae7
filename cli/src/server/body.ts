/** Reads the body of a request, up to the size that the API accepts. */
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.js';

/** One byte more than the API accepts: a body of this length is too large, and the rest is not read. */
const ENOUGH = 1_048_577;

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
export const isTooLarge = ({ headers }: IncomingMessage): boolean => Number(headers['content-length']) >= ENOUGH;

/** Calls `use` with the whole body, or with its first `ENOUGH` bytes. It is not called for a body that breaks off. */
export function readBody(request: IncomingMessage, use: (body: Uint8Array) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < ENOUGH) return;
    request.off('data', take).off('end', end);
    discard(request);
    end();
  };
  const end = () => {
    const [first] = chunks;
    use(chunks.length === 1 && first ? first : Buffer.concat(chunks, Math.min(size, ENOUGH)));
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
