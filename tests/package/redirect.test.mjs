// The redirect rules in the WebAssembly build, in Node and in Chromium, with the tables of the core's own tests.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as api from 'wix-oauth-apps';
import { failure, intercepted } from './support/client.mjs';
import { launch, openPage } from './support/chromium.mjs';
import { servePackage } from './support/server.mjs';
import { table } from './support/table.mjs';

const tables = { uris: table('redirect/uris'), domains: table('redirect/domains'), checks: table('redirect/checks') };

/** Returns the results for every row. Uses only its arguments, because it also runs in a page. */
function resultsOf({ validateOAuthApp, checkRedirect, createRedirectChecker }, { uris, domains, checks }) {
  const finding = ({ severity, rule, suggestion }) => [`${severity} ${rule}`, suggestion ?? null];
  // The tables are about single entries, so a warning about the other list is ignored.
  const found = (field, value) =>
    validateOAuthApp({ name: 'Shop', [field]: value }).filter(({ rule }) => rule !== 'NO_DOMAINS');
  const row = (field, value) => found(field, value).flatMap(finding);
  const entries = ({ entry, count, entries }) =>
    entries ?? Array.from({ length: count }, (_, at) => entry.replace('%', at));
  // The tables do not contain violations of type.
  const list = (field, given) =>
    found(field, entries(given))
      .filter(({ rule }) => rule !== 'TYPE')
      .map((violation) => [violation.field, ...finding(violation)]);
  const verdicts = ({ uris = [], domains = [], after: usual = 'authentication', cases }) => {
    const app = { allowedRedirectUris: uris, allowedRedirectDomains: domains };
    const checker = createRedirectChecker(app);
    return cases.map(({ url, after = usual }) => {
      const verdict = checkRedirect(app, url, after);
      const same = checker.check(url, after);
      if (JSON.stringify(same) !== JSON.stringify(verdict)) throw new Error(`the checker differs on ${url}`);
      if (!verdict.message.startsWith(verdict.allowed ? 'allowed: ' : 'not allowed: '))
        throw new Error(verdict.message);
      return verdict;
    });
  };
  return {
    uris: uris.uris.map(([text]) => [text, ...row('allowedRedirectUris', [text])]),
    webUrls: uris.webUrls.map(([text]) => [text, ...row('loginUrl', text)]),
    domains: domains.domains.map(([text]) => [text, ...row('allowedRedirectDomains', [text])]),
    lists: [
      ...uris.lists.map((given) => list('allowedRedirectUris', given)),
      ...domains.lists.map((given) => list('allowedRedirectDomains', given)),
    ],
    verdicts: checks.apps.map(verdicts),
  };
}

function assertResults(results) {
  assert.deepEqual(results.uris, tables.uris.uris);
  assert.deepEqual(results.webUrls, tables.uris.webUrls);
  assert.deepEqual(results.domains, tables.domains.domains);
  assert.deepEqual(
    results.lists,
    [...tables.uris.lists, ...tables.domains.lists].map(({ expect }) => expect),
  );
  tables.checks.apps.forEach((app, at) =>
    app.cases.forEach((row, index) => {
      const { message, nearest, ...verdict } = results.verdicts[at][index];
      const isOther = (row.after ?? app.after) === 'other';
      const expected = { allowed: 'matched' in row };
      for (const name of ['matched', 'reason']) if (name in row) expected[name] = row[name];
      if (row.fix) expected.fix = { [isOther ? 'domains' : 'uris']: [row.fix] };
      assert.deepEqual(verdict, expected, message);
      if (row.nearest) assert.deepEqual(nearest, { entry: row.nearest[0], at: row.nearest[1] }, message);
    }),
  );
}

test('the results in Node are those of the tables', () => {
  const results = resultsOf(api, tables);
  assert.ok(results.uris.length > 100 && results.verdicts.flat().length > 50, 'the tables have rows');
  assertResults(results);
});

describe('in Chromium', () => {
  let browser;
  let server;
  before(async () => ([browser, server] = await Promise.all([launch(), servePackage()])));
  after(() => Promise.all([browser?.close(), server?.close()]));

  test('the results are those of the tables and of Node', async () => {
    const { page, problems, close } = await openPage(browser, { url: server.url });
    try {
      const results = await page.evaluate(
        async (source, tables) => {
          const api = await import('wix-oauth-apps');
          await api.init();
          return new Function(`return (${source})`)()(api, tables);
        },
        resultsOf.toString(),
        tables,
      );
      assertResults(results);
      assert.deepEqual(results, resultsOf(api, tables));
      assert.deepEqual(problems, []);
    } finally {
      await close();
    }
  });
});

