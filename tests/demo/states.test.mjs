// Every state of the page: without a violation that axe finds, in light and dark, at 320, 375 and 1280 pixels, and never
// wider than the screen.
import { after, before, describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { checkAccessibility, launch, withPage } from './support/browser.mjs';
import { startConsole } from './support/console.mjs';
import { connectedTo } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';
import { consoleStates, pageStates, seedServer, serverStates } from './support/states.mjs';

let browser;
const [site, server] = await Promise.all([serveBuilt(), startServer()]);
const consoleServer = await startConsole({
  webhooks: [{ url: 'http://127.0.0.1:9/hook' }],
});
before(async () => {
  browser = await launch();
  await Promise.all([seedServer(server), seedServer(consoleServer)]);
});
after(async () => {
  await browser?.close();
  await Promise.all([site.close(), server.stop(), consoleServer.close()]);
});

const connected = connectedTo({ kind: 'server', url: server.url });

for (const [title, url, states, prepare] of [
  ['with the emulator in the page', site.url, pageStates],
  ['with a server', site.url, serverStates(server), connected],
  ['as the console of a server', `${consoleServer.url}/_emulator/`, consoleStates],
]) {
  describe(title, () => {
    for (const { name, init, reach, known = [] } of states) {
      test(name, () =>
        withPage(
          browser,
          url,
          async (page) => {
            await reach(page, consoleServer);
            for (const colorScheme of ['light', 'dark']) {
              await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
              for (const width of [320, 375, 1280]) {
                await page.setViewportSize({ width, height: 800 });
                await checkAccessibility(page, `${name}, ${colorScheme}, ${width}`);
              }
            }
          },
          {
            servers: [server.url],
            // The browser reports each refused request as an error.
            known: [...known, /status of 4\d\d/, /ERR_INTERNET_DISCONNECTED/],
            init: async (page) => {
              await prepare?.(page);
              await init?.(page);
            },
          },
        ),
      );
    }
  });
}
