// `kill -9` at random moments, under load. An acknowledged write is in the data file afterwards; a write under way is there
// completely or not at all. KILLS is how often the server is killed with each driver; `npm test` does it 40 times.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { allApps, create, remove, update } from './support/apps.mjs';
import { DRIVERS } from './support/drivers.mjs';
import { serve, start } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';

const KILLS = Number(process.env.KILLS ?? 40);
const CLIENTS = 8;
const LONGEST = 200; // milliseconds of load before a kill

// Every field contains the same mark, so that an app with fields of two writes is recognised.
const app = (mark) => ({
  name: `Shop ${mark}`,
  description: `${mark} `.repeat(200),
  allowedRedirectUris: [`https://shop.example.com/${mark}`],
});
const markOf = ({ name, description, allowedRedirectUris }) => {
  const mark = name.slice('Shop '.length);
  assert.deepEqual({ name, description, allowedRedirectUris }, app(mark), 'half of one write and half of another');
  return mark;
};

for (const { driver, options, skip } of DRIVERS)
  describe(`kill -9 with ${driver}`, { skip }, () => {
    test(`loses no acknowledged write in ${KILLS} kills`, { timeout: KILLS * 5_000 }, async (t) => {
      const data = join(folder(t), 'emulator.db');
      const model = new Map();
      const unsure = new Map();
      let writes = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const server = await serve(['--data', data, '--quiet'], options);
        await settle(server, model, unsure);
        let acknowledge;
        const acknowledged = new Promise((resolve) => (acknowledge = resolve));
        // Every second time after at least one write, however slow the disk is.
        const killed = Promise.all([sleep(Math.random() * LONGEST), kill % 2 && acknowledged]).then(() =>
          server.kill(),
        );
        const loads = Array.from({ length: CLIENTS }, (_, client) =>
          load(server, `${kill}-${client}`, model, unsure, acknowledge),
        );
        writes += (await Promise.all(loads)).reduce((sum, count) => sum + count, 0);
        assert.deepEqual(await killed, { code: null, signal: 'SIGKILL' });
      }
      const server = await serve(['--data', data], options);
      await settle(server, model, unsure);
      await server.stop();
      t.diagnostic(`${writes} acknowledged writes, ${model.size} apps at the end`);
      assert.ok(writes >= Math.floor(KILLS / 2));
    });

    test('during the start leaves a file that can be opened', async (t) => {
      for (let kill = 0; kill < Math.ceil(KILLS / 6); kill += 1) {
        const data = join(folder(t), 'emulator.db');
        const { child, ended } = start(['emulate', '--port', '0', '--data', data], options);
        await sleep(60 + Math.random() * 60);
        child.kill('SIGKILL');
        await ended;
        const server = await serve(['--data', data], options);
        await create(server, app('x'));
        await server.kill();
      }
    });
  });

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes until the server is gone. Returns how many writes were acknowledged, and notes the others in `unsure`. */
async function load(server, client, model, unsure, acknowledge) {
  const own = [];
  for (let count = 0; ; count += 1) {
    const mark = `${client}-${count}`;
    const id = count % 3 ? own[Math.floor(Math.random() * own.length)] : undefined;
    try {
      if (id === undefined) {
        const made = await create(server, app(mark));
        own.push(made.id);
        model.set(made.id, mark);
      } else if (count % 3 === 1) {
        unsure.set(id, [model.get(id), mark]);
        await update(server, id, app(mark));
        unsure.delete(id);
        model.set(id, mark);
      } else {
        unsure.set(id, [model.get(id), undefined]);
        await remove(server, id);
        unsure.delete(id);
        model.delete(id);
        own.splice(own.indexOf(id), 1);
      }
      acknowledge();
    } catch (error) {
      // The server is gone: there was no response. Any other error is a failure of the test.
      assert.ok(error instanceof TypeError, error);
      return count;
    }
  }
}

/** Compares the server's apps with the acknowledged writes, then makes the apps the new expectation. */
async function settle(server, model, unsure) {
  const found = new Map([...(await allApps(server))].map(([id, app]) => [id, markOf(app)]));
  for (const [id, mark] of model) {
    const allowed = unsure.get(id) ?? [mark];
    assert.ok(allowed.includes(found.get(id)), `${id}: has ${found.get(id)}, was told ${allowed.join(' or ')}`);
  }
  const born = [...found].filter(([id]) => !model.has(id));
  // Each client had at most one create under way.
  assert.ok(born.length <= CLIENTS, `${born.length} apps whose creation was not acknowledged`);
  model.clear();
  unsure.clear();
  for (const [id, mark] of found) model.set(id, mark);
}
