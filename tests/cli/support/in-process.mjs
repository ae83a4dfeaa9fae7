// Runs commands against an emulator server in this process, so that a test can inject faults and look at the apps.
import assert from 'node:assert/strict';
import { startServer } from 'wix-oauth-apps-cli';
import { start } from './emulate.mjs';

/** Starts a server with options of the emulator; it is stopped at the end of the test. */
export async function startEmulator(context, options = {}) {
  const server = await startServer(options);
  context.after(() => server.stop());
  return server;
}

/** The environment that connects a command to a server. */
export const connection = ({ url, credentials }) => ({
  WIX_API_KEY: credentials.apiKey,
  WIX_SITE_ID: credentials.siteId,
  WIX_API_BASE_URL: url,
  WIX_ACCOUNT_ID: '',
  WIX_CLIENT_ID: '',
  WIX_CLIENT_SECRET: '',
  WIX_ACCESS_TOKEN: '',
});

/** Starts a command against a server: as `start` does. */
export const startCommand = (server, args, { env, ...options } = {}) =>
  start(args, { env: { ...connection(server), ...env }, ...options });

/** Runs a command to its end: `{ code, signal, stdout, stderr }`. */
export async function runCommand(server, args, options) {
  const { ended, output } = startCommand(server, args, options);
  return { ...(await ended), ...output };
}

/** Returns the apps of the server's site. */
export async function appsOf({ emulator, credentials: { apiKey, siteId } }) {
  const response = await emulator.fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps/query', {
    method: 'POST',
    headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
    body: '{}',
  });
  const body = await response.json();
  assert.equal(response.status, 200, body.message);
  return body.oAuthApps;
}
