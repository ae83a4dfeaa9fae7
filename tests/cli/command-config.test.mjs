// The commands about the configuration file: export, plan and apply.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { emulated, packageFolder } from './support/command.mjs';
import { start } from './support/emulate.mjs';
import { inTerminal, withoutTerminal } from './support/terminal.mjs';

const URI = 'https://shop.example.com/cb';
const ADMIN = 'https://admin.example.com/cb';
const PREVIEW = 'https://a-team.vercel.app/cb';

const config = (apps, rest = {}) => JSON.stringify({ apps, ...rest });
const shop = { name: 'Storefront', allowedRedirectUris: [URI], allowedRedirectDomains: ['shop.example.com'] };
const admin = { name: 'Admin', allowedRedirectUris: [ADMIN], allowedRedirectDomains: ['admin.example.com'] };
const sizes = ({ create, update, delete: deleted, unchanged }) => [create, update, deleted, unchanged];
const isWrite = (line) => /^(POST|PATCH|DELETE) \S+$/.test(line) && !line.endsWith('/query');

/** Writes a file into the working directory of the commands. */
const writer = (site) => (name, text) => writeFileSync(site.path(name), text);

describe('export', { concurrency: false }, () => {
  const site = emulated();

  test('prints a file that plans no change', async () => {
    await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI, '--redirect-domain', 'shop.example.com']);
    const { code, stdout, stderr } = await site.cli(['export', '--out', 'wix-oauth-apps.yaml']);
    assert.deepEqual([code, stdout, stderr], [0, '', 'Wrote 1 app to wix-oauth-apps.yaml.\n']);
    const text = site.read('wix-oauth-apps.yaml');
    assert.equal((await site.cli(['export'])).stdout, text);
    const [{ name, allowedRedirectUris, secret }] = parse(text).apps;
    assert.deepEqual([name, allowedRedirectUris, secret], ['Storefront', [URI], undefined]);
    assert.deepEqual(await site.json(['export']), parse(text));
    assert.deepEqual(sizes((await site.json(['plan', '--exit-code'])).summary), [0, 0, 0, 1]);
  });

  test('the first line names the schema that the package ships', () => {
    const [first] = site.read('wix-oauth-apps.yaml').split('\n');
    const [, version, file] =
      /^# yaml-language-server: \$schema=https:\/\/unpkg\.com\/wix-oauth-apps-cli@([^/]+)\/(\S+)$/.exec(first);
    assert.equal(version, JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version);
    const schema = JSON.parse(readFileSync(join(packageFolder, file), 'utf8'));
    for (const key of Object.keys(parse(site.read('wix-oauth-apps.yaml')).apps[0])) {
      assert.ok(key in schema.definitions.app.properties, key);
    }
  });

  test('writes JSON into a file whose name ends in .json', async () => {
    await site.cli(['export', '--out', 'apps.json']);
    const { $schema, ...rest } = JSON.parse(site.read('apps.json'));
    assert.match($schema, /config\.schema\.json$/);
    assert.deepEqual(rest, await site.json(['export']));
    assert.deepEqual((await site.json(['plan', '-f', 'apps.json'])).changes, []);
  });

  test('a file that cannot be written is a failure', async () => {
    const { code, stderr } = await site.cli(['export', '--out', 'missing/file.yaml']);
    assert.equal(code, 1);
    assert.match(stderr, /OUTPUT: --out: missing\/file\.yaml cannot be written/);
  });
});

