// The commands about preview deployments.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { emulated } from './support/command.mjs';

const URI = 'https://shop.example.com/cb';
const PATTERN = 'https://*-team.vercel.app';
const host = (name) => `${name}-team.vercel.app`;
const callback = (name) => `https://${host(name)}/api/auth/callback`;
const none = { uris: [], domains: [] };
const both = (...names) => ({ uris: names.map(callback), domains: names.map(host) });

describe('previews', { concurrency: false }, () => {
  const site = emulated();
  const lists = async () => {
    const { allowedRedirectUris, allowedRedirectDomains } = await site.json(['get', 'name:Storefront']);
    return { uris: allowedRedirectUris, domains: allowedRedirectDomains };
  };

  test('add registers the callback and the host', async () => {
    await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI, '--redirect-domain', 'shop.example.com']);
    const { oAuthApp, added, removed } = await site.json(['preview', 'add', 'name:Storefront', `https://${host('a')}`]);
    assert.deepEqual([added, removed], [both('a'), none]);
    assert.deepEqual(oAuthApp.allowedRedirectUris, [URI, callback('a')]);
    const again = await site.json(['preview', 'add', 'name:Storefront', host('a')]);
    assert.deepEqual([again.added, again.removed], [none, none]);
  });

  test('the callback can be another path', async () => {
    const { added } = await site.json(['preview', 'add', 'name:Storefront', host('b'), '--callback', '/login/done']);
    assert.deepEqual(added, { uris: [`https://${host('b')}/login/done`], domains: [host('b')] });
  });

  test('remove takes both away, and names what stays of the host', async () => {
    const { code, stdout, stderr } = await site.cli([
      'preview',
      'remove',
      'name:Storefront',
      host('b'),
      '--dry-run',
      '--json',
    ]);
    assert.deepEqual([code, JSON.parse(stdout).removed], [0, { uris: [], domains: [host('b')] }]);
    assert.match(stderr, /stay, because their path is another: https:\/\/b-team\.vercel\.app\/login\/done/);
    const { removed } = await site.json([
      'preview',
      'remove',
      'name:Storefront',
      host('b'),
      '--callback',
      '/login/done',
    ]);
    assert.deepEqual(removed, { uris: [`https://${host('b')}/login/done`], domains: [host('b')] });
    const again = await site.json(['preview', 'remove', 'name:Storefront', host('b')]);
    assert.deepEqual(again.removed, none);
  });

  test('prune keeps the list, and touches nothing outside the pattern', async () => {
    for (const name of ['b', 'c']) await site.json(['preview', 'add', 'name:Storefront', host(name)]);
    writeFileSync(site.path('keep.txt'), `# open pull requests\nhttps://${host('b')}\n`);
    const prune = ['preview', 'prune', 'name:Storefront', '--pattern', PATTERN, '--keep', 'keep.txt'];
    assert.deepEqual((await site.json([...prune, '--dry-run'])).removed, both('a', 'c'));
    assert.deepEqual((await lists()).uris.length, 4);
    assert.deepEqual((await site.json(prune)).removed, both('a', 'c'));
    assert.deepEqual(await lists(), { uris: [URI, callback('b')], domains: ['shop.example.com', host('b')] });
  });

  test('the keep list can come from standard input', async () => {
    const prune = ['preview', 'prune', 'name:Storefront', '--pattern', PATTERN, '--keep', '-'];
    const { code, stdout } = await site.cli([...prune, '--json'], {
      wrapper: ['sh', '-c', `echo ${host('b')} | "$@"`, 'sh'],
    });
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).removed, none);
  });

  test('an empty keep list keeps no preview, and says so', async () => {
    writeFileSync(site.path('empty.txt'), '\n');
    const prune = ['preview', 'prune', 'name:Storefront', '--pattern', PATTERN, '--keep', 'empty.txt', '--dry-run'];
    const { code, stderr } = await site.cli(prune);
    assert.equal(code, 0);
    assert.match(stderr, /empty\.txt has no line, so no preview is kept/);
  });

  test('--gone removes the previews whose host does not exist', async () => {
    await site.json(['allow', 'name:Storefront', 'https://x-team.gone.invalid/cb', 'x-team.gone.invalid']);
    const { removed } = await site.json([
      'preview',
      'prune',
      'name:Storefront',
      '--pattern',
      'https://*-team.gone.invalid',
      '--gone',
    ]);
    assert.deepEqual(removed, { uris: ['https://x-team.gone.invalid/cb'], domains: ['x-team.gone.invalid'] });
  });

  test('a full list tells how to make room, and --evict-oldest makes it among the previews only', async () => {
    const names = Array.from({ length: 18 }, (_, at) => `p${at}`);
    await site.json([
      'allow',
      'name:Storefront',
      ...names.flatMap((name) => ['--uri', callback(name), '--domain', host(name)]),
    ]);
    const add = ['preview', 'add', 'name:Storefront', host('last')];
    const { code, stderr } = await site.cli(add);
    assert.equal(code, 1);
    assert.match(stderr, /takes at most 20 entries and has 20: .*--evict-oldest/s);
    const { added, removed, oAuthApp } = await site.json([...add, '--evict-oldest', '--pattern', PATTERN]);
    assert.deepEqual([added, removed], [both('last'), both('b')]);
    assert.equal(oAuthApp.allowedRedirectUris.length, 20);
    const other = await site.cli([
      ...add.slice(0, 3),
      'other.example.net',
      '--evict-oldest',
      '--pattern',
      'https://*-else.vercel.app',
    ]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /none of the entries is a preview of/);
    assert.ok((await lists()).uris.includes(URI));
  });

  test('several jobs at once lose no entry', async () => {
    await site.json(['create', '--name', 'Busy', '--redirect-domain', 'shop.example.com']);
    const names = ['j1', 'j2', 'j3', 'j4', 'j5'];
    const runs = names.map((name) => site.json(['preview', 'add', 'name:Busy', host(name)]));
    await Promise.all(runs);
    const { allowedRedirectUris } = await site.json(['get', 'name:Busy']);
    assert.deepEqual(allowedRedirectUris.sort(), names.map(callback));
  });

  test('wrong arguments are exit code 2, and nothing is sent', async () => {
    writeFileSync(site.path('bad.txt'), 'shop.example.com\nnot a host\n');
    await site.sent();
    for (const [args, message] of [
      [['add', 'name:Storefront'], /<url> is missing/],
      [['add', 'name:Storefront', 'https://a-team.vercel.app/path'], /has a path/],
      [['add', 'name:Storefront', 'https://*.vercel.app'], /is no URL of a deployment/],
      [['add', 'name:Storefront', host('a'), '--callback', 'cb'], /must be a path that begins with a slash/],
      [['add', 'name:Storefront', host('a'), '--evict-oldest'], /--evict-oldest needs --pattern/],
      [['add', 'name:Storefront', host('a'), '--pattern', PATTERN], /--pattern is for --evict-oldest/],
      [['prune', 'name:Storefront', '--gone'], /--pattern is missing/],
      [['prune', 'name:Storefront', '--pattern', PATTERN], /neither --keep nor --gone/],
      [['prune', 'name:Storefront', '--pattern', PATTERN, '--keep', 'bad.txt', '--gone'], /both given/],
      [
        ['prune', 'name:Storefront', '--pattern', PATTERN, '--keep', 'bad.txt'],
        /bad\.txt:2: .*neither a URL nor a host/,
      ],
      [['prune', 'name:Storefront', '--pattern', '*', '--gone'], /\*/],
      [['prun', 'name:Storefront'], /did you mean preview prune\?/],
    ]) {
      const { code, stderr } = await site.cli(['preview', ...args]);
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
    }
    assert.deepEqual(await site.sent(), []);
  });
});
