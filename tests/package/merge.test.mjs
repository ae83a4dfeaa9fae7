// allowRedirects and disallowRedirects: what they change, what they refuse, and how calls on one client stand in line.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, emulated, failure, listener, NOBODY, scripted } from './support/client.mjs';
import { idle } from './support/clock.mjs';
import { ID } from './support/operations.mjs';
import { domain, many, NONE, pass, uri, withApp } from './support/redirects.mjs';

describe('what is changed', () => {
  test('entries are added at the end, and the app is read, updated and read back', async () => {
    const { client, id, lists, sent, direct } = await withApp();
    const change = await client.allowRedirects(id, { uris: [uri(1), uri(2)], domains: [domain(1)] });
    assert.deepEqual(change, {
      oAuthApp: await direct.getOAuthApp(id),
      added: { uris: [uri(1), uri(2)], domains: [domain(1)] },
      removed: NONE,
    });
    assert.deepEqual(await lists(), { uris: [uri('old'), uri(1), uri(2)], domains: [domain('old'), domain(1)] });
    assert.deepEqual(sent, ['GET', 'PATCH', 'GET']);
  });

  test('entries are taken out, and the others keep their order', async () => {
    const { client, id, lists, sent, direct } = await withApp({ uris: [uri(1), uri(2), uri(3)], domains: [domain(1)] });
    const change = await client.disallowRedirects(id, { uris: [uri(2), uri('not-there')], domains: [domain(1)] });
    assert.deepEqual(change, {
      oAuthApp: await direct.getOAuthApp(id),
      added: NONE,
      removed: { uris: [uri(2)], domains: [domain(1)] },
    });
    assert.deepEqual(await lists(), { uris: [uri(1), uri(3)], domains: [] });
    assert.deepEqual(sent, ['GET', 'PATCH', 'GET']);
  });

  test('only the list that changes is sent', async () => {
    const { client, id, emulator } = await withApp();
    await client.allowRedirects(id, { domains: [domain(1)] });
    assert.deepEqual(emulator.requests.at(-2).body, {
      oAuthApp: { id, allowedRedirectDomains: [domain('old'), domain(1)] },
      mask: { paths: ['allowedRedirectDomains'] },
    });
  });

  for (const [what, call] of [
    ['entries that are there are allowed', (client, id) => client.allowRedirects(id, { uris: [uri('old')] })],
    [
      'entries that are not there are disallowed',
      (client, id) => client.disallowRedirects(id, { domains: [domain(1)] }),
    ],
    ['there are no entries', (client, id) => client.allowRedirects(id, {})],
    ['the lists are empty', (client, id) => client.disallowRedirects(id, { uris: [], domains: [] })],
  ]) {
    test(`nothing is sent where ${what}`, async () => {
      const { client, id, sent, direct } = await withApp();
      assert.deepEqual(await call(client, id), { oAuthApp: await direct.getOAuthApp(id), added: NONE, removed: NONE });
      assert.deepEqual(sent, ['GET']);
    });
  }

  test('entries that are equal to the byte are one, and others are not', async () => {
    const { client, id, lists } = await withApp({ uris: [uri('old'), uri('old')], domains: [] });
    const { added } = await client.allowRedirects(id, { uris: [uri(1), uri(1), `${uri(1)}/`, uri('old')] });
    assert.deepEqual(added, { uris: [uri(1), `${uri(1)}/`], domains: [] });
    assert.deepEqual(await lists(), { uris: [uri('old'), uri(1), `${uri(1)}/`], domains: [] });
  });

  test('an entry that is there twice is taken out whole', async () => {
    const { client, id, lists } = await withApp({ uris: [uri(1), uri(2), uri(1)], domains: [] });
    await client.disallowRedirects(id, { uris: [uri(1)] });
    assert.deepEqual((await lists()).uris, [uri(2)]);
  });

  for (const options of [
    { normalizeRedirects: true },
    { duplicateRedirects: 'drop' },
    { duplicateRedirects: 'refuse' },
  ]) {
    test(`by a service of the kind ${JSON.stringify(options)}`, async () => {
      const { client, id, lists } = await withApp({}, pass, {}, options);
      await client.allowRedirects(id, { uris: ['https://new.example.com:443/cb', uri(1)], domains: [domain(1)] });
      const { uris, domains } = await lists();
      assert.equal(uris.length, 3);
      assert.ok(uris.includes(uri('old')) && uris.includes(uri(1)));
      assert.deepEqual(domains, [domain('old'), domain(1)]);
    });
  }

  test('whatever is on the list may be taken out, even what could not be added', async () => {
    const odd = 'com.example.app:odd';
    const { client, id, lists } = await withApp({ uris: [odd], domains: [] });
    await client.disallowRedirects(id, { uris: [odd] });
    assert.deepEqual((await lists()).uris, []);
  });
});

