// Performs what the emulator decided about a request: an answer, or a failure of the connection.

/** @typedef {import('node:http').ServerResponse} ServerResponse */

/** Statuses whose answers have neither a body nor a length of one (RFC 9110, section 8.6). */
const BODILESS = new Set([204, 304]);

/**
 * @param {import('wix-oauth-apps/emulator').EmulatorOutcome} outcome
 * @param {ServerResponse} response
 * @param {Record<string, string>} [further] Headers beside the emulator's own.
 */
export function carryOut({ kind, status, headers, body }, response, further) {
  const { socket } = response.req;
  const length = Buffer.byteLength(body);
  const head = () => {
    if (!BODILESS.has(status)) headers['content-length'] = String(length);
    return response.writeHead(status, further ? { ...further, ...headers } : headers);
  };
  const half = () => Buffer.from(body).subarray(0, Buffer.byteLength(body) >> 1);
  switch (kind) {
    case 'answer':
      head().end(BODILESS.has(status) ? undefined : body, length === body.length ? 'latin1' : 'utf8');
      return;
    // A server that listens cannot refuse. A connection that closes at once looks the same to the client.
    case 'refused':
    case 'reset':
      socket.resetAndDestroy();
      return;
    // Closed in order: a reset would discard the bytes that were sent.
    case 'resetInBody':
      head().write(half(), () => socket.destroy());
      return;
    case 'stall':
      head().write(half());
      return;
    case 'hang':
  }
}
