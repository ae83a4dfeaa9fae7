// The connection: a server of the visitor's choice, or the Wix API with a token that nothing keeps.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { launch, withPage } from './support/browser.mjs';
import { box, open, press, row } from './support/controls.mjs';
import { clientOf, connectedTo, createApps, SHOP } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';

let browser;
let site;
before(async () => ([browser, site] = await Promise.all([launch(), serveBuilt()])));
after(() => Promise.all([browser?.close(), site?.close()]));

const WIX = 'https://www.wixapis.com';
const alert = (page, text) => page.getByRole('alert').filter({ hasText: text });

/** Everything that the browser has stored for the page. */
const stored = (page) =>
  page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));

describe('a server', () => {
  let server;
  before(async () => {
    server = await startServer({ apiKey: 'IST.a-key-of-its-own' });
    await createApps({ ...server, advance: () => {} }, [SHOP], clientOf(server));
  });
  after(() => server.stop());

  test('is chosen by its address, with an API key that nothing keeps', () =>
    withPage(
      browser,
      site.url,
      async (page, { requests }) => {
        await open(page, 'Connection');
        await page.getByRole('radio', { name: 'An emulator server' }).check();
        await box(page, 'Address').fill(`${server.url}/`);
        await press(page, 'Connect');
        await page.getByText(`This page talks to: Emulator server ${new URL(server.url).host}`).waitFor();
        await open(page, 'OAuth apps');
        await alert(page, 'The list could not be read').getByText('Open Connection and enter a credential').waitFor();

        await alert(page, 'The list').getByRole('link', { name: 'Change the connection' }).click();
        await page.getByLabel('API key').fill(server.credentials.apiKey);
        await press(page, 'Use it');
        await open(page, 'OAuth apps');
        await row(page, 'Storefront').waitFor();
        assert.ok(!(await stored(page)).includes(server.credentials.apiKey));
        // The emulator's WebAssembly is not fetched for a server.
        const after = requests.slice(requests.findIndex((url) => url.startsWith(server.url)));
        assert.ok(!after.some((url) => /emulator_bg/.test(url)));

        // The policy permits this server, and no other.
        const elsewhere = await page.evaluate(() => fetch('http://127.0.0.1:9/').then(String, String));
        assert.equal(elsewhere, 'TypeError: Failed to fetch');

        await open(page, 'Connection');
        await page.getByRole('radio', { name: 'The emulator in this page' }).check();
        await press(page, 'Connect');
        await page.getByText('This page talks to: Emulator in this page').waitFor();
      },
      { servers: [server.url], known: [/401/, /Content Security Policy/] },
    ));

  test('refuses an address that the page may not use', () =>
    withPage(browser, site.url, async (page) => {
      await open(page, 'Connection');
      await page.getByRole('radio', { name: 'An emulator server' }).check();
      for (const [address, fault] of [
        ['nothing', 'Enter a whole address'],
        ['', 'Enter a whole address'],
        ['ftp://127.0.0.1/', 'must begin with https:// or http://'],
        ['http://shop.example.com', 'Plain http is for localhost and 127.0.0.1 alone'],
        ['http://[::1]:8787', 'a browser cannot permit an IPv6 address'],
        ['https://user:word@shop.example.com', 'Leave user name and password out'],
        ['https://shop.example.com/?a=b', 'Leave the part after ? or # out'],
      ]) {
        await box(page, 'Address').fill(address);
        await press(page, 'Connect');
        await page.locator('#connection-url-problems').getByText(fault).waitFor();
        assert.equal(await box(page, 'Address').getAttribute('aria-invalid'), 'true');
      }
    }));

  test('with a site ID that is not one is refused by the library', () =>
    withPage(
      browser,
      site.url,
      async (page) => {
        await alert(page, 'The connection cannot be used').waitFor();
        assert.match(await alert(page, 'The connection cannot be used').innerText(), /siteId/);
      },
      { init: connectedTo({ kind: 'server', url: server.url, siteId: 'not a GUID' }) },
    ));

  test('that does not answer is reported, and the list is read again', async () => {
    const late = await startServer();
    const port = Number(new URL(late.url).port);
    await late.stop();
    let again;
    try {
      await withPage(
        browser,
        site.url,
        async (page) => {
          await alert(page, 'The list could not be read').getByText('Check that the server runs').waitFor();
          again = await startServer({ port });
          await createApps({ ...again, advance: () => {} }, [SHOP], clientOf(again));
          await press(page, 'Try again');
          await row(page, 'Storefront').waitFor();
        },
        {
          init: connectedTo({ kind: 'server', url: late.url }),
          servers: [late.url],
          known: [/ERR_CONNECTION_REFUSED/],
        },
      );
    } finally {
      await again?.stop();
    }
  });

  test('that is out of reach while the browser is offline is read again when it is online', async () => {
    const own = await startServer();
    try {
      await createApps({ ...own, advance: () => {} }, [SHOP], clientOf(own));
      await withPage(
        browser,
        site.url,
        async (page, { context }) => {
          await row(page, 'Storefront').waitFor();
          await context.setOffline(true);
          await page.getByText('The browser is offline.').waitFor();
          await press(page, 'Refresh');
          await alert(page, 'The list could not be read').waitFor();
          // The last list stays to be seen.
          await row(page, 'Storefront').waitFor();
          await context.setOffline(false);
          await alert(page, 'The list could not be read').waitFor({ state: 'detached' });
        },
        {
          init: connectedTo({ kind: 'server', url: own.url }),
          servers: [own.url],
          known: [/ERR_INTERNET_DISCONNECTED/],
        },
      );
    } finally {
      await own.stop();
    }
  });
});