describe('what is refused, before anything is sent', () => {
  for (const [what, entries, field] of [
    ['an entry that is none', { uris: [uri(1), 'nonsense'] }, 'uris[1]'],
    ['a domain that is a URL', { domains: [uri(1)] }, 'domains[0]'],
    ['a list that is none', { uris: uri(1) }, 'uris'],
    ['an entry that is no text', { domains: [5] }, 'domains[0]'],
    ['an unknown list', { urls: [uri(1)] }, 'urls'],
    ['no entries at all', undefined, 'entries'],
    ['more than twenty', { uris: many(21, uri) }, 'uris[20]'],
  ]) {
    test(`${what}`, async () => {
      const { client, id, sent } = await withApp();
      const error = await failure(client.allowRedirects(id, entries));
      assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'allowRedirects']);
      assert.ok(
        error.violations.some((violation) => violation.field === field || violation.field === field.split('[')[0]),
        JSON.stringify(error.violations),
      );
      assert.equal(sent.filter((request) => request !== 'GET').length, 0);
    });
  }

  test('an ID that is none, with the wrong entries at once', async () => {
    const { client, sent } = await withApp();
    const { violations } = await failure(client.allowRedirects('x', { uris: ['nonsense'] }));
    assert.deepEqual(
      violations.filter(({ severity }) => severity === 'error').map(({ field }) => field),
      ['id', 'uris[0]'],
    );
    assert.deepEqual(sent, []);
  });

  test('more than twenty together: the error names those that are there, and nothing is written', async () => {
    for (const [list, make] of [
      ['uris', uri],
      ['domains', domain],
    ]) {
      const present = many(18, make);
      const { client, id, sent, lists } = await withApp({ uris: [], domains: [], [list]: present });
      const before = await lists();
      const error = await failure(client.allowRedirects(id, { [list]: [make(100), make(101), make(102), make(5)] }));
      assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'allowRedirects']);
      assert.deepEqual(
        error.violations.map(({ field, rule }) => [field, rule]),
        [[list, 'OUT_OF_RANGE']],
      );
      for (const entry of present) assert.ok(error.message.includes(entry), `${entry} is not in ${error.message}`);
      assert.match(error.message, /20/);
      assert.match(error.message, /21/);
      assert.deepEqual(sent, ['GET']);
      assert.deepEqual(await lists(), before);
      // Two fit.
      await client.allowRedirects(id, { [list]: [make(100), make(101), make(5)] });
      assert.equal((await lists())[list].length, 20);
      // Nothing more does, until another one goes.
      assert.equal((await failure(client.allowRedirects(id, { [list]: [make(102)] }))).code, 'INVALID_ARGUMENT');
      await client.disallowRedirects(id, { [list]: [make(0)] });
      await client.allowRedirects(id, { [list]: [make(102)] });
    }
  });

  test('an app that is not there is NOT_FOUND', async () => {
    const { client, sent } = await withApp();
    for (const name of ['allowRedirects', 'disallowRedirects']) {
      const error = await failure(client[name](NOBODY, { uris: [uri(1)] }));
      assert.deepEqual([error.code, error.operation, error.attempts], ['NOT_FOUND', name, 1]);
    }
    assert.deepEqual(sent, ['GET', 'GET']);
  });

  test('a list of the service that is none is BAD_RESPONSE', async () => {
    for (const allowedRedirectUris of ['text', [5], {}]) {
      const { fetch, requests } = scripted(answer({ oAuthApp: { id: ID, allowedRedirectUris } }));
      const error = await failure(clientOver(fetch).allowRedirects(ID, { uris: [uri(1)] }));
      assert.deepEqual([error.code, requests.length], ['BAD_RESPONSE', 1]);
      assert.match(error.message, /allowedRedirectUris/);
    }
  });

  test('lists that the service leaves out are empty', async () => {
    let app = { id: ID };
    const fetch = async (_, { body }) =>
      answer({ oAuthApp: (app = { ...app, ...(body && JSON.parse(body).oAuthApp) }) });
    const { added } = await clientOver(fetch).allowRedirects(ID, { uris: [uri(1)] });
    assert.deepEqual([added.uris, app.allowedRedirectUris], [[uri(1)], [uri(1)]]);
  });
});

