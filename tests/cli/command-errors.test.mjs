// Failures: exit code 1, what is printed, and where.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { emulated } from './support/command.mjs';
import { program } from './support/emulate.mjs';

describe('a failure', () => {
  const site = emulated();

  test('is reported with its code, request ID and remedy', async () => {
    const { code, stdout, stderr } = await site.cli(['list'], { env: { WIX_API_KEY: 'wrong' } });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    assert.match(stderr, /^wix-oauth-apps: UNAUTHENTICATED: .*\n {2}request ID: [\d.]+\n {2}remedy: .*doctor/);
  });

  test('is one JSON document on standard error with --json', async () => {
    const { code, stdout, stderr } = await site.cli(['list', '--json'], { env: { WIX_API_KEY: 'wrong' } });
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
    const { error } = JSON.parse(stderr);
    assert.deepEqual([error.code, error.operation, error.status], ['UNAUTHENTICATED', 'listOAuthApps', 401]);
    assert.match(error.requestId, /^[\d.]+$/);
    assert.deepEqual(error.violations, []);
  });

  test('an unknown or ambiguous app is exit code 1 with the candidates', async () => {
    const ids = [];
    for (let at = 0; at < 2; at += 1) ids.push((await site.json(['create', '--name', 'Twin'])).id);
    for (const [reference, code] of [
      ['name:Twn', 'NOT_FOUND'],
      ['13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11', 'NOT_FOUND'],
      ['name:Twin', 'CONFLICT'],
      ['url:https://a.example/cb', 'NOT_FOUND'],
    ]) {
      const result = await site.cli(['get', reference, '--json']);
      const { error } = JSON.parse(result.stderr);
      assert.deepEqual(
        [result.code, error.code, error.candidates.map(({ id }) => id).sort()],
        [1, code, ids.sort()],
        reference,
      );
      const text = await site.cli(['get', reference]);
      for (const id of ids) assert.ok(text.stderr.includes(id), text.stderr);
    }
    assert.match((await site.cli(['get', 'name:Twn'])).stderr, /did you mean name:Twin\?/);
  });

  test('a connection that is refused names the remedy', async () => {
    const { code, stderr } = await site.cli(['list', '--base-url', 'http://127.0.0.1:9', '--retries', '0']);
    assert.equal(code, 1);
    assert.match(stderr, /NETWORK: [^]*remedy: check the connection/);
  });

  test('a timeout is one attempt without retries', async () => {
    const sink = createServer(() => {}).listen(0, '127.0.0.1');
    await once(sink, 'listening');
    const url = `http://127.0.0.1:${sink.address().port}`;
    const { code, stderr } = await site.cli([
      'list',
      '--base-url',
      url,
      '--timeout',
      '200',
      '--retries',
      '0',
      '--verbose',
    ]);
    sink.closeAllConnections();
    sink.close();
    assert.equal(code, 1);
    assert.match(stderr, /TIMEOUT/);
    assert.equal(stderr.match(/^> POST/gm).length, 1);
  });
});

describe('--verbose', () => {
  const site = emulated();

  test('prints requests and retries to standard error, and no credential', async () => {
    let count = 0;
    const flaky = createServer((request, response) => {
      count += 1;
      response.writeHead(count === 1 ? 503 : 200, { 'content-type': 'application/json', 'retry-after': '0' });
      response.end(count === 1 ? '{}' : '{"oAuthApps":[]}');
    }).listen(0, '127.0.0.1');
    await once(flaky, 'listening');
    const env = { WIX_API_BASE_URL: `http://127.0.0.1:${flaky.address().port}`, WIX_API_KEY: 'IST.do-not-print-this' };
    const { code, stdout, stderr } = await site.cli(['list', '--json', '--verbose'], { env });
    flaky.closeAllConnections();
    flaky.close();
    assert.deepEqual([code, JSON.parse(stdout)], [0, []]);
    assert.match(stderr, /^> POST \/oauth-app\/v1\/oauth-apps\/query/m);
    assert.match(stderr, /^retry listOAuthApps/m);
    assert.match(stderr, /^< 200 /m);
    assert.ok(!stderr.includes('do-not-print'));
  });

  test('prints the exchange of a client secret without it', async () => {
    const app = await site.json(['create', '--name', 'Manager', '--reveal']);
    const env = { WIX_API_KEY: '', WIX_CLIENT_ID: app.id, WIX_CLIENT_SECRET: app.secret };
    const { stderr } = await site.cli(['list', '--verbose'], { env });
    assert.match(stderr, /^token|^> POST \/oauth2\/token/m);
    assert.ok(!stderr.includes(app.secret));
  });
});

describe('warnings', () => {
  const site = emulated();

  test('go to standard error, also with --json', async () => {
    const args = ['create', '--name', 'Storefront', '--redirect-uri', 'https://shop.example.com/cb'];
    const { stdout, stderr } = await site.cli([...args, '--json']);
    assert.equal(JSON.parse(stdout).name, 'Storefront');
    assert.match(stderr, /^warning: .*allowedRedirectDomains/m);
  });
});

describe('a broken pipe', { skip: process.platform === 'win32' && 'no POSIX shell' }, () => {
  const site = emulated();

  test('ends the command quietly', async () => {
    for (const command of ['list', '--help', 'list --json']) {
      const line = `("$0" "$1" ${command}; echo "code $?" >&2) | true`;
      const child = spawn('bash', ['-c', line, process.execPath, program], { env: site.env });
      let output = '';
      child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
      await once(child, 'close');
      assert.match(output, /^code \d+\n$/, command);
    }
  });
});
