// Every app, page by page: none that stays is lost or given twice, whatever comes and goes meanwhile.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient, listOAuthApps } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, scripted } from './support/client.mjs';
import { idle } from './support/clock.mjs';
import { collect, ID } from './support/operations.mjs';
import { random } from './support/random.mjs';

const idOf = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const appOf = (number) => ({ id: idOf(number), name: `App ${number}` });
const numbers = (apps) => apps.map((app) => Number(app.id.slice(-12)));

/** What a service may say of a page. */
const METADATA = {
  'hasNext and total': ({ count, offset, total }) => ({ count, offset, total, hasNext: offset + count < total }),
  'hasNext alone': ({ count, offset, total }) => ({ hasNext: offset + count < total }),
  'total alone': ({ total }) => ({ total }),
  nothing: () => undefined,
};

/**
 * A service over `apps`, which its tests change as they like; by descending ID. By cursor where it `hasCursors`, else it
 * takes no notice of one. `between(page)` runs before each page but the first.
 */
function service(count, { hasCursors = false, about = METADATA['hasNext and total'], between = () => {} } = {}) {
  const apps = Array.from({ length: count }, (_, at) => appOf(at * 10));
  const queries = [];
  const fetch = async (_, { body }) => {
    const { query } = JSON.parse(body);
    if (queries.push(query) > 1) between(queries.length - 1);
    apps.sort((one, other) => (one.id < other.id ? 1 : -1));
    const { limit, cursor } = query.cursorPaging ?? {};
    if (hasCursors && query.cursorPaging) {
      const rest = apps.filter(({ id }) => cursor === undefined || id < cursor);
      const page = rest.slice(0, limit);
      const hasNext = page.length < rest.length;
      return answer({ oAuthApps: page, pagingMetadata: { hasNext, cursors: hasNext ? { next: page.at(-1).id } : {} } });
    }
    const offset = query.paging?.offset ?? 0;
    const page = apps.slice(offset, offset + (query.paging?.limit ?? limit ?? 50));
    const pagingMetadata = about({ count: page.length, offset, total: apps.length });
    return answer({ oAuthApps: page, ...(pagingMetadata && { pagingMetadata }) });
  };
  return { apps, queries, client: clientOver(fetch, { rateLimit: false }) };
}

const SERVICES = [
  ['by cursor', { hasCursors: true }],
  ...Object.entries(METADATA).map(([what, about]) => [`by offset, with ${what}`, { about }]),
];

for (const [how, options] of SERVICES) {
  describe(how, () => {
    for (const [count, limit] of [
      ...[0, 1, 2, 3, 7, 50].flatMap((count) => [1, 2, 3, 7, 100].map((limit) => [count, limit])),
      ...[99, 100, 101, 250].map((count) => [count, undefined]),
    ]) {
      test(`${count} apps in pages of ${limit ?? 'the largest size'}`, async () => {
        const { apps, queries, client } = service(count, options);
        const given = await collect(client.listOAuthApps(limit && { paging: { limit } }));
        assert.deepEqual(given, apps);
        assert.ok(queries.length <= 3 + (2 * count) / (limit ?? 100), `${queries.length} pages`);
      });
    }

    test('while others are created and deleted between the pages, over many random sequences', async () => {
      for (let seed = 1; seed <= 300; seed += 1) {
        const { below, chance } = random(seed);
        const gone = new Set();
        const late = new Set();
        const between = () => {
          for (let change = below(4); change > 0; change -= 1) {
            if (chance(0.5) && apps.length) gone.add(apps.splice(below(apps.length), 1)[0].id);
            else {
              const app = appOf(below(1_000));
              if (!apps.some(({ id }) => id === app.id) && !gone.has(app.id)) (apps.push(app), late.add(app.id));
            }
          }
        };
        const { apps, client } = service(below(40), { ...options, between });
        const before = apps.map(({ id }) => id);
        const given = (await collect(client.listOAuthApps({ paging: { limit: 1 + below(8) } }))).map(({ id }) => id);
        assert.equal(new Set(given).size, given.length, `seed ${seed}: one was given twice`);
        const lost = before.filter((id) => !gone.has(id) && !given.includes(id));
        assert.deepEqual(lost, [], `seed ${seed}: lost`);
        const unknown = given.filter((id) => !before.includes(id) && !late.has(id));
        assert.deepEqual(unknown, [], `seed ${seed}: never there`);
      }
    });

    test('while everything before the place is deleted', async () => {
      const { apps, client } = service(30, { ...options, between: (page) => page === 1 && apps.splice(0, 10) });
      const before = numbers(apps).reverse();
      assert.deepEqual(numbers(await collect(client.listOAuthApps({ paging: { limit: 10 } }))), before);
    });

    test('while everything is deleted', async () => {
      const { apps, client } = service(30, { ...options, between: () => (apps.length = 0) });
      assert.equal((await collect(client.listOAuthApps({ paging: { limit: 10 } }))).length, 10);
    });
  });
}