describe('calls on one client', () => {
  test('all that is added at once is there afterwards', async () => {
    const { client, id, lists } = await withApp({ uris: [], domains: [] });
    const calls = many(20, (at) => client.allowRedirects(id, at % 2 ? { uris: [uri(at)] } : { domains: [domain(at)] }));
    const changes = await Promise.all(calls);
    assert.deepEqual(await lists(), {
      uris: many(10, (at) => uri(2 * at + 1)),
      domains: many(10, (at) => domain(2 * at)),
    });
    changes.forEach(({ added }, at) =>
      assert.deepEqual([...added.uris, ...added.domains], [at % 2 ? uri(at) : domain(at)]),
    );
  });

  test('on one app they run one after the other, in their order', async () => {
    const { client, id, lists, sent } = await withApp({ uris: [uri(0)], domains: [] });
    await Promise.all([
      client.allowRedirects(id, { uris: [uri(1)] }),
      client.disallowRedirects(id, { uris: [uri(1)] }),
      client.disallowRedirects(id, { uris: [uri(2)] }),
      client.allowRedirects(id, { uris: [uri(2)] }),
      client.updateOAuthApp(id, { allowedRedirectUris: [uri(3)] }),
      client.allowRedirects(id, { uris: [uri(4)] }),
    ]);
    assert.deepEqual((await lists()).uris, [uri(3), uri(4)]);
    const change = ['GET', 'PATCH', 'GET'];
    assert.deepEqual(sent, [...change, ...change, 'GET', ...change, 'PATCH', ...change]);
  });

  test('an ID written in capitals is the same app', async () => {
    const { client, id, sent } = await withApp();
    const other = id.toUpperCase();
    await Promise.allSettled([
      client.allowRedirects(id, { uris: [uri(1)] }),
      client.allowRedirects(other, { uris: [uri(2)] }),
    ]);
    assert.deepEqual(sent.slice(0, 3), ['GET', 'PATCH', 'GET']);
  });

  test('one that fails holds up nobody', async () => {
    let refuse = true;
    const { client, id, lists } = await withApp({}, ({ method }, onwards) => {
      if (method !== 'PATCH' || !refuse) return onwards();
      refuse = false;
      return answer({ message: 'no' }, { status: 403 });
    });
    const [refused, made] = await Promise.allSettled([
      client.allowRedirects(id, { uris: [uri(1)] }),
      client.allowRedirects(id, { uris: [uri(2)] }),
    ]);
    assert.deepEqual([refused.reason.code, refused.reason.operation], ['PERMISSION_DENIED', 'allowRedirects']);
    assert.equal(made.status, 'fulfilled');
    assert.deepEqual((await lists()).uris, [uri('old'), uri(2)]);
  });

  test('those on other apps do not wait', async () => {
    const held = [];
    const { client, id, direct } = await withApp({}, ({ path }, onwards) =>
      path.endsWith(held.id) ? new Promise((resolve) => held.push(() => resolve(onwards()))) : onwards(),
    );
    held.id = id;
    const slow = client.allowRedirects(id, { uris: [uri(1)] });
    const other = await direct.createOAuthApp({ name: 'Other' });
    await client.allowRedirects(other.id, { uris: [uri(2)] });
    for (let at = 0; at < 3; at += 1) {
      await idle();
      held[at]();
    }
    assert.deepEqual((await slow).added.uris, [uri(1)]);
  });

  test('reading does not wait', async () => {
    const { client, id } = await withApp({}, ({ method }, onwards) =>
      method === 'PATCH' ? new Promise(() => {}) : onwards(),
    );
    const controller = new AbortController();
    const slow = failure(client.allowRedirects(id, { uris: [uri(1)] }, { signal: controller.signal }));
    await idle();
    assert.equal((await client.getOAuthApp(id)).id, id);
    controller.abort();
    await slow;
  });
});

test('a doubtful entry is told when it goes out, and under the caller’s name for it', async () => {
  const { onEvent, of } = listener();
  const { client, id } = await withApp({}, pass, { onEvent });
  await client.allowRedirects(id, { uris: ['https://bare.example.com'] });
  assert.deepEqual(
    of('warning').map(({ operation, violations: [{ field }] }) => [operation, field]),
    [['allowRedirects', 'uris[0]']],
  );
});

test('as free functions over options', async () => {
  const { allowRedirects, disallowRedirects } = await import('wix-oauth-apps');
  const { client, options } = await emulated();
  const { id } = await client.createOAuthApp({ name: 'Shop' });
  assert.deepEqual((await allowRedirects(options, id, { uris: [uri(1)] })).added.uris, [uri(1)]);
  assert.deepEqual((await disallowRedirects(createClient(options), id, { uris: [uri(1)] })).removed.uris, [uri(1)]);
});
