// Takes pictures of the page's states, for a person to look at: node www-demo/screens.mjs [folder] [name…]
// Each state is taken in light at 1280 pixels and in dark at 375, or as `--all` says in each scheme at 320, 375 and 1280.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from 'wix-oauth-apps-cli';
import { launch, openPage } from '../tests/demo/support/browser.mjs';
import { startConsole } from '../tests/demo/support/console.mjs';
import { connectedTo } from '../tests/demo/support/seed.mjs';
import { serveBuilt } from '../tests/demo/support/site.mjs';
import { consoleStates, pageStates, seedServer, serverStates } from '../tests/demo/support/states.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
});
const [folder = join(import.meta.dirname, 'dist', 'screens'), ...names] = positionals;
const LOOKS = values.all
  ? ['light', 'dark'].flatMap((colorScheme) => [320, 375, 1280].map((width) => ({ colorScheme, width })))
  : [
      { colorScheme: 'light', width: 1280 },
      { colorScheme: 'dark', width: 375 },
    ];

mkdirSync(folder, { recursive: true });
const site = await serveBuilt();
const server = await startServer({ now: '2026-03-01T09:05:00Z', seed: 'screens' });
const consoleServer = await startConsole({
  webhooks: [{ url: 'http://127.0.0.1:9/hook' }],
});
await seedServer(server);
await seedServer(consoleServer);
const browser = await launch();

const connected = connectedTo({ kind: 'server', url: server.url });
const groups = [
  { url: site.url, states: pageStates },
  { url: site.url, states: serverStates(server), before: connected },
  { url: `${consoleServer.url}/_emulator/`, states: consoleStates },
];
for (const { url, states, before } of groups) {
  for (const { name, init, reach } of states) {
    if (names.length > 0 && !names.includes(name)) continue;
    for (const { colorScheme, width } of LOOKS) {
      const prepare = async (page) => {
        await before?.(page);
        await init?.(page);
      };
      const { page, close } = await openPage(browser, url, {
        init: prepare,
        colorScheme,
        viewport: { width, height: 900 },
      });
      await reach(page, consoleServer);
      const path = join(folder, `${name}-${colorScheme}-${width}.png`);
      await page.screenshot({ path, fullPage: name !== 'confirmation' });
      console.log(path);
      await close();
    }
  }
}
await browser.close();
await Promise.all([site.close(), server.stop(), consoleServer.close()]);
