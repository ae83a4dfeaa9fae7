// The emulator's controls: of the emulator in the page, of the server whose console the page is, and their absence.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { startServer } from 'wix-oauth-apps-cli';
import { launch, withPage } from './support/browser.mjs';
import { startConsole, withoutEvents } from './support/console.mjs';
import { box, choose, confirm, open, press, row } from './support/controls.mjs';
import { clientOf, connectedTo, createApps, SHOP, withApps } from './support/seed.mjs';
import { answerFile, listen, serveBuilt } from './support/site.mjs';

let browser;
let site;
before(async () => ([browser, site] = await Promise.all([launch(), serveBuilt()])));
after(() => Promise.all([browser?.close(), site?.close()]));

const alert = (page, text) => page.getByRole('alert').filter({ hasText: text });

/** Tests the controls, whichever emulator is behind them. `page` shows an emulator with the app Storefront. */
async function useControls(page) {
  await row(page, 'Storefront').waitFor();
  await open(page, 'Emulator');
  await choose(page, 'Fault', 'Internal error (500)');
  await choose(page, 'How many requests fail', 'All of them');
  await press(page, 'Inject fault');
  await page.locator('.done', { hasText: 'Injected: Internal error (500).' }).waitFor();
  await open(page, 'OAuth apps');
  await press(page, 'Refresh');
  await alert(page, 'The list could not be read').waitFor();
  await open(page, 'Emulator');
  await press(page, 'Clear all faults');
  await page.locator('.done', { hasText: 'All faults were cleared.' }).waitFor();

  await box(page, 'Stop the clock at').fill('not a date');
  await press(page, 'Set the clock');
  await alert(page, 'The clock was not set').waitFor();
  await box(page, 'Stop the clock at').fill('2030-05-06T07:08:00Z');
  await press(page, 'Set the clock');
  await page.locator('.done', { hasText: 'The clock stands at 2030-05-06T07:08:00Z.' }).waitFor();
  await press(page, '1 day');
  await page.locator('.done', { hasText: 'The clock is 1 day later.' }).waitFor();
  await open(page, 'OAuth apps');
  await press(page, 'Create OAuth app');
  await box(page, 'Name').fill('Mobile app');
  await press(page, 'Save');
  await row(page, 'Mobile app').locator('time[datetime="2030-05-07T07:08:00.000Z"]').waitFor();

  await open(page, 'Emulator');
  const download = page.waitForEvent('download');
  await press(page, 'Save to a file');
  const path = await (await download).path();
  assert.equal(typeof JSON.parse(readFileSync(path, 'utf8')).version, 'number');
  await press(page, 'Reset the emulator');
  await confirm(page, 'Reset');
  await page.locator('.done', { hasText: 'The emulator is as it was at its start.' }).waitFor();
  await open(page, 'OAuth apps');
  await page.getByText('There are no OAuth apps yet').waitFor();
  await open(page, 'Emulator');
  await page.getByLabel('Restore from a file').setInputFiles(path);
  await page.locator('.done', { hasText: 'The state was restored.' }).waitFor();
  await page
    .getByLabel('Restore from a file')
    .setInputFiles({ name: 'x.json', mimeType: '', buffer: Buffer.from('{}') });
  await alert(page, 'The state was not restored').waitFor();
  await open(page, 'OAuth apps');
  await row(page, 'Mobile app').waitFor();
}

test('the emulator in the page can be controlled', async () =>
  withPage(browser, site.url, useControls, { init: await withApps([SHOP]) }));