describe('on the emulator', () => {
  /** So many apps, without a rate limit. */
  async function peopled(count) {
    const subject = await emulated({ rateLimit: false });
    for (let at = 0; at < count; at += 1) await subject.client.createOAuthApp({ name: `App ${at % 10}` });
    subject.before = subject.emulator.requests.length;
    subject.sent = () => subject.emulator.requests.slice(subject.before);
    return subject;
  }

  test('a page is fetched when its first app is asked for, with the largest page size', async () => {
    const { client, sent } = await peopled(250);
    const listing = client.listOAuthApps();
    await idle();
    assert.equal(sent().length, 0);
    const ids = new Set();
    for (let at = 1; at <= 250; at += 1) {
      const { done, value } = await listing.next();
      assert.equal(done, false);
      ids.add(value.id);
      assert.equal(sent().length, Math.ceil(at / 100));
    }
    assert.deepEqual(await listing.next(), { done: true, value: undefined });
    assert.equal(ids.size, 250);
    assert.deepEqual(
      sent().map(({ body }) => body.query.cursorPaging.limit),
      [100, 100, 100],
    );
  });

  test('filter and sort go with the first page; a cursor holds them', async () => {
    const { client, sent } = await peopled(5);
    const sort = [{ fieldName: 'name', order: 'DESC' }];
    const apps = await collect(client.listOAuthApps({ sort, cursorPaging: { limit: 2 } }));
    assert.deepEqual(
      apps.map(({ name }) => name),
      ['App 4', 'App 3', 'App 2', 'App 1', 'App 0'],
    );
    assert.deepEqual(sent()[0].body, { query: { sort, cursorPaging: { limit: 2 } } });
    assert.deepEqual(Object.keys(sent()[1].body.query), ['cursorPaging']);
    const [{ id }] = apps;
    assert.deepEqual(await collect(client.listOAuthApps({ filter: { id } })), [apps[0]]);
  });

  test('from an offset and from a cursor on', async () => {
    const { client } = await peopled(7);
    const all = await collect(client.listOAuthApps());
    assert.deepEqual(await collect(client.listOAuthApps({ paging: { offset: 3, limit: 2 } })), all.slice(3));
    const { pagingMetadata } = await client.queryOAuthApps({ cursorPaging: { limit: 4 } });
    const cursorPaging = { cursor: pagingMetadata.cursors.next };
    assert.deepEqual(await collect(client.listOAuthApps({ cursorPaging })), all.slice(4));
  });

  test('as a free function over options', async () => {
    const { options } = await peopled(3);
    assert.equal((await collect(listOAuthApps(options))).length, 3);
  });

  test('who breaks out of it, returns or throws, fetches no more', async () => {
    const { client, sent } = await peopled(5);
    const query = { cursorPaging: { limit: 2 } };
    for await (const _ of client.listOAuthApps(query)) break;
    assert.equal(sent().length, 1);
    const listing = client.listOAuthApps(query);
    await listing.next();
    assert.deepEqual(await listing.return('enough'), { done: true, value: 'enough' });
    assert.deepEqual(await listing.next(), { done: true, value: undefined });
    const other = client.listOAuthApps(query);
    await other.next();
    await assert.rejects(other.throw(new RangeError('mine')), RangeError);
    assert.deepEqual(await other.next(), { done: true, value: undefined });
    const unused = client.listOAuthApps(query);
    await unused.return();
    assert.deepEqual(await unused.next(), { done: true, value: undefined });
    assert.equal(sent().length, 3);
  });

  test('many asked for at once come in their order', async () => {
    const { client } = await peopled(5);
    const all = await collect(client.listOAuthApps());
    const listing = client.listOAuthApps({ cursorPaging: { limit: 2 } });
    const given = await Promise.all(Array.from({ length: 7 }, () => listing.next()));
    assert.deepEqual(
      given.map(({ value }) => value),
      [...all, undefined, undefined],
    );
  });

  test('it is its own iterator', async () => {
    const { client } = await peopled(0);
    const listing = client.listOAuthApps();
    assert.equal(listing[Symbol.asyncIterator](), listing);
  });

  test('a query and options that change afterwards change nothing', async () => {
    const { client, sent } = await peopled(5);
    const query = { cursorPaging: { limit: 2 } };
    const options = { headers: { 'x-trace': 'as-given' } };
    const listing = client.listOAuthApps(query, options);
    query.cursorPaging.limit = 0;
    options.headers['x-trace'] = 'changed';
    assert.equal((await collect(listing)).length, 5);
    assert.ok(sent().every(({ headers }) => headers['x-trace'] === 'as-given'));
  });
});

