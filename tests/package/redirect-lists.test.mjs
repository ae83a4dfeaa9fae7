// allowRedirects and disallowRedirects on the emulator. The rules are tested in emulator/tests/client/merge.rs and
// unsettled.rs, and random sequences of faults and writers in emulator/tests/client/random.rs and emulator/tests/writers.rs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allowRedirects, createClient, disallowRedirects } from 'wix-oauth-apps';
import { answer, emulated, failure, intercepted, listener, NOBODY } from './support/client.mjs';
import { domain, many, NONE, pass, uri, withApp } from './support/redirects.mjs';

/** Short delays, for tests that do not measure them. */
const SOON = { minDelay: 5, maxDelay: 15 };

describe('a change', () => {
  test('adds entries at the end, and the app is read, updated and read back', async () => {
    const { client, id, lists, sent, direct, emulator } = await withApp();
    const change = await client.allowRedirects(id, { uris: [uri(1), uri(2)] });
    assert.deepEqual(change, {
      oAuthApp: await direct.getOAuthApp(id),
      added: { uris: [uri(1), uri(2)], domains: [] },
      removed: NONE,
    });
    assert.deepEqual(await lists(), { uris: [uri('old'), uri(1), uri(2)], domains: [domain('old')] });
    assert.deepEqual(sent, ['GET', 'PATCH', 'GET']);
    assert.deepEqual(emulator.requests.find(({ method }) => method === 'PATCH').body, {
      oAuthApp: { id, allowedRedirectUris: [uri('old'), uri(1), uri(2)] },
      mask: { paths: ['allowedRedirectUris'] },
    });
  });

  test('removes entries, and the others keep their order', async () => {
    const { client, id, lists } = await withApp({ uris: [uri(1), uri(2), uri(3)], domains: [domain(1)] });
    const change = await client.disallowRedirects(id, { uris: [uri(2), uri('absent')], domains: [domain(1)] });
    assert.deepEqual([change.added, change.removed], [NONE, { uris: [uri(2)], domains: [domain(1)] }]);
    assert.deepEqual(await lists(), { uris: [uri(1), uri(3)], domains: [] });
  });

  test('sends no update if nothing changes', async () => {
    const { client, id, sent, direct } = await withApp();
    const unchanged = { oAuthApp: await direct.getOAuthApp(id), added: NONE, removed: NONE };
    assert.deepEqual(await client.allowRedirects(id, { uris: [uri('old')] }), unchanged);
    assert.deepEqual(await client.disallowRedirects(id, { domains: [domain(1)] }), unchanged);
    assert.deepEqual(await client.allowRedirects(id, {}), unchanged);
    assert.deepEqual(sent, ['GET', 'GET', 'GET']);
  });

  test('is possible on services that normalise entries or refuse duplicates', async () => {
    for (const options of [
      { normalizeRedirects: true },
      { duplicateRedirects: 'drop' },
      { duplicateRedirects: 'refuse' },
    ]) {
      const { client, id, lists } = await withApp({}, pass, {}, options);
      await client.allowRedirects(id, { uris: ['https://new.example.com:443/cb', uri(1)], domains: [domain(1)] });
      const { uris, domains } = await lists();
      assert.ok(uris.length === 3 && uris.includes(uri('old')) && uris.includes(uri(1)), `${uris}`);
      assert.deepEqual(domains, [domain('old'), domain(1)]);
    }
  });

  test('reports a warning under the caller’s name of the list', async () => {
    const { onEvent, of } = listener();
    const { client, id } = await withApp({}, pass, { onEvent });
    await client.allowRedirects(id, { uris: ['https://bare.example.com'] });
    assert.deepEqual(
      of('warning').map(({ operation, violations: [{ field }] }) => [operation, field]),
      [['allowRedirects', 'uris[0]']],
    );
  });

  test('is also a free function, over options or a client', async () => {
    const { client, options } = await emulated();
    const { id } = await client.createOAuthApp({ name: 'Shop' });
    assert.deepEqual((await allowRedirects(options, id, { uris: [uri(1)] })).added.uris, [uri(1)]);
    assert.deepEqual((await disallowRedirects(createClient(options), id, { uris: [uri(1)] })).removed.uris, [uri(1)]);
  });
});

