// The commands about redirect entries: allow, disallow, check and lint.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { emulated } from './support/command.mjs';

const URI = 'https://shop.example.com/cb';
const none = { uris: [], domains: [] };

describe('allow and disallow', { concurrency: false }, () => {
  const site = emulated();
  let id;

  test('a URL with a path is a redirect URI, a host is a domain', async () => {
    ({ id } = await site.json(['create', '--name', 'Storefront']));
    const { oAuthApp, added, removed } = await site.json(['allow', 'name:Storefront', URI, 'shop.example.com']);
    assert.deepEqual([added, removed], [{ uris: [URI], domains: ['shop.example.com'] }, none]);
    assert.deepEqual(oAuthApp.allowedRedirectUris, [URI]);
  });

  test('what is there already is not sent again', async () => {
    await site.sent();
    const { added, removed } = await site.json(['allow', id, URI, 'shop.example.com']);
    assert.deepEqual([added, removed], [none, none]);
    assert.deepEqual(
      (await site.sent()).filter((line) => line.startsWith('PATCH')),
      [],
    );
  });

  test('the list can be named, for single entries and for all of them', async () => {
    const { added } = await site.json([
      'allow',
      id,
      '--uri',
      'https://a.example.com/',
      '--domain',
      'b.example.com',
      '--both',
      'https://c.example.com/cb',
    ]);
    assert.deepEqual(added, {
      uris: ['https://a.example.com/', 'https://c.example.com/cb'],
      domains: ['b.example.com', 'c.example.com'],
    });
    const all = await site.json([
      'allow',
      id,
      'https://d.example.com/cb',
      'https://e.example.com/cb',
      '--both',
      '--dry-run',
    ]);
    assert.deepEqual(all.added.domains, ['d.example.com', 'e.example.com']);
  });

  test('a dry run shows the change and sends no write', async () => {
    await site.sent();
    const change = await site.json(['disallow', id, URI, 'nobody.example.com', '--dry-run']);
    assert.deepEqual([change.added, change.removed], [none, { uris: [URI], domains: [] }]);
    assert.ok(!change.oAuthApp.allowedRedirectUris.includes(URI));
    assert.ok((await site.sent()).every((line) => line.startsWith('GET')));
  });

  test('entries are removed in whatever form they are given', async () => {
    const { removed } = await site.json([
      'disallow',
      id,
      'HTTPS://A.example.com/',
      'B.example.com',
      'absent.example.com',
    ]);
    assert.deepEqual(removed, { uris: ['https://a.example.com/'], domains: ['b.example.com'] });
    const { code, stdout } = await site.cli(['disallow', id, 'absent.example.com']);
    assert.deepEqual([code, /nothing to change/.test(stdout)], [0, true]);
  });

  test('every entry that cannot be used is reported, and nothing is sent', async () => {
    await site.sent();
    const { code, stderr } = await site.cli([
      'allow',
      id,
      'http://shop.example.com/cb',
      'https://x.example.com/#a',
      'shop.example.com/cb',
    ]);
    assert.equal(code, 2);
    for (const text of ['http://shop.example.com/cb is plain http', 'fragment', 'write https://shop.example.com/cb']) {
      assert.ok(stderr.includes(text), stderr);
    }
    assert.deepEqual(await site.sent(), []);
  });

  test('a full list is exit code 1, and the message says what is in it', async () => {
    const entries = Array.from({ length: 20 }, (_, at) => `https://p${at}.example.com/cb`);
    const { id: full } = await site.json([
      'create',
      '--name',
      'Full',
      ...entries.flatMap((uri) => ['--redirect-uri', uri]),
    ]);
    for (const more of [[], ['--dry-run']]) {
      const { code, stderr } = await site.cli(['allow', full, 'https://one.example.com/cb', ...more]);
      assert.equal(code, 1);
      assert.match(stderr, /at most 20/);
    }
  });

  test('an unknown app is exit code 1, and the candidates are listed', async () => {
    const { code, stderr } = await site.cli(['allow', '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11', URI]);
    assert.equal(code, 1);
    assert.match(stderr, /Storefront/);
  });
});

