/** Sends what the emulator decided about a request: a response, or a failure of the connection. */
import type { ServerResponse } from 'node:http';
import type { EmulatorOutcome } from 'wix-oauth-apps/emulator';

/** Sends an outcome. `corsHeaders` are sent beside the emulator's own headers. */
export function sendOutcome(
  { kind, status, headers, body }: EmulatorOutcome,
  response: ServerResponse,
  corsHeaders: Record<string, string> | undefined,
): void {
  const { socket } = response.req;
  const writeHead = () => response.writeHead(status, corsHeaders ? { ...corsHeaders, ...headers } : headers);
  switch (kind) {
    case 'answer':
      // Node writes ASCII faster as Latin-1: 4 % more requests a second, 6 % with 10 apps in each (node bench/server.mjs).
      writeHead().end(body, Number(headers['content-length']) === body.length ? 'latin1' : 'utf8');
      return;
    // A server that listens cannot refuse. A connection that closes at once looks the same to the client.
    case 'refused':
    case 'reset':
      socket.resetAndDestroy();
      return;
    // Closed in order: a reset would discard the bytes that were sent.
    case 'resetInBody':
      writeHead().write(half(body), () => socket.destroy());
      return;
    case 'stall':
      writeHead().write(half(body));
      return;
    case 'hang':
  }
}

function half(body: string): Uint8Array {
  const bytes = Buffer.from(body);
  return bytes.subarray(0, bytes.length >> 1);
}