describe('plan', { concurrency: false }, () => {
  const site = emulated();
  const write = writer(site);

  test('shows a readable difference, and changes nothing', async () => {
    const { id } = await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI]);
    write('wix-oauth-apps.yaml', config([{ ...shop, allowedRedirectUris: [`${URI}2`, URI].slice(0, 1), id }, admin]));
    await site.sent();
    const { code, stdout } = await site.cli(['plan']);
    assert.equal(code, 0);
    assert.ok(
      stdout.includes(`~ update the app Storefront (${id})\n    allowedRedirectUris:\n      - ${URI}\n      + ${URI}2`),
    );
    assert.ok(stdout.includes('+ create the app Admin\n'));
    assert.match(stdout, /Plan: 1 to create, 1 to update, 0 to delete, 0 unchanged\.\n$/);
    assert.deepEqual((await site.sent()).filter(isWrite), []);
  });

  test('--json has the changes and the summary', async () => {
    const { changes, summary, ...rest } = await site.json(['plan']);
    assert.deepEqual(rest, {});
    assert.deepEqual(summary, { create: 1, update: 1, delete: 0, unchanged: 0 });
    const [update, create] = changes;
    assert.deepEqual(Object.keys(update), ['action', 'id', 'name', 'fields']);
    assert.deepEqual([update.action, create.action, create.id], ['update', 'create', null]);
    assert.deepEqual(update.fields[0], {
      field: 'allowedRedirectUris',
      before: [URI],
      after: [`${URI}2`],
      added: [`${URI}2`],
      removed: [URI],
    });
  });

  test('--exit-code ends with 3 if there are changes', async () => {
    assert.equal((await site.cli(['plan', '--exit-code'])).code, 3);
    write('none.yaml', config([]));
    assert.equal((await site.cli(['plan', '--exit-code', '-f', 'none.yaml'])).code, 0);
  });

  test('variables come from the environment, with defaults', async () => {
    write('env.yaml', 'apps:\n  - name: ${NAME}\n    allowedRedirectUris: ["${HOST:-http://localhost:3000}/cb"]\n');
    const { changes } = await site.json(['plan', '-f', 'env.yaml'], { env: { NAME: 'From CI' } });
    assert.deepEqual([changes[0].name, changes[0].fields[1].after], ['From CI', ['http://localhost:3000/cb']]);
  });

  test('entries that match ignore are left alone', async () => {
    await site.json(['allow', 'name:Storefront', PREVIEW]);
    const ignore = ['https://*-team.vercel.app/**'];
    write('ignore.yaml', config([{ name: 'Storefront', allowedRedirectUris: [URI], ignore }]));
    assert.deepEqual((await site.json(['plan', '-f', 'ignore.yaml'])).changes, []);
    await site.json(['disallow', 'name:Storefront', PREVIEW]);
  });

  test('every fault of the file is reported at once, at its line and column, and nothing is sent', async () => {
    write('bad.yaml', 'apps:\n  - nam: Shop\n    allowedRedirectUris: [http://x.example.com/cb]\n  - name: ${NOPE}\n');
    await site.sent();
    const { code, stdout, stderr } = await site.cli(['plan', '-f', 'bad.yaml']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /bad\.yaml:2:5: .*did you mean name\?/);
    assert.match(stderr, /bad\.yaml:3:27: .*plain http/);
    assert.match(stderr, /bad\.yaml:4:11: .*NOPE/);
    assert.deepEqual(await site.sent(), []);
    const json = await site.cli(['apply', '-f', 'bad.yaml', '--json']);
    assert.equal(json.code, 2);
    assert.ok(JSON.parse(json.stderr).error.violations.length >= 3);
  });

  test('a malformed file, and a missing one, are exit code 2', async () => {
    write('torn.yaml', 'apps:\n  - name: [Shop\n');
    const torn = await site.cli(['plan', '-f', 'torn.yaml']);
    assert.equal(torn.code, 2);
    assert.match(torn.stderr, /torn\.yaml:\d+:\d+: /);
    for (const args of [['plan', '-f', 'missing.yaml'], ['plan']]) {
      const { code, stderr } = await site.cli(args, { cwd: args.length > 1 ? site.folder : packageFolder });
      assert.equal(code, 2);
      assert.match(stderr, /missing\.yaml cannot be read|there is no wix-oauth-apps\.yaml in this folder/);
    }
  });
});

