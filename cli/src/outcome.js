// Carries out what the emulator decided about a request: the answer, or a failure of the connection.

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */

/**
 * @param {import('wix-oauth-apps/emulator').EmulatorOutcome} outcome
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {Record<string, string>} [further] Headers beside the emulator's own.
 */
export function carryOut({ kind, status, headers, body }, { socket }, response, further) {
  const head = () => {
    headers['content-length'] = String(Buffer.byteLength(body));
    return response.writeHead(status, further ? { ...further, ...headers } : headers);
  };
  const half = () => Buffer.from(body).subarray(0, Buffer.byteLength(body) >> 1);
  switch (kind) {
    case 'answer':
      head().end(body);
      return;
    // A server that listens cannot refuse: to the client it is the same as a connection that closes at once.
    case 'refused':
    case 'reset':
      socket.resetAndDestroy();
      return;
    // Closed in order rather than reset: a reset would take back what was sent.
    case 'resetInBody':
      head().write(half(), () => socket.destroy());
      return;
    case 'stall':
      head().write(half());
      return;
    case 'hang':
  }
}
