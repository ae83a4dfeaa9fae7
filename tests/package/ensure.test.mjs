// ensureOAuthApp: which app it is, what becomes of it, and one app, however often it is called.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureOAuthApp, Secret } from 'wix-oauth-apps';
import { emulated, failure, intercepted, listener, NOBODY } from './support/client.mjs';
import { domain, many, pass, uri } from './support/redirects.mjs';

const WANTED = { name: 'Shop', allowedRedirectUris: [uri(1)], allowedRedirectDomains: [domain(1)] };
const creates = (sent) => sent.filter((request) => request === 'POST').length;
const writes = (sent) => sent.filter((request) => /^(POST|PATCH|DELETE)$/.test(request)).length;

describe('where nothing is found, an app is created', () => {
  test('from the draft, and given as a create gives it', async () => {
    const { client, sent, store } = await intercepted(pass, {}, { secretOnCreate: true });
    const { oAuthApp, created, changed } = await client.ensureOAuthApp({ ...WANTED, description: 'New' });
    assert.deepEqual([created, changed], [true, []]);
    assert.ok(oAuthApp.secret instanceof Secret);
    const { secret, ...app } = oAuthApp;
    // Having generated a secret, the emulator allows no other one.
    assert.deepEqual(await store(), [app]);
    assert.equal(app.description, 'New');
    assert.deepEqual(sent, ['POST query', 'POST']);
  });

  test('even where an ID was given that no app has', async () => {
    const { client, sent, store } = await intercepted(pass);
    const { oAuthApp, created } = await client.ensureOAuthApp({ ...WANTED, id: NOBODY });
    assert.equal(created, true);
    assert.notEqual(oAuthApp.id, NOBODY);
    assert.equal((await store()).length, 1);
    assert.deepEqual(sent, ['GET', 'POST query', 'POST']);
  });

  test('where others have another name and other entries', async () => {
    const { client, direct, store } = await intercepted(pass);
    await direct.createOAuthApp({
      name: 'shop',
      allowedRedirectUris: [`${uri(1)}/`],
      allowedRedirectDomains: [domain(2)],
    });
    await direct.createOAuthApp({ name: 'Shop 2', allowedRedirectUris: [uri(2)] });
    assert.equal((await client.ensureOAuthApp(WANTED)).created, true);
    assert.equal((await store()).length, 3);
  });

  test('by twenty calls at once: one of them creates it', async () => {
    const { client, sent, store } = await intercepted(pass);
    const outcomes = await Promise.all(many(20, () => client.ensureOAuthApp(WANTED)));
    assert.deepEqual(
      outcomes.map(({ created }) => created),
      [true, ...Array(19).fill(false)],
    );
    assert.equal(new Set(outcomes.map(({ oAuthApp }) => oAuthApp.id)).size, 1);
    assert.equal((await store()).length, 1);
    assert.equal(creates(sent), 1);
  });

  test('two calls for two apps make two', async () => {
    const { client, store } = await intercepted(pass);
    await Promise.all([client.ensureOAuthApp({ name: 'One' }), client.ensureOAuthApp({ name: 'Other' })]);
    assert.equal((await store()).length, 2);
  });
});

describe('where one is found, it is that one', () => {
  /** Three apps: one by ID, one by an entry, one by name. */
  async function threeApps() {
    const subject = await intercepted(pass);
    const { direct } = subject;
    const byId = await direct.createOAuthApp({ name: 'By ID' });
    const byEntry = await direct.createOAuthApp({ name: 'By entry', allowedRedirectUris: [uri(0), uri(1)] });
    const byName = await direct.createOAuthApp({ name: 'Shop' });
    return { ...subject, byId, byEntry, byName };
  }

  test('by its ID, before all else', async () => {
    const { client, byId } = await threeApps();
    const { oAuthApp, created } = await client.ensureOAuthApp({ ...WANTED, id: byId.id });
    assert.deepEqual([oAuthApp.id, created], [byId.id, false]);
  });

  test('else by its exact name, before an entry in common', async () => {
    const { client, byName } = await threeApps();
    for (const id of [undefined, NOBODY]) {
      const { oAuthApp, matchedBy } = await client.ensureOAuthApp({ ...WANTED, ...(id && { id }) });
      assert.deepEqual([oAuthApp.id, matchedBy], [byName.id, 'name']);
    }
  });

  test('else by a URI in common, and keeps its name', async () => {
    const { client, byEntry } = await threeApps();
    const { oAuthApp, matchedBy } = await client.ensureOAuthApp({ ...WANTED, name: 'Nobody has it' });
    assert.deepEqual([oAuthApp.id, matchedBy, oAuthApp.name], [byEntry.id, 'redirect', 'By entry']);
  });

  test('else by a domain in common', async () => {
    const { client, direct } = await intercepted(pass);
    const { id } = await direct.createOAuthApp({ name: 'Other', allowedRedirectDomains: [domain(0), domain(1)] });
    await direct.createOAuthApp({ name: 'Another' });
    const wanted = { name: 'Shop', allowedRedirectDomains: [`https://${domain(1)}`] };
    const { oAuthApp, changed } = await client.ensureOAuthApp(wanted);
    assert.deepEqual([oAuthApp.id, changed], [id, []]);
  });

  test('else by its exact name', async () => {
    const { client, byName } = await threeApps();
    const { oAuthApp } = await client.ensureOAuthApp({ name: 'Shop', allowedRedirectUris: [uri(9)] });
    assert.equal(oAuthApp.id, byName.id);
  });

  test('on whatever page', async () => {
    const { client, direct, store, sent } = await intercepted(pass);
    const ids = [];
    for (let at = 0; at < 130; at += 1) ids.push((await direct.createOAuthApp({ name: `App ${at}` })).id);
    // By descending ID: the last one is on the second page.
    const last = ids.sort()[0];
    await direct.updateOAuthApp(last, { name: 'Shop' });
    const { oAuthApp, created } = await client.ensureOAuthApp(WANTED);
    assert.deepEqual([oAuthApp.id, created], [last, false]);
    assert.equal(sent.filter((request) => request === 'POST query').length, 2);
    assert.equal((await store()).length, 100);
  });
});

