// The choice of the SQLite driver: which one is used, and what happens without any.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { allApps, create } from './support/apps.mjs';
import { BUILTIN, DRIVERS, PEER, skipBuiltin } from './support/drivers.mjs';
import { run, serve } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';

/** Returns the options for a server that runs where `@photostructure/sqlite` is not installed. */
function withoutPeer({ node, env = {} }) {
  const hooks = `export const resolve = (specifier, context, next) => {
    if (specifier !== '@photostructure/sqlite') return next(specifier, context);
    throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  };`;
  const url = (source) => `data:text/javascript,${encodeURIComponent(source)}`;
  const preload = url(`import { register } from 'node:module'; register(${JSON.stringify(url(hooks))});`);
  return { ...(node && { node }), env: { ...env, NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --import "${preload}"` } };
}

describe('without @photostructure/sqlite', () => {
  test('a data file needs no package where Node has node:sqlite', { skip: skipBuiltin }, async (t) => {
    const data = join(folder(t), 'emulator.db');
    const server = await serve(['--data', data, '--quiet'], withoutPeer(BUILTIN));
    await create(server, { name: 'Shop' });
    await server.stop();
    assert.equal(server.output.stderr, '', 'no ExperimentalWarning');
  });

  test('a data file is refused where Node has no node:sqlite, with the way to install a driver', async (t) => {
    const path = folder(t);
    const args = ['emulate', '--port', '0', '--data', join(path, 'emulator.db')];
    const { code, stdout, stderr } = await run(args, withoutPeer(PEER));
    assert.deepEqual({ code, stdout }, { code: 1, stdout: '' }, stderr);
    assert.match(stderr, /^wix-oauth-apps: [^\n]+\n$/);
    for (const text of ['Node 22.13', 'not installed', 'npm install --save-dev @photostructure/sqlite', 'in memory'])
      assert.ok(stderr.includes(text), `${text} in ${stderr}`);
    assert.deepEqual(readdirSync(path), []);
  });

  test('a server without a data file runs', async () => {
    const server = await serve([], withoutPeer(PEER));
    await create(server, { name: 'Shop' });
    await server.stop();
    assert.equal(server.output.stderr, '');
  });
});

describe('a data file of one driver', { skip: skipBuiltin }, () => {
  for (const [one, other] of [DRIVERS, DRIVERS.toReversed()]) {
    test(`${one.driver} is read and locked by the other`, async (t) => {
      const data = join(folder(t), 'emulator.db');
      const first = await serve(['--data', data], one.options);
      const { id } = await create(first, { name: 'Shop' });
      const { code, stderr } = await run(['emulate', '--port', '0', '--data', data], other.options);
      assert.equal(code, 1);
      assert.match(stderr, /in use by another process/);
      await first.kill();
      const second = await serve(['--data', data], other.options);
      assert.deepEqual([...(await allApps(second)).keys()], [id]);
      await second.stop();
    });
  }
});
