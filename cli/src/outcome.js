// Performs what the emulator decided about a request: an answer, or a failure of the connection.

/** @typedef {import('node:http').ServerResponse} ServerResponse */

/** Statuses whose answers have no body (RFC 9110, section 6.4.1), and no length of one. */
const BODILESS = new Set([204, 205, 304]);

/**
 * @param {import('wix-oauth-apps/emulator').EmulatorOutcome} outcome
 * @param {ServerResponse} response
 * @param {Record<string, string>} [further] Headers beside the emulator's own.
 */
export function carryOut({ kind, status, headers, body }, response, further) {
  const { socket } = response.req;
  const head = () => {
    if (!BODILESS.has(status)) headers['content-length'] = String(Buffer.byteLength(body));
    return response.writeHead(status, further ? { ...further, ...headers } : headers);
  };
  const half = () => Buffer.from(body).subarray(0, Buffer.byteLength(body) >> 1);
  switch (kind) {
    case 'answer':
      head().end(BODILESS.has(status) ? undefined : body);
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
