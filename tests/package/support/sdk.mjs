// The official SDK, unmodified, with the emulator in the place of the service.
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
 * An emulator that the SDK reaches: its tokens and its own pages go by the global `fetch`, so that is replaced while the
 * test runs. `server` is a client that manages apps.
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

/** The SDK in a browser of somebody who visits the client site of an app. */
export const visitorOf = (clientId) => createClient({ auth: OAuthStrategy({ clientId }), modules: { redirects } });

/** An app whose client site is shop.example.com, as every response but the create's shows it. */
export const shopApp = (server, more) =>
  createApp(server, {
    name: 'Shop',
    allowedRedirectUris: [CALLBACK],
    allowedRedirectDomains: ['shop.example.com'],
    ...more,
  });

/** Creates an app and gives it without its secret, which no later response holds. */
export async function createApp(server, draft) {
  const { secret, ...app } = await server.oAuthApps.createOAuthApp(draft);
  return app;
}

/** Where a browser that opens the URL is sent: the status, the place, and the page. */
export async function open(url, headers = {}) {
  const response = await fetch(url, { redirect: 'manual', headers });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  return { status: response.status, location: response.headers.get('location'), page: await response.text(), cookie };
}

/** The emulator behind a real socket on loopback. `answers` may take a request before it. */
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
