// The commands that read and write apps.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { emulated } from './support/command.mjs';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const URI = 'https://shop.example.com/cb';

describe('list and get', () => {
  const site = emulated();

  test('an empty site has an empty list', async () => {
    assert.deepEqual(await site.json(['list']), []);
    const { stdout } = await site.cli(['list']);
    assert.match(stdout, /no apps/);
  });

  test('apps are listed, found by name, URL and ID, and filtered', async () => {
    const shop = await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI]);
    const admin = await site.json(['create', '--name', 'Admin']);
    const ids = (apps) => apps.map(({ id }) => id).sort();
    assert.deepEqual(ids(await site.json(['list'])), ids([shop, admin]));
    assert.deepEqual(ids(await site.json(['list', '--name', 'STORE'])), [shop.id]);
    for (const reference of [shop.id, shop.id.toUpperCase(), 'name:Storefront', `url:${URI}`]) {
      assert.equal((await site.json(['get', reference])).id.toLowerCase(), shop.id, reference);
    }
  });

  test('a table has a line for each app, and no colours in a pipe', async () => {
    const { stdout, stderr } = await site.cli(['list']);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    assert.match(header, /^NAME +CLIENT ID +CREATED +URIS +DOMAINS$/);
    assert.equal(rows.length, 2);
    assert.ok(
      rows.some((row) => /^Storefront +[0-9a-f-]{36} +\d{4}-\d\d-\d\d +1 +0$/.test(row)),
      stdout,
    );
    assert.ok(!stdout.includes('\x1b') && stderr === '');
  });

  test('an app is shown with a line for each entry', async () => {
    const { stdout } = await site.cli(['get', 'name:Storefront']);
    assert.match(stdout, /^name +Storefront\nclient ID +[0-9a-f-]{36}\n/);
    assert.match(stdout, /^allowedRedirectUris +https:\/\/shop\.example\.com\/cb$/m);
  });

  test('shared options may stand before the command', async () => {
    const { code, stdout } = await site.cli(['--json', '--site', site.env.WIX_SITE_ID, 'list']);
    assert.deepEqual([code, JSON.parse(stdout).length], [0, 2]);
  });
});

