// The emulator's controls beside faults and state: the apps of the start, members, reasons, and logins that ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

const GUID = '11111111-1111-4111-8111-111111111111';
const CALLBACK = 'https://shop.example.com/cb';

const clientOf = ({ fetch, credentials: { apiKey, siteId } }) => createClient({ auth: { apiKey }, siteId, fetch });

test('the apps of the options exist from the start, after a reset, and beside stored records', async () => {
  const options = { apps: [{ name: 'Fixed', id: GUID, allowedRedirectUris: [CALLBACK] }, { name: 'Derived' }] };
  const emulator = await createEmulator(options);
  const client = clientOf(emulator);
  const [, derived] = emulator.initialApps;
  assert.deepEqual(
    emulator.initialApps.map(({ name }) => name),
    ['Fixed', 'Derived'],
  );
  assert.deepEqual((await client.getOAuthApp(GUID)).allowedRedirectUris, [CALLBACK]);
  assert.equal((await client.getOAuthApp(derived.id)).name, 'Derived');
  await client.deleteOAuthApp(GUID);
  const records = emulator.changes();
  emulator.reset();
  assert.equal((await client.getOAuthApp(GUID)).name, 'Fixed');

  const again = await createEmulator(options);
  assert.equal(again.initialApps[1].id, derived.id, 'the ID is the same at each start');
  again.load(records.filter(({ value }) => value !== null));
  assert.equal((await clientOf(again).queryOAuthApps()).oAuthApps.length, 2);
  again.restore((await createEmulator()).snapshot());
  assert.equal((await clientOf(again).queryOAuthApps()).oAuthApps.length, 0);
});

test('an app that cannot be the start is a TypeError that names it', async () => {
  for (const [apps, message] of [
    [[{}], 'options.apps[0]: name is missing'],
    [[{ name: 'Shop', id: 'x' }], 'options.apps[0]: id must be a GUID, is "x"'],
    [[{ name: 'Shop', allowedRedirectUris: [''] }], 'options.apps[0]: allowedRedirectUris[0] must be a valid URI'],
  ])
    await assert.rejects(createEmulator({ apps }), { name: 'TypeError', message });
});

test('all faults can be cleared, and the clock stays', async () => {
  const emulator = await createEmulator({ now: '2026-03-01' });
  emulator.fail({ status: 500, times: 'always' });
  emulator.fail({ error: 'hang', times: Infinity });
  emulator.advance(1_000);
  emulator.clearFaults();
  assert.equal((await clientOf(emulator).createOAuthApp({ name: 'Shop' })).createdDate, '2026-03-01T00:00:01.000Z');
});

test('a refused request has a reason in the outcome and in the log', async () => {
  const emulator = await createEmulator({ apps: [{ name: 'Shop', id: GUID, allowedRedirectUris: [CALLBACK] }] });
  const url = `/_api/oauth2/authorize?client_id=${GUID}&redirect_uri=${encodeURIComponent(`${CALLBACK}?code=hush\n"`)}`;
  const { reason, headers, body } = emulator.handle({ method: 'GET', url });
  assert.match(reason, /isn't listed as an allowed redirect URI/);
  assert.ok(!reason.includes('hush'));
  assert.ok(body.includes('Note by the emulator') && !JSON.stringify(headers).includes('listed'));
  assert.equal(emulator.requests[0].reason, reason);
  emulator.fail({ preset: 'emptyError' });
  assert.equal(emulator.handle({ method: 'GET', url }).reason, 'an injected fault, the preset emptyError');
  const page = emulator.handle({ method: 'GET', url: `/_pages/checkout?client_id=${GUID}` });
  assert.deepEqual([page.status, 'reason' in page], [200, false]);
});

test('the rules of violations can have other names', async () => {
  const emulator = await createEmulator({ ruleNames: { nameTooLong: 'TOO_LONG' } });
  const { apiKey, siteId } = emulator.credentials;
  const response = await emulator.fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps', {
    method: 'POST',
    headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
    body: JSON.stringify({ oAuthApp: { name: 'x'.repeat(257) } }),
  });
  const [violation] = (await response.json()).details.validationError.fieldViolations;
  assert.equal(violation.violatedRule, 'TOO_LONG');
});

test('the authorize page can ask who logs in', async () => {
  const members = [{ email: 'member@example.com', password: 'hush' }];
  const emulator = await createEmulator({ login: 'interactive', members, apps: [{ name: 'Shop', id: GUID }] });
  assert.deepEqual(
    emulator.members.map(({ email, ...rest }) => [email, Object.keys(rest)]),
    [['member@example.com', ['id']]],
  );
  const query = new URLSearchParams({
    client_id: GUID,
    response_type: 'code',
    response_mode: 'web_message',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  });
  const url = `https://www.wixapis.com/_api/oauth2/authorize?${query}`;
  const page = await (await emulator.fetch(url)).text();
  assert.ok(page.includes('Log in as member@example.com') && !page.includes('hush'));
  const response = await emulator.fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ member: members[0].email }),
  });
  assert.match(await response.text(), /const message = \{"code":"/);
});