describe('a change is refused', () => {
  test('for invalid arguments, all at once, before anything is sent', async () => {
    const { client, id, sent } = await withApp();
    for (const [entries, field] of [
      [{ uris: [uri(1), 'nonsense'] }, 'uris[1]'],
      [{ domains: [uri(1)] }, 'domains[0]'],
      [{ uris: uri(1) }, 'uris'],
      [{ domains: [5] }, 'domains[0]'],
      [{ urls: [uri(1)] }, 'urls'],
      [undefined, 'entries'],
    ]) {
      const error = await failure(client.allowRedirects(id, entries));
      assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'allowRedirects']);
      assert.ok(
        error.violations.some((violation) => violation.field === field),
        JSON.stringify(error.violations),
      );
    }
    const { violations } = await failure(client.allowRedirects('x', { uris: ['nonsense'] }));
    const errors = violations.filter(({ severity }) => severity === 'error').map(({ field }) => field);
    assert.deepEqual(errors, ['id', 'uris[0]']);
    assert.deepEqual(sent, []);
  });

  test('if a list would have more than 20 entries; the error names the present ones', async () => {
    const present = many(18, uri);
    const { client, id, sent, lists } = await withApp({ uris: present });
    const error = await failure(client.allowRedirects(id, { uris: [uri(100), uri(101), uri(102), uri(5)] }));
    assert.deepEqual([error.code, error.violations[0].field], ['INVALID_ARGUMENT', 'uris']);
    for (const entry of present) assert.ok(error.message.includes(entry), `${entry} is not in ${error.message}`);
    assert.deepEqual(sent, ['GET']);
    assert.deepEqual((await lists()).uris, present);
  });

  test('for an unknown app', async () => {
    const { client } = await withApp();
    for (const name of ['allowRedirects', 'disallowRedirects']) {
      const error = await failure(client[name](NOBODY, { uris: [uri(1)] }));
      assert.deepEqual([error.code, error.operation, error.attempts], ['NOT_FOUND', name, 1]);
    }
  });
});

describe('calls on one client', () => {
  test('that run at once lose nothing', async () => {
    const { client, id, lists } = await withApp({ uris: [], domains: [] });
    const calls = many(20, (at) => client.allowRedirects(id, at % 2 ? { uris: [uri(at)] } : { domains: [domain(at)] }));
    await Promise.all(calls);
    assert.deepEqual(await lists(), {
      uris: many(10, (at) => uri(2 * at + 1)),
      domains: many(10, (at) => domain(2 * at)),
    });
  });

  test('on one app run one after the other, in their order', async () => {
    const { client, id, lists, sent } = await withApp({ uris: [uri(0)], domains: [] });
    await Promise.all([
      client.allowRedirects(id, { uris: [uri(1)] }),
      client.disallowRedirects(id, { uris: [uri(1)] }),
      client.updateOAuthApp(id, { allowedRedirectUris: [uri(3)] }),
      client.allowRedirects(id, { uris: [uri(4)] }),
    ]);
    assert.deepEqual((await lists()).uris, [uri(3), uri(4)]);
    const change = ['GET', 'PATCH', 'GET'];
    assert.deepEqual(sent, [...change, ...change, 'PATCH', ...change]);
  });

  test('take an ID in upper case for the same app', async () => {
    const { client, id, sent } = await withApp();
    await Promise.allSettled([
      client.allowRedirects(id, { uris: [uri(1)] }),
      client.allowRedirects(id.toUpperCase(), { uris: [uri(2)] }),
    ]);
    assert.deepEqual(sent.slice(0, 3), ['GET', 'PATCH', 'GET']);
  });

  test('are not stopped by one that fails', async () => {
    let isRefused = false;
    const { client, id, lists } = await withApp({}, ({ method }, onwards) => {
      if (method !== 'PATCH' || isRefused) return onwards();
      isRefused = true;
      return answer({ message: 'no' }, { status: 403 });
    });
    const [refused] = await Promise.allSettled([
      client.allowRedirects(id, { uris: [uri(1)] }),
      client.allowRedirects(id, { uris: [uri(2)] }),
    ]);
    assert.deepEqual([refused.reason.code, refused.reason.operation], ['PERMISSION_DENIED', 'allowRedirects']);
    assert.deepEqual((await lists()).uris, [uri('old'), uri(2)]);
  });
});

