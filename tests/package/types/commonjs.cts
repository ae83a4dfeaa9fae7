// An import from CommonJS, which may require() an ES module.
import api = require('wix-oauth-apps');
import emulators = require('wix-oauth-apps/emulator');

async function main(): Promise<void> {
  const { fetch, credentials } = await emulators.createEmulator();
  const client: api.OAuthAppsClient = api.createClient({ auth: { apiKey: credentials.apiKey }, fetch });
  const app: api.OAuthApp = await client.createOAuthApp({ name: 'Shop' });
  // @ts-expect-error no such field
  await client.updateOAuthApp(app.id, { colour: 'red' });
}

void main();
