// The list of OAuth apps and their forms, on the emulator in the page and on a running server.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { launch, withPage } from './support/browser.mjs';
import { box, confirm, focused, names, press, row, table } from './support/controls.mjs';
import { APPS, clientOf, connectedTo, createApps, SHOP, withApps } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';

let browser;
let site;
let server;
before(async () => ([browser, site, server] = await Promise.all([launch(), serveBuilt(), startServer()])));
after(() => Promise.all([browser?.close(), site?.close(), server?.stop()]));

for (const kind of ['the emulator in the page', 'a running server']) {
  describe(`on ${kind}`, () => {
    const isServer = kind === 'a running server';
    /** Opens the page with these apps. */
    async function use(drafts, action, options = {}) {
      let init = drafts.length > 0 ? await withApps(drafts) : undefined;
      if (isServer) {
        server.emulator.reset();
        await createApps(server.emulator, drafts, clientOf({ url: server.url, credentials: server.credentials }));
        init = connectedTo({ kind: 'server', url: server.url });
      }
      const servers = isServer ? [server.url] : [];
      await withPage(browser, site.url, action, { init, servers, ...options });
    }

    test('creates an app, and shows its secret once', () =>
      use([], async (page) => {
        await press(page, 'Create OAuth app');
        await box(page, 'Name').fill('Storefront');
        await box(page, 'Allowed redirect URIs').fill(
          'https://shop.example.com/callback\n\nhttp://localhost:4321/cb\n',
        );
        await box(page, 'Allowed redirect domains').fill('shop.example.com');
        await press(page, 'Save');
        await page.getByRole('heading', { name: 'Storefront was created' }).waitFor();
        assert.equal(await focused(page), 'Storefront was created');
        await row(page, 'Storefront').waitFor();
        const cells = await row(page, 'Storefront').getByRole('cell').allInnerTexts();
        assert.match(cells[0], /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*Copy$/);
        assert.deepEqual(cells.slice(1, 3), ['2', '1']);

        const secret = await page.locator('[data-secret]').innerText();
        await press(page, 'Copy client secret');
        assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
        await press(page, 'I have copied it');
        assert.equal(await page.getByText(secret).count(), 0);
        await page.reload();
        await row(page, 'Storefront').waitFor();
        assert.ok(!(await page.content()).includes(secret));
      }));

    test('copies a client ID', () =>
      use([SHOP], async (page) => {
        await press(page, 'Copy client ID of Storefront');
        const id = await page.evaluate(() => navigator.clipboard.readText());
        assert.ok((await row(page, 'Storefront').innerText()).includes(id));
      }));

    test('changes every field of an app, and clears one', () =>
      use([SHOP], async (page) => {
        await table(page).getByRole('link', { name: 'Storefront' }).click();
        await box(page, 'Name').fill('Shop');
        await box(page, 'Description').fill('');
        await box(page, 'Allowed redirect URIs').fill('https://shop.example.com/cb');
        await box(page, 'Allowed redirect domains').fill('shop.example.com\nwww.example.com');
        await page.getByText('More fields').click();
        await box(page, 'Login URL').fill('https://shop.example.com/login');
        await box(page, 'Logout URL').fill('https://shop.example.com/logout');
        await page.getByRole('combobox', { name: 'Application type' }).selectOption('WEB_APP');
        await page.getByRole('combobox', { name: 'Technology' }).selectOption('REACT');
        await box(page, 'Base URL of Wix pages').fill('https://www.example.com');
        await box(page, 'Domain mappings for Wix pages').fill('https://a.example.com https://b.example.com');
        await box(page, 'Older list of domains').fill('old.example.com');
        await box(page, 'Created by').fill('demo');
        await page.getByRole('checkbox', { name: 'A client secret can be generated' }).uncheck();
        await press(page, 'Save');
        await table(page).getByRole('link', { name: 'Shop' }).click();

        const expected = {
          Name: 'Shop',
          Description: '',
          'Allowed redirect URIs': 'https://shop.example.com/cb',
          'Allowed redirect domains': 'shop.example.com\nwww.example.com',
          'Login URL': 'https://shop.example.com/login',
          'Logout URL': 'https://shop.example.com/logout',
          'Base URL of Wix pages': 'https://www.example.com',
          'Domain mappings for Wix pages': 'https://a.example.com https://b.example.com',
          'Older list of domains': 'old.example.com',
          'Created by': 'demo',
        };
        await box(page, 'Name').waitFor();
        await page.getByText('More fields').click();
        for (const [name, value] of Object.entries(expected)) {
          assert.equal(await box(page, name).inputValue(), value, name);
        }
        assert.equal(await page.getByRole('combobox', { name: 'Technology' }).inputValue(), 'REACT');
        assert.equal(await page.getByRole('checkbox', { name: 'A client secret can be generated' }).isChecked(), false);
      }));

    test('sends nothing where nothing was changed', () =>
      use([SHOP], async (page) => {
        await table(page).getByRole('link', { name: 'Storefront' }).click();
        await press(page, 'Save');
        await page.getByText('Nothing was changed in Storefront.').waitFor();
        await page.getByRole('link', { name: 'Requests' }).click();
        assert.equal(await page.locator('summary', { hasText: 'PATCH' }).count(), 0);
      }));

    test('generates a secret after a confirmation', () =>
      use(
        [SHOP],
        async (page) => {
          await table(page).getByRole('link', { name: 'Storefront' }).click();
          await press(page, 'Generate a secret');
          await confirm(page, 'Generate');
          await page.getByRole('heading', { name: 'New client secret of Storefront' }).waitFor();
          assert.match(await page.locator('[data-secret]').innerText(), /^\S{20,}$/);
          await press(page, 'I have copied it');
          // The service generates one secret; the next is refused, and the page says so.
          await press(page, 'Generate a secret');
          await confirm(page, 'Generate');
          await page.getByRole('alert').filter({ hasText: 'No secret was generated' }).waitFor();
        },
        { known: [/409/] },
      ));

    test('deletes an app after a confirmation that names what stops working, and proves it', () =>
      use(
        APPS,
        async (page) => {
          const id = await row(page, 'Storefront').locator('code').innerText();
          await row(page, 'Storefront').getByRole('button', { name: 'Delete' }).click();
          const dialog = page.getByRole('dialog', { name: 'Delete Storefront?' });
          const text = await dialog.innerText();
          for (const part of [id, 'no member can log in', 'client secret', '2 redirect URIs and 1 redirect domain']) {
            assert.ok(text.includes(part), part);
          }
          await dialog.getByRole('button', { name: 'Cancel' }).click();
          assert.equal((await names(page)).length, 3);
          assert.equal(await focused(page), 'Delete');

          await row(page, 'Storefront').getByRole('button', { name: 'Delete' }).click();
          await page.getByRole('button', { name: 'Delete' }).click(); // The dialog hides the others.
          await page.getByText(`Proof: the client ID ${id} no longer gets a visitor token.`).waitFor();
          assert.equal(await focused(page), 'Storefront was deleted');
          assert.equal(await row(page, 'Storefront').count(), 0);
        },
        { known: [/400/] },
      ));

    test('says why an app was not deleted', () =>
      use(
        [SHOP],
        async (page) => {
          await row(page, 'Storefront').waitFor();
          if (isServer) server.emulator.reset();
          else
            await page.evaluate(
              () =>
                (globalThis.Request = class {
                  constructor() {
                    throw new TypeError('cut');
                  }
                }),
            );
          await row(page, 'Storefront').getByRole('button', { name: 'Delete' }).click();
          await confirm(page, 'Delete');
          await page.getByRole('alert').filter({ hasText: 'Storefront was not deleted' }).waitFor();
        },
        { known: [/404/] },
      ));
  });
}
