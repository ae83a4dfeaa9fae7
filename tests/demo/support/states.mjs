// The states of the page that people see: what leads to each. The tests look at them with axe, and the script for
// screenshots takes their pictures.
import { APPS, connectedTo, createApps, many, withApps } from './seed.mjs';

const open = (page, view) => page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: view }).click();
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const box = (page, name) => page.getByRole('textbox', { name, exact: true });
const text = (page, content) => page.getByText(content).first().waitFor();
const loaded = (page) => page.getByRole('link', { name: 'Storefront' }).first().waitFor();

const seeded = await withApps(APPS);
const crowded = await withApps(many(230));

/** Each state has a name; `init` prepares the browser before the page opens, `reach` leads to the state. */
export const pageStates = [
  { name: 'empty', reach: (page) => text(page, 'There are no OAuth apps yet') },
  {
    name: 'loading',
    init: (page) => page.route(/emulator_bg.*\.wasm/, () => {}),
    reach: (page) => text(page, 'Loading the page…'),
  },
  {
    name: 'start-failed',
    init: (page) => page.route(/core_bg.*\.wasm/, (route) => route.fulfill({ status: 404 })),
    reach: (page) => text(page, 'The page could not start'),
    known: [/404/],
  },
  { name: 'list', init: seeded, reach: loaded },
  { name: 'list-of-230', init: crowded, reach: (page) => text(page, 'Apps 1 to 100 of 230') },
  {
    name: 'list-without-match',
    init: seeded,
    async reach(page) {
      await loaded(page);
      await page.getByRole('searchbox').fill('nothing like it');
      await text(page, 'No app matches');
    },
  },
  {
    name: 'form-with-violations',
    async reach(page) {
      await press(page, 'Create OAuth app');
      await box(page, 'Name').fill('S');
      await box(page, 'Allowed redirect URIs').fill(
        'https://shop.example.com/callback\nhttp://shop.example.com/callback\nhttps://Shop.example.com/callback',
      );
      await box(page, 'Allowed redirect domains').fill('vercel.app\nhttps://shop.example.com/path');
      await press(page, 'Save');
      await text(page, 'Error in line 2');
    },
  },
  {
    name: 'form-of-an-app',
    init: seeded,
    async reach(page) {
      await page.getByRole('link', { name: 'Storefront' }).click();
      await page.getByText('More fields').click();
      await box(page, 'Login URL').waitFor();
    },
  },
  {
    name: 'app-not-found',
    init: seeded,
    async reach(page) {
      await loaded(page);
      await page.evaluate(() => (location.hash = '#/apps/00000000-0000-4000-8000-000000000000'));
      await text(page, 'The app could not be read');
    },
  },
  {
    name: 'secret-shown',
    async reach(page) {
      await press(page, 'Create OAuth app');
      await box(page, 'Name').fill('Storefront');
      await press(page, 'Save');
      await text(page, 'Storefront was created');
      await loaded(page);
    },
  },
  {
    name: 'redirect-refused',
    init: seeded,
    async reach(page) {
      await loaded(page);
      await page.getByRole('combobox', { name: 'App' }).selectOption({ label: 'Storefront' });
      await box(page, 'URL to check').fill('https://shop.example.com/callback/?from=login');
      await press(page, 'Check redirect');
      await text(page, 'Nearest entry');
    },
  },
  {
    name: 'redirect-allowed',
    init: seeded,
    async reach(page) {
      await loaded(page);
      await page.getByRole('combobox', { name: 'App' }).selectOption({ label: 'Storefront' });
      await box(page, 'URL to check').fill('https://shop.example.com/thank-you');
      await page.getByRole('radio', { name: 'After checkout or logout' }).check();
      await press(page, 'Check redirect');
      await text(page, 'Entry that allows it');
    },
  },
  {
    name: 'confirmation',
    init: seeded,
    async reach(page) {
      await page
        .getByRole('row', { name: /Storefront/ })
        .getByRole('button', { name: 'Delete' })
        .click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'deleted',
    init: seeded,
    async reach(page) {
      await page
        .getByRole('row', { name: /Storefront/ })
        .getByRole('button', { name: 'Delete' })
        .click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await text(page, 'no longer gets a visitor token');
    },
  },
  { name: 'guides', reach: (page) => open(page, 'Guides') },
  {
    name: 'guide-connect',
    async reach(page) {
      await open(page, 'Guides');
      await page.getByRole('link', { name: 'Connect a template' }).click();
      await box(page, 'Template name').fill('Storefront');
      await box(page, 'Address of the deployment').fill('https://shop.example.com');
      await press(page, 'Connect');
      await text(page, 'WIX_CLIENT_ID');
    },
  },
  {
    name: 'guide-connect-refused',
    async reach(page) {
      await open(page, 'Guides');
      await page.getByRole('link', { name: 'Connect a template' }).click();
      await press(page, 'Connect');
      await text(page, 'Error:');
    },
  },
  {
    name: 'guide-redirects',
    init: seeded,
    async reach(page) {
      await open(page, 'Guides');
      await page.getByRole('link', { name: 'Change redirects' }).click();
      await page.getByRole('combobox', { name: 'App' }).selectOption({ label: 'Storefront' });
      await box(page, 'Redirect URIs').fill('https://preview-7.example.com/callback');
      await press(page, 'Change redirects');
      await text(page, 'Added: https://preview-7.example.com/callback');
    },
  },
  {
    name: 'guide-cut-off',
    init: seeded,
    async reach(page) {
      await open(page, 'Guides');
      await page.getByRole('link', { name: 'Cut a client off' }).click();
      await press(page, 'See whether it can connect');
      await press(page, 'Delete');
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await text(page, 'no longer gets a visitor token');
    },
  },
  {
    name: 'requests',
    async reach(page) {
      await press(page, 'Create OAuth app');
      await box(page, 'Name').fill('Storefront');
      await press(page, 'Save');
      await loaded(page);
      await open(page, 'Requests');
      await page.locator('summary').nth(1).click();
      await page.locator('details[open]').getByText('With curl').waitFor();
    },
  },
  { name: 'emulator', reach: (page) => open(page, 'Emulator') },
  {
    name: 'list-failed',
    async reach(page) {
      await open(page, 'Emulator');
      await press(page, 'Inject fault');
      await text(page, 'Injected');
      await page.getByRole('combobox', { name: 'How many requests fail' }).selectOption('always');
      await press(page, 'Inject fault');
      await open(page, 'OAuth apps');
      await press(page, 'Refresh');
      await text(page, 'The list could not be read');
    },
  },
  { name: 'connection', reach: (page) => open(page, 'Connection') },
  {
    name: 'connection-refused',
    async reach(page) {
      await open(page, 'Connection');
      await page.getByRole('radio', { name: 'An emulator server' }).check();
      await box(page, 'Address').fill('http://shop.example.com');
      await press(page, 'Connect');
      await text(page, 'Plain http is for localhost');
    },
  },
  {
    name: 'wix-without-token',
    init: connectedTo({ kind: 'wix', url: 'https://www.wixapis.com', siteId: '' }),
    reach: (page) => page.getByLabel('Access token').waitFor(),
  },
];

/** States of a page that talks to a running emulator server on another origin. */
export const serverStates = (server) => [
  { name: 'server-list', reach: loaded },
  {
    name: 'server-elsewhere',
    async reach(page) {
      await open(page, 'Emulator');
      await text(page, 'only its own console');
    },
  },
  {
    name: 'server-offline',
    async reach(page) {
      await loaded(page);
      await page.context().setOffline(true);
      await text(page, 'The browser is offline');
    },
  },
  {
    name: 'server-unreachable',
    init: (page) => page.route(`${server.url}/**`, (route) => route.abort('connectionrefused')),
    reach: (page) => text(page, 'The list could not be read'),
    known: [/Failed to load resource/],
  },
  {
    name: 'server-refuses-key',
    async reach(page) {
      await loaded(page);
      await open(page, 'Connection');
      await page.getByLabel('API key').fill('IST.another');
      await press(page, 'Use it');
      await open(page, 'OAuth apps');
      await text(page, 'The list could not be read');
    },
    known: [/401/],
  },
];

/** States of the console that an emulator server serves. */
export const consoleStates = [
  {
    name: 'console-requests',
    async reach(page, { url }) {
      await loaded(page);
      await open(page, 'Requests');
      await text(page, 'Live:');
      await fetch(`${url}/oauth2/token`, {
        method: 'POST',
        body: '{"clientId":"unknown","grantType":"anonymous"}',
        headers: { 'content-type': 'application/json' },
      });
      await page.getByRole('table', { name: 'Requests to the server' }).getByText('/oauth2/token').first().waitFor();
    },
  },
  {
    name: 'console-emulator',
    async reach(page) {
      await loaded(page);
      await open(page, 'Emulator');
      await text(page, 'member@example.com');
    },
  },
];

/** Gives a server the apps that its states show. */
export const seedServer = ({ emulator, url, credentials = emulator.credentials }) =>
  createApps({ advance: () => {}, url, credentials }, APPS);
