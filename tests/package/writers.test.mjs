// Several writers: the second look after a write, one app for one client, and what an abort in between leaves behind.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { emulated, failure, intercepted } from './support/client.mjs';
import { domain, many, pass, uri, withApp } from './support/redirects.mjs';

/** Short waits, for tests that do not measure them. */
const SOON = { minDelay: 5, maxDelay: 15 };

describe('after a write that changed a list, the client looks again', () => {
  test('after half a second to one and a half, unless told otherwise', async () => {
    const { client, id, sent } = await withApp({}, pass, { settle: undefined });
    const began = performance.now();
    await client.allowRedirects(id, { uris: [uri(1)] });
    const took = performance.now() - began;
    assert.ok(took >= 490 && took < 2_500, `${took} ms`);
    assert.deepEqual(sent, ['GET', 'PATCH', 'GET', 'GET']);
  });

  for (const [what, name, entries] of [
    ['an entry that is lost', 'allowRedirects', { uris: [uri(1)] }],
    ['an entry that is back', 'disallowRedirects', { uris: [uri('old')] }],
    ['a domain that is lost', 'allowRedirects', { domains: [domain(1)] }],
  ]) {
    test(`and writes again, for ${what}`, async () => {
      const subject = await withApp({}, async ({ method, number }, onwards) => {
        // Another writer, who read before our update, writes after it was read back.
        if (method === 'GET' && number === 3) {
          await subject.write(subject.id, {
            allowedRedirectUris: [uri('old'), uri('theirs')],
            allowedRedirectDomains: [domain('old')],
          });
        }
        return onwards();
      });
      const { client, id, lists, sent } = subject;
      const { oAuthApp } = await client[name](id, entries, { settle: SOON });
      assert.deepEqual(sent, ['GET', 'PATCH', 'GET', 'GET', 'PATCH', 'GET', 'GET']);
      const held = await lists();
      const isThere = name === 'allowRedirects';
      for (const [list, [entry]] of Object.entries(entries)) assert.equal(held[list].includes(entry), isThere);
      assert.ok(held.uris.includes(uri('theirs')));
      assert.deepEqual(oAuthApp.allowedRedirectUris, held.uris);
    });
  }

  test('and waits for nothing where nothing was written, or it was told so', async () => {
    for (const [options, entries] of [
      [{ settle: { minDelay: 60_000, maxDelay: 60_000 } }, { uris: [uri('old')] }],
      [{ settle: false }, { uris: [uri(1)] }],
    ]) {
      const { client, id } = await withApp({}, pass, { settle: { minDelay: 60_000 } });
      await client.allowRedirects(id, entries, options);
    }
    const { client } = await intercepted(pass, { settle: { minDelay: 60_000 } });
    await client.ensureOAuthApp({ name: 'Shop' }, { settle: false });
    assert.deepEqual((await client.ensureOAuthApp({ name: 'Shop' })).changed, []);
    // A field that is no list.
    await client.ensureOAuthApp({ name: 'Shop', description: 'New' });
  });

  test('the calls of one client wait side by side, and the later one decides', async () => {
    const { client, id, lists } = await withApp({ uris: [], domains: [] }, pass, {
      settle: { minDelay: 300, maxDelay: 400 },
    });
    const began = performance.now();
    await Promise.all([
      ...many(10, (at) => client.allowRedirects(id, { uris: [uri(at)] })),
      client.disallowRedirects(id, { uris: [uri(3)] }),
    ]);
    assert.ok(performance.now() - began < 2_000);
    assert.deepEqual(
      (await lists()).uris,
      many(10, uri).filter((entry) => entry !== uri(3)),
    );
  });

  test('an abort during the wait is ABORTED, and says that it was written', async () => {
    const { client, id, lists } = await withApp({}, pass, { settle: { minDelay: 60_000 } });
    const signal = AbortSignal.timeout(100);
    const error = await failure(client.allowRedirects(id, { uris: [uri(1)] }, { signal }));
    assert.equal(error.code, 'ABORTED');
    assert.match(error.message, /was written and read back/);
    assert.ok((await lists()).uris.includes(uri(1)));
    const created = client.ensureOAuthApp({ name: 'New' }, { signal: AbortSignal.timeout(100) });
    assert.match((await failure(created)).message, /the app [0-9a-f-]{36} was created before that/);
  });
});