for (const events of [true, false]) {
  describe(`the console of a server that ${events ? 'sends events' : 'has to be asked again'}`, () => {
    let server;
    before(async () => {
      server = await startConsole({ webhooks: [{ url: 'http://127.0.0.1:9/hook' }] });
    });
    after(() => server.close());
    const url = () => `${server.url}/_emulator/`;

    test('shows the requests of other clients as they happen, with the reason of each refusal', () =>
      withPage(
        browser,
        url(),
        async (page) => {
          await page.getByText('There are no OAuth apps yet').waitFor();
          await open(page, 'Requests');
          await page.getByText('Live: new requests appear by themselves.').waitFor();
          const credentials = server.emulator.credentials;
          const client = clientOf({ url: server.url, credentials });
          await client.createOAuthApp({ name: 'Of another client' });
          assert.equal(await client.isClientActive('00000000-0000-4000-8000-000000000000'), false);
          const traffic = page.getByRole('table', { name: 'Requests to the server' });
          const refused = traffic.getByRole('row').filter({ hasText: '/oauth2/token' });
          await refused.waitFor();
          assert.match(await refused.innerText(), /400.+There is no OAuth app/s);
          const created = traffic.getByRole('row').filter({ hasText: /POST \/oauth-app\/v1\/oauth-apps(?!\/)/ });
          await created.waitFor();
          await open(page, 'OAuth apps');
          await press(page, 'Refresh');
          await row(page, 'Of another client').waitFor();
        },
        // The browser says so when it is answered with something else than events.
        events ? {} : { init: withoutEvents, known: [/EventSource/] },
      ));

    if (events) {
      test('controls the server', async () => {
        server.emulator.reset();
        await createApps(server.emulator, [SHOP]);
        await withPage(browser, url(), useControls, { known: [/500/, /400/] });
      });

      test('lists members, webhooks and their deliveries', async () => {
        server.emulator.reset();
        await createApps(server.emulator, [SHOP]);
        await server.emulator.webhooks.settled();
        await withPage(browser, url(), async (page) => {
          await open(page, 'Emulator');
          await page.getByRole('table', { name: 'Members' }).getByText('member@example.com', { exact: true }).waitFor();
          await page.getByRole('table', { name: 'Webhooks' }).getByText('http://127.0.0.1:9/hook').waitFor();
          const attempts = page.getByRole('table', { name: 'Attempts' });
          assert.match(await attempts.innerText(), /o_auth_app_created[^]*failed/);
          server.emulator.advance(1_000);
          await server.emulator.webhooks.settled();
          await press(page, 'Refresh webhooks');
          await attempts.getByRole('cell', { name: '2', exact: true }).waitFor();
        });
      });

      test('talks to its own server alone, and to another site of it', () =>
        withPage(
          browser,
          url(),
          async (page) => {
            await open(page, 'Connection');
            await page.getByText('This page talks to: This emulator server.').waitFor();
            assert.equal(await page.getByRole('radio').count(), 0);
            await box(page, 'Site ID').fill('00000000-0000-4000-8000-000000000000');
            await press(page, 'Use this site');
            await page.getByText('This page talks to: This emulator server.').waitFor();
            await open(page, 'OAuth apps');
            await alert(page, 'The list could not be read').getByText('check the site ID').waitFor();
          },
          { known: [/403/] },
        ));
    }
  });
}

test('the console has the credentials of its server', async () => {
  const server = await startConsole({ apiKey: 'IST.mine', siteIds: ['00000000-0000-4000-8000-00000000000a'] });
  await createApps({ ...server, advance: () => {} }, [SHOP], clientOf(server));
  try {
    await withPage(browser, `${server.url}/`, (page) => row(page, 'Storefront').waitFor());
  } finally {
    await server.close();
  }
});

test('a server without a control interface is used for the rest', async () => {
  const emulatorServer = await startServer();
  await createApps({ ...emulatorServer, advance: () => {} }, [SHOP], clientOf(emulatorServer));
  // An older server behind a proxy that serves the page beside it.
  const proxy = await listen(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://any');
    if (pathname.startsWith('/_emulator/'))
      return answerFile(site.folder, pathname.slice('/_emulator'.length), response);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization, 'content-type': type, 'wix-site-id': siteId } = request.headers;
    const headers = { authorization, 'content-type': type, 'wix-site-id': siteId };
    const answer = await fetch(emulatorServer.url + request.url, {
      method: request.method,
      headers,
      body: Buffer.concat(chunks),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') }).end(await answer.text());
  });
  try {
    await withPage(
      browser,
      `${proxy.url}/_emulator/`,
      async (page) => {
        await row(page, 'Storefront').waitFor();
        await open(page, 'Emulator');
        await page.getByText('This server has no control interface').waitFor();
        await open(page, 'Requests');
        await page.locator('summary').first().waitFor();
        assert.equal(await page.getByRole('table').count(), 0);
      },
      { known: [/404/] },
    );
  } finally {
    await proxy.close();
    await emulatorServer.stop();
  }
});

test('the page of another origin leads to the console of the server, and asks it for nothing', async () => {
  const server = await startServer();
  try {
    await withPage(
      browser,
      site.url,
      async (page, { requests }) => {
        await open(page, 'Emulator');
        const link = page.getByRole('link', { name: `${server.url}/_emulator/` });
        assert.equal(await link.getAttribute('href'), `${server.url}/_emulator/`);
        assert.ok(!requests.some((url) => url.includes('/_emulator/')));
      },
      { init: connectedTo({ kind: 'server', url: server.url }), servers: [server.url] },
    );
  } finally {
    await server.stop();
  }
});
