// The page without a pointing device, for a screen reader, and for fingers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, withPage } from './support/browser.mjs';
import { focused, names, row } from './support/controls.mjs';
import { APPS, SHOP, withApps } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';
import { pageStates } from './support/states.mjs';

let browser;
let site;
before(async () => ([browser, site] = await Promise.all([launch(), serveBuilt()])));
after(() => Promise.all([browser?.close(), site?.close()]));

/** Presses Tab until the element with this text, label or ID has the focus. */
async function tabTo(page, wanted) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate((wanted) => {
      const { id, innerText, ariaLabel } = document.activeElement;
      return id === wanted || innerText === wanted || ariaLabel === wanted;
    }, wanted);
    if (found) return;
  }
  assert.fail(`Tab does not lead to ${wanted}`);
}

const type = (page, text) => page.keyboard.type(text);
const enter = (page) => page.keyboard.press('Enter');

test('an app is created, checked, fixed and deleted by keyboard alone', () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await page.getByText('There are no OAuth apps yet').waitFor();
      await tabTo(page, 'Create OAuth app');
      await enter(page);
      await page.waitForFunction(() => document.activeElement.innerText === 'New OAuth app');
      await tabTo(page, 'app-name');
      await type(page, 'Storefront');
      await page.keyboard.press('Tab');
      await type(page, 'http://shop.example.com/callback');
      await page.getByRole('button', { name: 'Use https://shop.example.com/callback' }).waitFor();
      await tabTo(page, 'Use https://shop.example.com/callback');
      await enter(page);
      assert.equal(await focused(page), 'app-allowedRedirectUris');
      await tabTo(page, 'app-allowedRedirectDomains');
      await type(page, 'shop.example.com');
      await tabTo(page, 'Save');
      await enter(page);
      await page.waitForFunction(() => document.activeElement.innerText === 'Storefront was created');
      await tabTo(page, 'I have copied it');
      await enter(page);

      await tabTo(page, 'tester-url');
      await type(page, 'https://shop.example.com/callback/');
      await enter(page);
      await page
        .getByRole('status')
        .filter({ hasText: /^Not allowed/ })
        .waitFor();
      await tabTo(page, 'Add https://shop.example.com/callback/ to Allowed redirect URIs');
      await enter(page);
      await page
        .getByRole('status')
        .filter({ hasText: /^Allowed/ })
        .waitFor();

      await page.keyboard.press('Shift+Tab');
      await tabTo(page, 'Delete');
      await enter(page);
      await page.getByRole('dialog').waitFor();
      assert.equal(await focused(page), 'Cancel');
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      assert.equal(await focused(page), 'Delete');
      await enter(page);
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Tab');
      assert.equal(await focused(page), 'Delete');
      await enter(page);
      await page.waitForFunction(() => document.activeElement.innerText === 'Storefront was deleted');
      assert.deepEqual(await names(page), []);
    },
    { known: [/400/] },
  ));

test('the focus goes to the heading of each view, and stays at the top when the page opens', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await row(page, 'Storefront').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement === document.body), true);
      for (const view of ['Guides', 'Requests', 'Emulator', 'Connection']) {
        await page.getByRole('link', { name: view, exact: true }).click();
        await page.waitForFunction((view) => document.activeElement.innerText === view, view);
        assert.equal(await page.title(), view);
      }
      await page.goBack();
      await page.waitForFunction(() => document.activeElement.innerText === 'Emulator');
    },
    { init: await withApps([SHOP]) },
  ));

test('results are announced in a live region', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      const region = page.locator('.announcer');
      assert.equal(await region.getAttribute('aria-live'), 'polite');
      await page.getByRole('button', { name: 'Copy client ID of Storefront' }).click();
      await page.waitForFunction(
        () => document.querySelector('.announcer').innerText === 'client ID of Storefront copied.',
      );
      // The verdict's region is there before the verdict.
      assert.equal(await page.getByRole('status').count(), 1);
    },
    { init: await withApps([SHOP]) },
  ));

test('a browser without a clipboard says that nothing was copied', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await row(page, 'Storefront').waitFor();
      await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
      await page.getByRole('button', { name: 'Copy client ID of Storefront' }).click();
      await page.getByText('the browser does not let this page use the clipboard').waitFor();
      await page.getByRole('button', { name: 'Not copied client ID of Storefront' }).waitFor();
    },
    { init: await withApps([SHOP]) },
  ));

test('every target is at least 24 pixels wide and high, and nothing lies over a field', async () => {
  for (const name of ['list', 'form-with-violations', 'redirect-refused', 'requests', 'emulator', 'connection']) {
    const { init, reach } = pageStates.find((state) => state.name === name);
    await withPage(
      browser,
      site.url,
      async (page) => {
        await reach(page);
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('a, button, input, select, textarea, summary')]
            // The label of a choice is a part of its target.
            .map((element) => [element, element.closest('label') ?? element])
            .filter(([element]) => element.checkVisibility())
            .map(([element, target]) => [element.outerHTML.slice(0, 80), target.getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 24 || height < 24)
            .map(([html, { width, height }]) => `${html} ${width}×${height}`),
        );
        assert.deepEqual(small, [], name);
        const positions = await page.evaluate(
          () =>
            [...document.querySelectorAll('body *')].filter((element) =>
              ['fixed', 'sticky'].includes(getComputedStyle(element).position),
            ).length,
        );
        assert.equal(positions, 0);
      },
      { init, viewport: { width: 320, height: 800 } },
    );
  }
});

test('texts that are twice as large fit', async () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await row(page, 'Storefront').waitFor();
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      const { scroll, client } = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return { scroll: scrollWidth, client: clientWidth };
      });
      assert.ok(scroll <= client, `${scroll} pixels of content on ${client}`);
    },
    { init: await withApps(APPS), viewport: { width: 640, height: 800 } },
  ));
