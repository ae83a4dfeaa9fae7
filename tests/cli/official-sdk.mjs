// official-sdk.mjs
import { oAuthApps } from '@wix/auth-management';
import { ApiKeyStrategy, createClient, OAuthStrategy } from '@wix/sdk';
import { startServer } from 'wix-oauth-apps-cli';

const server = await startServer();
const network = globalThis.fetch;
globalThis.fetch = (input, init) => {
  const { hostname, pathname, search } = new URL(input.url ?? input);
  const isService = hostname === 'www.wixapis.com';
  return network(isService ? server.url + pathname + search : input, init);
};

const manager = createClient({ auth: ApiKeyStrategy(server.credentials), modules: { oAuthApps } });
const app = await manager.oAuthApps.createOAuthApp({ name: 'Storefront' });

const visitor = createClient({ auth: OAuthStrategy({ clientId: app._id }) });
const { accessToken } = await visitor.auth.generateVisitorTokens();
console.log('a visitor token of', accessToken.value.length, 'characters');
await server.stop();
