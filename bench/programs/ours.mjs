// The first call with wix-oauth-apps, over a stubbed `fetch`.
import './stub.mjs';
import { createClient } from 'wix-oauth-apps';

const client = createClient({ auth: { apiKey: 'IST.an-api-key' }, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' });
const app = await client.getOAuthApp('13f5e2ab-8e4f-4a0b-9c64-000000000000');
if (app.name !== 'Storefront') throw new Error('another response');
