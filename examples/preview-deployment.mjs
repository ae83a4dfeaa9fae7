// Registers the URL of a preview deployment with the OAuth app, and removes it again when the preview is gone.
//   node preview-deployment.mjs add https://shop-git-cart-team.vercel.app
//   node preview-deployment.mjs remove https://shop-git-cart-team.vercel.app
// WIX_API_KEY, WIX_SITE_ID and WIX_CLIENT_ID are set in the CI job.
import { createClient } from 'wix-oauth-apps';

const [command, address] = process.argv.slice(2);
const { WIX_API_KEY: apiKey, WIX_SITE_ID: siteId, WIX_CLIENT_ID: clientId } = process.env;
const client = createClient({ auth: { apiKey }, siteId });

const { origin, host } = new URL(address);
const entries = { uris: [`${origin}/api/auth/callback`], domains: [host] };
// A preview that is gone keeps no entry: whoever gets its host next would receive the codes of your visitors.
const change = command === 'remove' ? client.disallowRedirects : client.allowRedirects;
const { added, removed } = await change.call(client, clientId, entries);

for (const entry of [...added.uris, ...added.domains]) console.log(`+ ${entry}`);
for (const entry of [...removed.uris, ...removed.domains]) console.log(`- ${entry}`);
