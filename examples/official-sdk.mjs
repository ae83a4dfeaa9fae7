// The official SDK beside this package, on the emulator: this package creates the app, and the SDK reads it and logs a
// member in. Requires: npm install @wix/sdk @wix/auth-management
import { oAuthApps } from '@wix/auth-management';
import { ApiKeyStrategy, createClient as createSdkClient, OAuthStrategy } from '@wix/sdk';
import { createClient } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

const emulator = await createEmulator({ members: [{ email: 'me@example.com', password: 'for tests' }] });
const { apiKey, siteId } = emulator.credentials;

// The SDK sends its requests with the global fetch. Requests for the service go to the emulator.
const network = globalThis.fetch;
const isService = (url) => /(^|\.)wixapis\.com$/.test(new URL(url).hostname);
globalThis.fetch = (input, init) =>
  isService(input.url ?? input) ? emulator.fetch(input, init) : network(input, init);

const callback = 'https://shop.example.com/callback';
const client = createClient({ auth: { apiKey }, siteId });
const { oAuthApp } = await client.ensureOAuthApp({ name: 'My shop', allowedRedirectUris: [callback] });

const manager = createSdkClient({ auth: ApiKeyStrategy({ apiKey, siteId }), modules: { oAuthApps } });
console.log((await manager.oAuthApps.getOAuthApp(oAuthApp.id)).name);

const visitor = createSdkClient({ auth: OAuthStrategy({ clientId: oAuthApp.id }) });
const data = visitor.auth.generateOAuthData(callback);
const { authUrl } = await visitor.auth.getAuthUrl(data);
const { headers } = await fetch(authUrl, { redirect: 'manual' }); // a browser would open this URL
const { code, state } = visitor.auth.parseFromUrl(headers.get('location'));
visitor.auth.setTokens(await visitor.auth.getMemberTokens(code, state, data));
console.log(visitor.auth.loggedIn() ? 'logged in' : 'not logged in');