test('the emulator in the page works offline', () =>
  withPage(
    browser,
    site.url,
    async (page, { context }) => {
      await page.getByText('There are no OAuth apps yet').waitFor();
      await context.setOffline(true);
      await page.getByText('The emulator in this page works on.').waitFor();
      await press(page, 'Create OAuth app');
      await box(page, 'Name').fill('Storefront');
      await press(page, 'Save');
      await row(page, 'Storefront').waitFor();
    },
    // The browser looks for the icon again when the title changes.
    { known: [/favicon\.svg/] },
  ));

describe('the Wix API', () => {
  const TOKEN = 'OauthNG.JWS.a-token-of-the-site';

  /** Answers for the Wix API in the browser, as it would answer a page that it admits. */
  async function asWix(page) {
    const emulator = await createEmulator({ accessTokens: [{ token: TOKEN }] });
    await createApps(emulator, [SHOP]);
    await page.route(`${WIX}/**`, async (route) => {
      const request = route.request();
      const cors = {
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'authorization, content-type, x-wix-consistent',
      };
      if (request.method() === 'OPTIONS') return route.fulfill({ status: 204, headers: cors });
      const body = request.postData();
      const {
        status,
        headers,
        body: text,
      } = emulator.handle({
        method: request.method(),
        url: request.url(),
        headers: await request.allHeaders(),
        ...(body !== null && { body }),
      });
      return route.fulfill({ status, headers: { ...headers, ...cors }, body: text });
    });
  }

  test('needs an access token, which is in memory alone', () =>
    withPage(
      browser,
      site.url,
      async (page) => {
        await open(page, 'Connection');
        await page.getByRole('radio', { name: 'The Wix API' }).check();
        await press(page, 'Connect');
        await page.getByText('This page talks to: Wix API.').waitFor();
        await open(page, 'OAuth apps');
        await page.getByLabel('Access token').fill(TOKEN);
        assert.equal(await page.getByLabel('Access token').getAttribute('type'), 'password');
        await press(page, 'Use it');
        await row(page, 'Storefront').waitFor();

        await open(page, 'Requests');
        const request = page.locator('details.request').first();
        await request.evaluate((element) => (element.open = true));
        assert.ok(!(await page.content()).includes(TOKEN));
        assert.match(await request.innerText(), /accessToken: process\.env\.WIX_ACCESS_TOKEN/);
        assert.ok(!(await stored(page)).includes(TOKEN));

        await page.reload();
        await open(page, 'OAuth apps');
        await page.getByLabel('Access token').waitFor();
        assert.equal(await page.getByLabel('Access token').inputValue(), '');
      },
      { init: asWix, servers: [WIX] },
    ));

  test('has no faults and no clock to control', () =>
    withPage(
      browser,
      site.url,
      async (page) => {
        await page.getByLabel('Access token').fill(TOKEN);
        await press(page, 'Use it');
        await row(page, 'Storefront').waitFor();
        await open(page, 'Emulator');
        await page.getByText('The page talks to the Wix API, which cannot be controlled.').waitFor();
      },
      {
        init: async (page) => {
          await connectedTo({ kind: 'wix', url: WIX, siteId: '' })(page);
          await asWix(page);
        },
        servers: [WIX],
      },
    ));
});