describe('what goes wrong', () => {
  for (const [what, query, options, code, field] of [
    ['a field that cannot be filtered on', { filter: { name: 'x' } }, {}, 'INVALID_ARGUMENT', 'filter.name'],
    ['two ways of paging', { paging: {}, cursorPaging: {} }, {}, 'INVALID_ARGUMENT', 'paging'],
    ['no query', 'x', {}, 'INVALID_ARGUMENT', ''],
    ['an unknown option', {}, { retries: 1 }, 'CONFIG', 'retries'],
    ['a wrong option', {}, { timeout: 0 }, 'CONFIG', 'timeout'],
  ]) {
    test(`${what} is told to whoever asks for the first app, and nothing is sent`, async () => {
      const client = clientOver(() => assert.fail('sent'));
      client.listOAuthApps(query, options);
      const listing = client.listOAuthApps(query, options);
      await idle();
      const error = await failure(listing.next());
      assert.deepEqual([error.code, error.operation, error.attempts], [code, 'listOAuthApps', 0]);
      assert.equal(error.violations[0].field, field);
      assert.deepEqual(await listing.next(), { done: true, value: undefined });
    });
  }

  test('a page that cannot be had is told after the apps of the pages before', async () => {
    const page = answer({ oAuthApps: [appOf(1), appOf(2)], pagingMetadata: { hasNext: true, cursors: { next: 'c' } } });
    const { fetch, requests } = scripted(page, answer({ message: 'no' }, { status: 403 }));
    const listing = clientOver(fetch).listOAuthApps();
    assert.equal((await listing.next()).value.id, idOf(1));
    assert.equal((await listing.next()).value.id, idOf(2));
    const error = await failure(listing.next());
    assert.deepEqual([error.code, error.operation, requests.length], ['PERMISSION_DENIED', 'listOAuthApps', 2]);
    assert.deepEqual(await listing.next(), { done: true, value: undefined });
  });

  for (const [what, page] of [
    ['a cursor that leads back to itself', () => ({ hasNext: true, cursors: { next: 'same' } })],
    ['ever new cursors and nothing new', (at) => ({ hasNext: true, cursors: { next: `cursor-${at}` } })],
    ['more and more by offset, and nothing new', () => ({ hasNext: true })],
  ]) {
    test(`a service that gives ${what} ends in BAD_RESPONSE`, async () => {
      let at = 0;
      const fetch = async () => answer({ oAuthApps: [{ id: ID }], pagingMetadata: page((at += 1)) });
      const listing = clientOver(fetch, { rateLimit: false }).listOAuthApps();
      assert.equal((await listing.next()).value.id, ID);
      const error = await failure(listing.next());
      assert.deepEqual([error.code, error.operation], ['BAD_RESPONSE', 'listOAuthApps']);
      assert.ok(at < 1_000, `after ${at} pages`);
    });
  }
});

describe('X-Wix-Consistent', () => {
  const say = (value) =>
    answer({ oAuthApp: { id: ID }, oAuthApps: [] }, { headers: value && { 'X-Wix-Consistent': value } });

  test('the last one that an answer had goes with each request that follows', async () => {
    const { fetch, requests } = scripted(say(), say('one'), say(), say('two'), answer('', { status: 500 }), say());
    const client = clientOver(fetch);
    for (let at = 0; at < 4; at += 1) await client.getOAuthApp(ID);
    await failure(client.getOAuthApp(ID));
    await collect(client.listOAuthApps());
    await client.createOAuthApp({ name: 'Shop' });
    assert.deepEqual(
      requests.map(({ headers }) => headers['X-Wix-Consistent']),
      [undefined, undefined, 'one', 'one', 'two', 'two', 'two'],
    );
  });

  test('it is one client’s own, and nothing that no header takes', async () => {
    const { fetch, requests } = scripted(say('one'), say('two'));
    await clientOver(fetch).getOAuthApp(ID);
    await clientOver(fetch).getOAuthApp(ID);
    const odd = { ...say(), headers: { get: (name) => (name === 'x-wix-consistent' ? 'a\r\nb: c' : null) } };
    const injected = scripted(odd, say());
    const client = createClient({ auth: { accessToken: 't' }, fetch: injected.fetch });
    await client.getOAuthApp(ID);
    await client.getOAuthApp(ID);
    for (const { headers } of [...requests, ...injected.requests]) assert.equal('X-Wix-Consistent' in headers, false);
  });

  test('a caller who sets it himself is heard', async () => {
    const { fetch, requests } = scripted(say('one'), say());
    const client = clientOver(fetch);
    await client.getOAuthApp(ID);
    await client.getOAuthApp(ID, { headers: { 'X-Wix-Consistent': 'mine' } });
    assert.equal(requests[1].headers['X-Wix-Consistent'], 'mine');
  });
});