describe('what is found is made as it is wanted', () => {
  test('the lists are merged, other fields are set where they differ, and the rest is left', async () => {
    const { client, direct, sent } = await intercepted(pass);
    const { id } = await direct.createOAuthApp({
      ...{ name: 'Shop', description: 'Kept', technology: 'VUE', loginUrl: 'https://example.com/login' },
      ...{ allowedRedirectUris: [uri(0), uri(1)], allowedRedirectDomains: [domain(0)] },
    });
    const wanted = { ...WANTED, technology: 'REACT', loginUrl: 'https://example.com/login' };
    const { oAuthApp, created, changed } = await client.ensureOAuthApp(wanted);
    assert.equal(created, false);
    assert.deepEqual([...changed].sort(), ['allowedRedirectDomains', 'technology']);
    assert.deepEqual(oAuthApp, await direct.getOAuthApp(id));
    assert.deepEqual([oAuthApp.name, oAuthApp.description, oAuthApp.technology], ['Shop', 'Kept', 'REACT']);
    assert.deepEqual(oAuthApp.allowedRedirectUris, [uri(0), uri(1)]);
    assert.deepEqual(oAuthApp.allowedRedirectDomains, [domain(0), domain(1)]);
    assert.equal(sent.filter((request) => request === 'PATCH').length, 1);
  });

  test('where nothing differs, nothing is sent', async () => {
    const { client, sent, store } = await intercepted(pass);
    const wanted = {
      ...{ ...WANTED, description: '', applicationType: 'WEB_APP', allowSecretGeneration: true },
      wixPagesDomainsMappings: [{ origin: 'a.example.com', destination: 'b.example.com' }],
    };
    await client.ensureOAuthApp(wanted);
    const before = await store();
    sent.length = 0;
    for (let round = 0; round < 3; round += 1) {
      const { created, changed, oAuthApp } = await client.ensureOAuthApp(wanted);
      assert.deepEqual([created, changed], [false, []]);
      assert.deepEqual([oAuthApp], before);
    }
    assert.deepEqual(sent, Array(3).fill('POST query'));
  });

  test('the same by ID', async () => {
    const { client, direct, sent } = await intercepted(pass);
    const { id } = await direct.createOAuthApp(WANTED);
    assert.deepEqual((await client.ensureOAuthApp({ ...WANTED, id })).changed, []);
    assert.deepEqual(sent, ['GET']);
  });

  test('more than twenty entries together are refused, with those that are there, and nothing is written', async () => {
    const { client, direct, sent } = await intercepted(pass);
    const present = many(18, uri);
    await direct.createOAuthApp({ name: 'Shop', allowedRedirectUris: present });
    const error = await failure(
      client.ensureOAuthApp({
        name: 'Shop',
        description: 'New',
        allowedRedirectUris: [uri(0), uri(97), uri(98), uri(99)],
      }),
    );
    assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'ensureOAuthApp']);
    assert.equal(error.violations[0].field, 'allowedRedirectUris');
    for (const entry of present) assert.ok(error.message.includes(entry));
    assert.equal(writes(sent), 0);
  });

  test('beside changes of its lists from the same client, none of which is lost', async () => {
    const { client, direct } = await intercepted(pass);
    const { id } = await direct.createOAuthApp({ name: 'Shop' });
    await Promise.all([
      client.allowRedirects(id, { uris: [uri(5)] }),
      client.ensureOAuthApp(WANTED),
      client.allowRedirects(id, { uris: [uri(6)], domains: [domain(6)] }),
      client.ensureOAuthApp({ name: 'Shop', allowedRedirectUris: [uri(7)] }),
    ]);
    const { allowedRedirectUris, allowedRedirectDomains } = await direct.getOAuthApp(id);
    assert.deepEqual(allowedRedirectUris.sort(), [uri(1), uri(5), uri(6), uri(7)]);
    assert.deepEqual(allowedRedirectDomains.sort(), [domain(1), domain(6)]);
  });

  test('where another writer wrote over it in between', async () => {
    let updates = 0;
    const subject = await intercepted(async ({ method }, onwards) => {
      const given = await onwards();
      if (method === 'PATCH' && (updates += 1) === 1) {
        await subject.write(subject.id, { allowedRedirectUris: [uri('other')] });
      }
      return given;
    });
    subject.id = (await subject.direct.createOAuthApp({ name: 'Shop' })).id;
    await subject.client.ensureOAuthApp(WANTED);
    assert.deepEqual((await subject.store())[0].allowedRedirectUris, [uri('other'), uri(1)]);
  });
});

