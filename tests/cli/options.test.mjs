// The options of the emulator: each has a flag, which reaches the emulator.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { update } from './support/apps.mjs';
import { APPS, HEADERS, run, serve } from './support/emulate.mjs';

const OTHER = '00000000-0000-4000-8000-00000000000b';

const ask = async (server, method, path, body, headers = {}) => {
  const response = await fetch(server.url + path, {
    method,
    headers: { ...HEADERS, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  return { status: response.status, body: await response.text(), location: response.headers.get('location') };
};
const create = async (server, fields) =>
  JSON.parse((await ask(server, 'POST', APPS, { oAuthApp: fields })).body).oAuthApp;
const draft = (members) => ({ oAuthApp: { name: 'Shop', ...members } });

describe('without flags, the emulator', () => {
  let server;
  before(async () => (server = await serve(['--quiet'])));
  after(() => server.stop());

  test('returns the secret, accepts both headers, and applies a mask with one path', async () => {
    const made = await create(server, { name: 'Shop', origin: 'other', allowedDomains: ['http://localhost:4321'] });
    assert.match(made.secret, /^[0-9a-f-]{36}$/);
    assert.equal((await ask(server, 'GET', `${APPS}/${made.id}`, undefined, { 'wix-account-id': OTHER })).status, 200);
    const body = { oAuthApp: { id: made.id, name: 'Renamed' }, mask: { path: 'name' } };
    assert.match((await ask(server, 'PATCH', `${APPS}/${made.id}`, body)).body, /Renamed/);
    assert.equal((await ask(server, 'GET', `/oauth-app-service/v1/oauth-apps/${made.id}`)).status, 200);
    assert.equal((await update(server, made.id, { origin: 'x', allowedDomains: [] })).origin, 'x');
  });

  test('tells a client that sends Basic authentication to use the body', async () => {
    const { id, secret } = await create(server, { name: 'Shop' });
    const basic = { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
    const refused = await ask(server, 'POST', '/oauth2/token', { grant_type: 'client_credentials' }, basic);
    assert.ok(refused.status === 400 || refused.status === 401, refused.body);
    assert.equal(JSON.parse(refused.body).error, 'invalid_client');
    assert.match(JSON.parse(refused.body).error_description, /body/);
    assert.ok(!refused.body.includes(secret));
  });

  test('tells a client that it does not serve a path', async () => {
    const { status, body } = await ask(server, 'POST', '/v1/oauth-apps', draft());
    assert.equal(status, 404);
    assert.match(JSON.parse(body).message, /does not serve/);
  });
});

describe('flags', () => {
  let server;
  before(async () => {
    server = await serve([
      ...['--quiet', '--site-id', HEADERS['wix-site-id'], '--site-id', OTHER],
      ...['--no-secret-on-create', '--mask-path', 'ignore', '--account-header', 'refuse'],
      ...['--access-token', 'wix-cli-token-of-the-first', '--access-token', `wix-cli-token-of-the-other@${OTHER}`],
      ...[
        '--copy-allowed-domains',
        'toAllowedRedirectDomains',
        '--max-allowed-domains',
        '2',
        '--max-origin-length',
        '5',
      ],
      ...['--no-custom-schemes', '--logout-redirects', 'domains', '--no-honor-login-url', '--no-honor-logout-url'],
      ...['--wix-pages-url', 'app', '--dead-domain', 'dead.example.com'],
    ]);
  });
  after(() => server.stop());

  test('reach the emulator', async () => {
    const made = await create(server, { name: 'Shop', allowedDomains: ['shop.example.com'] });
    assert.equal(made.secret, undefined);
    assert.deepEqual(made.allowedRedirectDomains, ['shop.example.com']);
    const both = await ask(server, 'GET', `${APPS}/${made.id}`, undefined, { 'wix-account-id': OTHER });
    assert.equal(both.status, 400);
    const body = { oAuthApp: { id: made.id, name: 'Renamed' }, mask: { path: 'name' } };
    assert.doesNotMatch((await ask(server, 'PATCH', `${APPS}/${made.id}`, body)).body, /Renamed/);
    for (const members of [
      { allowedDomains: ['a.example', 'b.example', 'c.example'] },
      { origin: 'longer' },
      { allowedRedirectUris: ['myapp://callback'] },
    ]) {
      assert.equal((await ask(server, 'POST', APPS, draft(members))).status, 400, JSON.stringify(members));
    }
    for (const [token, status] of [
      ['wix-cli-token-of-the-first', 200],
      ['wix-cli-token-of-the-other', 404],
      ['wix-cli-token-of-nobody', 401],
    ]) {
      const response = await fetch(`${server.url}${APPS}/${made.id}`, { headers: { authorization: token } });
      assert.equal(response.status, status, token);
    }
  });

  for (const args of [
    ['--mask-path', 'merge'],
    ['--account-header', 'both'],
    ['--copy-allowed-domains', 'always'],
    ['--logout-redirects', 'uris'],
    ['--wix-pages-url', 'https://a.example'],
    ['--access-token', 'a@b'],
    ['--dead-domain', ''],
  ]) {
    test(`are refused by the name of the flag: ${args.join(' ')}`, async () => {
      const { code, stderr } = await run(['emulate', ...args]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, new RegExp(`^wix-oauth-apps: ${args[0]}`));
    });
  }
});
