// The guides, each from its first step to its last, on the emulator in the page and on a running server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { launch, withPage } from './support/browser.mjs';
import { box, choose, confirm, open, press } from './support/controls.mjs';
import { APPS, clientOf, connectedTo, createApps, withApps } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';

let browser;
let site;
let server;
before(async () => ([browser, site, server] = await Promise.all([launch(), serveBuilt(), startServer()])));
after(() => Promise.all([browser?.close(), site?.close(), server?.stop()]));

async function startFlow(page, name) {
  await open(page, 'Guides');
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
}

const region = (page, name) => page.getByRole('region', { name });

for (const kind of ['the emulator in the page', 'a running server']) {
  describe(`on ${kind}`, () => {
    const isServer = kind === 'a running server';
    async function use(drafts, action, options = {}) {
      let init = drafts.length > 0 ? await withApps(drafts) : undefined;
      if (isServer) {
        server.emulator.reset();
        await createApps(server.emulator, drafts, clientOf(server));
        init = connectedTo({ kind: 'server', url: server.url });
      }
      await withPage(browser, site.url, action, { init, servers: isServer ? [server.url] : [], ...options });
    }

    test('connects a template, and uses its app again the second time', () =>
      use([], async (page) => {
        await startFlow(page, 'Connect a template');
        await box(page, 'Template name').fill('Storefront');
        await box(page, 'Address of the deployment').fill('https://shop.example.com/');
        await press(page, 'Connect');
        await page.getByText('The app Storefront was created. Its login callback is allowed.').waitFor();
        const variable = await region(page, 'environment variable').innerText();
        assert.match(variable, /^WIX_CLIENT_ID=[0-9a-f-]{36}$/);
        await press(page, 'Copy environment variable');
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), variable);
        const code = await region(page, 'SDK code').innerText();
        assert.ok(code.includes("generateOAuthData('https://shop.example.com/callback')"), code);
        assert.ok(code.includes("from '@wix/sdk'"));
        await page.locator('[data-secret]').waitFor();

        await press(page, 'Connect');
        await page.getByText('The app Storefront was there already').waitFor();
        assert.equal(await region(page, 'environment variable').innerText(), variable);
        assert.equal(await page.locator('[data-secret]').count(), 0);
      }));

    test('adds redirects and removes them, without touching the others', () =>
      use(APPS, async (page) => {
        await startFlow(page, 'Change redirects');
        await choose(page, 'App', 'Storefront');
        await box(page, 'Redirect URIs').fill('https://preview-7.example.com/callback');
        await box(page, 'Redirect domains').fill('preview-7.example.com');
        await press(page, 'Change redirects');
        await page.getByText('Added: https://preview-7.example.com/callback, preview-7.example.com').waitFor();
        await press(page, 'Change redirects');
        await page.getByText('Nothing had to change, so nothing was written.').waitFor();
        await page.getByRole('radio', { name: 'Stop allowing these entries' }).check();
        await press(page, 'Change redirects');
        await page.getByText('Removed: https://preview-7.example.com/callback, preview-7.example.com').waitFor();
        const entries = await page.locator('.step').last().locator('code').allInnerTexts();
        assert.deepEqual(entries, [...APPS[0].allowedRedirectUris, ...APPS[0].allowedRedirectDomains]);
      }));

    test('cuts a client off, and proves it', () =>
      use(
        APPS,
        async (page) => {
          await startFlow(page, 'Cut a client off');
          await choose(page, 'App', 'Storefront');
          await press(page, 'See whether it can connect');
          await page.getByText('The client ID gets a visitor token now.').waitFor();
          await press(page, 'Delete');
          await confirm(page, 'Delete');
          await page.getByText('no longer gets a visitor token').waitFor();
          await page.getByRole('link', { name: 'create a new app' }).click();
          await box(page, 'Name').waitFor();
        },
        { known: [/400/] },
      ));
  });
}

test('a guide says what is wrong with its inputs, and sends nothing', () =>
  withPage(browser, site.url, async (page) => {
    await startFlow(page, 'Connect a template');
    await box(page, 'Address of the deployment').fill('shop.example.com');
    await press(page, 'Connect');
    const errors = await page.locator('#connect-problems li.error').allInnerTexts();
    assert.ok(
      errors.some((text) => text.startsWith('Error: name must have 2')),
      errors.join('\n'),
    );
    assert.ok(errors.some((text) => text.startsWith('Error: allowedRedirectUris[0] is not absolute')));
    await startFlow(page, 'Change redirects');
    await page.getByText('There are no OAuth apps yet.', { exact: false }).first().waitFor();
    await open(page, 'Requests');
    assert.equal(await page.locator('summary').count(), 1);
  }));

test('a guide shows the violations of the entries that it is given', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await startFlow(page, 'Change redirects');
      await box(page, 'Redirect domains').fill('vercel.app');
      await press(page, 'Change redirects');
      await page.getByRole('alert').filter({ hasText: 'Nothing was changed' }).waitFor();
      assert.match(await page.locator('#change-problems').innerText(), /domains\[0\] is a domain under which anyone/);
    },
    { init: await withApps([APPS[1]]) },
  ));

test('an unknown guide leads to the list of guides', () =>
  withPage(browser, `${site.url}#/flows/unknown`, async (page) => {
    await page.getByRole('heading', { level: 1, name: 'Guides' }).waitFor();
  }));
