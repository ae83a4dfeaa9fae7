// client.mjs
import { createClient } from 'wix-oauth-apps';

const client = createClient({
  auth: { apiKey: 'IST.emulator.not-a-real-api-key' },
  siteId: 'e3a1e3a1-0000-4000-8000-000000000001',
  baseUrl: 'http://127.0.0.1:8787',
});
const app = await client.createOAuthApp({ name: 'Storefront' });
console.log('client ID:', app.id);
