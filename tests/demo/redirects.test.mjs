// The redirect tester: verdicts, the marked difference and the fix.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkRedirect } from 'wix-oauth-apps';
import { startServer } from 'wix-oauth-apps-cli';
import { launch, withPage } from './support/browser.mjs';
import { box, choose, press, row, table } from './support/controls.mjs';
import { APPS, clientOf, connectedTo, createApps, SHOP, withApps } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';

let browser;
let site;
before(async () => ([browser, site] = await Promise.all([launch(), serveBuilt()])));
after(() => Promise.all([browser?.close(), site?.close()]));

async function check(page, url, after) {
  await box(page, 'URL to check').fill(url);
  if (after !== undefined) await page.getByRole('radio', { name: after }).check();
  await press(page, 'Check redirect');
  return page.getByRole('status').innerText();
}

const marks = (page) => page.locator('mark').allInnerTexts();

test('the verdict is the library’s, and the difference is marked in both', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      for (const [url, after, expected] of [
        ['https://shop.example.com/callback', 'After login', []],
        ['https://shop.example.com/callback/', 'After login', ['/']],
        ['http://shop.example.com/callback', 'After login', ['s']],
        ['https://shop.example.com/Callback', 'After login', ['C', 'c']],
        ['https://shop.example.com/other', 'After login', ['other', 'callback']],
        ['https://preview-shop.example.com/callback', 'After login', []],
        ['', 'After login', ['https://*-shop.example.com/callback']],
        ['https://shop.example.com/any/page', 'After checkout or logout', []],
        ['http://shop.example.com/', 'After checkout or logout', ['://shop.example.com/']],
        ['https://www.shop.example.com/x', 'After checkout or logout', ['www.shop.example.com/x']],
      ]) {
        const verdict = checkRedirect(SHOP, url, after === 'After login' ? 'authentication' : 'other');
        const status = await check(page, url, after);
        assert.match(status, verdict.allowed ? /^Allowed: / : /^Not allowed: /, url);
        const message = verdict.message.replace(/\.?$/, '.');
        assert.equal(status.toLowerCase(), message.toLowerCase());
        if (url !== '') assert.deepEqual(await marks(page), expected, url);
        if (verdict.reason !== undefined) await page.getByText(verdict.reason, { exact: true }).waitFor();
        const entry = verdict.matched ?? verdict.nearest?.entry;
        if (entry !== undefined) assert.ok((await page.locator('.evidence').innerText()).includes(entry), url);
      }
    },
    { init: await withApps([SHOP]) },
  ));

test('a fix is applied with one button, and the verdict follows', async () => {
  const server = await startServer();
  try {
    const client = clientOf(server);
    const [app] = await createApps({ ...server, advance: () => {} }, [SHOP], client);
    for (const [kind, options] of [
      ['page', { init: await withApps([SHOP]) }],
      ['server', { init: connectedTo({ kind: 'server', url: server.url }), servers: [server.url] }],
    ]) {
      await withPage(
        browser,
        site.url,
        async (page) => {
          await check(page, 'https://shop.example.com/callback/');
          await page.getByText('Apply the fix only if the URL is yours.', { exact: false }).waitFor();
          await press(page, 'Add https://shop.example.com/callback/ to Allowed redirect URIs');
          await page
            .getByRole('status')
            .filter({ hasText: /^Allowed: / })
            .waitFor();
          await row(page, 'Storefront').getByRole('cell', { name: '3', exact: true }).waitFor();

          await check(page, 'https://www.example.com/thanks', 'After checkout or logout');
          await press(page, 'Add www.example.com to Allowed redirect domains');
          await page
            .getByRole('status')
            .filter({ hasText: /^Allowed: / })
            .waitFor();
          if (kind === 'server') {
            const { allowedRedirectUris, allowedRedirectDomains } = await client.getOAuthApp(app.id);
            assert.deepEqual(allowedRedirectUris, [...SHOP.allowedRedirectUris, 'https://shop.example.com/callback/']);
            assert.deepEqual(allowedRedirectDomains, ['shop.example.com', 'www.example.com']);
          }
        },
        options,
      );
    }
  } finally {
    await server.stop();
  }
});

test('a URL that cannot simply be listed has no fix', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      assert.match(await check(page, 'http://shop.example.com/callback'), /^Not allowed: .*plain http/s);
      assert.equal(await page.getByRole('button', { name: /^Add / }).count(), 0);
    },
    { init: await withApps([SHOP]) },
  ));

test('without an app no URL is allowed, and there is nothing to apply', () =>
  withPage(browser, site.url, async (page) => {
    await page.getByText('There are no OAuth apps yet').waitFor();
    assert.match(await check(page, 'https://shop.example.com/callback'), /^Not allowed: .*the list is empty/);
    assert.equal(await page.getByRole('button', { name: /^Add / }).count(), 0);
  }));

test('a verdict goes when the URL, the occasion or the app changes', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await table(page).getByRole('link', { name: 'Storefront' }).waitFor();
      const status = page.getByRole('status');
      for (const change of [
        () => box(page, 'URL to check').fill('https://shop.example.com/'),
        () => page.getByRole('radio', { name: 'After checkout or logout' }).check(),
        () => choose(page, 'App', 'Mobile app'),
      ]) {
        await press(page, 'Check redirect');
        await status.filter({ hasText: /allowed/i }).waitFor();
        await change();
        assert.equal(await status.innerText(), '');
      }
    },
    { init: await withApps(APPS) },
  ));

test('says why a fix was not applied', async () => {
  const server = await startServer();
  try {
    await createApps({ ...server, advance: () => {} }, [SHOP], clientOf(server));
    await withPage(
      browser,
      site.url,
      async (page) => {
        await check(page, 'https://shop.example.com/callback/');
        server.emulator.reset();
        await page.getByRole('button', { name: /^Add / }).click();
        await page.getByRole('alert').filter({ hasText: 'The fix was not applied' }).waitFor();
      },
      { init: connectedTo({ kind: 'server', url: server.url }), servers: [server.url], known: [/404/] },
    );
  } finally {
    await server.stop();
  }
});
