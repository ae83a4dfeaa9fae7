// storefront.jest.mjs
import { createClient } from 'wix-oauth-apps';

const { url, apiKey, siteId } = JSON.parse(process.env.WIX_EMULATOR);
const client = createClient({ auth: { apiKey }, siteId, baseUrl: url });

test('creates a storefront', async () => {
  const { id } = await client.createOAuthApp({ name: 'Storefront' });
  expect((await client.getOAuthApp(id)).name).toBe('Storefront');
});
