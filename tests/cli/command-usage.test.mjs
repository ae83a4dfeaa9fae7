// Wrong usage and wrong configuration: exit code 2, a clear message, and nothing is sent.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { emulated } from './support/command.mjs';

const KEY = 'IST.eyJraWQiOiJub3QtYS1yZWFsLWtleSJ9.c2VjcmV0';
const CREDENTIALS = { WIX_CLIENT_ID: '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11', WIX_CLIENT_SECRET: 'a-client-secret-123' };

describe('wrong usage', () => {
  const site = emulated();
  const none = { WIX_API_KEY: '', WIX_SITE_ID: '' };

  for (const [name, args, said, env = {}] of [
    ['no credentials', ['list'], ['no credentials', 'WIX_API_KEY', '--env-file'], none],
    ['an API key and a client secret', ['list'], ['several kinds', 'WIX_API_KEY', 'WIX_CLIENT_SECRET'], CREDENTIALS],
    [
      'three kinds',
      ['list'],
      ['WIX_API_KEY', 'WIX_CLIENT_SECRET', 'WIX_ACCESS_TOKEN'],
      { ...CREDENTIALS, WIX_ACCESS_TOKEN: 'x' },
    ],
    [
      'a client ID alone',
      ['list'],
      ['WIX_CLIENT_ID is set without WIX_CLIENT_SECRET'],
      { ...none, WIX_CLIENT_ID: 'x' },
    ],
    ['a client secret alone', ['list'], ['without WIX_CLIENT_ID'], { ...none, WIX_CLIENT_SECRET: 'x' }],
    ['an API key without a site', ['list'], ['WIX_SITE_ID', '--site', 'manage.wix.com/dashboard'], { WIX_SITE_ID: '' }],
    [
      'a site and an account',
      ['list'],
      ['WIX_SITE_ID and WIX_ACCOUNT_ID'],
      { WIX_ACCOUNT_ID: CREDENTIALS.WIX_CLIENT_ID },
    ],
    [
      'a site URL as the site',
      ['list', '--site', 'https://shop.example.com'],
      ['--site', 'address of a site', 'manage.wix.com/dashboard'],
    ],
    ['a site URL in the environment', ['list'], ['WIX_SITE_ID: shop.example.com'], { WIX_SITE_ID: 'shop.example.com' }],
    ['a text as the site', ['list', '--site', 'mine'], ['--site', 'is no site ID']],
    ['a base URL that is none', ['list', '--base-url', 'nonsense'], ['baseUrl']],
    ['plain http to another machine', ['list', '--base-url', 'http://api.example.com'], ['http']],
    ['an unknown command', ['lst'], ['lst', 'did you mean list?', '--help']],
    ['an unknown option', ['list', '--jsno'], ['--jsno', 'did you mean --json?']],
    ['an option of another command', ['list', '--redirect-uri', 'x'], ['--redirect-uri', 'list --help']],
    ['a short option that does not exist', ['list', '-x'], ['-x', 'no such option']],
    ['a missing argument', ['get'], ['<app> is missing', 'client ID', 'get --help']],
    ['an argument too many', ['get', 'name:a', 'name:b'], ['name:b', 'takes only <app>']],
    ['a missing value', ['list', '--name'], ['--name', 'value is missing', '--name TEXT']],
    ['an option in place of a value', ['list', '--name', '--json'], ['--name', '--name=--json']],
    ['a value for a switch', ['list', '--json=yes'], ['--json', 'takes no value']],
    ['a name without name:', ['get', 'Storefront'], ['Storefront', 'name:Storefront']],
    ['a URL without url:', ['get', 'https://shop.example.com/cb'], ['url:https://shop.example.com/cb']],
    ['an empty name', ['get', 'name:'], ['nothing after its colon']],
    ['a timeout that is no number', ['list', '--timeout', 'soon'], ['--timeout', '"soon"', 'whole number']],
    ['negative retries', ['list', '--retries=-1'], ['--retries', '"-1"']],
    ['create without a name', ['create'], ['--name is missing']],
    [
      'a redirect URI that cannot be one',
      ['create', '--name', 'Shop', '--redirect-uri', 'shop'],
      ['allowedRedirectUris[0]'],
    ],
    [
      'a type that does not exist',
      ['create', '--name', 'Shop', '--application-type', 'WEBAPP'],
      ['did you mean WEB_APP?'],
    ],
    ['an update of nothing', ['update', 'name:Shop'], ['nothing would change', '--description']],
    ['a field to clear that does not exist', ['update', 'name:Shop', '--clear', 'logn-url'], ['logn-url']],
    [
      'a field that is set and cleared',
      ['update', 'name:Shop', '--description', 'x', '--clear', 'description'],
      ['set and cleared'],
    ],
    ['a name to clear', ['update', 'name:Shop', '--clear', 'name'], ['name cannot be cleared']],
    ['no entry', ['allow', 'name:Shop'], ['no URL and no domain']],
    ['--force without a file', ['create', '--name', 'Shop', '--force'], ['--force', '--secret-file']],
    ['--env-name without a file', ['ensure', '--name', 'Shop', '--env-name', 'X'], ['--env-file-out']],
    [
      'a variable that is none',
      ['ensure', '--name', 'Shop', '--env-file-out', '.env', '--env-name', 'a-b'],
      ['--env-name', '"a-b"'],
    ],
    [
      'a dotenv file in no folder',
      ['ensure', '--name', 'Shop', '--env-file-out', 'nowhere/.env'],
      ['--env-file-out', 'nowhere/.env'],
    ],
    ['a file that is missing', ['create', '--from', 'nowhere.yaml'], ['nowhere.yaml', 'cannot be read']],
    ['apps and a file', ['lint', 'name:a', '--from', 'x.yaml'], ['--from']],
    ['an unknown process', ['check', 'name:a', 'https://a.example/', '--after', 'login'], ['authentication, other']],
    ['an unknown shell', ['completion', 'fsih'], ['did you mean fish?']],
  ]) {
    test(name, async () => {
      await site.sent();
      const text = await site.cli(args, { env });
      assert.deepEqual({ code: text.code, stdout: text.stdout }, { code: 2, stdout: '' }, text.stderr);
      if (!args.includes('--json')) assert.match(text.stderr, /^wix-oauth-apps: (INVALID_ARGUMENT|CONFIG): /);
      for (const part of said) assert.ok(text.stderr.includes(part), `${part} in ${text.stderr}`);
      if (!args.some((argument) => argument.includes('--json'))) {
        const json = await site.cli([...args.slice(0, 1), '--json', ...args.slice(1)], { env });
        assert.deepEqual([json.code, json.stdout], [2, '']);
        const { error } = JSON.parse(json.stderr);
        assert.match(error.code, /^(INVALID_ARGUMENT|CONFIG)$/);
        assert.deepEqual([error.status, error.requestId], [null, null]);
        assert.ok(Array.isArray(error.violations));
      }
      assert.deepEqual(await site.sent(), []);
    });
  }

  for (const args of [
    ['list', '--api-key', KEY],
    ['list', `--api-key=${KEY}`],
    ['list', '--apikey', KEY],
    ['list', '--token', KEY],
    ['list', `--access-token=${KEY}`],
    ['list', '--client-secret', KEY],
    ['create', '--name', 'Shop', '--secret', KEY],
    [`--authorization=${KEY}`, 'list'],
    ['get', KEY],
    ['get', `name:${KEY}`],
    ['list', '--name', KEY],
    ['create', '--name', 'Shop', '--description', 'contains a-client-secret-123'],
    [KEY],
  ]) {
    test(`a credential as an argument is refused and not repeated: ${args.join(' ')}`, async () => {
      const env = { ...none, ...CREDENTIALS };
      const { code, stdout, stderr } = await site.cli(args, { env });
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
      assert.match(stderr, /credential is never an argument/);
      assert.ok(!stderr.includes('c2VjcmV0') && !stderr.includes('a-client-secret'), stderr);
    });
  }

  test('an --env-file that is missing', async () => {
    await site.sent();
    const { code, stdout, stderr } = await site.cli(['list', '--env-file', 'nowhere.env']);
    // Node looks for --env-file behind the script too, and ends itself if there is no such file, with exit code 9
    // (https://github.com/nodejs/node/issues/54232).
    assert.ok(code === 2 || code === 9, String(code));
    assert.equal(stdout, '');
    assert.match(stderr, /nowhere\.env/);
    assert.deepEqual(await site.sent(), []);
  });

  test('the names of files with several apps are listed', async () => {
    writeFileSync(site.path('two.yaml'), 'apps:\n  - name: First\n  - name: Second\n');
    const { code, stderr } = await site.cli(['create', '--from', 'two.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /--name: "First", "Second"/);
  });

  test('every fault of a file is reported at its place', async () => {
    const text = 'apps:\n  - name: Shop\n    alowedRedirectUris: []\n    description: ${MISSING}\n    loginUrl: 5\n';
    writeFileSync(site.path('faults.yaml'), text);
    const { code, stderr } = await site.cli(['create', '--from', 'faults.yaml']);
    assert.equal(code, 2);
    assert.match(stderr, /faults\.yaml:3:5: .*allowedRedirectUris/);
    assert.match(stderr, /faults\.yaml:4:18: .*MISSING/);
    assert.match(stderr, /faults\.yaml:5:15: /);
  });
});

describe('the connection', () => {
  const site = emulated();
  const without = { WIX_API_KEY: '', WIX_SITE_ID: '', WIX_API_BASE_URL: '' };

  test('is read from a dotenv file, which the environment precedes', async () => {
    const { WIX_API_KEY, WIX_SITE_ID, WIX_API_BASE_URL } = site.env;
    const lines = [
      `export WIX_API_KEY="${WIX_API_KEY}" # key`,
      `WIX_SITE_ID=${WIX_SITE_ID}`,
      `WIX_API_BASE_URL='${WIX_API_BASE_URL}'`,
    ];
    writeFileSync(site.path('.env'), `\uFEFF${lines.join('\r\n')}\n`);
    assert.deepEqual(await site.json(['list', '--env-file', '.env'], { env: without }), []);
    const { code } = await site.cli(['list', '--env-file=.env'], { env: { ...without, WIX_API_KEY: 'wrong' } });
    assert.equal(code, 1);
  });

  test('a client ID beside another credential is none: ensure writes it', async () => {
    assert.deepEqual(await site.json(['list'], { env: { WIX_CLIENT_ID: CREDENTIALS.WIX_CLIENT_ID } }), []);
  });

  test('--site and --base-url precede the environment', async () => {
    const env = { WIX_SITE_ID: 'nonsense', WIX_API_BASE_URL: 'http://127.0.0.1:1' };
    assert.deepEqual(await site.json(['list', '--site', site.env.WIX_SITE_ID, '--base-url', site.url], { env }), []);
  });
});
