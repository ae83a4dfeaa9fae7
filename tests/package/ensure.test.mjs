// ensureOAuthApp on the emulator. The rules are tested in emulator/tests/client/ensure.rs and unsettled.rs, and random
// sequences of faults and writers in emulator/tests/client/random.rs and emulator/tests/writers.rs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient, ensureOAuthApp, Secret } from 'wix-oauth-apps';
import { emulated, failure, intercepted, listener, NOBODY } from './support/client.mjs';
import { domain, many, pass, uri } from './support/redirects.mjs';

const WANTED = { name: 'Shop', allowedRedirectUris: [uri(1)], allowedRedirectDomains: [domain(1)] };
const count = (sent, pattern) => sent.filter((request) => pattern.test(request)).length;

describe('if no app is found', () => {
  test('creates one from the draft, with its secret', async () => {
    const { client, sent, store } = await intercepted(pass, {}, { secretOnCreate: true });
    const { oAuthApp, ...others } = await client.ensureOAuthApp({ ...WANTED, id: NOBODY, description: 'New' });
    assert.deepEqual(others, { created: true, changed: [] });
    const { secret, ...app } = oAuthApp;
    assert.ok(secret instanceof Secret);
    assert.deepEqual([await store(), app.description], [[app], 'New']);
    assert.deepEqual(sent, ['GET', 'POST query', 'POST']);
  });

  test('twenty calls at once create one', async () => {
    const { client, sent, store } = await intercepted(pass);
    const results = await Promise.all(many(20, () => client.ensureOAuthApp(WANTED)));
    assert.deepEqual(
      results.map(({ created }) => created),
      [true, ...Array(19).fill(false)],
    );
    assert.equal((await store()).length, 1);
    assert.equal(count(sent, /^POST$/), 1);
  });

  test('eight clients at once create one, found by its name or by a common entry', async () => {
    for (const wanted of [
      (at) => ({ name: 'Shop', allowedRedirectUris: [uri(at)] }),
      (at) => ({ name: `Shop ${at}`, allowedRedirectUris: [uri('all'), uri(at)] }),
    ]) {
      const { emulator, options, client: direct } = await emulated({ rateLimit: false });
      const fetch = async (...args) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        return emulator.fetch(...args);
      };
      const clients = many(8, () => createClient({ ...options, fetch, settle: { minDelay: 60, maxDelay: 160 } }));
      const results = await Promise.all(clients.map((client, at) => client.ensureOAuthApp(wanted(at))));
      const [app, ...others] = (await direct.queryOAuthApps()).oAuthApps;
      assert.deepEqual(others, []);
      for (const { oAuthApp } of results) assert.equal(oAuthApp.id, app.id);
      assert.equal(results.filter(({ created }) => created).length, 1);
      for (let at = 0; at < 8; at += 1) assert.ok(app.allowedRedirectUris.includes(uri(at)), uri(at));
    }
  });

  test('finds what it has created if the response is lost', async () => {
    const { client, sent, store } = await intercepted(({ method, path }, onwards) =>
      method === 'POST' && path.endsWith('oauth-apps')
        ? onwards().then(() => Promise.reject(new TypeError('fetch failed')))
        : onwards(),
    );
    const { oAuthApp, created } = await client.ensureOAuthApp(WANTED);
    assert.equal(created, true);
    assert.deepEqual(await store(), [oAuthApp]);
    assert.equal(count(sent, /^POST$/), 1);
  });
});

