// Reloads: the page keeps its state, and no secret.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, withPage } from './support/browser.mjs';
import { box, choose, names, open, press, row, table } from './support/controls.mjs';
import { APPS, SHOP, withApps, withState } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';

let browser;
let site;
before(async () => ([browser, site] = await Promise.all([launch(), serveBuilt()])));
after(() => Promise.all([browser?.close(), site?.close()]));

test('apps, the redirect tester and a half-typed form are there after a reload', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await row(page, 'Storefront').waitFor();
      await choose(page, 'App', 'Mobile app');
      await box(page, 'URL to check').fill('https://shop.example.com/half');
      await page.getByRole('radio', { name: 'After checkout or logout' }).check();
      await press(page, 'Create OAuth app');
      await box(page, 'Name').fill('Half a na');
      await box(page, 'Allowed redirect URIs').fill('https://shop.exam');
      await page.getByText('More fields').click();
      await page.getByRole('combobox', { name: 'Technology' }).selectOption('VUE');
      await page.reload();

      await page.getByText('What you typed here before is still there, and not saved.').waitFor();
      assert.equal(await box(page, 'Name').inputValue(), 'Half a na');
      assert.equal(await box(page, 'Allowed redirect URIs').inputValue(), 'https://shop.exam');
      assert.equal(await page.getByRole('combobox', { name: 'Technology' }).inputValue(), 'VUE');
      await press(page, 'Start over');
      assert.equal(await box(page, 'Name').inputValue(), '');

      await open(page, 'OAuth apps');
      assert.equal((await names(page)).length, 3);
      assert.equal(await box(page, 'URL to check').inputValue(), 'https://shop.example.com/half');
      assert.ok(await page.getByRole('radio', { name: 'After checkout or logout' }).isChecked());
      assert.equal(await page.locator('#tester-app option:checked').innerText(), 'Mobile app');
    },
    { init: await withApps(APPS) },
  ));

test('changes of an app that are not saved outlive a reload, and touch no other field', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await table(page).getByRole('link', { name: 'Storefront' }).click();
      await box(page, 'Name').fill('Shop');
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Storefront' }).waitFor();
      assert.equal(await box(page, 'Name').inputValue(), 'Shop');
      assert.equal(await box(page, 'Description').inputValue(), SHOP.description);
      await press(page, 'Save');
      await row(page, 'Shop').waitFor();
      await table(page).getByRole('link', { name: 'Shop' }).click();
      await box(page, 'Name').waitFor();
      assert.equal(await page.getByText('not saved').count(), 0);
    },
    { init: await withApps([SHOP]) },
  ));

test('Cancel forgets what was typed', () =>
  withPage(browser, site.url, async (page) => {
    await press(page, 'Create OAuth app');
    await box(page, 'Name').fill('Half');
    await page.getByRole('link', { name: 'Cancel' }).click();
    await press(page, 'Create OAuth app');
    assert.equal(await box(page, 'Name').inputValue(), '');
  }));

test('guides, faults and the search keep what was typed', () =>
  withPage(browser, site.url, async (page) => {
    await page.getByRole('searchbox').fill('half');
    await open(page, 'Emulator');
    await box(page, 'Path').fill('/oauth-app/*');
    await open(page, 'Guides');
    await page.getByRole('link', { name: 'Connect a template' }).click();
    await box(page, 'Template name').fill('Half');
    await page.reload();
    await page.waitForFunction(() => document.querySelector('#connect-name')?.value === 'Half');
    await open(page, 'Emulator');
    assert.equal(await box(page, 'Path').inputValue(), '/oauth-app/*');
    await open(page, 'OAuth apps');
    assert.equal(await page.getByRole('searchbox').inputValue(), 'half');
  }));

test('the browser keeps no client secret, and no key', () =>
  withPage(browser, site.url, async (page) => {
    await press(page, 'Create OAuth app');
    await box(page, 'Name').fill('Storefront');
    await press(page, 'Save');
    const secret = await page.locator('[data-secret]').innerText();
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    assert.ok(stored.includes('Storefront'));
    assert.ok(!stored.includes(secret));
    assert.ok(!stored.includes('IST.'));
  }));

test('another tab of the page sees the same apps', () =>
  withPage(browser, site.url, async (page, { context }) => {
    await page.getByText('There are no OAuth apps yet').waitFor();
    const other = await context.newPage();
    await other.goto(site.url);
    await press(other, 'Create OAuth app');
    await box(other, 'Name').fill('Storefront');
    await press(other, 'Save');
    await row(other, 'Storefront').waitFor();
    await row(page, 'Storefront').waitFor();
    await press(page, 'Create OAuth app');
    await box(page, 'Name').fill('Mobile app');
    await press(page, 'Save');
    await row(page, 'Mobile app').waitFor();
    await other.reload();
    await row(other, 'Mobile app').waitFor();
    assert.equal((await names(other)).length, 2);
  }));

test('a state that cannot be used is reported, and the emulator starts empty', () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await page.getByText('The state that the browser kept cannot be used').waitFor();
      await page.getByText('There are no OAuth apps yet').waitFor();
    },
    { init: withState({ version: 1, records: { 'app/nonsense': 1 } }) },
  ));

test('entries of another version of the page are ignored', () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await row(page, 'Storefront').waitFor({ state: 'detached' });
      await page.getByText('There are no OAuth apps yet').waitFor();
      assert.equal(await box(page, 'URL to check').inputValue(), '');
      await open(page, 'Requests');
      await page.getByText('From this page').waitFor();
    },
    {
      init: (page) =>
        page.addInitScript(() => {
          sessionStorage.setItem('wix-oauth-apps/table', '[]');
          sessionStorage.setItem('wix-oauth-apps/redirect-tester', '{"url":7}');
          sessionStorage.setItem('wix-oauth-apps/requests', '{');
          localStorage.setItem('wix-oauth-apps/connection', '{"kind":"server","url":"javascript:1"}');
        }),
    },
  ));

test('a full storage is reported', async () =>
  withPage(browser, site.url, async (page) => {
    await press(page, 'Create OAuth app');
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await box(page, 'Name').fill('Storefront');
    await page.getByText('storage for this page is full').waitFor();
    await press(page, 'Save');
    await row(page, 'Storefront').waitFor();
  }));
