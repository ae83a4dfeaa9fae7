// `doctor` says what is wrong: each check passes or fails, with the remedy.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { emulated } from './support/command.mjs';

const URI = 'https://shop.example.com/cb';

describe('doctor', { concurrency: false }, () => {
  const site = emulated([
    '--site-id',
    'e3a1e3a1-0000-4000-8000-000000000001',
    '--site-id',
    'e3a1e3a1-0000-4000-8000-000000000002',
  ]);
  let id;

  /** Returns the exit code and the checks, by name. */
  async function examine(args = [], env = {}) {
    const { code, stdout } = await site.cli(['doctor', '--json', ...args], { env });
    const { checks } = JSON.parse(stdout);
    for (const check of checks) assert.deepEqual(Object.keys(check), ['name', 'ok', 'message']);
    assert.equal(code, checks.every(({ ok }) => ok) ? 0 : 3);
    return Object.fromEntries(checks.map((check) => [check.name, check]));
  }

  test('passes where everything is well', async () => {
    ({ id } = await site.json([
      'create',
      '--name',
      'Storefront',
      '--redirect-uri',
      URI,
      '--redirect-domain',
      'shop.example.com',
    ]));
    const checks = await examine(['--app', id, '--url', URI]);
    assert.deepEqual(Object.keys(checks), [
      'node',
      'proxy',
      'connection',
      'clock',
      'credentials',
      'site',
      'permissions',
      'app',
      'client',
      'url',
    ]);
    const { code, stdout } = await site.cli(['doctor', '--app', 'name:Storefront']);
    assert.equal(code, 0);
    assert.match(stdout, /^pass {2}app +Storefront/m);
  });

  for (const [name, failing, said, args, env] of [
    ['no credentials', ['credentials'], /no credentials/, [], { WIX_API_KEY: '' }],
    ['two kinds of credentials', ['credentials'], /several kinds/, [], { WIX_ACCESS_TOKEN: 'x' }],
    ['a site that is no GUID', ['credentials'], /manage\.wix\.com/, ['--site', 'shop.example.com'], {}],
    ['a wrong API key', ['credentials'], /401/, [], { WIX_API_KEY: 'wrong' }],
    ['a foreign site', ['permissions'], /another site/, ['--site', '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11'], {}],
    ['an address that nobody serves', ['connection'], /cannot be reached/, ['--base-url', 'http://127.0.0.1:9'], {}],
    [
      'a proxy that Node does not use',
      ['proxy', 'connection'],
      /HTTPS_PROXY is set/,
      ['--base-url', 'http://127.0.0.1:9'],
      { HTTPS_PROXY: 'http://proxy.example' },
    ],
    ['an unknown app', ['app'], /did you mean name:Storefront/, ['--app', 'name:Storefrnt'], {}],
    [
      'a client ID that was deleted',
      ['app', 'client'],
      /does not authenticate/,
      ['--app', '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11'],
      {},
    ],
    [
      'a URL that the app does not take',
      ['url'],
      /another path[^]*--fix/,
      ['--app', 'name:Storefront', '--url', `${URI}x`],
      {},
    ],
    ['a URL that no app takes', ['url'], /not allowed/, ['--url', 'https://x.example.com/cb'], {}],
  ]) {
    test(`finds ${name}`, async () => {
      const checks = await examine(args, env);
      const failed = Object.values(checks).filter(({ ok }) => !ok);
      assert.deepEqual(
        failed.map((check) => check.name),
        failing,
      );
      assert.match(failed.map(({ message }) => message).join('\n'), said);
    });
  }

  test('tells that a client ID belongs to another site', async () => {
    const { app, client } = await examine(['--app', id, '--site', 'e3a1e3a1-0000-4000-8000-000000000002']);
    assert.deepEqual([app.ok, client.ok], [false, true]);
    assert.match(app.message, /not of this site: it authenticates, so it belongs to another one/);
  });

  for (const [name, fault, message] of [
    ['a service that fails', { status: 503 }, /SERVER_ERROR|HTTP 503/],
    ['a page of a gateway', { preset: 'gateway404' }, /proxy|gateway/],
    ['a refused limit', { status: 429, headers: { 'retry-after': '0' } }, /limit|HTTP 429/],
  ]) {
    test(`does not call a credential accepted after ${name}`, async () => {
      const send = (method, body) =>
        fetch(`${site.url}/_emulator/faults`, { method, ...(body && { body: JSON.stringify(body) }) });
      assert.equal((await send('POST', { ...fault, method: 'POST', times: 'always' })).status, 200);
      try {
        const checks = await examine(['--retries', '0']);
        assert.equal(checks.connection.ok, true);
        assert.equal(checks.credentials.ok, false);
        assert.match(checks.credentials.message, message);
        assert.equal('site' in checks || 'permissions' in checks, false);
      } finally {
        await send('DELETE');
      }
    });
  }

  test('finds a clock that is wrong', async () => {
    const server = createServer((_, response) => {
      response.writeHead(401, {
        date: new Date(Date.now() + 3_600_000).toUTCString(),
        'content-type': 'application/json',
      });
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { clock } = await examine(['--base-url', `http://127.0.0.1:${server.address().port}`]);
    server.closeAllConnections();
    server.close();
    assert.equal(clock.ok, false);
    assert.match(clock.message, /behind the service/);
  });
});
