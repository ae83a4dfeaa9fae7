// Connects a freshly deployed template to the buyer's site: finds or creates its OAuth app, and writes the client ID into
// .env.local. It may run on every deployment, because it changes nothing when everything is in place.
//   SITE_URL=https://shop.example.com node connect-template.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { createClient } from 'wix-oauth-apps';

const { WIX_API_KEY: apiKey, WIX_SITE_ID: siteId, SITE_URL } = process.env;
const client = createClient({ auth: { apiKey }, siteId });

const { oAuthApp, created, changed } = await client.ensureOAuthApp({
  name: 'Storefront',
  applicationType: 'WEB_APP',
  allowedRedirectUris: [new URL('/api/auth/callback', SITE_URL).href],
  // Wix sends visitors back here after a checkout and a logout.
  allowedRedirectDomains: [new URL(SITE_URL).host],
});

const others = (await readFile('.env.local', 'utf8').catch(() => '')).replace(/^WIX_CLIENT_ID=.*\n?/gm, '');
await writeFile('.env.local', `${others}WIX_CLIENT_ID=${oAuthApp.id}\n`);
console.log(created ? 'created' : changed.length > 0 ? `changed ${changed.join(', ')}` : 'unchanged', oAuthApp.id);
