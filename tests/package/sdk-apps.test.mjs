// The official SDK, a client that is not ours, manages OAuth apps on the emulator.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { NOBODY } from './support/client.mjs';
import { CALLBACK, createApp, emulatedSdk, shopApp } from './support/sdk.mjs';

const APP = {
  name: 'Shop',
  description: 'Sells things',
  loginUrl: 'https://shop.example.com/login',
  logoutUrl: 'https://shop.example.com/logout',
  allowedRedirectUris: [CALLBACK],
  allowedRedirectDomains: ['shop.example.com', 'localhost:4321'],
  applicationType: 'WEB_APP',
  technology: 'REACT',
  wixPagesDomainsMappings: [{ origin: 'https://a.example', destination: 'https://b.example' }],
  redirectUrlWixPages: 'https://shop.example.com/pages',
};

describe('operations', () => {
  test('create and get', async (t) => {
    const { server } = await emulatedSdk(t);
    const { _id, _createdDate, secret, ...rest } = await server.oAuthApps.createOAuthApp(APP);
    assert.match(secret, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(_id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.ok(_createdDate instanceof Date && Math.abs(_createdDate - Date.now()) < 60_000);
    assert.deepEqual(rest, { ...APP, allowedDomains: [], allowSecretGeneration: true });
    assert.deepEqual(await server.oAuthApps.getOAuthApp(_id), { _id, _createdDate, ...rest });
  });

  test('update with a mask replaces a list; without a mask nothing changes', async (t) => {
    const { server } = await emulatedSdk(t);
    const app = await createApp(server, APP);
    const patch = { name: 'Renamed', allowedRedirectUris: ['https://new.example.com/callback'] };
    assert.deepEqual(await server.oAuthApps.updateOAuthApp(app._id, patch), app);
    const updated = await server.oAuthApps.updateOAuthApp(app._id, patch, ['name', 'allowedRedirectUris']);
    assert.deepEqual(updated, { ...app, ...patch });
    assert.deepEqual(await server.oAuthApps.getOAuthApp(app._id), updated);
  });

  test('query with the builder: filter, sort and pages', async (t) => {
    const { server } = await emulatedSdk(t);
    const apps = [];
    for (const name of ['Cherry', 'Apple', 'Banana']) apps.push(await shopApp(server, { name }));
    const found = await server.oAuthApps.queryOAuthApps().eq('_id', apps[1]._id).find();
    assert.deepEqual(found.items, [apps[1]]);
    let page = await server.oAuthApps.queryOAuthApps().ascending('name').limit(2).find();
    assert.deepEqual(
      page.items.map(({ name }) => name),
      ['Apple', 'Banana'],
    );
    assert.deepEqual([page.totalCount, page.hasNext(), page.hasPrev()], [3, true, false]);
    page = await page.next();
    assert.deepEqual(page.items, [apps[0]]);
    assert.deepEqual([page.hasNext(), page.hasPrev()], [false, true]);
  });

  test('query with an object: filter, offset and cursor', async (t) => {
    const { server } = await emulatedSdk(t);
    const apps = [];
    for (const name of ['Cherry', 'Apple', 'Banana']) apps.push(await shopApp(server, { name }));
    const query = (given) => server.oAuthApps.queryOAuthApps(given);
    assert.deepEqual((await query({ filter: { _id: { $eq: apps[2]._id } } })).oAuthApps, [apps[2]]);
    const sort = [{ fieldName: 'name', order: 'DESC' }];
    const byOffset = await query({ sort, paging: { limit: 1, offset: 1 } });
    assert.deepEqual(byOffset.oAuthApps, [apps[2]]);
    assert.deepEqual(byOffset.pagingMetadata.total, 3);
    const first = await query({ sort, cursorPaging: { limit: 2 } });
    assert.deepEqual(first.oAuthApps, [apps[0], apps[2]]);
    const second = await query({ cursorPaging: { limit: 2, cursor: first.pagingMetadata.cursors.next } });
    assert.deepEqual([second.oAuthApps, second.pagingMetadata.hasNext], [[apps[1]], false]);
  });

  test('generate a secret once, and delete the app', async (t) => {
    const { server } = await emulatedSdk(t);
    const { _id } = await shopApp(server);
    const { oAuthAppSecret } = await server.oAuthApps.generateOAuthAppSecret(_id);
    assert.ok(oAuthAppSecret.length >= 32);
    assert.equal((await server.oAuthApps.getOAuthApp(_id)).allowSecretGeneration, false);
    await assert.rejects(server.oAuthApps.generateOAuthAppSecret(_id), /ALREADY_EXISTS/);
    assert.equal(await server.oAuthApps.deleteOAuthApp(_id), undefined);
    await assert.rejects(server.oAuthApps.getOAuthApp(_id), /appId was not found/);
  });

  test('read your own writes: the SDK sends X-Wix-Consistent', async (t) => {
    const { emulator, server } = await emulatedSdk(t);
    const app = await shopApp(server);
    await server.oAuthApps.getOAuthApp(app._id);
    assert.match(emulator.requests.at(-1).headers['x-wix-consistent'], /^[0-9a-f]{32}$/);
  });
});

describe('errors of the SDK', () => {
  for (const [what, call, expected] of [
    [
      'a field that is too short',
      (apps) => apps.createOAuthApp({ name: 'x' }),
      {
        message: 'INVALID_ARGUMENT: "oAuthApp.name" must have at least 2 characters',
        violations: [['oAuthApp.name', 'MIN_LENGTH', { threshold: 2 }]],
      },
    ],
    [
      'entries of a list',
      (apps) => apps.createOAuthApp({ name: 'Shop', allowedRedirectUris: ['x', CALLBACK, 'y'] }),
      {
        message:
          'INVALID_ARGUMENT: "oAuthApp.allowedRedirectUris[0]" must be a valid URI, ' +
          '"oAuthApp.allowedRedirectUris[2]" must be a valid URI',
        violations: [
          ['oAuthApp.allowedRedirectUris[0]', 'FORMAT', { type: 'URI' }],
          ['oAuthApp.allowedRedirectUris[2]', 'FORMAT', { type: 'URI' }],
        ],
      },
    ],
    [
      'a field of an update',
      (apps, app) => apps.updateOAuthApp(app._id, { loginUrl: 'nowhere' }, ['loginUrl']),
      {
        message: 'INVALID_ARGUMENT: "oAuthApp.loginUrl" must be a valid WEB_URL',
        violations: [['oAuthApp.loginUrl', 'FORMAT', { type: 'WEB_URL' }]],
      },
    ],
    [
      'a filter that there is not',
      (apps) => apps.queryOAuthApps().eq('name', 'Shop').find(),
      {
        message: `INVALID_ARGUMENT: "value" Field 'name' is not declared as filterable`,
        violations: [['value', undefined, undefined]],
      },
    ],
    [
      'an app that there is not',
      (apps) => apps.getOAuthApp(NOBODY),
      { message: `appId was not found ${NOBODY}`, code: 'NOT_FOUND', status: 404 },
    ],
  ]) {
    test(what, async (t) => {
      const { server } = await emulatedSdk(t);
      const app = await shopApp(server);
      const error = await call(server.oAuthApps, app).then(assert.fail, (error) => error);
      const { message, details } = JSON.parse(error.message);
      assert.match(details.requestId, /^\d+\.\d+$/);
      assert.equal(error.requestId ?? details.requestId, details.requestId);
      assert.equal(message, expected.message);
      const violations = details.validationError?.fieldViolations.map((violation) => [
        violation.field,
        violation.violatedRule,
        violation.data,
      ]);
      assert.deepEqual(violations, expected.violations);
      assert.equal(details.applicationError?.code, expected.code);
      if (expected.status) assert.equal(error.status, expected.status);
    });
  }

  test('an unknown caller, and a caller without permission', async (t) => {
    const { server } = await emulatedSdk(t, { apiKey: 'k', permissions: ['SCOPE.OAUTH_APP.READ'] });
    await assert.rejects(shopApp(server), /PERMISSION_DENIED/);
    server.setHeaders({});
    server.auth.setSiteId(NOBODY);
    await assert.rejects(server.oAuthApps.getOAuthApp(NOBODY), /PERMISSION_DENIED/);
  });
});

test('the SDK and the client of this package see equal apps', async (t) => {
  const options = { seed: 'a journey', now: '2026-03-01T09:05:00.042Z' };
  const change = { name: 'Renamed', allowedRedirectUris: [CALLBACK, 'http://localhost:3000/callback'] };

  const official = await emulatedSdk(t, options);
  const apps = official.server.oAuthApps;
  const asApp = ({ _id, _createdDate, ...rest }) => ({ id: _id, createdDate: _createdDate.toISOString(), ...rest });
  const bySdk = [];
  const created = await apps.createOAuthApp(APP);
  bySdk.push(asApp(created));
  bySdk.push(asApp(await apps.getOAuthApp(created._id)));
  bySdk.push(asApp(await apps.updateOAuthApp(created._id, change, Object.keys(change))));
  bySdk.push((await apps.generateOAuthAppSecret(created._id)).oAuthAppSecret);
  const other = await apps.createOAuthApp({ name: 'Other' });
  bySdk.push((await apps.queryOAuthApps().limit(50).find()).items.map(asApp));
  await apps.deleteOAuthApp(other._id);

  const own = await emulatedSdk(t, options);
  const { apiKey, siteId } = own.emulator.credentials;
  const client = createClient({ auth: { apiKey }, siteId, fetch: own.emulator.fetch });
  const byClient = [];
  const { secret, ...app } = await client.createOAuthApp(APP);
  byClient.push({ ...app, secret: secret.reveal() });
  byClient.push(await client.getOAuthApp(app.id));
  byClient.push(await client.updateOAuthApp(app.id, change));
  byClient.push((await client.generateOAuthAppSecret(app.id)).reveal());
  const { id } = await client.createOAuthApp({ name: 'Other' });
  byClient.push((await client.queryOAuthApps({ paging: { limit: 50, offset: 0 } })).oAuthApps);
  await client.deleteOAuthApp(id);

  assert.deepEqual(byClient, bySdk);
  assert.deepEqual(own.emulator.snapshot(), official.emulator.snapshot());
});
