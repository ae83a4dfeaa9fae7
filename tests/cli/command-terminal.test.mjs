// The commands on a terminal: questions, colours, narrow windows, Ctrl-C.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { cleanEnvironment, emulated } from './support/command.mjs';
import { start } from './support/emulate.mjs';
import { appsOf, connection, startEmulator } from './support/in-process.mjs';
import { inTerminal, withoutTerminal } from './support/terminal.mjs';

const URI = 'https://shop.example.com/api/auth/callback';
const ESCAPE = /\x1b\[\d+m/;

describe('on a terminal', { skip: withoutTerminal, concurrency: false }, () => {
  const site = emulated();
  const terminal = (args, { env = {}, ...options } = {}) =>
    inTerminal(args, { env: { ...site.env, ...env }, cwd: site.folder, ...options });

  test('delete shows what stops working and asks', async () => {
    await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI]);
    for (const answer of ['n\r', '\r', 'nonsense\r']) {
      const { code, output } = await terminal(['delete', 'name:Storefront'], { steps: [['[y/N]', answer]] });
      assert.equal(code, 1);
      assert.match(
        output,
        /client ID [^]*stop working[^]*Delete the app Storefront[^]*not confirmed; nothing was changed/,
      );
      assert.ok(output.includes(URI));
    }
    assert.equal((await site.json(['list'])).length, 1);
  });

  test('Ctrl-C at the question is exit code 130, and nothing is changed', async () => {
    const { code, output } = await terminal(['delete', 'name:Storefront'], { steps: [['[y/N]', '\x03']] });
    assert.equal(code, 130);
    assert.match(output, /interrupted; nothing was changed/);
    assert.equal((await site.json(['list'])).length, 1);
  });

  test('a yes deletes, and --yes does not ask', async () => {
    const { code } = await terminal(['delete', 'name:Storefront'], { steps: [['[y/N]', 'y\r']] });
    assert.equal(code, 0);
    await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI]);
    const { output } = await terminal(['delete', 'name:Storefront', '--yes']);
    assert.ok(!output.includes('[y/N]'));
    assert.deepEqual(await site.json(['list']), []);
  });

  test('colours are on, unless they are turned off', async () => {
    await site.json(['create', '--name', 'Storefront', '--redirect-uri', URI]);
    for (const [args, env, isColored] of [
      [['list'], {}, true],
      [['list', '--no-color'], {}, false],
      [['list'], { NO_COLOR: '1' }, false],
      [['list'], { NO_COLOR: '' }, true],
      [['list'], { FORCE_COLOR: '0' }, false],
      [['list'], { TERM: 'dumb' }, false],
      [['list', '--no-color'], { FORCE_COLOR: '1' }, false],
      [['list', '--json'], {}, false],
      [['list', '--help'], {}, true],
      [['lst'], {}, true],
    ]) {
      const { output } = await terminal(args, { env });
      assert.equal(ESCAPE.test(output), isColored, JSON.stringify([args, env, output]));
    }
    for (const [env, isColored] of [
      [{ FORCE_COLOR: '1' }, true],
      [{ FORCE_COLOR: '0' }, false],
      [{}, false],
    ]) {
      assert.equal(ESCAPE.test((await site.cli(['list'], { env })).stdout), isColored);
    }
  });

  test('40 columns are enough', async () => {
    const width = (text) => Math.max(...text.split('\n').map((line) => line.length));
    const env = { NO_COLOR: '1' };
    for (const args of [
      ['--help'],
      ['list'],
      ['list', '--help'],
      ['check', '--help'],
      ['emulate', '--help'],
      ['doctor'],
    ]) {
      const { output } = await terminal(args, { env, columns: 40 });
      // A word that is longer than a line stays whole, so that it can be copied.
      const wide = output.split('\n').filter((line) => line.length > 40 && line.trim().split(/ +/)[0].length < 30);
      assert.deepEqual(wide, [], args.join(' '));
    }
    const { output } = await terminal(['check', 'name:Storefront', `${URI}x`], { env, columns: 40 });
    const lines = output.split('\n');
    const caret = lines.findIndex((line) => /^ +\^$/.test(line));
    assert.ok(width(lines.slice(0, caret + 1).join('\n')) <= 42, output);
    assert.equal(lines[caret - 1][lines[caret].indexOf('^')], 'x', output);
  });

  test('without a terminal on standard error there is no question', async () => {
    const { code, stderr } = await site.cli(['delete', 'name:Storefront'], { input: 'y\n' });
    assert.equal(code, 2);
    assert.match(stderr, /no terminal to ask on/);
  });
});

