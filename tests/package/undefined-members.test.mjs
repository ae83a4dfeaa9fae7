// Optional members that hold `undefined`, as programs pass them on: they are taken as absent, as the declarations say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

/** Returns an object with those members, all undefined. */
const undefinedMembers = (names) => Object.fromEntries(names.split(' ').map((name) => [name, undefined]));

test('the emulator takes undefined members of options, faults and requests as absent', async () => {
  const options =
    'wasm apiKey siteIds permissions maxPageLimit secretOnCreate maskPath accountHeader accessTokens copyAllowedDomains ' +
    'maxAllowedDomains maxOriginLength customSchemes normalizeRedirects duplicateRedirects staleFor requestLogSize ' +
    'unknownClientStatus members wildcardRedirects subdomainRedirects domainPorts logoutRedirects honorLoginUrl ' +
    'honorLogoutUrl wixPagesUrl deadDomains webhookKey now seed latency login';
  const emulator = await createEmulator({
    ...undefinedMembers(options),
    rateLimit: undefinedMembers('requests per retryAfter'),
    accessTokens: [{ token: 'a-token-of-a-site', ...undefinedMembers('siteId permissions') }],
    webhooks: [{ url: 'https://receiver.example.com/', events: undefined }],
    ruleNames: undefinedMembers('nameTooLong'),
    apps: [{ id: undefined, name: 'Shop' }],
  });
  emulator.fail({
    status: 503,
    ...undefinedMembers('method path times after takeEffect latency headers body error preset'),
  });
  const { status } = emulator.handle({ method: 'GET', url: '/', ...undefinedMembers('headers body') });
  assert.equal(status, 503);
  emulator.webhooks.stop();
});

test('the client takes undefined members of options, queries and drafts as absent', async () => {
  const { fetch, credentials } = await createEmulator();
  const client = createClient({
    auth: { apiKey: credentials.apiKey },
    siteId: credentials.siteId,
    fetch,
    ...undefinedMembers(
      'accountId baseUrl timeout retry rateLimit settle onEvent dangerouslyAllowBrowser dangerouslyAllowHttp',
    ),
  });
  const app = await client.createOAuthApp(
    {
      name: 'Shop',
      ...undefinedMembers('description loginUrl logoutUrl allowedRedirectUris allowedDomains origin technology'),
      wixPagesDomainsMappings: [{ origin: undefined, destination: 'shop.example.com' }],
    },
    { retry: undefinedMembers('maxRetries baseDelay maxDelay'), ...undefinedMembers('signal timeout headers') },
  );
  for (const query of [
    { filter: undefinedMembers('id'), sort: [{ fieldName: 'name', order: undefined }] },
    { paging: undefinedMembers('limit offset'), ...undefinedMembers('filter sort cursorPaging') },
    { cursorPaging: undefinedMembers('limit cursor') },
  ]) {
    const { oAuthApps } = await client.queryOAuthApps(query);
    assert.deepEqual(
      oAuthApps.map(({ id }) => id),
      [app.id],
    );
  }
});