describe('if an app is found', () => {
  test('it is the one with the ID, else with the name, else with a common entry', async () => {
    const { client, direct } = await intercepted(pass);
    const byId = await direct.createOAuthApp({ name: 'By ID' });
    const byEntry = await direct.createOAuthApp({ name: 'By entry', allowedRedirectUris: [uri(0), uri(1)] });
    const byName = await direct.createOAuthApp({ name: 'Cafe\u0301' });
    for (const [wanted, id, matchedBy] of [
      [{ ...WANTED, id: byId.id }, byId.id, 'id'],
      [{ name: 'Café', id: NOBODY }, byName.id, 'name'],
      [{ ...WANTED, name: 'Other' }, byEntry.id, 'redirect'],
    ]) {
      const result = await client.ensureOAuthApp(wanted, { dryRun: true });
      assert.deepEqual([result.oAuthApp.id, result.matchedBy, result.created], [id, matchedBy, false]);
    }
  });

  test('merges the lists, sets other fields, and reports what has changed', async () => {
    const { client, direct, sent } = await intercepted(pass);
    const { id } = await direct.createOAuthApp({
      ...{ name: 'Shop', description: 'Kept', technology: 'VUE' },
      ...{ allowedRedirectUris: [uri(0), uri(1)], allowedRedirectDomains: [domain(0)] },
    });
    const { oAuthApp, changed } = await client.ensureOAuthApp({ ...WANTED, technology: 'REACT' });
    assert.deepEqual([...changed].sort(), ['allowedRedirectDomains', 'technology']);
    assert.deepEqual(oAuthApp, await direct.getOAuthApp(id));
    assert.deepEqual([oAuthApp.description, oAuthApp.technology], ['Kept', 'REACT']);
    assert.deepEqual(oAuthApp.allowedRedirectUris, [uri(0), uri(1)]);
    assert.deepEqual(oAuthApp.allowedRedirectDomains, [domain(0), domain(1)]);
    assert.equal(count(sent, /PATCH/), 1);
  });

  test('sends nothing if nothing differs', async () => {
    const { client, sent, store } = await intercepted(pass);
    const wanted = {
      ...{ ...WANTED, description: '', applicationType: 'WEB_APP', allowSecretGeneration: true },
      wixPagesDomainsMappings: [{ origin: 'a.example.com', destination: 'b.example.com' }],
    };
    await client.ensureOAuthApp(wanted);
    const before = await store();
    sent.length = 0;
    const { created, changed, oAuthApp } = await client.ensureOAuthApp(wanted);
    assert.deepEqual([created, changed, [oAuthApp]], [false, [], before]);
    assert.deepEqual(sent, ['POST query']);
  });

  test('loses no change of its lists that the same client makes meanwhile', async () => {
    const { client, direct } = await intercepted(pass);
    const { id } = await direct.createOAuthApp({ name: 'Shop' });
    await Promise.all([
      client.allowRedirects(id, { uris: [uri(5)] }),
      client.ensureOAuthApp(WANTED),
      client.allowRedirects(id, { uris: [uri(6)] }),
    ]);
    assert.deepEqual((await direct.getOAuthApp(id)).allowedRedirectUris.sort(), [uri(1), uri(5), uri(6)]);
  });

  test('and another one too: CONFLICT names them, and an ID resolves it', async () => {
    const { client, put, sent } = await intercepted(pass);
    const ids = [];
    for (let at = 0; at < 3; at += 1) ids.push((await put({ name: 'Shop' })).id);
    const error = await failure(client.ensureOAuthApp(WANTED));
    assert.deepEqual([error.code, error.operation], ['CONFLICT', 'ensureOAuthApp']);
    for (const id of ids) assert.ok(error.message.includes(id), error.message);
    assert.equal(count(sent, /^(POST|PATCH|DELETE)$/), 0);
    assert.equal((await client.ensureOAuthApp({ ...WANTED, id: ids[1] })).oAuthApp.id, ids[1]);
  });
});

test('invalid arguments are refused all at once, and nothing is sent', async () => {
  const { client, sent } = await intercepted(pass);
  for (const [wanted, ...fields] of [
    [undefined, ''],
    [{}, 'name'],
    [{ name: 'Sho\u200bp' }, 'name'],
    [{ id: 'x', allowedRedirectUris: ['nonsense'] }, 'allowedRedirectUris[0]', 'id', 'name'],
    [{ name: 'Shop', secret: 's' }, 'secret'],
  ]) {
    const error = await failure(client.ensureOAuthApp(wanted));
    assert.deepEqual([error.code, error.operation, error.attempts], ['INVALID_ARGUMENT', 'ensureOAuthApp', 0]);
    const named = error.violations.filter(({ severity }) => severity === 'error').map(({ field }) => field);
    assert.deepEqual(named.sort(), fields);
  }
  assert.deepEqual(sent, []);
});

test('warnings are reported', async () => {
  const { onEvent, of } = listener();
  const { client } = await intercepted(pass, { onEvent });
  await client.ensureOAuthApp({ name: 'Shop', allowedRedirectUris: ['https://bare.example.com'] });
  assert.deepEqual(
    of('warning').map(({ operation, violations: [{ field }] }) => [operation, field]),
    [['ensureOAuthApp', 'allowedRedirectUris[0]']],
  );
});

test('it is also a free function over options', async () => {
  const { options } = await emulated();
  const first = await ensureOAuthApp(options, WANTED);
  const second = await ensureOAuthApp(options, WANTED);
  assert.deepEqual([first.created, second.created, first.oAuthApp.id], [true, false, second.oAuthApp.id]);
});