describe('checkRedirect', () => {
  const app = {
    allowedRedirectUris: ['https://shop.example.com/cb'],
    allowedRedirectDomains: ['shop.example.com'],
  };

  test('uses the lists as they are at the time of the call', () => {
    const changing = { allowedRedirectUris: ['https://shop.example.com/cb'], allowedRedirectDomains: [] };
    const url = 'https://preview.example.com/cb';
    assert.equal(api.checkRedirect(changing, url, 'authentication').allowed, false);
    changing.allowedRedirectUris.push(url);
    assert.equal(api.checkRedirect(changing, url, 'authentication').allowed, true);
    changing.allowedRedirectUris.pop();
    assert.equal(api.checkRedirect(changing, url, 'authentication').allowed, false);
  });

  // Both lists are checked, whether or not the URL is listed.
  for (const after of ['authentication', 'other']) {
    for (const [field, entry] of [
      ['allowedRedirectUris', 'https://odd.example.com/cb'],
      ['allowedRedirectDomains', 'odd.example.com'],
    ]) {
      test(`refuses an entry of ${field} that is not a string, after ${after}`, async () => {
        for (const list of [[5, entry], [entry, undefined], [null], ['\ud800']]) {
          const at = list.findIndex((text) => text !== entry);
          const error = await failure(() => api.checkRedirect({ [field]: list }, 'https://odd.example.com/cb', after));
          assert.equal(error.code, 'INVALID_ARGUMENT');
          assert.deepEqual(
            error.violations.map((violation) => violation.field),
            [`${field}[${at}]`],
          );
        }
      });
    }
  }

  test('treats missing lists as empty', () => {
    for (const empty of [{}, { allowedRedirectUris: null, allowedRedirectDomains: undefined }]) {
      assert.equal(api.checkRedirect(empty, 'https://shop.example.com/cb', 'authentication').reason, 'NOT_LISTED');
      assert.equal(api.checkRedirect(empty, 'https://shop.example.com/cb', 'other').reason, 'NOT_LISTED');
    }
  });

  const throwing = {
    get allowedRedirectUris() {
      throw new Error('read');
    },
  };
  const LISTS = ['allowedRedirectUris', 'allowedRedirectDomains'];
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  for (const [name, args, field] of [
    ['undefined as the app', [undefined, 'https://a.example/', 'other'], 'app'],
    ['null as the app', [null, 'https://a.example/', 'other'], 'app'],
    ['a string as the app', ['app', 'https://a.example/', 'other'], 'app'],
    ['a revoked proxy as the app', [revoked.proxy, 'https://a.example/', 'other'], LISTS],
    ['a list that throws when it is read', [throwing, 'https://a.example/', 'other'], 'allowedRedirectUris'],
    [
      'a list that is none',
      [{ allowedRedirectUris: 'x' }, 'https://a.example/', 'authentication'],
      'allowedRedirectUris',
    ],
    ['an entry that is not a string', [{ allowedRedirectUris: [5] }, 'x', 'authentication'], 'allowedRedirectUris[0]'],
    ['a number as the URL', [app, 5, 'other'], 'url'],
    ['a URL object as the URL', [app, new URL('https://shop.example.com/cb'), 'authentication'], 'url'],
    ['a symbol as the URL', [app, Symbol('url'), 'other'], 'url'],
    ['an unknown process', [app, 'https://a.example/', 'login'], 'after'],
    ['no process', [app, 'https://a.example/'], 'after'],
  ]) {
    test(`refuses ${name}`, async () => {
      const error = await failure(() => api.checkRedirect(...args));
      assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'checkRedirect']);
      assert.deepEqual(
        error.violations.map((violation) => violation.field),
        [field].flat(),
      );
    });
  }
});

