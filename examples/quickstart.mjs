// Creates, finds, updates and deletes an OAuth app on the emulator, without an account and the network.
import { createClient, isOAuthAppsError } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

const emulator = await createEmulator();
const { apiKey, siteId } = emulator.credentials;
const client = createClient({ auth: { apiKey }, siteId, fetch: emulator.fetch });

const created = await client.createOAuthApp({
  name: 'Storefront',
  allowedRedirectUris: ['https://shop.example.com/callback'],
  allowedRedirectDomains: ['shop.example.com'],
});
console.log(`created   ${created.name}: its client ID is ${created.id}`);

const { oAuthApps } = await client.queryOAuthApps({ sort: [{ fieldName: 'name', order: 'ASC' }] });
console.log(`found     ${oAuthApps.map((app) => app.name).join(', ')}`);

const updated = await client.updateOAuthApp(created.id, {
  allowedRedirectUris: [...created.allowedRedirectUris, 'http://localhost:4321/callback'],
});
console.log(`updated   visitors may be sent back to ${updated.allowedRedirectUris.join(' and ')}`);

const secret = await client.generateOAuthAppSecret(created.id);
console.log(`secret    ${secret} (this is how a secret prints; secret.reveal() returns the text)`);

try {
  await client.updateOAuthApp(created.id, { allowedRedirectUris: ['http://shop.example.com/callback'] });
} catch (error) {
  if (!isOAuthAppsError(error) || error.code !== 'INVALID_ARGUMENT') throw error;
  const [violation] = error.violations;
  console.log(`refused   ${violation.field} ${violation.message}; suggestion: ${violation.suggestion}`);
}

const before = await client.isClientActive(created.id);
await client.deleteOAuthApp(created.id);
const after = await client.isClientActive(created.id);
console.log(`deleted   its client ID authenticates: ${before} before, ${after} after`);

if (!before || after) throw new Error('the client ID of the deleted app still authenticates');
console.log('quickstart ok');
