// The requests view: what was sent and answered, without credentials, as curl and as JavaScript that both work.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { startServer } from 'wix-oauth-apps-cli';
import { launch, withPage } from './support/browser.mjs';
import { box, confirm, open, press, row, table } from './support/controls.mjs';
import { clientOf, connectedTo } from './support/seed.mjs';
import { serveBuilt } from './support/site.mjs';

const run = promisify(execFile);

let browser;
let site;
let server;
before(async () => ([browser, site, server] = await Promise.all([launch(), serveBuilt(), startServer()])));
after(() => Promise.all([browser?.close(), site?.close(), server?.stop()]));

const connected = (page) => connectedTo({ kind: 'server', url: server.url })(page);

const details = (page, start) =>
  page.locator('details.request').filter({ has: page.locator('summary', { hasText: start }) });

/** Opens a request and returns one of its renderings. */
async function rendering(page, request, name) {
  await request.evaluate((element) => (element.open = true));
  return request.getByRole('region', { name, exact: true }).innerText();
}

async function createApp(page, name) {
  await press(page, 'Create OAuth app');
  await box(page, 'Name').fill(name);
  await box(page, 'Allowed redirect URIs').fill('https://shop.example.com/it-is');
  await press(page, 'Save');
  await row(page, name).waitFor();
}

test('shows each request and response without credentials', () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      await createApp(page, 'Storefront');
      const secret = await page.locator('[data-secret]').innerText();
      await row(page, 'Storefront').getByRole('button', { name: 'Delete' }).click();
      await confirm(page, 'Delete');
      await page.getByText('no longer gets a visitor token').waitFor();
      await open(page, 'Requests');

      const create = details(page, /POST \/oauth-app\/v1\/oauth-apps 200/);
      const request = await rendering(page, create, 'request');
      assert.match(request, /^authorization: \[redacted\]$/m);
      assert.match(request, /"name": "Storefront"/);
      const response = await rendering(page, create, 'response');
      assert.match(response, /"secret": "\[redacted\]"/);
      assert.match(response, /^x-wix-request-id: /m);
      // Only text is a credential.
      assert.match(response, /"allowSecretGeneration": true/);
      assert.match(await details(page, '/oauth2/token').locator('summary').innerText(), /refused: 400/);
      assert.match(await rendering(page, details(page, '/oauth2/token'), 'response'), /"error": "invalid_client"/);

      const all = await page.content();
      for (const credential of [secret, server.credentials.apiKey]) assert.ok(!all.includes(credential), credential);
      const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
      for (const credential of [secret, server.credentials.apiKey]) assert.ok(!stored.includes(credential), credential);
    },
    { init: connected, servers: [server.url], known: [/400/] },
  ));

test('the renderings as curl and as JavaScript send the same request', () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      // A name that a shell and JavaScript would read as more than text.
      const name = `It's "$HOME" \\ \`id\` ${'${x}'}`;
      await createApp(page, name);
      await table(page).getByRole('link', { name }).click();
      await box(page, 'Description').fill("first\nit's the second");
      await press(page, 'Save');
      await row(page, name).waitFor();
      await open(page, 'Requests');

      const create = details(page, /POST \/oauth-app\/v1\/oauth-apps 200/);
      const update = details(page, /PATCH/);
      const client = clientOf(server);
      const [original] = (await client.queryOAuthApps()).oAuthApps;

      const curl = await rendering(page, create, 'curl command');
      const env = { ...process.env, WIX_AUTHORIZATION: server.credentials.apiKey };
      const { stdout } = await run('sh', ['-c', curl], { env });
      assert.equal(JSON.parse(stdout).oAuthApp.name, name);

      await client.updateOAuthApp(original.id, { description: null });
      for (const [request, code] of [
        [create, 'create'],
        [update, 'update'],
      ]) {
        const file = join(import.meta.dirname, `snippet-${code}.tmp.mjs`);
        writeFileSync(file, await rendering(page, request, 'JavaScript'));
        try {
          await run(process.execPath, [file], { env: { ...process.env, WIX_API_KEY: server.credentials.apiKey } });
        } finally {
          rmSync(file);
        }
      }
      assert.equal((await client.getOAuthApp(original.id)).description, "first\nit's the second");
      const { oAuthApps } = await client.queryOAuthApps();
      assert.deepEqual(
        oAuthApps.map((app) => app.name),
        [name, name, name],
      );
    },
    { init: connected, servers: [server.url] },
  ));

test('names the function of the package for each of its requests', () =>
  withPage(
    browser,
    site.url,
    async (page) => {
      server.emulator.reset();
      await createApp(page, 'Storefront');
      await table(page).getByRole('link', { name: 'Storefront' }).click();
      await press(page, 'Generate a secret');
      await confirm(page, 'Generate');
      await page.getByRole('heading', { name: 'New client secret' }).waitFor();
      await press(page, 'Delete');
      await confirm(page, 'Delete');
      await page.getByText('no longer gets a visitor token').waitFor();
      await open(page, 'Requests');
      const codes = [];
      for (const request of await page.locator('details.request').all()) {
        codes.push(await rendering(page, request, 'JavaScript'));
      }
      for (const call of [
        'queryOAuthApps',
        'createOAuthApp',
        'getOAuthApp',
        'generateOAuthAppSecret',
        'deleteOAuthApp',
        'isClientActive',
      ]) {
        assert.ok(
          codes.some((code) => code.includes(`client.${call}(`)),
          call,
        );
      }
    },
    { init: connected, servers: [server.url], known: [/400/] },
  ));

test('shows a request that has no response, and clears the list', () =>
  withPage(browser, site.url, async (page) => {
    await open(page, 'Emulator');
    await page.getByRole('combobox', { name: 'Fault' }).selectOption('refused');
    await page.getByRole('combobox', { name: 'How many requests fail' }).selectOption('always');
    await press(page, 'Inject fault');
    await open(page, 'OAuth apps');
    await press(page, 'Refresh');
    await page.getByRole('alert').filter({ hasText: 'The list could not be read' }).waitFor();
    await open(page, 'Requests');
    assert.match(await page.locator('summary').first().innerText(), /failed: fetch failed/);
    await press(page, 'Clear');
    await page.getByText('No requests yet.').waitFor();
  }));