describe('apply', { concurrency: false }, () => {
  const site = emulated();
  const write = writer(site);

  test('--dry-run sends no write', async () => {
    write('wix-oauth-apps.yaml', config([shop, admin]));
    const { code, stderr } = await site.cli(['apply', '--dry-run']);
    assert.deepEqual([code, stderr], [0, 'Dry run: nothing was changed.\n']);
    assert.deepEqual((await site.sent()).filter(isWrite), []);
  });

  test('makes the changes, and a second run changes nothing', async () => {
    const { changes, summary, done, failed } = await site.json(['apply']);
    assert.deepEqual([sizes(summary), changes.length, done.length, failed], [[2, 0, 0, 0], 2, 2, []]);
    assert.deepEqual((await site.json(['list'])).map(({ id }) => id).sort(), done.map(({ id }) => id).sort());
    await site.sent();
    const again = await site.json(['apply']);
    assert.deepEqual([sizes(again.summary), again.done], [[0, 0, 0, 2], []]);
    assert.deepEqual((await site.sent()).filter(isWrite), []);
  });

  test('--backup writes a file that restores the apps, and keeps an earlier one', async () => {
    const before = (await site.json(['list'])).map(({ allowSecretGeneration: _, ...app }) => app);
    write('next.yaml', config([{ ...shop, description: 'New', allowedRedirectUris: [URI, `${URI}2`] }]));
    await site.json(['apply', '-f', 'next.yaml', '--backup', 'before.yaml']);
    assert.match(site.read('before.yaml'), /^# yaml-language-server/);
    const { code, stderr } = await site.cli(['apply', '-f', 'before.yaml', '--backup', 'before.yaml']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /before\.yaml exists and stays; the backup is in before-2\.yaml/);
    assert.equal(parse(site.read('before-2.yaml')).apps.find(({ name }) => name === 'Storefront').description, 'New');
    const restored = (await site.json(['list'])).map(({ allowSecretGeneration: _, ...app }) => app);
    assert.deepEqual(
      restored.map(({ id, description = '', allowedRedirectUris }) => [id, description, allowedRedirectUris]),
      before.map(({ id, description = '', allowedRedirectUris }) => [id, description, allowedRedirectUris]),
    );
  });

  test('deletions need --yes without a terminal', async () => {
    write('less.yaml', config([shop], { unlisted: 'delete' }));
    await site.sent();
    const { code, stderr } = await site.cli(['apply', '-f', 'less.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /would delete Admin \(.*--yes/);
    assert.deepEqual((await site.sent()).filter(isWrite), []);
    const { done } = await site.json(['apply', '-f', 'less.yaml', '--yes']);
    assert.deepEqual(
      done.map(({ action, name }) => [action, name]),
      [['delete', 'Admin']],
    );
  });

  test('a plan file is applied once, and then has nothing left', async () => {
    write('next.yaml', config([shop, admin]));
    await site.json(['plan', '-f', 'next.yaml', '--out', 'plan.json']);
    assert.ok(statSync(site.path('plan.json')).isFile());
    assert.equal((await site.json(['apply', 'plan.json'])).done.length, 1);
    const again = await site.json(['apply', 'plan.json']);
    assert.deepEqual([again.done, again.alreadyDone.length], [[], 1]);
  });

  test('a plan is refused when the site has changed', async () => {
    write('next.yaml', config([{ ...shop, description: 'Planned' }]));
    await site.json(['plan', '-f', 'next.yaml', '--out', 'plan.json']);
    await site.json(['update', 'name:Storefront', '--description', 'By somebody else']);
    await site.sent();
    const { code, stderr } = await site.cli(['apply', 'plan.json']);
    assert.equal(code, 1);
    assert.match(stderr, /CONFLICT: the site has changed since the plan was made: .*Storefront/);
    assert.deepEqual((await site.sent()).filter(isWrite), []);
  });

  test('a plan of another version, another file and two files are exit code 2, and nothing is sent', async () => {
    write('old.json', JSON.stringify({ ...JSON.parse(site.read('plan.json')), version: 99 }));
    await site.sent();
    for (const [args, message] of [
      [['apply', 'old.json'], /old\.json: the plan has version 99, and this program reads version 1/],
      [['apply', 'next.yaml'], /next\.yaml: the file is no plan/],
      [['apply', 'missing.json'], /missing\.json cannot be read/],
      [['apply', 'plan.json', '-f', 'next.yaml'], /a plan file and -f are both given/],
    ]) {
      const { code, stderr } = await site.cli(args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    }
    write('delete.yaml', config([], { unlisted: 'delete' }));
    await site.json(['plan', '-f', 'delete.yaml', '--out', 'delete.json']);
    await site.sent();
    assert.equal((await site.cli(['apply', 'delete.json'])).code, 2);
    assert.deepEqual(await site.sent(), []);
  });

  test('asks on a terminal before it deletes', { skip: withoutTerminal }, async () => {
    const options = { env: site.env, cwd: site.folder };
    const no = await inTerminal(['apply', '-f', 'less.yaml'], { ...options, steps: [['[y/N]', 'n\r']] });
    assert.equal(no.code, 1);
    assert.match(no.output.replace(/\s+/g, ' '), /Nobody can log in with the client ID .* of Admin any more/);
    assert.equal((await site.json(['list'])).length, 2);
    const yes = await inTerminal(['apply', '-f', 'less.yaml'], { ...options, steps: [['[y/N]', 'y\r']] });
    assert.equal(yes.code, 0, yes.output);
    assert.equal((await site.json(['list'])).length, 1);
  });

  test('the difference is readable on a terminal of 40 columns', { skip: withoutTerminal }, async () => {
    write('wide.yaml', config([{ name: 'A new app', description: 'A long text. '.repeat(12) }]));
    const { code, output } = await inTerminal(['plan', '-f', 'wide.yaml'], {
      env: site.env,
      cwd: site.folder,
      columns: 40,
    });
    assert.equal(code, 0);
    const plain = output.replace(/\x1b\[[\d;]*m/g, '');
    assert.ok(output.includes('\x1b[32m'), 'there are colours');
    assert.deepEqual(
      plain.split('\n').filter((line) => line.length > 40 && !line.startsWith('warning')),
      [],
    );
  });
});

describe('apply after a failure half-way', { concurrency: false }, () => {
  // The third request of a run is refused: a query, a create, and then a create that is over the limit.
  const site = emulated(['--rate-limit', '2/3000', '--no-retry-after']);
  const write = writer(site);
  const wait = () => new Promise((resolve) => setTimeout(resolve, 3_100));

  test('says what was done and what was not, and the next run does the rest', async () => {
    const apps = ['One', 'Two', 'Three'].map((name) => ({
      name,
      allowedRedirectUris: [`https://${name.toLowerCase()}.example.com/cb`],
    }));
    write('wix-oauth-apps.yaml', config(apps));
    await site.sent();
    await wait();
    const { code, stdout, stderr } = await site.cli(['apply', '--json', '--retries', '0']);
    assert.equal(code, 1, stderr);
    const { changes, done, failed } = JSON.parse(stdout);
    assert.deepEqual([changes.length, done.map(({ name }) => name)], [3, ['One']]);
    assert.deepEqual(
      failed.map(({ name, error }) => [name, error.code]),
      [
        ['Two', 'RATE_LIMITED'],
        ['Three', 'NOT_TRIED'],
      ],
    );
    const { error } = JSON.parse(stderr);
    assert.equal(error.code, 'RATE_LIMITED');
    assert.match(error.message, /done before: create the app One; not done: create the app Two, create the app Three/);
    await wait();
    const rest = await site.cli(['apply', '--json', '--retries', '9']);
    assert.equal(rest.code, 0, rest.stderr);
    assert.deepEqual(
      JSON.parse(rest.stdout).done.map(({ name }) => name),
      ['Two', 'Three'],
    );
  });
});

describe('apply that is interrupted', { concurrency: false }, () => {
  const site = emulated(['--latency', '300']);

  test('says what was done, what perhaps, and what was not', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `App ${String(at).padStart(2, '0')}`);
    writer(site)(
      'wix-oauth-apps.yaml',
      config(names.map((name) => ({ name, allowedRedirectDomains: ['a.example.com'] }))),
    );
    const { child, output, ended } = start(['apply'], { isolated: true, cwd: site.folder, env: site.env });
    const query = { method: 'POST', body: '{}' };
    const count = async () =>
      (await (await site.request('/oauth-app/v1/oauth-apps/query', query)).json()).oAuthApps.length;
    while ((await count()) === 0);
    child.kill('SIGINT');
    assert.deepEqual(await ended, { code: 130, signal: null });
    assert.match(
      output.stderr,
      /ABORTED: interrupted; done: create the app App 00.*; not done: .*create the app App 11/,
    );
    const { done } = await site.json(['apply']);
    assert.ok(done.length >= 1);
    const listed = await site.json(['list']);
    assert.deepEqual(listed.map(({ name }) => name).sort(), names);
  });
});
