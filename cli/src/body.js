// Reads the body of a request, as far as the API reads one.
import { Refusal } from './refusal.js';

/** One byte more than the API takes: a body of this length is too large, and the rest is not read. */
export const ENOUGH = 1_048_577;

/** How many bytes of a refused body are read and dropped before the connection is closed. */
const MAX_DISCARDED = 8 * 1_048_576;

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */

/**
 * Returns whether the request has a body. Throws a `Refusal` for one in an encoding that the server does not decode.
 *
 * @param {IncomingMessage} request
 */
export function hasBody({ headers }) {
  const { 'content-length': length, 'transfer-encoding': transfer, 'content-encoding': encoding } = headers;
  if (transfer === undefined && (length === undefined || length === '0')) return false;
  if (transfer !== undefined && transfer.toLowerCase() !== 'chunked') {
    throw new Refusal(501, `The transfer encoding ${JSON.stringify(transfer)} is not supported; only chunked is`);
  }
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
    const message = `The content encoding ${JSON.stringify(encoding)} is not supported; send the body without one`;
    throw new Refusal(415, message, { 'accept-encoding': 'identity' });
  }
  return true;
}

/** @param {IncomingMessage} request Whether its length is announced and too large. */
export const isTooLarge = ({ headers }) => Number(headers['content-length']) >= ENOUGH;

/**
 * Calls `use` with the whole body, or with its first `ENOUGH` bytes. A body that breaks off is not used.
 *
 * @param {IncomingMessage} request
 * @param {(body: Uint8Array) => void} use
 */
export function readBody(request, use) {
  /** @type {Buffer[]} */
  const chunks = [];
  let size = 0;
  const take = (/** @type {Buffer} */ chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < ENOUGH) return;
    request.off('data', take).off('end', end);
    discard(request);
    end();
  };
  const end = () => {
    const [first = EMPTY] = chunks;
    const { buffer, byteOffset, length } = chunks.length < 2 ? first : Buffer.concat(chunks, Math.min(size, ENOUGH));
    // A Buffer belongs to Node's realm. In a test runner with a realm of its own, such as one with jsdom, it is no
    // Uint8Array for the emulator.
    use(new Uint8Array(buffer, byteOffset, length));
  };
  request.on('data', take).on('end', end);
}

const EMPTY = Buffer.alloc(0);

/**
 * Reads the rest of a refused body and drops it: a client that is still sending would lose the answer if the connection
 * closed before. A client that goes on for too long is cut off.
 *
 * @param {IncomingMessage} request
 */
export function discard(request) {
  let size = 0;
  request.on('data', (chunk) => {
    size += chunk.length;
    if (size > MAX_DISCARDED) request.socket.destroy();
  });
}