describe('check', { concurrency: false }, () => {
  const site = emulated();
  const args = (url, ...more) => ['check', 'name:Storefront', url, ...more];

  test('a URL that is listed is allowed', async () => {
    await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI, '--redirect-domain', 'shop.example.com']);
    const verdict = await site.json(args(URI));
    assert.deepEqual([verdict.allowed, verdict.matched], [true, URI]);
    const { code, stdout } = await site.cli(args('https://shop.example.com/thanks', '--after', 'other'));
    assert.equal(code, 0);
    assert.match(stdout, /^allowed after other processes\n {2}by the entry shop\.example\.com$/m);
  });

  test('a URL that is not is exit code 3, with a caret under the first difference', async () => {
    for (const [url, entry, at] of [
      ['https://shop.example.com/cbx', URI, 27],
      ['https://shop.example.com/CB', URI, 25],
      ['http://shop.example.com/cb', URI, 4],
    ]) {
      const { code, stdout } = await site.cli(args(url));
      assert.equal(code, 3);
      assert.ok(stdout.includes(`\n  ${entry}\n  ${url}\n  ${' '.repeat(at)}^\n`), stdout);
      const json = await site.cli(args(url, '--json'));
      assert.equal(json.code, 3);
      assert.deepEqual(JSON.parse(json.stdout).nearest, { entry, at });
    }
  });

  test('--fix allows the URL, and a dry run only says so', async () => {
    const url = 'https://shop.example.com/cbx';
    const dry = await site.cli(args(url, '--fix', '--dry-run'));
    assert.equal(dry.code, 0);
    assert.match(dry.stderr, /would allow https:\/\/shop\.example\.com\/cbx/);
    assert.equal((await site.cli(args(url))).code, 3);
    assert.deepEqual(await site.json(args(url, '--fix')).then(({ allowed, matched }) => [allowed, matched]), [
      true,
      url,
    ]);
    assert.equal((await site.cli(args(url))).code, 0);
  });

  test('--fix does not allow what no entry can allow', async () => {
    const { code, stderr } = await site.cli(args('http://shop.example.com/cb', '--fix'));
    assert.equal(code, 3);
    assert.match(stderr, /--fix: there is no entry/);
  });
});

describe('lint', { concurrency: false }, () => {
  const site = emulated();

  test('warnings are exit code 0, and errors exit code 3', async () => {
    await site.json(['create', '--name', 'Stranded', '--redirect-uri', URI]);
    await site.json(['create', '--name', 'Fine', '--redirect-uri', URI, '--redirect-domain', 'shop.example.com']);
    const results = await site.json(['lint']);
    assert.deepEqual(results.map(({ name, violations }) => [name, violations.map(({ rule }) => rule)]).sort(), [
      ['Fine', []],
      ['Stranded', ['NO_DOMAINS']],
    ]);
    const { code, stdout } = await site.cli(['lint', 'name:Stranded', 'name:Fine']);
    assert.equal(code, 0);
    assert.match(stdout, /2 apps, 0 errors, 1 warning$/m);
  });

  test('a file is checked without credentials', async () => {
    const env = { WIX_API_KEY: '', WIX_SITE_ID: '' };
    writeFileSync(
      site.path('wix.yaml'),
      `apps:\n  - name: Shop\n    allowedRedirectUris: [${URI}]\n    allowedRedirectDomains: [shop.example.com]\n`,
    );
    assert.deepEqual(
      (await site.json(['lint', '--from', 'wix.yaml'], { env })).map(({ id, violations }) => [id, violations]),
      [[null, []]],
    );
    writeFileSync(
      site.path('bad.yaml'),
      'apps:\n  - name: Shop\n    allowedRedirectUri: [x]\n    allowedRedirectUris: [5]\n',
    );
    const { code, stderr } = await site.cli(['lint', '--from', 'bad.yaml'], { env });
    assert.equal(code, 2);
    assert.match(stderr, /bad\.yaml:3:5: .*allowedRedirectUris/);
    assert.match(stderr, /bad\.yaml:4:27: /);
    writeFileSync(site.path('broken.yaml'), 'apps:\n  - name: "Shop\n');
    const broken = await site.cli(['lint', '--from', 'broken.yaml'], { env });
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /broken\.yaml:\d+:\d+: /);
  });

  test('--probe reports hosts that no longer exist', async () => {
    await site.json([
      'create',
      '--name',
      'Gone',
      '--redirect-uri',
      'https://old.team.invalid/cb',
      '--redirect-domain',
      'old.team.invalid',
    ]);
    assert.equal((await site.cli(['lint', 'name:Gone'])).code, 0);
    const { code, stdout } = await site.cli(['lint', 'name:Gone', '--probe', '--json']);
    assert.equal(code, 3);
    const [{ violations }] = JSON.parse(stdout);
    assert.deepEqual(
      violations.filter(({ rule }) => rule === 'GONE_HOST').map(({ field }) => field),
      ['allowedRedirectUris[0]', 'allowedRedirectDomains[0]'],
    );
  });
});
