// allowRedirects and disallowRedirects lose nothing, whoever else writes and whatever happens on the way.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answer, failure } from './support/client.mjs';
import { domain, many, NONE, uri, withApp } from './support/redirects.mjs';

describe('another writer', () => {
  test('who wrote over what was written, before it is read back, loses nothing and nothing is lost', async () => {
    let writes = 0;
    const subject = await withApp({}, async ({ method }, onwards) => {
      const given = await onwards();
      if (method === 'PATCH' && (writes += 1) <= 3) {
        await subject.write(subject.id, { allowedRedirectUris: [uri('old'), uri(`other-${writes}`)] });
      }
      return given;
    });
    const { client, id, lists, sent } = subject;
    const { added, oAuthApp } = await client.allowRedirects(id, { uris: [uri(1)] });
    assert.deepEqual(added.uris, [uri(1)]);
    assert.deepEqual((await lists()).uris, [uri('old'), uri('other-3'), uri(1)]);
    assert.deepEqual(oAuthApp.allowedRedirectUris, (await lists()).uris);
    assert.deepEqual(sent, ['GET', ...many(4, () => ['PATCH', 'GET']).flat()]);
  });

  test('who puts back what was taken out', async () => {
    let writes = 0;
    const subject = await withApp({ uris: [uri(1), uri(2)] }, async ({ method }, onwards) => {
      const given = await onwards();
      if (method === 'PATCH' && (writes += 1) === 1) {
        await subject.write(subject.id, { allowedRedirectUris: [uri(1), uri(2), uri(3)] });
      }
      return given;
    });
    const { removed } = await subject.client.disallowRedirects(subject.id, { uris: [uri(1)] });
    assert.deepEqual(removed.uris, [uri(1)]);
    assert.deepEqual((await subject.lists()).uris, [uri(2), uri(3)]);
  });

  test('who never stops is a CONFLICT after a bounded number of rounds', async () => {
    const subject = await withApp({}, async ({ method }, onwards) => {
      const given = await onwards();
      if (method === 'PATCH') await subject.write(subject.id, { allowedRedirectUris: [uri('mine')] });
      return given;
    });
    const error = await failure(subject.client.allowRedirects(subject.id, { uris: [uri(1)] }));
    assert.deepEqual([error.code, error.operation], ['CONFLICT', 'allowRedirects']);
    assert.ok(error.attempts >= 1, 'it was sent');
    assert.match(error.message, /another writer/);
    const updates = subject.sent.filter((request) => request === 'PATCH').length;
    assert.ok(updates >= 2 && updates <= 20, `${updates} updates`);
    assert.deepEqual((await subject.lists()).uris, [uri('mine')]);
  });

  test('who fills the list up meanwhile: the error names what is there', async () => {
    const subject = await withApp({}, async ({ method }, onwards) => {
      const given = await onwards();
      if (method === 'PATCH') await subject.write(subject.id, { allowedRedirectUris: many(20, uri) });
      return given;
    });
    const error = await failure(subject.client.allowRedirects(subject.id, { uris: [uri('new')] }));
    assert.equal(error.code, 'INVALID_ARGUMENT');
    assert.ok(error.message.includes(uri(19)));
    assert.deepEqual((await subject.lists()).uris, many(20, uri));
  });

  test('who writes before an update is repeated: the repeat is made of what is there then', async () => {
    let updates = 0;
    const subject = await withApp({}, async ({ method }, onwards) => {
      if (method !== 'PATCH' || (updates += 1) > 1) return onwards();
      await subject.write(subject.id, { allowedRedirectUris: [uri('old'), uri('other')] });
      return answer('', { status: 503 });
    });
    await subject.client.allowRedirects(subject.id, { uris: [uri(1)] });
    assert.deepEqual((await subject.lists()).uris, [uri('old'), uri('other'), uri(1)]);
  });

  test('who deletes the app', async () => {
    const subject = await withApp({}, async ({ method }, onwards) => {
      const given = await onwards();
      if (method === 'PATCH') await subject.direct.deleteOAuthApp(subject.id);
      return given;
    });
    const error = await failure(subject.client.allowRedirects(subject.id, { uris: [uri(1)] }));
    assert.deepEqual([error.code, error.operation], ['NOT_FOUND', 'allowRedirects']);
  });

  test('another client at the same time: what both wrote is there, as long as they do not meet', async () => {
    const { client, direct, id, lists } = await withApp({ uris: [], domains: [] });
    for (let at = 0; at < 10; at += 1) {
      await Promise.all([client.allowRedirects(id, { uris: [uri(at)] }), direct.getOAuthApp(id)]);
      await direct.allowRedirects(id, { domains: [domain(at)] });
    }
    assert.deepEqual(await lists(), { uris: many(10, uri), domains: many(10, domain) });
  });
});

describe('a fault at any of its requests', () => {
  const lost = () => Promise.reject(new TypeError('fetch failed'));
  const FAULTS = {
    'is refused': () => lost(),
    'is answered 503': () => answer('', { status: 503 }),
    'is answered 429': () => answer('', { status: 429, headers: { 'retry-after': '0' } }),
    'gets no answer': () => new Promise(() => {}),
    'takes effect, and its answer is lost': (onwards) => onwards().then(lost),
    'takes effect, and the answer is 500': (onwards) => onwards().then(() => answer('', { status: 500 })),
    'takes effect, and its answer never comes': (onwards) => onwards().then(() => new Promise(() => {})),
  };
  for (const [what, fault] of Object.entries(FAULTS)) {
    for (const at of [0, 1, 2]) {
      test(`the ${['get', 'update', 'reading back'][at]} ${what}`, async () => {
        for (const [name, entries, expected] of [
          ['allowRedirects', { uris: [uri(1)] }, { uris: [uri('old'), uri(1)], domains: [domain('old')] }],
          ['disallowRedirects', { domains: [domain('old')] }, { uris: [uri('old')], domains: [] }],
        ]) {
          const between = ({ number }, onwards) => (number === at ? fault(onwards) : onwards());
          const { client, id, lists } = await withApp({}, between, { timeout: 40 });
          const { added, removed } = await client[name](id, entries);
          assert.deepEqual(await lists(), expected);
          const done = name === 'allowRedirects' ? added : removed;
          assert.deepEqual(done, { ...NONE, ...entries });
        }
      });
    }

    test(`every request ${what}: the error comes in time, and nothing else is lost`, async () => {
      const { client, id, lists } = await withApp({}, (_, onwards) => fault(onwards), { timeout: 20 });
      const error = await failure(client.allowRedirects(id, { uris: [uri(1)] }));
      assert.match(error.code, /^(NETWORK|TIMEOUT|SERVER_ERROR|RATE_LIMITED)$/);
      assert.deepEqual([error.operation, error.attempts], ['allowRedirects', 3]);
      assert.deepEqual(await lists(), { uris: [uri('old')], domains: [domain('old')] });
    });
  }

  test('an update that fails for good is told, with its attempts', async () => {
    const between = ({ method }, onwards) => (method === 'PATCH' ? answer('', { status: 503 }) : onwards());
    const { client, id, sent, lists } = await withApp({}, between);
    const error = await failure(client.allowRedirects(id, { uris: [uri(1)] }));
    assert.deepEqual([error.code, error.operation, error.attempts], ['SERVER_ERROR', 'allowRedirects', 3]);
    assert.equal(sent.filter((request) => request === 'PATCH').length, 3);
    assert.deepEqual((await lists()).uris, [uri('old')]);
  });
});
