// Fuzzes the running server with requests that are generated from its OpenAPI document: valid and invalid ones, hundreds
// for each operation. Every response must be one that the document describes, and none may be a 5xx.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { create } from './support/apps.mjs';
import { serve } from './support/emulate.mjs';

const { SCHEMATHESIS } = process.env;
const skip = !SCHEMATHESIS && 'Schemathesis is not installed';

describe('the OpenAPI document', () => {
  let server;
  before(async () => (server = await serve(['--quiet', '--login', 'interactive'])));
  after(() => server.stop());

  test('is served as it is in the package', async () => {
    const shipped = createRequire(import.meta.url).resolve('wix-oauth-apps-cli/openapi.json');
    const served = await fetch(`${server.url}/openapi.json`);
    assert.equal(served.headers.get('content-type'), 'application/json');
    assert.equal(await served.text(), readFileSync(shipped, 'utf8'));
  });

  test('describes every response to an API key', { skip, timeout: 300_000 }, () =>
    fuzz(server, server.apiKey, ['--exclude-tag', 'Control']),
  );

  test('describes every response to a visitor', { skip, timeout: 300_000 }, async () => {
    const { id } = await create(server, { name: 'Shop' });
    const token = await fetch(`${server.url}/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ grantType: 'anonymous', clientId: id }),
    });
    await fuzz(server, (await token.json()).access_token, ['--include-path-regex', 'redirect-session|/iam/']);
  });

  // Its faults, its clock and its state would change the responses of the others.
  test('describes every response of the control interface', { skip, timeout: 300_000 }, async () => {
    const controlled = await serve(['--quiet']);
    await fuzz(controlled, controlled.apiKey, ['--include-tag', 'Control']);
    assert.equal(controlled.output.stderr, '');
    await controlled.stop();
  });

  test('leaves the server running after the fuzzing', async () => {
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    assert.equal(server.output.stderr, '');
  });
});

async function fuzz(server, credential, args = []) {
  const program = [
    ...['--no-color', 'run', `${server.url}/openapi.json`, '--max-examples', '15', '--generation-deterministic'],
    // A schema cannot express some rules: that two members exclude each other, that a client must exist.
    ...['--exclude-checks', 'positive_data_acceptance', '--continue-on-failure'],
    ...['-H', `Authorization: ${credential}`, '-H', `wix-site-id: ${server.siteId}`],
  ];
  const { stdout } = await promisify(execFile)(SCHEMATHESIS, [...program, ...args], { maxBuffer: 2 ** 26 }).catch(
    (error) => {
      throw new assert.AssertionError({ message: error.stdout || error.message });
    },
  );
  assert.match(stdout, /\d+ generated, \d+ passed/);
}
