// The demo page in Chromium, on Vite's development server and as a production build.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, openPage } from './support/chromium.mjs';
import { serve, serveBuilt } from './support/vite.mjs';

const root = join(import.meta.dirname, 'www-demo');

test('the page is type-checked against the installed package', () => {
  const tsc = join(import.meta.dirname, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', root], { stdio: 'inherit' });
});

for (const [name, start] of [
  ["on Vite's development server", serve],
  ['as a production build', serveBuilt],
]) {
  describe(name, () => {
    let browser;
    let server;
    before(async () => ([browser, server] = await Promise.all([launch(), start(root)])));
    after(() => Promise.all([browser?.close(), server?.close()]));

    /** Opens the page, runs `use` on it, and fails on errors in the console and on requests to other hosts. */
    async function withPage(use, { ready = 'Ready.', allowed = [], ...options } = {}) {
      const opened = await openPage(browser, { url: server.url, ...options });
      try {
        const page = helpers(opened.page);
        if (ready) await page.says(ready);
        await use(page, opened);
        assert.deepEqual(
          opened.problems.filter((problem) => !allowed.some((known) => known.test(problem))),
          [],
        );
      } finally {
        await opened.close();
      }
    }

    test('starts with an empty list, and fetches each WebAssembly file once', () =>
      withPage(async (page, { requests }) => {
        assert.equal(await page.text('#apps-heading'), 'Apps (0)');
        assert.equal(await page.text('#no-apps'), 'There are none yet.');
        const wasm = requests.map((url) => /([a-z]+)_bg[^/]*\.wasm/.exec(url)?.[1]).filter(Boolean);
        assert.deepEqual(wasm.sort(), ['core', 'emulator']);
      }));

    test('creates, lists and deletes apps with the keyboard alone', () =>
      withPage(async (page) => {
        await page.focus('#name');
        await page.keyboard.type('Storefront');
        await page.keyboard.press('Tab');
        await page.keyboard.type('https://shop.example.com/callback\n\nhttp://localhost:4321/callback\n');
        await page.keyboard.press('Tab');
        await page.keyboard.type('shop.example.com');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.says('Created Storefront.');
        assert.equal(await page.focused(), 'name');
        assert.deepEqual(await page.values(), ['', '', '']);

        await page.keyboard.type('Mobile app');
        await page.keyboard.press('Enter');
        await page.says('Created Mobile app.');
        assert.equal(await page.text('#apps-heading'), 'Apps (2)');
        const [newest, oldest] = await page.apps();
        assert.deepEqual(newest.slice(0, 1).concat(newest.slice(2)), ['Mobile app', 'none', 'none']);
        assert.match(newest[1], /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        assert.deepEqual(oldest.slice(2), [
          'https://shop.example.com/callback',
          'http://localhost:4321/callback',
          'shop.example.com',
        ]);

        await page.focus('[aria-label="Delete Storefront"]');
        await page.keyboard.press('Enter');
        await page.says('Deleted Storefront.');
        assert.equal(await page.focused(), 'apps-heading');
        assert.deepEqual(await page.names(), ['Mobile app']);
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.says('Deleted Mobile app.');
        assert.equal(await page.text('#no-apps'), 'There are none yet.');
      }));

    test('shows errors and warnings beside their fields while the form is filled in', () =>
      withPage(async (page) => {
        await page.type('#allowedRedirectUris', '\nhttps://Shop.example.com/callback\nhttp://shop.example.com/cb');
        await page.waitForSelector('#allowedRedirectUris-violations .error');
        const [warning, error] = await page.texts('#allowedRedirectUris-violations li');
        // Lines are numbered as displayed, including empty ones.
        assert.match(warning, /^Warning, line 2: .+Use https:\/\/shop\.example\.com\/callback$/s);
        assert.match(error, /^Error, line 3: .+Use https:\/\/shop\.example\.com\/cb$/s);
        // The name is required, but the user has not visited its field yet.
        assert.deepEqual(await page.texts('#name-violations li'), []);

        // The accessible description of the control ends with the same text.
        const field = find(await page.accessibility.snapshot(), 'textbox', 'Redirect URIs');
        assert.equal(field.invalid, 'true');
        assert.ok(field.description.includes('Error, line 3:'), field.description);

        for (const kind of ['warning', 'error']) await page.click(`#allowedRedirectUris-violations .${kind} button`);
        assert.equal((await page.values())[1], '\nhttps://shop.example.com/callback\nhttps://shop.example.com/cb');
        assert.equal(await page.focused(), 'allowedRedirectUris');
        assert.deepEqual(await page.texts('.violations li'), []);
      }));

    test('refuses a draft with errors, focuses the first field with one, and creates nothing', () =>
      withPage(async (page) => {
        await page.type('#allowedRedirectDomains', 'https://shop.example.com/path');
        await page.click('button.primary');
        await page.fails('Not created: 2 errors to correct first');
        assert.equal(await page.focused(), 'name');
        const [name] = await page.texts('#name-violations li');
        assert.match(name, /^Error: must have 2 to 256 characters/);
        const [domain] = await page.texts('#allowedRedirectDomains-violations li');
        assert.match(domain, /^Error, line 1: /);
        assert.deepEqual(await page.names(), []);

        // A corrected error disappears, and the other remains.
        await page.type('#name', 'Storefront');
        await page.waitForFunction(() => !document.querySelector('#name-violations li'));
        assert.deepEqual(await page.texts('#allowedRedirectDomains-violations li'), [domain]);
      }));

    test('creates an app with warnings', () =>
      withPage(async (page) => {
        await page.type('#name', 'Storefront');
        await page.type('#allowedRedirectDomains', 'https://shop.example.com');
        await page.waitForSelector('#allowedRedirectDomains-violations .warning');
        await page.click('button.primary');
        await page.says('Created Storefront.');
        assert.equal((await page.apps())[0].at(-1), 'https://shop.example.com');
        assert.deepEqual(await page.texts('.violations li'), []);
      }));

    test('fills in an example with a warning', () =>
      withPage(async (page) => {
        await page.click('#example');
        const shown = (await page.texts('.violations li')).map((text) => text.split(',')[0]);
        assert.deepEqual([...new Set(shown)].sort(), ['Error', 'Warning']);
      }));

    test('shows a name as text, not as HTML', () =>
      withPage(async (page) => {
        const name = '<img src="//elsewhere.example/x" onerror="document.title=1">';
        await page.type('#name', name);
        await page.keyboard.press('Enter');
        await page.says(`Created ${name}.`);
        assert.deepEqual(await page.names(), [name]);
      }));

    test('disables the controls during a call, and then shows why it failed', () =>
      withPage(async (page) => {
        await page.type('#name', 'Storefront');
        await page.keyboard.press('Enter');
        await page.says('Created Storefront.');
        await page.evaluate(() => {
          globalThis.Request = class {
            constructor() {
              throw new TypeError('the line is cut');
            }
          };
          globalThis.enabled = () => document.querySelectorAll(':is(button, input, textarea):enabled').length;
          globalThis.seen = [];
          const status = document.getElementById('status');
          new MutationObserver(() => seen.push([status.textContent, enabled()])).observe(status, { childList: true });
        });
        await page.focus('.danger');
        await page.keyboard.press('Enter');
        assert.match(await page.fails(), /^Storefront was not deleted: deleteOAuthApp: /);
        assert.deepEqual(await page.evaluate('seen[0]'), ['Deleting Storefront…', 0]);
        assert.equal(await page.evaluate('enabled()'), 6);
        assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Delete Storefront');
        assert.deepEqual(await page.names(), ['Storefront']);
      }));

    for (const file of ['core', 'emulator']) {
      test(`shows an error if the WebAssembly of ${file} cannot be loaded`, () =>
        withPage(
          async (page) => {
            assert.match(await page.fails(), /^The page could not start: /);
            assert.equal(await page.$eval('button.primary', (button) => button.disabled), true);
          },
          {
            ready: false,
            allowed: [/Failed to load resource/],
            init: async (page) => {
              await page.setRequestInterception(true);
              page.on('request', (request) =>
                new RegExp(`${file}_bg[^/]*\\.wasm`).test(request.url())
                  ? request.respond({ status: 404 })
                  : request.continue(),
              );
            },
          },
        ));
    }

    test('fits a narrow screen', () =>
      withPage(
        async (page) => {
          await page.click('#example');
          await page.waitForSelector('.violations li');
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
        },
        { init: (page) => page.setViewport({ width: 320, height: 640 }) },
      ));
  });
}

/** Returns the node with this role and name in an accessibility tree. */
const find = (node, role, name) =>
  node.role === role && node.name === name
    ? node
    : (node.children ?? []).map((child) => find(child, role, name)).find(Boolean);

/** Returns functions that operate and read the page. */
function helpers(page) {
  const texts = (selector) => page.$$eval(selector, (all) => all.map((one) => one.innerText.replaceAll('\n', ' ')));
  return Object.assign(page, {
    texts,
    text: async (selector) => (await texts(selector))[0],
    values: () => page.$$eval('#new-app :is(input, textarea)', (all) => all.map((one) => one.value)),
    focused: () => page.evaluate(() => document.activeElement.id),
    names: () => texts('#apps h3'),
    /** Returns the name, the client ID and the entries of each app. */
    apps: () =>
      page.$$eval('#apps > li', (all) =>
        all.map((app) => [...app.querySelectorAll('h3, dd')].map((one) => one.innerText)),
      ),
    says: (text) => settled(page, '#status', text),
    fails: (text) => settled(page, '#failure', text),
  });
}

/** Waits until a line has this text, or any text. Fails if the page reports an error instead. */
async function settled(page, selector, text) {
  const found = await page
    .waitForFunction(
      (selector, text) => {
        const line = document.querySelector(selector)?.textContent;
        return (text === undefined ? line : line === text) && line;
      },
      {},
      selector,
      text,
    )
    .catch(async () => {
      const lines = await page.$$eval('#status, #failure', (all) => all.map((one) => one.textContent));
      assert.fail(`${selector} should say ${text ?? 'something'}; the page says ${JSON.stringify(lines)}`);
    });
  return found.jsonValue();
}
