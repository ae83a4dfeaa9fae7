// The tables of the benchmarks, in bench/README.md and README.md, are those of bench/results.json.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { documents } from '../../bench/tables.mjs';
import { read } from './support.mjs';

const results = JSON.parse(read('bench/results.json'));

test('no figure is stale', async () => {
  for (const [path, text] of Object.entries(await documents(results))) {
    assert.equal(read(path), text, `${path} has other figures: run \`npm run bench\`, which writes them`);
  }
});

test('a changed figure is found', async () => {
  const changed = structuredClone(results);
  changed.bundle.rows['official packages'] *= 2;
  for (const [path, text] of Object.entries(await documents(changed))) assert.notEqual(read(path), text, path);
});

test('both versions of Node are measured, with the official packages and the bare platform', () => {
  for (const { figures } of Object.values(results.nodes)) {
    const { rows } = figures.find(({ title }) => title.startsWith('cold start'));
    assert.deepEqual(Object.keys(rows), ['bare platform', 'wix-oauth-apps', 'official packages']);
    for (const part of ['get,', 'create,', 'a page of 100', 'validateOAuthApp', 'memory of', 'emulator server']) {
      assert.ok(
        figures.some(({ title }) => title.includes(part)),
        part,
      );
    }
  }
});
