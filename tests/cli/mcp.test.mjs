// `mcp`, called by the official client of the Model Context Protocol.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { appsOf, connection, runCommand, startCommand, startEmulator } from './support/in-process.mjs';
import { program, run } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';

const READING = ['list', 'get', 'check', 'lint'];
const WRITING = ['ensure', 'allow', 'disallow', 'update'];

/**
 * Starts `mcp` for a server, and connects a client. `call(tool, input)` returns the text of a result, or throws that of an
 * error; `output` has everything that the server has sent.
 */
async function connect(context, server, args = [], env = connection(server)) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, 'mcp', ...args],
    env: { PATH: process.env.PATH, ...env },
    stderr: 'pipe',
  });
  const client = new Client({ name: 'test', version: '1.0.0' });
  const output = { results: '', stderr: '' };
  transport.stderr.on('data', (text) => (output.stderr += text));
  await client.connect(transport);
  context.after(() => client.close());
  const callRaw = async (name, input = {}) => {
    const result = await client.callTool({ name, arguments: input });
    output.results += JSON.stringify(result);
    return result;
  };
  const call = async (name, input) => {
    const { content, structuredContent, isError } = await callRaw(name, input);
    assert.equal(content.length, 1);
    assert.equal(content[0].type, 'text');
    if (isError) throw new Error(content[0].text);
    const value = JSON.parse(content[0].text);
    assert.deepEqual(structuredContent, Array.isArray(value) ? { results: value } : value);
    return value;
  };
  return { client, call, output };
}

const SHOP = {
  name: 'Storefront',
  allowedRedirectUris: ['https://shop.example.com/cb'],
  allowedRedirectDomains: ['shop.example.com'],
};
const OTHER = { name: 'Admin', allowedRedirectUris: ['https://admin.example.com/cb'] };
/** Starts an emulator with two apps. */
const startSite = (context, options) => startEmulator(context, { apps: [SHOP, OTHER], ...options });

describe('the tools', () => {
  const names = async ({ client }) => (await client.listTools()).tools.map(({ name }) => name);

  test('only read unless a flag allows more', async (context) => {
    const server = await startSite(context);
    assert.deepEqual(await names(await connect(context, server)), READING);
    assert.deepEqual(await names(await connect(context, server, ['--allow-write'])), [...READING, ...WRITING]);
    assert.deepEqual(await names(await connect(context, server, ['--allow-delete'])), [...READING, 'delete']);
    const all = await connect(context, server, ['--allow-write', '--allow-delete']);
    assert.deepEqual(await names(all), [...READING, ...WRITING, 'delete']);
    const { tools } = await all.client.listTools();
    for (const { name, inputSchema, annotations, description } of tools) {
      assert.equal(annotations.readOnlyHint, READING.includes(name), name);
      assert.equal(inputSchema.additionalProperties, false, name);
      assert.match(description, /\.$/, name);
      for (const property of Object.values(inputSchema.properties)) assert.ok(property.description, name);
    }
    assert.equal(tools.find(({ name }) => name === 'delete').annotations.destructiveHint, true);
    assert.deepEqual(all.client.getServerVersion().name, 'wix-oauth-apps');
  });

  test('that are not allowed are refused and change nothing', async (context) => {
    const server = await startSite(context);
    const before = await appsOf(server);
    const reader = await connect(context, server);
    const inputs = {
      ensure: { name: 'New' },
      allow: { app: 'name:Storefront', entries: ['https://new.example.com/cb'] },
      disallow: { app: 'name:Storefront', entries: ['https://shop.example.com/cb'] },
      update: { app: 'name:Storefront', name: 'Renamed' },
    };
    for (const [name, input] of Object.entries(inputs)) {
      await assert.rejects(reader.call(name, input), /does not offer the tool.*--allow-write/, name);
    }
    const writer = await connect(context, server, ['--allow-write']);
    for (const { call } of [reader, writer]) {
      await assert.rejects(call('delete', { app: 'name:Storefront' }), /does not offer the tool.*--allow-delete/);
    }
    const deleter = await connect(context, server, ['--allow-delete']);
    await assert.rejects(deleter.call('update', inputs.update), /--allow-write/);
    assert.deepEqual(await appsOf(server), before);
  });

  test('read what the commands read', async (context) => {
    const server = await startSite(context);
    const { call } = await connect(context, server);
    const command = async (...args) => JSON.parse((await runCommand(server, [...args, '--json'])).stdout);
    assert.deepEqual(await call('list'), await command('list'));
    assert.deepEqual(
      (await call('list', { name: 'store' })).map(({ name }) => name),
      ['Storefront'],
    );
    const app = await call('get', { app: 'name:Storefront' });
    assert.deepEqual(app, await command('get', 'name:Storefront'));
    assert.deepEqual(await call('get', { app: app.id }), app);
    assert.deepEqual(await call('get', { app: 'url:https://shop.example.com/cb' }), app);
    for (const [url, allowed] of [
      ['https://shop.example.com/cb', true],
      ['https://shop.example.com/cb/', false],
    ]) {
      const verdict = await call('check', { app: app.id, url });
      assert.equal(verdict.allowed, allowed);
      assert.deepEqual(verdict, await command('check', app.id, url));
    }
    const other = await call('check', { app: app.id, url: 'https://shop.example.com/', after: 'other' });
    assert.equal(other.allowed, true);
    assert.deepEqual(await call('lint'), await command('lint'));
    assert.deepEqual(
      (await call('lint', { apps: ['name:Admin'] })).map(({ name }) => name),
      ['Admin'],
    );
  });

  test('write if they are allowed to', async (context) => {
    const server = await startSite(context);
    const { call, output } = await connect(context, server, ['--allow-write', '--allow-delete']);
    const made = await call('ensure', { name: 'New', allowedRedirectUris: ['https://new.example.com/cb'] });
    assert.equal(made.created, true);
    const again = await call('ensure', { name: 'New', allowedRedirectUris: ['https://new.example.com/cb'] });
    assert.deepEqual([again.created, again.changed, again.oAuthApp.id], [false, [], made.oAuthApp.id]);
    const app = made.oAuthApp.id;
    const added = await call('allow', { app, entries: ['https://two.example.com/cb', 'two.example.com'] });
    assert.deepEqual(added.added, { uris: ['https://two.example.com/cb'], domains: ['two.example.com'] });
    const both = await call('allow', { app: 'name:New', entries: ['https://three.example.com/cb'], as: 'both' });
    assert.deepEqual(both.added, { uris: ['https://three.example.com/cb'], domains: ['three.example.com'] });
    const removed = await call('disallow', { app, entries: ['two.example.com'] });
    assert.deepEqual(removed.removed, { uris: [], domains: ['two.example.com'] });
    const updated = await call('update', { app, name: 'Newer', description: 'text', allowedRedirectDomains: null });
    assert.deepEqual([updated.name, updated.description, updated.allowedRedirectDomains], ['Newer', 'text', []]);
    assert.deepEqual(await call('delete', { app }), { deleted: app });
    assert.deepEqual((await appsOf(server)).map(({ name }) => name).toSorted(), ['Admin', 'Storefront']);
    assert.match(output.stderr, /^warning: allowedRedirectDomains is emptied[^\n]*\n$/);
  });
});

