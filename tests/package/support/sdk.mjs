// The official SDK, unmodified, with the emulator in place of the service.
import { ApiKeyStrategy, createClient, OAuthStrategy } from '@wix/sdk';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { oAuthApps } from '@wix/auth-management';
import { redirects } from '@wix/redirects';
import { createEmulator } from 'wix-oauth-apps/emulator';

/** The redirect URI of the apps in these tests. */
export const CALLBACK = 'https://shop.example.com/callback';

const isService = (url) => /(^|\.)wixapis\.com$/.test(new URL(url).hostname);

/**
 * Returns an emulator that the SDK uses. The SDK requests tokens with the global `fetch`, which is therefore replaced
 * during the test. `server` is a client that manages apps.
 */
export async function emulatedSdk(t, options) {
  const emulator = await createEmulator(options);
  const network = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    isService(input.url ?? input) ? emulator.fetch(input, init) : network(input, init);
  t.after(() => (globalThis.fetch = network));
  const server = createClient({ auth: ApiKeyStrategy(emulator.credentials), modules: { oAuthApps } });
  return { emulator, server };
}

/** Returns the SDK of a visitor of an app's client site. */
export const visitorOf = (clientId) => createClient({ auth: OAuthStrategy({ clientId }), modules: { redirects } });

/** Creates an app whose client site is shop.example.com, and returns it as later responses show it. */
export const shopApp = (server, more) =>
  createApp(server, {
    name: 'Shop',
    allowedRedirectUris: [CALLBACK],
    allowedRedirectDomains: ['shop.example.com'],
    ...more,
  });

/** Creates an app, and returns it without its secret, which no later response contains. */
export async function createApp(server, draft) {
  const { secret, ...app } = await server.oAuthApps.createOAuthApp(draft);
  return app;
}

/** Returns the status, the location and the page that a browser gets for a URL. */
export async function open(url, headers = {}) {
  const response = await fetch(url, { redirect: 'manual', headers });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  return { status: response.status, location: response.headers.get('location'), page: await response.text(), cookie };
}

/** Serves the emulator on loopback. `answers` may handle a request instead. */
export async function serveEmulator(emulator, answers = () => false) {
  const server = createServer(async (request, response) => {
    if (answers(request, response) !== false) return;
    const { method, url, headers } = request;
    const { status, headers: answered, body } = emulator.handle({ method, url, headers, body: await buffer(request) });
    response.writeHead(status, answered).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}