describe('createRedirectChecker', () => {
  const uri = 'https://shop.example.com/cb';

  test('reads the lists once', () => {
    const app = { allowedRedirectUris: [uri], allowedRedirectDomains: ['shop.example.com'] };
    const checker = api.createRedirectChecker(app);
    app.allowedRedirectUris.length = 0;
    app.allowedRedirectDomains = ['other.example.com'];
    assert.deepEqual(
      [checker.check(uri, 'authentication').matched, checker.check(uri, 'other').matched],
      [uri, 'shop.example.com'],
    );
    const { check } = checker;
    assert.equal(check(uri, 'other').allowed, true);
  });

  // A URL is written into the memory of the core, at a place of 2,048 bytes.
  test('has the verdicts of checkRedirect on long URLs, beyond ASCII, and after the memory has grown', () => {
    const long = [2_000, 2_047, 2_048, 2_049, 5_000].map((length) => uri.padEnd(length, 'x'));
    const broken = ['\ud83d', '\ufffd', '\u{1f600}'].map((text) => `${uri}?${text}`);
    const uris = [uri, ...long, ...broken.slice(1)];
    const app = { allowedRedirectUris: uris, allowedRedirectDomains: ['shop.example.com'] };
    const checker = api.createRedirectChecker(app);
    for (const turn of [1, 2]) {
      for (const url of [...long, uri, ...broken, `${uri}\u00e9`.padEnd(2_047, '\u00e9'), uri, '']) {
        for (const after of ['authentication', 'other']) {
          const [outcome, same] = [checker, { check: (...args) => api.checkRedirect(app, ...args) }].map((subject) => {
            try {
              return subject.check(url, after);
            } catch (error) {
              return error.violations;
            }
          });
          assert.deepEqual(outcome, same, `${turn} ${url.length}`);
        }
      }
      api.validateOAuthApp({ name: 'x'.repeat(4_000_000 * turn) });
    }
  });

  test('refuses the arguments that checkRedirect refuses', async () => {
    for (const app of [undefined, null, 'app', { allowedRedirectUris: [uri, 5] }, { allowedRedirectDomains: {} }]) {
      const error = await failure(() => api.createRedirectChecker(app));
      const same = await failure(() => api.checkRedirect(app, uri, 'other'));
      assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'createRedirectChecker']);
      assert.deepEqual(error.violations, same.violations);
    }
    const checker = api.createRedirectChecker({});
    for (const args of [[5, 'other'], [uri], [uri, 'login'], [new URL(uri), 'other'], [Symbol('x'), 'other'], []]) {
      const error = await failure(() => checker.check(...args));
      const same = await failure(() => api.checkRedirect({}, ...args));
      assert.deepEqual([error.code, error.operation], ['INVALID_ARGUMENT', 'check']);
      assert.deepEqual(error.violations, same.violations);
    }
  });
});

describe('a fix', () => {
  const uris = ['https://shop.example.com/cb', 'https://user@old.example.com/cb', 'https://*-shop.example.com/cb'];
  const domains = ['shop.example.com', 'https://other.example.com:8443'];

  // Checked on the emulator: that it accepts the fix, and where it then redirects visitors.
  test('is accepted by allowRedirects, and allows the URL', async () => {
    for (const [url, after] of [
      ['https://shop.example.com/cb/', 'authentication'],
      ['http://localhost:3000/cb', 'authentication'],
      ['com.example.app:/cb', 'authentication'],
      ['https://www.example.com/thanks#x', 'other'],
      ['https://other.example.com/caf\u00e9', 'other'],
      ['http://localhost:3000/thanks', 'other'],
    ]) {
      const { client, put } = await intercepted((_, pass) => pass());
      const app = await put({ name: 'Shop', allowedRedirectUris: uris, allowedRedirectDomains: domains });
      const { fix } = api.checkRedirect(app, url, after);
      const { oAuthApp, added } = await client.allowRedirects(app.id, fix);
      assert.deepEqual(added, { uris: [], domains: [], ...fix });
      assert.equal(api.checkRedirect(oAuthApp, url, after).allowed, true, url);
    }
  });

  // Random apps, with entries that could no longer be added, and URLs that nearly match them.
  test('is correct for 300 random apps and URLs', async () => {
    let seed = 7;
    const below = (bound) => (seed = (seed * 48_271) % 2_147_483_647) % bound;
    const pick = (some) => some[below(some.length)];
    const hosts = [
      'shop.example.com',
      'SHOP.example.com',
      'www.example.org',
      'localhost',
      'pr-7-shop.example.com',
      '127.0.0.1',
    ];
    const places = [...hosts, 'user@shop.example.com', '*-shop.example.com', 'undefined.example.com', 'xn--fa-hia.de'];
    const url = () =>
      pick(['https://', 'https://', 'http://', 'HTTPS://', 'com.example.app://']) +
      pick(places) +
      pick(['', '', ':3000', ':443']) +
      pick(['/cb', '/cb', '/cb/', '', '/caf\u00e9', '//evil.example', '/oauth2/authorize']) +
      pick(['', '', '', '?a=1', '?code=1', '#x']);
    const domain = () => pick(['', '', 'https://', 'http://']) + pick(hosts) + pick(['', '', ':3000', ':443', '/']);
    const list = (make) => [...new Set(Array.from({ length: pick([0, 1, 2, 3, 19, 20]) }, make))].slice(0, 20);
    const { client, put } = await intercepted((_, pass) => pass());
    const cases = Array.from({ length: 300 }, async () => {
      const draft = { name: 'Shop', allowedRedirectUris: list(url), allowedRedirectDomains: list(domain) };
      const [asked, after] = [url(), pick(['authentication', 'other'])];
      const app = await put(draft);
      if (!app) return undefined;
      const { fix } = api.checkRedirect(app, asked, after);
      if (!fix) return false;
      const { oAuthApp } = await client.allowRedirects(app.id, fix);
      assert.equal(api.checkRedirect(oAuthApp, asked, after).allowed, true, JSON.stringify([draft, asked, after, fix]));
      return true;
    });
    const fixed = await Promise.all(cases);
    for (const outcome of [true, false]) assert.ok(fixed.filter((one) => one === outcome).length > 30, `${outcome}`);
  });
});
