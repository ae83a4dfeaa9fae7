// Cuts a client off: deletes its OAuth app, and proves that its client ID no longer authenticates.
//   node cut-off-client.mjs CLIENT-ID
import { createClient } from 'wix-oauth-apps';

const clientId = process.argv[2];
const { WIX_API_KEY: apiKey, WIX_SITE_ID: siteId } = process.env;
const client = createClient({ auth: { apiKey }, siteId });

const { name } = await client.getOAuthApp(clientId);
await client.deleteOAuthApp(clientId);
// The service that admits clients may learn of the deletion a moment later.
for (let attempt = 0; await client.isClientActive(clientId); attempt += 1) {
  if (attempt === 10) throw new Error(`the client ${clientId} is still admitted`);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
console.log(`${name} is deleted; the client ID ${clientId} no longer authenticates`);
