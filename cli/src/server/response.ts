/** Sends what the emulator decided about a request: a response, or a failure of the connection. */
import type { ServerResponse } from 'node:http';
import type { EmulatorOutcome } from 'wix-oauth-apps/emulator';

/** Statuses whose responses have neither a body nor a content length (RFC 9110, section 8.6). */
const WITHOUT_BODY = new Set([204, 304]);

/** Sends an outcome. `corsHeaders` are sent beside the emulator's own headers. */
export function sendOutcome(
  { kind, status, headers, body }: EmulatorOutcome,
  response: ServerResponse,
  corsHeaders: Record<string, string> | undefined,
): void {
  const { socket } = response.req;
  const length = Buffer.byteLength(body);
  const writeHead = () => {
    if (!WITHOUT_BODY.has(status)) headers['content-length'] = String(length);
    return response.writeHead(status, corsHeaders ? { ...corsHeaders, ...headers } : headers);
  };
  const half = () => Buffer.from(body).subarray(0, length >> 1);
  switch (kind) {
    case 'answer':
      writeHead().end(WITHOUT_BODY.has(status) ? undefined : body);
      return;
    // A server that listens cannot refuse. A connection that closes at once looks the same to the client.
    case 'refused':
    case 'reset':
      socket.resetAndDestroy();
      return;
    // Closed in order: a reset would discard the bytes that were sent.
    case 'resetInBody':
      writeHead().write(half(), () => socket.destroy());
      return;
    case 'stall':
      writeHead().write(half());
      return;
    case 'hang':
  }
}
