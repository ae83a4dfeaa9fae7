// The form of an OAuth app: violations, suggestions, refusals.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { launch, withPage } from './support/browser.mjs';
import { box, focused, press, row } from './support/controls.mjs';
import { connectedTo } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';

let browser;
let site;
before(async () => ([browser, site] = await Promise.all([launch(), serveBuilt()])));
after(() => Promise.all([browser?.close(), site?.close()]));

test('shows errors and warnings beside their field as one types, and applies suggestions', () =>
  withPage(browser, site.url, async (page) => {
    await press(page, 'Create OAuth app');
    await box(page, 'Allowed redirect URIs').fill('\nhttps://Shop.example.com/callback\nhttp://shop.example.com/cb');
    const problems = page.locator('#app-allowedRedirectUris-problems li');
    await problems.nth(1).waitFor();
    const texts = await problems.allInnerTexts();
    // Lines are counted as they are seen, empty ones too.
    assert.match(texts[0], /^Warning in line 2: .+Use https:\/\/shop\.example\.com\/callback$/s);
    assert.match(texts[1], /^Error in line 3: .+Use https:\/\/shop\.example\.com\/cb$/s);
    // Nobody has come to the name yet.
    assert.equal(await page.locator('#app-name-problems li').count(), 0);
    assert.equal(await box(page, 'Allowed redirect URIs').getAttribute('aria-invalid'), 'true');
    const describedBy = await box(page, 'Allowed redirect URIs').getAttribute('aria-describedby');
    assert.ok(describedBy.split(' ').includes('app-allowedRedirectUris-problems'));

    await press(page, 'Use https://shop.example.com/callback');
    await press(page, 'Use https://shop.example.com/cb');
    assert.equal(
      await box(page, 'Allowed redirect URIs').inputValue(),
      '\nhttps://shop.example.com/callback\nhttps://shop.example.com/cb',
    );
    assert.equal(await focused(page), 'app-allowedRedirectUris');
    await problems.first().waitFor({ state: 'detached' });
  }));

test('refuses errors, goes to the first, and sends nothing', () =>
  withPage(browser, site.url, async (page) => {
    await press(page, 'Create OAuth app');
    await box(page, 'Allowed redirect domains').fill('https://shop.example.com/path');
    await press(page, 'Save');
    await page.getByText('Not saved. Correct the errors first.').waitFor();
    await page.waitForFunction(() => document.activeElement.id === 'app-name');
    assert.match(await page.locator('#app-name-problems').innerText(), /^Error: must have 2 to 256 characters/);
    await box(page, 'Name').fill('Storefront');
    await page.locator('#app-name-problems li').waitFor({ state: 'detached' });
    assert.equal(await page.locator('#app-allowedRedirectDomains-problems li.error').count(), 1);
    await page.getByRole('link', { name: 'Requests' }).click();
    assert.equal(await page.locator('summary').count(), 1);
  }));

test('lets warnings pass', () =>
  withPage(browser, site.url, async (page) => {
    await press(page, 'Create OAuth app');
    await box(page, 'Name').fill('Storefront');
    await box(page, 'Allowed redirect domains').fill('https://shop.example.com');
    await page.locator('li.warning').waitFor();
    await press(page, 'Save');
    await row(page, 'Storefront').waitFor();
  }));

test('shows what the service refuses beside the field', async () => {
  const strict = await startServer({ duplicateRedirects: 'refuse', customSchemes: false });
  try {
    await withPage(
      browser,
      site.url,
      async (page) => {
        await press(page, 'Create OAuth app');
        await box(page, 'Name').fill('Mobile app');
        await box(page, 'Allowed redirect URIs').fill('com.example.shop:/callback');
        await press(page, 'Save');
        await page.getByRole('alert').filter({ hasText: 'Not saved' }).waitFor();
        await page.locator('#app-allowedRedirectUris-problems li.error').waitFor();
        assert.equal(await box(page, 'Name').inputValue(), 'Mobile app');
      },
      {
        init: connectedTo({ kind: 'server', url: strict.url }),
        servers: [strict.url],
        known: [/400/],
      },
    );
  } finally {
    await strict.stop();
  }
});

test('sends one request however often Save is pressed', async () => {
  const slow = await startServer({ latency: 300 });
  try {
    await withPage(
      browser,
      site.url,
      async (page) => {
        await press(page, 'Create OAuth app');
        await box(page, 'Name').fill('Storefront');
        await page.getByRole('button', { name: 'Save' }).dblclick();
        await page.getByRole('heading', { name: 'Storefront was created' }).waitFor();
        assert.equal(slow.emulator.requests.filter(({ path }) => path === '/oauth-app/v1/oauth-apps').length, 1);
      },
      { init: connectedTo({ kind: 'server', url: slow.url }), servers: [slow.url] },
    );
  } finally {
    await slow.stop();
  }
});
