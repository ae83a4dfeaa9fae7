// The life of an OAuth app on the embedded emulator: no account, no network.
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
console.log(`updated   it may be sent back to ${updated.allowedRedirectUris.join(' and ')}`);

const secret = await client.generateOAuthAppSecret(created.id);
console.log(`secret    ${secret} (printed so wherever it ends up; secret.reveal() gives the text)`);

try {
  await client.updateOAuthApp(created.id, { allowedRedirectUris: ['http://shop.example.com/callback'] });
} catch (error) {
  if (!isOAuthAppsError(error) || error.code !== 'INVALID_ARGUMENT') throw error;
  const [violation] = error.violations;
  console.log(`refused   ${violation.field}: ${violation.message}; meant ${violation.suggestion}?`);
}

await client.deleteOAuthApp(created.id);
const gone = await client.getOAuthApp(created.id).catch((error) => error);
console.log(`deleted   its client ID authenticates nobody any more: ${gone.code}`);

if (gone.code !== 'NOT_FOUND') throw new Error('the deleted app is still there');
console.log('quickstart ok');
