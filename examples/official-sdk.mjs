// The official SDK on the emulator: creates an app, and logs a member in.
// Requires: npm install @wix/sdk @wix/auth-management
import { oAuthApps } from '@wix/auth-management';
import { ApiKeyStrategy, createClient, OAuthStrategy } from '@wix/sdk';
import { createEmulator } from 'wix-oauth-apps/emulator';

const emulator = await createEmulator({ members: [{ email: 'me@example.com', password: 'for tests' }] });

// The SDK requests tokens with the global fetch. Requests for the service go to the emulator.
const network = globalThis.fetch;
const isService = (url) => /(^|\.)wixapis\.com$/.test(new URL(url).hostname);
globalThis.fetch = (input, init) =>
  isService(input.url ?? input) ? emulator.fetch(input, init) : network(input, init);

const manager = createClient({ auth: ApiKeyStrategy(emulator.credentials), modules: { oAuthApps } });
const callback = 'https://shop.example.com/callback';
const app = await manager.oAuthApps.createOAuthApp({ name: 'My shop', allowedRedirectUris: [callback] });

const visitor = createClient({ auth: OAuthStrategy({ clientId: app._id }) });
const data = visitor.auth.generateOAuthData(callback);
const { authUrl } = await visitor.auth.getAuthUrl(data);
const { headers } = await fetch(authUrl, { redirect: 'manual' }); // a browser would open this URL
const { code, state } = visitor.auth.parseFromUrl(headers.get('location'));
visitor.auth.setTokens(await visitor.auth.getMemberTokens(code, state, data));
console.log(visitor.auth.loggedIn() ? 'logged in' : 'not logged in');
