// Reads the body of a request, as far as the API reads one.

/** One byte more than the API takes: what has this length is too large, and is read no further. */
export const ENOUGH = 1_048_577;

/** How much of what a refused client goes on to send is thrown away before the connection is closed. */
const PATIENCE = 8 * 1_048_576;

/**
 * Gives the body once it is there, or its first `ENOUGH` bytes; nothing where it has none. A body that breaks off is given
 * to nobody.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {(body: Buffer | undefined) => void} use
 */
export function readBody(request, use) {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return use(undefined);
  if (Number(length) >= ENOUGH) {
    discard(request);
    return use(undefined);
  }
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
  const end = () => use(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, Math.min(size, ENOUGH)));
  request.on('data', take).on('end', end);
}

// A client that is still sending would not see the answer if the connection closed under it. One that never ends is.
/** @param {import('node:http').IncomingMessage} request */
function discard(request) {
  let size = 0;
  request.on('data', (chunk) => {
    size += chunk.length;
    if (size > PATIENCE) request.socket.destroy();
  });
}
