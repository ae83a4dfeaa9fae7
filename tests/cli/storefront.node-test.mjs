// storefront.node-test.mjs
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { startServer } from 'wix-oauth-apps-cli';

let server, client;
before(async () => {
  server = await startServer();
  const { apiKey, siteId } = server.credentials;
  client = createClient({ auth: { apiKey }, siteId, baseUrl: server.url });
});
beforeEach(() => server.emulator.reset());
after(() => server.stop());

test('creates a storefront', async () => {
  await client.createOAuthApp({ name: 'Storefront' });
  assert.equal((await client.queryOAuthApps()).oAuthApps[0].name, 'Storefront');
});

test('reports a failure of the service', async () => {
  server.emulator.fail({ status: 503, times: 'always' });
  await assert.rejects(client.queryOAuthApps(), { code: 'SERVER_ERROR', status: 503 });
});
