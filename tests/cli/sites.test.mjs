// Commands for many sites.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { emulated } from './support/command.mjs';
import { inTerminal, withoutTerminal } from './support/terminal.mjs';

const idOf = (at) => `e3a1e3a1-0000-4000-8000-${String(at).padStart(12, '0')}`;
const IDS = [1, 2, 3].map(idOf);
const UNKNOWN = idOf(404);

describe('--sites', { concurrency: false }, () => {
  const site = emulated(IDS.flatMap((id) => ['--site-id', id]));
  const write = (name, text) => writeFileSync(site.path(name), text);
  const report = (name) =>
    site
      .read(name)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  test('a command runs for each site, with the columns of the file in the configuration', async () => {
    write('sites.csv', `siteId,city\n${IDS.map((id, at) => `${id},City ${at}`).join('\n')}\n`);
    write(
      'wix-oauth-apps.yaml',
      'apps:\n  - name: Shop of ${site.city}\n    allowedRedirectDomains: [shop.example.com]\n',
    );
    const { sites, summary } = await site.json(['apply', '--sites', 'sites.csv', '--report', 'apply.jsonl']);
    assert.deepEqual(summary, { total: 3, done: 3, failed: 0, skipped: 0, left: 0 });
    assert.deepEqual(
      sites.map(({ siteId, ok }) => [siteId, ok]),
      IDS.map((id) => [id, true]),
    );
    assert.deepEqual(
      sites.map(({ result }) => result.done[0].name),
      ['Shop of City 0', 'Shop of City 1', 'Shop of City 2'],
    );
    for (const [at, id] of IDS.entries()) {
      const apps = await site.json(['list', '--site', id]);
      assert.deepEqual(
        apps.map(({ name }) => name),
        [`Shop of City ${at}`],
      );
    }
    assert.deepEqual(
      report('apply.jsonl')
        .map(({ siteId, ok }) => [siteId, ok])
        .sort(),
      IDS.map((id) => [id, true]),
    );
  });

  test('text has a block a site on standard output, and a line a site on standard error', async () => {
    write('sites.txt', IDS.join('\n'));
    const { code, stdout, stderr } = await site.cli(['list', '--sites', 'sites.txt', '--concurrency', '1']);
    assert.equal(code, 0);
    assert.deepEqual(
      stdout.split('\n').filter((line) => IDS.includes(line)),
      IDS,
    );
    assert.deepEqual(stderr.split('\n'), [
      ...IDS.map((id, at) => `[${at + 1}/3] ${id} done`),
      '3 sites done, 0 failed',
      '',
    ]);
  });

  test('a site that fails does not stop the others', async () => {
    write('some.txt', [UNKNOWN, ...IDS].join('\n'));
    const args = ['list', '--sites', 'some.txt', '--report', 'some.jsonl'];
    const { code, stderr } = await site.cli(args);
    assert.equal(code, 1);
    assert.ok(stderr.includes(`SITES_FAILED: 3 sites done, 1 failed\n  ${UNKNOWN}: PERMISSION_DENIED`), stderr);
    const { siteId, ok, error } = report('some.jsonl').find((line) => !line.ok);
    assert.deepEqual([siteId, ok, error.code, error.status], [UNKNOWN, false, 'PERMISSION_DENIED', 403]);
    const json = await site.cli([...args, '--json', '--resume']);
    assert.equal(json.code, 1);
    assert.deepEqual(JSON.parse(json.stdout).summary, { total: 4, done: 0, failed: 1, skipped: 3, left: 0 });
    assert.equal(JSON.parse(json.stderr).error.sites[0].siteId, UNKNOWN);
  });

  test('--resume skips what is done, also after a line that was cut off', async () => {
    write('torn.jsonl', `${JSON.stringify({ siteId: IDS[0].toUpperCase(), ok: true })}\n{"siteId":"${IDS[1]}","o`);
    const { code, stderr } = await site.cli(['list', '--sites', 'sites.txt', '--report', 'torn.jsonl', '--resume']);
    assert.equal(code, 0);
    assert.match(stderr, /torn\.jsonl: line 2 cannot be read/);
    assert.match(stderr, /2 sites done, 0 failed, 1 skipped, done before/);
    assert.equal(site.read('torn.jsonl').split('\n').length, 5);
    const again = await site.json(['list', '--sites', 'sites.txt', '--report', 'torn.jsonl', '--resume']);
    assert.deepEqual(again, { sites: [], summary: { total: 3, done: 0, failed: 0, skipped: 3, left: 0 } });
  });

  test('a report of another command is refused', async () => {
    const { code, stderr } = await site.cli([
      'list',
      '--name',
      'x',
      '--sites',
      'sites.txt',
      '--report',
      'some.jsonl',
      '--resume',
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /some\.jsonl|other arguments/);
  });

  test('shards have each site once, in whatever order the file is', async () => {
    const many = Array.from({ length: 64 }, (_, at) => idOf(at));
    write('many.txt', many.join('\n'));
    write('reversed.txt', many.toReversed().join('\n'));
    const shard = async (file, part) => {
      const { stdout } = await site.cli(['list', '--sites', file, '--shard', `${part}/8`, '--json', '--retries', '0']);
      return JSON.parse(stdout).sites.map(({ siteId }) => siteId);
    };
    const parts = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((part) => shard('many.txt', part)));
    assert.deepEqual(parts.flat().sort(), many);
    assert.deepEqual((await shard('reversed.txt', 3)).sort(), parts[2].toSorted());
  });

  test('a file that is written has a name for each site', async () => {
    await site.json(['plan', '--sites', 'sites.csv', '--out', 'plan.json']);
    for (const id of IDS) assert.ok(existsSync(site.path(`plan.${id}.json`)));
    const { summary } = await site.json(['apply', 'plan.json', '--sites', 'sites.csv']);
    assert.equal(summary.done, 3);
    const app = ['create', '--name', 'With secret', '--sites', 'sites.txt', '--secret-file', 'app.secret'];
    assert.equal((await site.json(app)).summary.done, 3);
    const secrets = IDS.map((id) => readFileSync(site.path(`app.${id}.secret`), 'utf8'));
    assert.equal(new Set(secrets).size, 3);
  });

  test('exit code 3 if the answer of a site is no', async () => {
    write('more.yaml', 'apps:\n  - name: More\n    allowedRedirectDomains: [shop.example.com]\n');
    assert.equal((await site.cli(['plan', '-f', 'more.yaml', '--sites', 'sites.txt', '--exit-code'])).code, 3);
  });

  test('wrong usage is exit code 2, and nothing is sent', async () => {
    write('twice.txt', [IDS[0], IDS[1], IDS[0].toUpperCase()].join('\n'));
    write('bad.txt', `${IDS[0]}\nhttps://shop.example.com\n`);
    write('town.yaml', 'apps:\n  - name: ${site.town}\n');
    await site.sent();
    for (const [args, message] of [
      [['--sites', 'twice.txt'], /twice\.txt:3: .* is in line 1 already/],
      [['--sites', 'bad.txt'], /bad\.txt:2: .*is the address of a site, not its ID/],
      [['--sites', 'missing.txt'], /missing\.txt cannot be read/],
      [['--sites', 'sites.txt', '--site', IDS[0]], /--site and --sites are both given/],
      [['--sites', 'sites.txt', '--shard', '9/8'], /there is no part 9 of 8/],
      [['--sites', 'sites.txt', '--shard', 'x'], /such as 3\/8/],
      [['--sites', 'sites.txt', '--concurrency', '0'], /whole number from 1/],
      [['--sites', 'sites.txt', '--resume'], /--report FILE/],
      [['--sites', 'sites.txt', '--report', 'missing/report'], /missing\/report cannot be written/],
      [['--shard', '1/8'], /give --sites FILE too/],
      [['--resume'], /give --sites FILE too/],
    ]) {
      const { code, stderr } = await site.cli(['list', ...args]);
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.match(stderr, message);
    }
    const town = await site.cli(['apply', '-f', 'town.yaml', '--sites', 'sites.csv']);
    assert.equal(town.code, 2);
    assert.match(town.stderr, /town\.yaml:2:11: .*town/);
    const remove = await site.cli(['delete', 'name:More', '--sites', 'sites.txt']);
    assert.equal(remove.code, 2);
    assert.match(remove.stderr, /--yes/);
    const file = await site.cli(['ensure', '--name', 'Shop', '--sites', 'sites.txt', '--env-file-out', '.env']);
    assert.equal(file.code, 2);
    assert.deepEqual(await site.sent(), []);
  });

  test('a terminal shows a bar and the failures', { skip: withoutTerminal }, async () => {
    for (const columns of [80, 40]) {
      const { code, output } = await inTerminal(['get', 'name:None', '--sites', 'sites.txt'], {
        env: site.env,
        cwd: site.folder,
        columns,
      });
      assert.equal(code, 1);
      assert.match(output, /\[[#.]+\] \d\/3/);
      assert.match(output, new RegExp(`\\[\\d/3\\] ${IDS[0]}`));
    }
  });

  test('a reader that leaves does not stop the work', async () => {
    const args = ['ensure', '--name', 'Behind a pipe', '--redirect-domain', 'pipe.example.com', '--sites', 'sites.txt'];
    const { code } = await site.cli(args, { wrapper: ['sh', '-c', '"$@" | true', 'sh'] });
    assert.equal(code, 0);
    for (const id of IDS) {
      assert.equal((await site.json(['list', '--name', 'Behind a pipe', '--site', id])).length, 1);
    }
  });

  test('apply asks for many sites only if it may delete', { skip: withoutTerminal }, async () => {
    const options = { env: site.env, cwd: site.folder };
    const keep = await inTerminal(['apply', '--sites', 'sites.csv'], options);
    assert.equal(keep.code, 0, keep.output);
    write('delete.yaml', 'apps: []\nunlisted: delete\n');
    const steps = [['[y/N]', 'n\r']];
    const asked = await inTerminal(['apply', '-f', 'delete.yaml', '--sites', 'sites.csv'], { ...options, steps });
    assert.equal(asked.code, 1, asked.output);
    const piped = await site.cli(['apply', '-f', 'delete.yaml', '--sites', 'sites.csv']);
    assert.equal(piped.code, 1);
    assert.match(piped.stderr, /SITES_FAILED: 0 sites done, 3 failed\n.*would delete/);
  });

  test('a deletion is asked about once for all sites', { skip: withoutTerminal }, async () => {
    const args = ['delete', 'name:With secret', '--sites', 'sites.txt'];
    const options = { env: site.env, cwd: site.folder };
    const no = await inTerminal(args, { ...options, steps: [['[y/N]', 'n\r']] });
    assert.equal(no.code, 1);
    const yes = await inTerminal(args, { ...options, steps: [['[y/N]', 'y\r']] });
    assert.equal(yes.code, 0, yes.output);
    assert.equal((await site.json(['list', '--name', 'With secret', '--site', IDS[0]])).length, 0);
  });
});