describe('several who ensure the same new app make one', () => {
  for (const wanted of [
    (at) => ({ name: 'Shop', allowedRedirectUris: [uri('all'), uri(at)] }),
    (at) => ({ name: 'Shop', allowedRedirectUris: [uri(at)] }),
    // Found by the entry that they share.
    (at) => ({ name: `Shop ${at}`, allowedRedirectUris: [uri('all'), uri(at)] }),
  ]) {
    test(JSON.stringify(wanted(1)), async () => {
      const { emulator, options, client: direct } = await emulated({ rateLimit: false });
      const fetch = async (...given) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        return emulator.fetch(...given);
      };
      const clients = many(8, () => createClient({ ...options, fetch, settle: { minDelay: 60, maxDelay: 160 } }));
      const outcomes = await Promise.all(clients.map((client, at) => client.ensureOAuthApp(wanted(at))));
      const { oAuthApps } = await direct.queryOAuthApps();
      assert.equal(oAuthApps.length, 1);
      const [app] = oAuthApps;
      for (const { oAuthApp } of outcomes) assert.equal(oAuthApp.id, app.id);
      assert.equal(outcomes.filter(({ created }) => created).length, 1);
      for (let at = 0; at < 8; at += 1) assert.ok(app.allowedRedirectUris.includes(uri(at)), uri(at));
    });
  }

  test('the one who created it keeps its secret', async () => {
    const { client } = await intercepted(pass, { settle: SOON }, { secretOnCreate: true });
    const { oAuthApp, created } = await client.ensureOAuthApp({ name: 'Shop' });
    assert.ok(created && oAuthApp.secret.reveal());
  });
});

describe('names', () => {
  test('are the same trimmed and composed', async () => {
    const { client, put, store } = await intercepted(pass);
    await put({ name: 'Cafe\u0301 ' });
    const { created, changed, matchedBy } = await client.ensureOAuthApp({ name: 'Café' });
    assert.deepEqual({ created, changed, matchedBy }, { created: false, changed: [], matchedBy: 'name' });
    assert.equal((await store()).length, 1);
  });

  test('with characters that nobody sees are refused, before anything is sent', async () => {
    const { client, sent } = await intercepted(pass);
    for (const name of ['Sho\u200bp', 'Shop\n', '\u202eShop', 'Sh\u00adop', '\u0000Shop']) {
      for (const call of [
        client.createOAuthApp({ name }),
        client.ensureOAuthApp({ name }),
        client.updateOAuthApp('00000000-0000-4000-8000-000000000000', { name }),
      ]) {
        const error = await failure(call);
        assert.deepEqual([error.code, error.violations[0].rule], ['INVALID_ARGUMENT', 'CHARACTER']);
      }
    }
    assert.deepEqual(sent, []);
  });
});

describe('round trips', () => {
  test('an app that was read is an update and the draft of a copy', async () => {
    const { client, store } = await intercepted(async ({ method, path }, onwards) => {
      const given = await onwards();
      if (method !== 'GET') return given;
      // A newer service has a field more.
      const body = await given.json();
      body.oAuthApp.extendedFields = { namespaces: { '@shop': { tier: 3 } } };
      return Response.json(body);
    });
    const { id } = await client.createOAuthApp({
      ...{ name: 'Shop', origin: 'other', allowedDomains: ['https://(.*)-shop.example.com'] },
      ...{ allowedRedirectUris: [uri(1)], allowedRedirectDomains: [domain(1)], technology: 'VUE' },
    });
    const app = await client.getOAuthApp(id);
    assert.equal(app.extendedFields.namespaces['@shop'].tier, 3);
    assert.equal((await client.updateOAuthApp(id, { ...app, name: 'New name' })).name, 'New name');
    const copy = await client.createOAuthApp({ ...app, name: 'Copy' });
    assert.notEqual(copy.id, id);
    assert.deepEqual(copy.allowedRedirectUris, app.allowedRedirectUris);
    const again = await client.ensureOAuthApp({ ...app, name: 'New name' });
    assert.deepEqual([again.matchedBy, again.changed], ['id', []]);
    // With its secret, and as JSON has it.
    const created = await client.createOAuthApp({ name: 'Third' });
    await client.updateOAuthApp(created.id, { ...created, description: 'x' });
    await client.updateOAuthApp(created.id, JSON.parse(JSON.stringify({ ...created, description: 'y' })));
    assert.equal((await store()).length, 3);
    const error = await failure(client.updateOAuthApp(created.id, { ...app, name: 'Shop' }));
    assert.match(error.message, /another app/);
    const misspelt = await failure(client.updateOAuthApp(id, { ...app, redirectUris: [] }));
    assert.equal(misspelt.violations.find(({ severity }) => severity === 'error').suggestion, 'allowedRedirectUris');
    assert.match(misspelt.message, /allowedRedirectUris/);
  });
});