describe('create and update', () => {
  const site = emulated();

  test('every option sets its field', async () => {
    const fields = {
      name: 'Storefront',
      description: 'The shop',
      loginUrl: 'https://shop.example.com/login',
      logoutUrl: 'https://shop.example.com/logout',
      applicationType: 'WEB_APP',
      technology: 'REACT',
      allowedRedirectUris: [URI, 'http://localhost:3000/cb'],
      allowedRedirectDomains: ['shop.example.com'],
    };
    const args = ['--name', 'Storefront', '--description', 'The shop', '--application-type', 'WEB_APP'];
    args.push('--technology', 'REACT', '--login-url', fields.loginUrl, `--logout-url=${fields.logoutUrl}`);
    args.push(
      '--redirect-uri',
      URI,
      '--redirect-uri',
      'http://localhost:3000/cb',
      '--redirect-domain',
      'shop.example.com',
    );
    const app = await site.json(['create', ...args]);
    assert.match(app.id, GUID);
    assert.equal(app.secret, '[redacted]');
    for (const [name, value] of Object.entries(fields)) assert.deepEqual(app[name], value, name);
  });

  test('an update changes the named fields, replaces lists and clears fields', async () => {
    const app = await site.json([
      'update',
      'name:Storefront',
      '--redirect-uri',
      URI,
      '--clear',
      'login-url',
      '--clear=description',
    ]);
    assert.deepEqual(app.allowedRedirectUris, [URI]);
    assert.deepEqual(app.allowedRedirectDomains, ['shop.example.com']);
    assert.ok(!app.loginUrl && !app.description);
    assert.equal(app.technology, 'REACT');
    assert.deepEqual(
      (await site.json(['update', 'name:Storefront', '--clear', 'allowedRedirectUris'])).allowedRedirectUris,
      [],
    );
  });

  test('a dry run sends no write', async () => {
    await site.sent();
    const created = await site.json(['create', '--name', 'Later', '--dry-run']);
    assert.deepEqual(created, { name: 'Later' });
    const { code, stdout, stderr } = await site.cli(['update', 'name:Storefront', '--description', 'New', '--dry-run']);
    assert.deepEqual([code, /^description +New$/m.test(stdout)], [0, true]);
    assert.match(stderr, /Dry run: would change .*\n {2}description: .* -> New\n/);
    assert.deepEqual(
      (await site.sent()).filter((line) => !line.endsWith('/query')),
      [],
    );
    assert.equal((await site.json(['list'])).length, 1);
  });

  test('fields are read from a file: an app, a configuration, YAML or JSON', async () => {
    const files = {
      'app.json': JSON.stringify({
        name: 'From JSON',
        allowedRedirectUris: [URI],
        id: site.env.WIX_SITE_ID,
        createdDate: 'x',
      }),
      'app.yaml': 'name: From YAML\nallowedRedirectDomains: [shop.example.com]\n',
      'config.yaml':
        'apps:\n  - name: First\n  - name: Second\n    description: ${TEXT:-none}\n    redirects: include\n',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(site.path(name), text);
    assert.deepEqual((await site.json(['create', '--from', 'app.json'])).allowedRedirectUris, [URI]);
    const yaml = await site.json(['create', '--from', 'app.yaml', '--description', 'An option']);
    assert.deepEqual([yaml.name, yaml.description], ['From YAML', 'An option']);
    const options = { env: { TEXT: 'from the environment' } };
    const second = await site.json(['create', '--from', 'config.yaml', '--name', 'Second'], options);
    assert.equal(second.description, 'from the environment');
    const changed = await site.json(['update', 'name:Second', '--from', 'app.yaml', '--name', 'Third']);
    assert.deepEqual([changed.name, changed.allowedRedirectDomains], ['Third', ['shop.example.com']]);
  });
});

describe('delete', () => {
  const site = emulated();

  test('needs --yes without a terminal, and sends nothing before', async () => {
    await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI]);
    await site.sent();
    const { code, stdout, stderr } = await site.cli(['delete', 'name:Storefront']);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.match(stderr, /--yes/);
    assert.deepEqual(await site.sent(), []);
  });

  test('says in a dry run what would stop working', async () => {
    const { code, stderr } = await site.cli(['delete', 'name:Storefront', '--dry-run']);
    assert.equal(code, 0);
    assert.match(stderr, /would delete the app Storefront/);
    assert.ok(stderr.includes(URI));
    assert.equal((await site.json(['list'])).length, 1);
  });

  test('deletes', async () => {
    const [{ id }] = await site.json(['list']);
    assert.deepEqual(await site.json(['delete', id, '--yes']), { deleted: id });
    assert.deepEqual(await site.json(['list']), []);
    assert.equal((await site.cli(['delete', id, '--yes'])).code, 1);
  });
});

describe('ensure', () => {
  const site = emulated();
  const args = ['ensure', '--name', 'Storefront', '--redirect-uri', 'http://localhost:3000/cb'];

  test('creates an app once, and writes its ID into a dotenv file', async () => {
    writeFileSync(site.path('.env.local'), '# mine\nOTHER="a b"\nexport PUBLIC_ID=old\r\nLAST=1');
    const first = await site.json([...args, '--env-file-out', '.env.local', '--env-name', 'PUBLIC_ID']);
    assert.deepEqual([first.created, first.changed], [true, []]);
    const { id } = first.oAuthApp;
    assert.equal(site.read('.env.local'), `# mine\nOTHER="a b"\nexport PUBLIC_ID=${id}\r\nLAST=1`);
    const again = await site.json([...args, '--env-file-out', 'new.env']);
    assert.deepEqual([again.created, again.changed, again.oAuthApp.id], [false, [], id]);
    assert.equal(site.read('new.env'), `WIX_CLIENT_ID=${id}\n`);
    assert.equal((await site.json(['list'])).length, 1);
  });

  test('merges the lists, and keeps the other entries', async () => {
    const { changed, oAuthApp } = await site.json([...args.slice(0, 3), '--redirect-uri', URI]);
    assert.deepEqual(changed, ['allowedRedirectUris']);
    assert.deepEqual(oAuthApp.allowedRedirectUris, ['http://localhost:3000/cb', URI]);
  });

  test('writes nothing in a dry run', async () => {
    await site.sent();
    const dry = await site.json([
      ...args,
      '--redirect-domain',
      'a.example.com',
      '--dry-run',
      '--env-file-out',
      'dry.env',
    ]);
    assert.deepEqual([dry.created, dry.changed], [false, ['allowedRedirectDomains']]);
    assert.ok(!site.exists('dry.env'));
    assert.deepEqual(
      (await site.sent()).filter((line) => line.startsWith('PATCH')),
      [],
    );
  });
});
