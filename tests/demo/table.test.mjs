// The table of OAuth apps: search, sort and pages.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, withPage } from './support/browser.mjs';
import { names, press, row } from './support/controls.mjs';
import { APPS, many, withApps } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';

let browser;
let site;
before(async () => ([browser, site] = await Promise.all([launch(), serveBuilt()])));
after(() => Promise.all([browser?.close(), site?.close()]));

test('searches names, client IDs and entries', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      const search = page.getByRole('searchbox', { name: 'Search apps' });
      await row(page, 'Storefront').waitFor();
      const id = await row(page, 'Mobile app').locator('code').innerText();
      for (const [text, expected] of [
        ['STORE', ['Storefront']],
        [id.slice(4, 20), ['Mobile app']],
        ['*-shop', ['Storefront']],
        ['localhost:4321', [APPS[2].name]],
      ]) {
        await search.fill(text);
        assert.deepEqual(await names(page), expected, text);
      }
      await search.fill('none of them');
      await page.getByText('No app matches “none of them”.').waitFor();
    },
    { init: await withApps(APPS) },
  ));

test('sorts by each column, and says how', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await row(page, 'Storefront').waitFor();
      const sorted = async (name) => {
        await press(page, name);
        const header = page.getByRole('columnheader', { name });
        return [await header.getAttribute('aria-sort'), (await names(page)).map((text) => text[0])];
      };
      assert.deepEqual(await sorted('Name'), ['ascending', ['A', 'M', 'S']]);
      assert.deepEqual(await sorted('Name'), ['descending', ['S', 'M', 'A']]);
      assert.deepEqual(await sorted('Redirect URIs'), ['descending', ['A', 'S', 'M']]);
      assert.deepEqual(await sorted('Redirect domains'), ['descending', ['A', 'S', 'M']]);
      assert.deepEqual(await sorted('Created'), ['descending', ['A', 'M', 'S']]);
      assert.deepEqual(await sorted('Created'), ['ascending', ['S', 'M', 'A']]);
    },
    { init: await withApps(APPS) },
  ));

test('shows pages of 100, and keeps the page over a reload', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await page.getByText('Apps 1 to 100 of 230').waitFor();
      assert.equal((await names(page)).length, 100);
      await press(page, 'Next page');
      await press(page, 'Next page');
      await page.getByText('Apps 201 to 230 of 230').waitFor();
      assert.equal((await names(page)).length, 30);
      await page.reload();
      await page.getByText('Apps 201 to 230 of 230').waitFor();
      await page.getByRole('searchbox').fill('App 00');
      assert.equal((await names(page)).length, 10);
    },
    { init: await withApps(many(230)) },
  ));