describe('several that match are a CONFLICT that lists them', () => {
  for (const [what, drafts, message] of [
    [
      'by an entry',
      [
        { name: 'App A', allowedRedirectUris: [uri(1)] },
        { name: 'App B', allowedRedirectDomains: [domain(1)] },
      ],
      /entry.* is the oldest/,
    ],
    ['by name', [{ name: 'Shop' }, { name: 'Shop' }, { name: 'Shop' }], /name/],
  ]) {
    test(what, async () => {
      const { client, put, sent, store } = await intercepted(pass);
      const ids = [];
      for (const draft of drafts) ids.push((await put(draft)).id);
      await put({ name: 'Another' });
      const before = await store();
      for (const wanted of [WANTED, { ...WANTED, id: NOBODY }]) {
        const error = await failure(client.ensureOAuthApp(wanted));
        assert.deepEqual([error.code, error.operation], ['CONFLICT', 'ensureOAuthApp']);
        assert.match(error.message, message);
        for (const id of ids) assert.ok(error.message.includes(id), error.message);
      }
      assert.equal(writes(sent), 0);
      assert.deepEqual(await store(), before);
      // The way out that the error names.
      assert.equal((await client.ensureOAuthApp({ ...WANTED, id: ids[1] })).oAuthApp.id, ids[1]);
    });
  }

  test('a tie of names is broken by an entry in common', async () => {
    const { client, put } = await intercepted(pass);
    await put({ name: 'Shop' });
    const { id } = await put({ name: 'Shop', allowedRedirectUris: [uri(1)] });
    await put({ name: 'Other', allowedRedirectUris: [uri(1)] });
    assert.equal((await client.ensureOAuthApp(WANTED)).oAuthApp.id, id);
  });
});

describe('what is wrong with it is told at once, and nothing is sent', () => {
  for (const [wanted, ...fields] of [
    [undefined, ''],
    [{}, 'name'],
    [{ name: 'x' }, 'name'],
    [{ name: 'Shop', id: 'x' }, 'id'],
    [{ id: 'x', allowedRedirectUris: ['nonsense'] }, 'id', 'name', 'allowedRedirectUris[0]'],
    [{ name: 'Shop', secret: 's' }, 'secret'],
    [{ name: 'Shop', allowedRedirectUris: many(21, uri) }, 'allowedRedirectUris[20]'],
  ]) {
    test(JSON.stringify(wanted)?.slice(0, 80) ?? 'nothing', async () => {
      const { client, sent } = await intercepted(pass);
      const error = await failure(client.ensureOAuthApp(wanted));
      assert.deepEqual([error.code, error.operation, error.attempts], ['INVALID_ARGUMENT', 'ensureOAuthApp', 0]);
      const named = error.violations.filter(({ severity }) => severity === 'error').map(({ field }) => field);
      assert.deepEqual(named.sort(), fields.sort());
      assert.deepEqual(sent, []);
    });
  }
});

test('the doubts of a draft are told, whether it is created or found', async () => {
  const { onEvent, of } = listener();
  const { client } = await intercepted(pass, { onEvent });
  const wanted = { name: 'Shop', allowedRedirectUris: ['https://bare.example.com'] };
  await client.ensureOAuthApp(wanted);
  assert.deepEqual(
    of('warning').map(({ operation, violations: [{ field }] }) => [operation, field]),
    [['ensureOAuthApp', 'allowedRedirectUris[0]']],
  );
});

test('as a free function over options', async () => {
  const { options } = await emulated();
  const first = await ensureOAuthApp(options, WANTED);
  const second = await ensureOAuthApp(options, WANTED);
  assert.deepEqual([first.created, second.created, first.oAuthApp.id], [true, false, second.oAuthApp.id]);
});
