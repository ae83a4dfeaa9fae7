// `kill -9` at random moments, under load. Whatever was acknowledged is there afterwards; what was under way is there whole
// or not at all. KILLS says how often; `npm test` does it a few dozen times.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { allApps, create, remove, update } from './support/apps.mjs';
import { serve, start } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';

const KILLS = Number(process.env.KILLS ?? 40);
const CLIENTS = 8;
const LONGEST = 200; // milliseconds of load before a kill

// Every field says the same, so that an app of two writes is seen.
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

describe('kill -9', () => {
  test(`${KILLS} times loses nothing that was acknowledged`, { timeout: KILLS * 5_000 }, async (t) => {
    const data = join(folder(t), 'emulator.db');
    const model = new Map();
    const unsure = new Map();
    let writes = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = await serve(['--data', data, '--quiet']);
      await settle(server, model, unsure);
      const killed = sleep(Math.random() * LONGEST).then(() => server.kill());
      const counts = Array.from({ length: CLIENTS }, (_, client) => load(server, `${kill}-${client}`, model, unsure));
      writes += (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      assert.deepEqual(await killed, { code: null, signal: 'SIGKILL' });
    }
    const server = await serve(['--data', data]);
    await settle(server, model, unsure);
    await server.stop();
    t.diagnostic(`${writes} acknowledged writes, ${model.size} apps at the end`);
    assert.ok(writes > KILLS);
  });

  test('while it starts leaves a file that can be opened', async (t) => {
    for (let kill = 0; kill < Math.ceil(KILLS / 6); kill += 1) {
      const data = join(folder(t), 'emulator.db');
      const { child, ended } = start(['emulate', '--port', '0', '--data', data]);
      await sleep(60 + Math.random() * 60);
      child.kill('SIGKILL');
      await ended;
      const server = await serve(['--data', data]);
      await create(server, app('x'));
      await server.kill();
    }
  });
});

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes until the server is gone; gives how many writes were acknowledged. What was not is noted in `unsure`. */
async function load(server, client, model, unsure) {
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
    } catch (error) {
      // The server is gone: that is no answer, and all else would be a fault.
      assert.ok(error instanceof TypeError, error);
      return count;
    }
  }
}

/** Compares what the server has with what it acknowledged, and takes over what it may or may not have done. */
async function settle(server, model, unsure) {
  const found = new Map([...(await allApps(server))].map(([id, app]) => [id, markOf(app)]));
  for (const [id, mark] of model) {
    const allowed = unsure.get(id) ?? [mark];
    assert.ok(allowed.includes(found.get(id)), `${id}: has ${found.get(id)}, was told ${allowed.join(' or ')}`);
  }
  const born = [...found].filter(([id]) => !model.has(id));
  // Each client had at most one create under way.
  assert.ok(born.length <= CLIENTS, `${born.length} apps that nobody was told of`);
  model.clear();
  unsure.clear();
  for (const [id, mark] of found) model.set(id, mark);
}
