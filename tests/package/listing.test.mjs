// listOAuthApps as an iterator. Paging on services of each kind, while apps come and go, is tested in
// emulator/tests/client/list.rs.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient, listOAuthApps } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, scripted } from './support/client.mjs';
import { idle } from './support/clock.mjs';
import { collect, ID } from './support/operations.mjs';

/** Returns an emulator with this many apps, and a client whose requests `sent()` returns. */
async function withApps(count) {
  const subject = await emulated({ rateLimit: false });
  for (let at = 0; at < count; at += 1) await subject.client.createOAuthApp({ name: `App ${at % 10}` });
  const before = subject.emulator.requests.length;
  return { ...subject, sent: () => subject.emulator.requests.slice(before) };
}

describe('a listing', () => {
  test('fetches a page when its first app is requested, with the largest page size', async () => {
    const { client, sent } = await withApps(250);
    const listing = client.listOAuthApps();
    await idle();
    assert.equal(sent().length, 0);
    const ids = new Set();
    for (let at = 1; at <= 250; at += 1) {
      ids.add((await listing.next()).value.id);
      assert.equal(sent().length, Math.ceil(at / 100));
    }
    assert.deepEqual(await listing.next(), { done: true, value: undefined });
    assert.equal(ids.size, 250);
    assert.deepEqual(
      sent().map(({ body }) => body.query.cursorPaging.limit),
      [100, 100, 100],
    );
  });

  test('starts at an offset or a cursor, filtered and sorted', async () => {
    const { client, sent, options } = await withApps(7);
    const all = await collect(listOAuthApps(options));
    assert.deepEqual(await collect(client.listOAuthApps({ paging: { offset: 3, limit: 2 } })), all.slice(3));
    const { pagingMetadata } = await client.queryOAuthApps({ cursorPaging: { limit: 4 } });
    const cursorPaging = { cursor: pagingMetadata.cursors.next };
    assert.deepEqual(await collect(client.listOAuthApps({ cursorPaging })), all.slice(4));
    assert.deepEqual(await collect(client.listOAuthApps({ filter: { id: all[0].id } })), [all[0]]);
    const before = sent().length;
    const sort = [{ fieldName: 'name', order: 'DESC' }];
    const sorted = await collect(client.listOAuthApps({ sort, cursorPaging: { limit: 2 } }));
    assert.deepEqual(
      sorted.map(({ name }) => name),
      ['App 6', 'App 5', 'App 4', 'App 3', 'App 2', 'App 1', 'App 0'],
    );
    assert.deepEqual(sent()[before].body, { query: { sort, cursorPaging: { limit: 2 } } });
    assert.deepEqual(Object.keys(sent()[before + 1].body.query), ['cursorPaging']);
  });

  test('fetches no more after break, return() and throw()', async () => {
    const { client, sent } = await withApps(5);
    const query = { cursorPaging: { limit: 2 } };
    for await (const _ of client.listOAuthApps(query)) break;
    const returned = client.listOAuthApps(query);
    await returned.next();
    assert.deepEqual(await returned.return('enough'), { done: true, value: 'enough' });
    const thrown = client.listOAuthApps(query);
    await thrown.next();
    await assert.rejects(thrown.throw(new RangeError('mine')), RangeError);
    const unused = client.listOAuthApps(query);
    await unused.return();
    for (const listing of [returned, thrown, unused]) {
      assert.deepEqual(await listing.next(), { done: true, value: undefined });
    }
    assert.equal(sent().length, 3);
  });

  test('answers concurrent requests for apps in their order', async () => {
    const { client } = await withApps(5);
    const all = await collect(client.listOAuthApps());
    const listing = client.listOAuthApps({ cursorPaging: { limit: 2 } });
    const results = await Promise.all(Array.from({ length: 7 }, () => listing.next()));
    assert.deepEqual(
      results.map(({ value }) => value),
      [...all, undefined, undefined],
    );
  });

  test('is its own iterator', async () => {
    const listing = (await withApps(0)).client.listOAuthApps();
    assert.equal(listing[Symbol.asyncIterator](), listing);
  });

  test('is not affected by later changes of its arguments', async () => {
    const { client, sent } = await withApps(5);
    const query = { cursorPaging: { limit: 2 } };
    const options = { headers: { 'x-trace': 'original' } };
    const listing = client.listOAuthApps(query, options);
    query.cursorPaging.limit = 0;
    options.headers['x-trace'] = 'changed';
    assert.equal((await collect(listing)).length, 5);
    assert.ok(sent().every(({ headers }) => headers['x-trace'] === 'original'));
  });
});

