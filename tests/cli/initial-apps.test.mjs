// The apps that the server starts with: --apps and --app.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { allApps } from './support/apps.mjs';
import { run, serve } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';

const GUID = '11111111-1111-4111-8111-111111111111';

/** Writes a file in a folder of its own, and returns its path. */
function file(t, name, content) {
  const path = join(folder(t), name);
  writeFileSync(path, content);
  return path;
}

/** Returns the lines about client IDs of a server, as `[name, id]`. */
const clientIds = ({ output }) =>
  [...output.stdout.matchAll(/^Client ID of (".*"): (\S+)$/gm)].map(([, name, id]) => [JSON.parse(name), id]);

describe('a server', () => {
  test('starts with the apps of a configuration file, and shows their client IDs', async (t) => {
    const yaml = `apps:
  - name: Storefront
    id: ${GUID}
    description: The shop
    allowedRedirectUris:
      - https://shop.example.com/cb
      - \${PREVIEW_URL:-http://localhost:3000}/cb
    allowedRedirectDomains: [shop.example.com]
    redirects: include
    ignore: ['https://*-team.vercel.app/**']
  - name: "Second: the mobile app"
    loginUrl: https://app.example.com/login
unlisted: keep
`;
    const path = file(t, 'wix-oauth-apps.yaml', yaml);
    const server = await serve(['--quiet', '--apps', path], { env: { PREVIEW_URL: 'https://preview.example.com' } });
    const ids = clientIds(server);
    const apps = await allApps(server);
    assert.deepEqual(
      ids.map(([name]) => name),
      ['Storefront', 'Second: the mobile app'],
    );
    assert.equal(ids[0][1], GUID);
    assert.deepEqual(apps.get(GUID).allowedRedirectUris, [
      'https://shop.example.com/cb',
      'https://preview.example.com/cb',
    ]);
    assert.deepEqual(
      [apps.get(GUID).description, apps.get(GUID).allowedRedirectDomains],
      ['The shop', ['shop.example.com']],
    );
    assert.equal(apps.get(ids[1][1]).loginUrl, 'https://app.example.com/login');
    assert.match(server.output.stdout, /^Console: http:\/\/127\.0\.0\.1:\d+\/_emulator\/$/m);
    await server.stop();
  });

  test('starts with the apps of a JSON file and of the arguments, whose IDs are the same each time', async (t) => {
    const path = file(t, 'apps.json', JSON.stringify({ apps: [{ name: 'Of the file' }] }));
    const args = [
      ...[
        '--quiet',
        '--apps',
        path,
        '--app',
        'name=Shop, the first,redirect=https://a.example/cb?x=1,2,redirect=myapp://cb',
      ],
      ...['--app', `id=${GUID},name=Shop,domain=a.example,login=https://a.example/in,logout=https://a.example/out`],
    ];
    const first = await serve(args);
    const ids = clientIds(first);
    const apps = await allApps(first);
    assert.deepEqual(
      ids.map(([name]) => name),
      ['Of the file', 'Shop, the first', 'Shop'],
    );
    assert.deepEqual(apps.get(ids[1][1]).allowedRedirectUris, ['https://a.example/cb?x=1,2', 'myapp://cb']);
    const { allowedRedirectDomains, loginUrl, logoutUrl } = apps.get(GUID);
    assert.deepEqual(
      [allowedRedirectDomains, loginUrl, logoutUrl],
      [['a.example'], 'https://a.example/in', 'https://a.example/out'],
    );
    await first.stop();
    const second = await serve(args);
    assert.deepEqual(clientIds(second), ids);
    await second.stop();
  });

  for (const [title, args, ...said] of [
    ['an app without a name', ['--app', 'redirect=https://a.example/cb'], '--app', 'has no name', 'name=Storefront'],
    ['an unknown key', ['--app', 'name=Shop,uri=x', '--app', 'uri=x'], '--app', '"uri=x"', 'redirect, domain'],
    ['no key at all', ['--app', 'Shop'], '--app', '"Shop"', 'key=value', 'redirect'],
    ['a key without a value', ['--app', 'name='], '--app', 'has no value for name'],
    ['a name twice', ['--app', 'name=A,name=B'], '--app', 'has name twice'],
    [
      'an entry that is no URI',
      ['--app', 'name=Shop', '--app', 'name=Two,redirect=x'],
      '--app number 2',
      'allowedRedirectUris[0]',
    ],
    ['an ID that is none', ['--app', 'name=Shop,id=x'], '--app number 1', 'id must be a GUID'],
    ['an ID twice', ['--app', `name=One,id=${GUID}`, '--app', `name=Two,id=${GUID}`], '--app number 2', 'differ'],
    ['a file that does not exist', ['--apps', 'nothing.yaml'], 'nothing.yaml', 'cannot be read'],
    ['an unknown login', ['--login', 'form'], '--login', 'interactive'],
  ]) {
    test(`refuses ${title}`, async () => {
      const { code, stderr } = await run(['emulate', '--port', '0', ...args]);
      assert.equal(code, 2, stderr);
      for (const text of said) assert.ok(stderr.includes(text), `${text} in ${stderr}`);
    });
  }

  test('names every fault of a file with its place', async (t) => {
    const path = file(t, 'apps.yaml', 'apps:\n  - nam: Shop\n    allowedRedirectUris: [shop.example.com/cb]\n');
    const { code, stderr } = await run(['emulate', '--port', '0', '--apps', path]);
    assert.equal(code, 2);
    for (const text of ['apps.yaml:2:5: ', 'did you mean name', 'apps.yaml:3:27: ', 'https://shop.example.com/cb'])
      assert.ok(stderr.includes(text), `${text} in ${stderr}`);
  });
});