describe('the question of probe', { skip: withoutTerminal }, () => {
  const answer = async (context, text) => {
    const server = await startEmulator(context);
    const env = { ...cleanEnvironment(), ...connection(server) };
    const result = await inTerminal(['probe'], { env, steps: [['[y/N]', text]] });
    assert.match(result.output, /The other apps are not changed\.[^]*Create an app on this site, ask .* \[y\/N\]/);
    return { ...result, requests: server.emulator.requests, left: await appsOf(server) };
  };

  for (const [name, text, exitCode] of [
    ['no', 'n\r', 1],
    ['no text', '\r', 1],
    ['Ctrl-C', '\x03', 130],
  ]) {
    test(`is answered with ${name}: nothing is sent`, async (context) => {
      const { code, output, requests } = await answer(context, text);
      assert.deepEqual([code, requests.map(({ method, path }) => `${method} ${path}`)], [exitCode, []]);
      assert.match(output, /nothing was changed/);
    });
  }

  test('is answered with yes: an app is created and deleted again', async (context) => {
    const { code, output, requests, left } = await answer(context, 'y\r');
    assert.equal(code, 0, output);
    assert.match(output, /Created the app /);
    assert.ok(requests.some(({ method }) => method === 'DELETE'));
    assert.deepEqual(left, []);
  });

  test('is not asked with --yes', async (context) => {
    const server = await startEmulator(context);
    const env = { ...cleanEnvironment(), ...connection(server) };
    const { code, output } = await inTerminal(['probe', '--yes'], { env });
    assert.deepEqual([code, output.includes('[y/N]')], [0, false]);
  });
});

describe('an interruption', () => {
  /** Starts a server that answers nothing to a write, and the command. Interrupts the command at the write. */
  async function interrupt(args, signal) {
    const app = { id: '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11', name: 'Storefront', createdDate: '2026-03-01T09:05:00Z' };
    let arrived;
    const written = new Promise((resolve) => (arrived = resolve));
    const server = createServer(({ method, url }, response) => {
      const isRead = method === 'GET' || url.endsWith('/query');
      if (!isRead) return arrived();
      response.setHeader('content-type', 'application/json');
      const full = { ...app, allowedRedirectUris: [], allowedRedirectDomains: [] };
      response.end(JSON.stringify(method === 'GET' ? { oAuthApp: full } : { oAuthApps: [full] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const env = {
      ...process.env,
      WIX_API_KEY: 'IST.not-a-real-key',
      WIX_SITE_ID: app.id,
      WIX_API_BASE_URL: `http://127.0.0.1:${server.address().port}`,
    };
    const { child, output, ended } = start(args, { isolated: true, env });
    await written;
    child.kill(signal);
    const { code } = await ended;
    server.closeAllConnections();
    server.close();
    return { code, ...output };
  }

  for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`by ${signal} is exit code 130, and says what was perhaps done`, async () => {
      const { code, stdout, stderr } = await interrupt(['delete', 'name:Storefront', '--yes'], signal);
      assert.deepEqual({ code, stdout }, { code: 130, stdout: '' });
      assert.match(stderr, /ABORTED: interrupted; perhaps done: delete the app Storefront/);
    });
  }

  test('is a JSON document with --json', async () => {
    const { code, stderr } = await interrupt(['create', '--name', 'Shop', '--json'], 'SIGINT');
    assert.equal(code, 130);
    const { error } = JSON.parse(stderr);
    assert.deepEqual([error.code, /perhaps done: create the app Shop/.test(error.message)], ['ABORTED', true]);
  });
});
