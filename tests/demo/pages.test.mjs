// The page as it is served: type-checked, from Vite's development server and as static files, and within its policy.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch, withPage } from './support/browser.mjs';
import { root, serveBuilt, serveSource } from './support/site.mjs';

const NAME = '<img src="//elsewhere.example/x" onerror="document.title=1">';

test('the page is type-checked', () => {
  const tsc = join(root, '..', 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-p', root], { stdio: 'inherit' });
});

test('no module is longer than 400 lines', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true }).filter((path) => /\.tsx?$/.test(path));
  assert.ok(files.length > 20);
  for (const path of files) {
    const lines = readFileSync(join(root, 'src', path), 'utf8').split('\n').length;
    assert.ok(lines <= 400, `${path} has ${lines} lines`);
  }
});

for (const [name, start] of [
  ["on Vite's development server", serveSource],
  ['as static files', serveBuilt],
]) {
  describe(name, () => {
    let browser;
    let site;
    before(async () => ([browser, site] = await Promise.all([launch(), start()])));
    after(() => Promise.all([browser?.close(), site?.close()]));

    test('starts with an empty list, and fetches each WebAssembly file once', () =>
      withPage(browser, site.url, async (page, { requests }) => {
        await page.getByText('There are no OAuth apps yet').waitFor();
        assert.equal(await page.title(), 'OAuth apps');
        const wasm = requests.map((url) => /([a-z]+)_bg[^/]*\.wasm/.exec(url)?.[1]).filter(Boolean);
        assert.deepEqual(wasm.sort(), ['core', 'emulator']);
      }));

    test('shows a name as the text that it is', () =>
      withPage(browser, site.url, async (page) => {
        await page.getByRole('button', { name: 'Create OAuth app' }).click();
        await page.getByRole('textbox', { name: 'Name' }).fill(NAME);
        await page.getByRole('button', { name: 'Save' }).click();
        await page.getByRole('table', { name: 'OAuth apps' }).getByRole('link', { name: NAME }).waitFor();
      }));

    for (const file of ['core', 'emulator']) {
      test(`says so when the WebAssembly of ${file} cannot be loaded, and starts with a reload`, () =>
        withPage(
          browser,
          site.url,
          async (page) => {
            const alert = page.getByRole('alert').filter({ hasText: 'The page could not start' });
            await alert.getByText('Reload the page. If it happens again').waitFor();
            await page.unrouteAll();
            await alert.getByRole('button', { name: 'Reload the page' }).click();
            await page.getByText('There are no OAuth apps yet').waitFor();
          },
          {
            known: [/404/],
            init: (page) => page.route(new RegExp(`${file}_bg[^/]*\\.wasm`), (route) => route.fulfill({ status: 404 })),
          },
        ));
    }

    test('sends requests to its own origin alone, and runs no script from the document', () =>
      withPage(
        browser,
        site.url,
        async (page) => {
          await page.getByText('There are no OAuth apps yet').waitFor();
          for (const url of ['https://elsewhere.example/', 'http://127.0.0.1:9/', 'https://www.wixapis.com/']) {
            assert.equal(
              await page.evaluate((url) => fetch(url).then(String, String), url),
              'TypeError: Failed to fetch',
            );
          }
          const hasRun = await page.evaluate(() => {
            const script = document.createElement('script');
            script.textContent = 'globalThis.hasRun = true';
            document.head.append(script);
            return 'hasRun' in globalThis;
          });
          assert.equal(hasRun, false);
        },
        { known: [/Content Security Policy/] },
      ));
  });
}

describe('without JavaScript', () => {
  let browser;
  let site;
  before(async () => ([browser, site] = await Promise.all([launch(), serveBuilt()])));
  after(() => Promise.all([browser?.close(), site?.close()]));

  test('the page says that it needs it', () =>
    withPage(
      browser,
      site.url,
      async (page) => assert.match(await page.innerText('body'), /This page needs JavaScript/),
      { javaScriptEnabled: false },
    ));
});
