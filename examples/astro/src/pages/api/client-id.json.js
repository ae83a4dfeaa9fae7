// GET /api/client-id.json: the client ID of this deployment, whose app is created when it does not exist yet.
import { createClient } from 'wix-oauth-apps';

export const prerender = false;

let found;

export async function GET() {
  // Once for each process. A failed attempt is repeated by the next request.
  found ??= ensureApp().catch((error) => {
    found = undefined;
    throw error;
  });
  return Response.json({ clientId: (await found).id });
}

async function ensureApp() {
  const { WIX_API_KEY: apiKey, WIX_SITE_ID: siteId, SITE_URL } = process.env;
  const client = createClient({ auth: { apiKey }, siteId });
  const { oAuthApp } = await client.ensureOAuthApp({
    name: 'Storefront',
    allowedRedirectUris: [new URL('/api/auth/callback', SITE_URL).href],
    allowedRedirectDomains: [new URL(SITE_URL).host],
  });
  return oAuthApp;
}
