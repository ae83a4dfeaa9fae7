// An emulator server with its console at /_emulator/.
import { startServer } from 'wix-oauth-apps-cli';

/** Starts a server: `{ url, emulator, credentials, close }`. */
export async function startConsole(options) {
  const { url, emulator, credentials, stop } = await startServer(options);
  return { url, emulator, credentials, close: stop };
}

/** Makes a page ask for new requests again and again, as behind a proxy that passes no server-sent events on. */
export const withoutEvents = (page) =>
  page.route(
    (url) => url.pathname === '/_emulator/requests',
    (route) =>
      route.request().headers().accept?.includes('text/event-stream')
        ? route.fulfill({ status: 200, contentType: 'text/plain', body: '' })
        : route.continue(),
  );