describe('a faulty call gets an error that says what is wrong', () => {
  for (const [tool, input, message] of [
    ['get', {}, /^INVALID_ARGUMENT: get: app: is missing; give a client ID, name:Storefront/],
    ['get', { app: 5 }, /app: must be a text, is 5/],
    ['get', { app: '' }, /app: is empty/],
    ['get', { ap: 'name:Storefront' }, /app: is missing.*\n.*ap: there is no such argument; did you mean app\?/],
    ['get', { app: 'name:Storefrnt' }, /^NOT_FOUND: [^]*Storefront/],
    ['get', { app: 'Storefront' }, /^INVALID_ARGUMENT: .*name:Storefront/],
    ['get', { app: '00000000-0000-4000-8000-000000000000' }, /^NOT_FOUND: /],
    ['check', { app: 'name:Storefront', url: 'https://a.example.com', after: 'login' }, /one of authentication, other/],
    ['lint', { apps: 'name:Storefront' }, /apps: must be a list of texts, is "name:Storefront"/],
    ['lint', { apps: ['name:Storefront', null] }, /apps\[1\]: must be a text, is null/],
    ['lint', { probe: 'yes' }, /probe: must be true or false/],
    ['ensure', { name: 'x' }, /name/],
    ['ensure', { name: 'New', allowedRedirectUris: ['not a URI', 'https://a.example.com/#x'] }, /\[0\][^]*\[1\]/],
    ['ensure', { name: 'New', redirectUris: [] }, /redirectUris: there is no such argument/],
    ['ensure', { name: 'New', secret: 'x' }, /secret: there is no such argument/],
    ['allow', { app: 'name:Storefront', entries: [] }, /entries: is empty/],
    ['allow', { app: 'name:Storefront', entries: ['https://shop.example.com/#a'] }, /INVALID_ARGUMENT: .*#a/],
    ['update', { app: 'name:Storefront' }, /no field is named/],
    ['update', { app: 'name:Storefront', technology: 'COBOL' }, /technology: must be one of JAVASCRIPT/],
    ['update', { app: 'name:Storefront', id: 'x' }, /id: there is no such argument/],
    ['delete', { app: 'name:Nobody' }, /NOT_FOUND/],
    ['lst', {}, /lst: there is no such tool; did you mean list\?/],
    ['secret', {}, /secret: there is no such tool; there are list, get/],
  ]) {
    test(`${tool} ${JSON.stringify(input)}`, async (context) => {
      const server = await startSite(context);
      const before = await appsOf(server);
      const { call } = await connect(context, server, ['--allow-write', '--allow-delete']);
      await assert.rejects(call(tool, input), (error) => {
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(await appsOf(server), before);
      // The server goes on.
      assert.equal((await call('list')).length, 2);
    });
  }

  test('and so does a call that the service refuses', async (context) => {
    const server = await startSite(context);
    const { call } = await connect(context, server, ['--retries', '0']);
    server.emulator.fail({ status: 403 });
    await assert.rejects(call('list'), /^Error: PERMISSION_DENIED: [^]*request ID: [^]*remedy: /);
    server.emulator.fail({ error: 'reset' });
    await assert.rejects(call('list'), /NETWORK/);
  });
});

describe('no output contains a secret', () => {
  test('of a new app, of the credential, or of an app that a caller put it into', async (context) => {
    const server = await startSite(context, { apiKey: 'IST.do-not-print-this-key' });
    const { apiKey } = server.credentials;
    const { call, output } = await connect(context, server, ['--allow-write', '--allow-delete', '--verbose']);
    const secrets = [apiKey];
    const { oAuthApp } = await call('ensure', { name: 'New' });
    assert.equal(oAuthApp.secret, undefined);
    assert.equal((await call('get', { app: oAuthApp.id })).secret, undefined);
    await call('update', { app: oAuthApp.id, description: `the key is ${apiKey}` });
    assert.match((await call('get', { app: oAuthApp.id })).description, /the key is \[redacted\]/);
    await assert.rejects(call('get', { app: apiKey }), /\[redacted\]/);
    await assert.rejects(call('list', { [apiKey]: 'x' }), /\[redacted\]/);
    await assert.rejects(call(apiKey), /\[redacted\]/);
    await call('list');
    await call('lint');
    // A service that sends a secret where the documentation says that there is none.
    server.emulator.fail({
      status: 200,
      body: { oAuthApp: { ...oAuthApp, secret: 'do-not-print-this-secret' } },
      times: 1,
    });
    assert.equal((await call('get', { app: oAuthApp.id })).secret, '[redacted]');
    await call('delete', { app: oAuthApp.id });
    secrets.push('do-not-print');
    for (const secret of secrets) assert.ok(!(output.results + output.stderr).includes(secret), secret);
  });

  test('of a client secret', async (context) => {
    const server = await startSite(context);
    const { stdout } = await runCommand(server, ['create', '--name', 'Agent', '--reveal', '--json']);
    const { id, secret } = JSON.parse(stdout);
    const file = join(folder(context), '.env');
    writeFileSync(file, `WIX_CLIENT_ID=${id}\nWIX_CLIENT_SECRET=${secret}\nWIX_API_BASE_URL=${server.url}\n`);
    const { call, output } = await connect(context, server, ['--env-file', file], {});
    assert.equal((await call('list')).length, 3);
    await assert.rejects(call('get', { app: `name:${secret}` }), /\[redacted\]/);
    assert.ok(!(output.results + output.stderr).includes(secret));
  });
});

describe('the server', () => {
  test('does not start without credentials', async () => {
    const env = Object.fromEntries(Object.keys(connection({ credentials: {} })).map((name) => [name, '']));
    const { code, stdout, stderr } = await run(['mcp'], { env });
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /no credentials are set; set WIX_API_KEY/);
  });

  test('refuses a credential in its arguments', async (context) => {
    const server = await startSite(context);
    const { code, stderr } = await runCommand(server, ['mcp', '--api-key', 'IST.do-not-print']);
    assert.equal(code, 2);
    assert.ok(!stderr.includes('do-not-print'), stderr);
  });

  test('ends when its input ends, and when a signal comes', async (context) => {
    const server = await startSite(context);
    const ended = await runCommand(server, ['mcp']); // standard input is empty
    assert.deepEqual([ended.code, ended.stdout, ended.stderr], [0, '', '']);
    for (const signal of ['SIGINT', 'SIGTERM']) {
      const { child, output, ended: end } = startCommand(server, ['mcp'], { input: null });
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })}\n`);
      while (!output.stdout.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill(signal);
      assert.deepEqual([(await end).code, output.stderr], [0, ''], signal);
    }
  });

  test('finishes a write when its input ends', async (context) => {
    const server = await startSite(context, { latency: 150 });
    const { call, client } = await connect(context, server, ['--allow-write']);
    const change = call('allow', { app: 'name:Storefront', entries: ['https://new.example.com/cb'] }).catch(() => {});
    while (!server.emulator.requests.some(({ method }) => method === 'PATCH')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await client.close();
    await change;
    const [, app] = (await appsOf(server)).toSorted((one, other) => one.name.localeCompare(other.name));
    assert.ok(app.allowedRedirectUris.includes('https://new.example.com/cb'));
  });

  test('survives a line that is no message', async (context) => {
    const server = await startSite(context);
    const { child, output, ended } = startCommand(server, ['mcp'], { input: null });
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
    child.stdin.write(`not JSON\n${JSON.stringify(message)}\n`);
    while (!output.stdout.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(JSON.parse(output.stdout).result.tools.length, READING.length);
    child.stdin.end();
    assert.equal((await ended).code, 0);
  });
});
