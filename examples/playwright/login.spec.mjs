// A member logs in on the emulator and comes back to the storefront, without an account and without the network.
import { createServer } from 'node:http';
import { expect, test } from '@playwright/test';
import { createClient } from 'wix-oauth-apps';
import { startServer } from 'wix-oauth-apps-cli';

let emulator;
let storefront;
let client;
let app;

test.beforeAll(async () => {
  emulator = await startServer({ login: 'interactive', members: [{ email: 'me@example.com', password: 'for tests' }] });
  // Your storefront, which Playwright's `webServer` would start.
  storefront = createServer((request, response) => {
    const code = new URL(request.url, 'http://localhost').searchParams.get('code');
    response.setHeader('content-type', 'text/html').end(`<h1>${code ? 'Welcome back' : 'Not logged in'}</h1>`);
  });
  await new Promise((resolve) => storefront.listen(0, '127.0.0.1', resolve));
  const { apiKey, siteId } = emulator.credentials;
  client = createClient({ auth: { apiKey }, siteId, baseUrl: emulator.url });
  app = await client.createOAuthApp({ name: 'Storefront', allowedRedirectUris: [callback()] });
});

test.afterAll(async () => {
  await emulator.stop();
  storefront.close();
});

const callback = () => `http://127.0.0.1:${storefront.address().port}/callback`;

/** Returns the address of the login page, as the SDK's `getAuthUrl` makes it. */
function loginUrl(redirectUri) {
  const query = new URLSearchParams({
    ...{ client_id: app.id, response_type: 'code', response_mode: 'query', redirect_uri: redirectUri, state: 's' },
    ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
  });
  return `${emulator.url}/_api/oauth2/authorize?${query}`;
}

test('a member logs in', async ({ page }) => {
  await page.goto(loginUrl(callback()));
  await page.getByLabel('E-mail address').fill('me@example.com');
  await page.getByLabel('Password').fill('for tests');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('heading')).toHaveText('Welcome back');
});

test('a login that would return elsewhere is refused, and the page says why', async ({ page }) => {
  await page.goto(loginUrl(`${callback()}/`));
  await expect(page.getByText('only in a slash at the end')).toBeVisible();
});

test('a login after the app was deleted is refused', async ({ page }) => {
  const { id } = await client.createOAuthApp({ name: 'Old storefront', allowedRedirectUris: [callback()] });
  await client.deleteOAuthApp(id);
  const response = await page.goto(loginUrl(callback()).replace(app.id, id));
  expect(response.status()).toBeGreaterThanOrEqual(400);
});