describe('another writer', () => {
  test('that overwrites a change is detected, and the change is written again', async () => {
    for (const [name, entries] of [
      ['allowRedirects', { uris: [uri(1)] }],
      ['disallowRedirects', { uris: [uri('old')] }],
    ]) {
      const subject = await withApp({}, async ({ method, number }, onwards) => {
        // The other writer has read the app before our update, and writes after we have read it back.
        if (method === 'GET' && number === 3) {
          await subject.write(subject.id, { allowedRedirectUris: [uri('old'), uri('theirs')] });
        }
        return onwards();
      });
      const { client, id, lists, sent } = subject;
      const { oAuthApp } = await client[name](id, entries, { settle: SOON });
      assert.deepEqual(sent, ['GET', 'PATCH', 'GET', 'GET', 'PATCH', 'GET', 'GET']);
      const { uris } = await lists();
      assert.equal(uris.includes(entries.uris[0]), name === 'allowRedirects');
      assert.ok(uris.includes(uri('theirs')));
      assert.deepEqual(oAuthApp.allowedRedirectUris, uris);
    }
  });

  test('that does not stop causes a CONFLICT', async () => {
    const subject = await withApp({}, async ({ method }, onwards) => {
      const response = await onwards();
      if (method === 'PATCH') await subject.write(subject.id, { allowedRedirectUris: [uri('theirs')] });
      return response;
    });
    const error = await failure(subject.client.allowRedirects(subject.id, { uris: [uri(1)] }));
    assert.deepEqual([error.code, error.operation], ['CONFLICT', 'allowRedirects']);
    assert.deepEqual((await subject.lists()).uris, [uri('theirs')]);
  });
});

describe('the delay before the second read', () => {
  test('is 0.5 to 1.5 seconds by default', async () => {
    const { client, id, sent } = await withApp({}, pass, { settle: undefined });
    const start = performance.now();
    await client.allowRedirects(id, { uris: [uri(1)] });
    const duration = performance.now() - start;
    assert.ok(duration >= 490 && duration < 2_500, `${duration} ms`);
    assert.deepEqual(sent, ['GET', 'PATCH', 'GET', 'GET']);
  });

  test('is absent if nothing was written, or with settle: false', async () => {
    const settle = { minDelay: 60_000, maxDelay: 60_000 };
    const { client, id } = await withApp({}, pass, { settle });
    await client.allowRedirects(id, { uris: [uri('old')] });
    await client.allowRedirects(id, { uris: [uri(1)] }, { settle: false });
    await client.ensureOAuthApp({ name: 'New' }, { settle: false });
    // A field that is not a list.
    await client.ensureOAuthApp({ name: 'New', description: 'New' });
  });

  test('can be aborted; the message says that the change was written', async () => {
    const { client, id, lists } = await withApp({}, pass, { settle: { minDelay: 60_000 } });
    const error = await failure(client.allowRedirects(id, { uris: [uri(1)] }, { signal: AbortSignal.timeout(100) }));
    assert.equal(error.code, 'ABORTED');
    assert.match(error.message, /written/);
    assert.ok((await lists()).uris.includes(uri(1)));
    const creation = client.ensureOAuthApp({ name: 'New' }, { signal: AbortSignal.timeout(100) });
    assert.match((await failure(creation)).message, /[0-9a-f-]{36} was created/);
  });
});

test('an app that was read can be updated, copied and ensured, with fields of a newer service', async () => {
  const { client } = await intercepted(async ({ method }, onwards) => {
    const response = await onwards();
    if (method !== 'GET') return response;
    const body = await response.json();
    body.oAuthApp.extendedFields = { namespaces: { '@shop': { tier: 3 } } };
    return Response.json(body);
  });
  const draft = { name: 'Shop', origin: 'other', technology: 'VUE', allowedRedirectUris: [uri(1)] };
  const { id } = await client.createOAuthApp(draft);
  const app = await client.getOAuthApp(id);
  assert.equal(app.extendedFields.namespaces['@shop'].tier, 3);
  assert.equal((await client.updateOAuthApp(id, { ...app, name: 'New name' })).name, 'New name');
  const copy = await client.createOAuthApp({ ...app, name: 'Copy' });
  assert.notEqual(copy.id, id);
  assert.deepEqual(copy.allowedRedirectUris, app.allowedRedirectUris);
  const ensured = await client.ensureOAuthApp({ ...app, name: 'New name' });
  assert.deepEqual([ensured.matchedBy, ensured.changed], ['id', []]);
  // With a Secret, and as JSON.
  const created = await client.createOAuthApp({ name: 'Third' });
  await client.updateOAuthApp(created.id, { ...created, description: 'x' });
  await client.updateOAuthApp(created.id, JSON.parse(JSON.stringify({ ...created, description: 'y' })));
});