describe('a listing that fails', () => {
  test('reports invalid arguments when the first app is requested, and sends nothing', async () => {
    for (const [query, options, code, field] of [
      [{ filter: { name: 'x' } }, {}, 'INVALID_ARGUMENT', 'filter.name'],
      ['x', {}, 'INVALID_ARGUMENT', ''],
      [{}, { timeout: 0 }, 'CONFIG', 'timeout'],
    ]) {
      const client = clientOver(() => assert.fail('sent'));
      // Nobody awaits this one, and its failure is not an unhandled rejection.
      client.listOAuthApps(query, options);
      const listing = client.listOAuthApps(query, options);
      await idle();
      const error = await failure(listing.next());
      assert.deepEqual([error.code, error.operation, error.attempts], [code, 'listOAuthApps', 0]);
      assert.equal(error.violations[0].field, field);
      assert.deepEqual(await listing.next(), { done: true, value: undefined });
    }
  });

  test('reports a failed page after the apps of the pages before', async () => {
    const page = answer({ oAuthApps: [{ id: 'a' }], pagingMetadata: { hasNext: true, cursors: { next: 'c' } } });
    const { fetch } = scripted(page, answer({ message: 'no' }, { status: 403 }));
    const listing = clientOver(fetch).listOAuthApps();
    assert.equal((await listing.next()).value.id, 'a');
    const error = await failure(listing.next());
    assert.deepEqual([error.code, error.operation], ['PERMISSION_DENIED', 'listOAuthApps']);
    assert.deepEqual(await listing.next(), { done: true, value: undefined });
  });

  test('ends with BAD_RESPONSE if the pages never end', async () => {
    let pages = 0;
    const fetch = async () =>
      answer({ oAuthApps: [{ id: ID }], pagingMetadata: { hasNext: true, cursors: { next: `${(pages += 1)}` } } });
    const listing = clientOver(fetch, { rateLimit: false }).listOAuthApps();
    assert.equal((await listing.next()).value.id, ID);
    assert.equal((await failure(listing.next())).code, 'BAD_RESPONSE');
    assert.ok(pages < 1_000, `after ${pages} pages`);
  });
});

describe('X-Wix-Consistent', () => {
  const response = (consistent) =>
    answer({ oAuthApp: { id: ID } }, { headers: consistent && { 'X-Wix-Consistent': consistent } });
  const sentBy = async (responses, calls) => {
    const { fetch, requests } = scripted(...responses);
    const client = createClient({ auth: { accessToken: 't' }, fetch });
    for (const options of calls) await client.getOAuthApp(ID, options);
    return requests.map(({ headers }) => headers['X-Wix-Consistent']);
  };

  test('of the last response that had one is sent with each later request', async () => {
    assert.deepEqual(await sentBy([response('one'), response(), response('two')], [{}, {}, {}, {}]), [
      ...[undefined, 'one', 'one', 'two'],
    ]);
  });

  test('can be set by the caller, and is ignored if a header cannot hold it', async () => {
    const headers = { 'X-Wix-Consistent': 'mine' };
    assert.deepEqual(await sentBy([response('one'), response()], [{}, { headers }]), [undefined, 'mine']);
    const invalid = { ...response(), headers: { get: (name) => (name === 'x-wix-consistent' ? 'a\r\nb: c' : null) } };
    assert.deepEqual(await sentBy([invalid, response()], [{}, {}]), [undefined, undefined]);
  });
});
