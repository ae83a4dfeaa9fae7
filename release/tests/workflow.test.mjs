// The workflow that publishes: its permissions, and the check that stops it before it publishes something unfinished.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { parse } from 'yaml';
import { projectVersion } from '../versions.mjs';
import { read, root } from './support.mjs';

const workflow = parse(read('.github/workflows/publish.yml'));
const { steps, permissions } = workflow.jobs.publish;

test('publishing runs for a tag, and may only read and identify itself', () => {
  assert.deepEqual(workflow.on, { push: { tags: ['v*'] } });
  assert.deepEqual(workflow.permissions, { contents: 'read' });
  assert.deepEqual(permissions, { contents: 'read', 'id-token': 'write' });
  assert.doesNotMatch(read('.github/workflows/publish.yml'), /secrets\./);
  for (const { uses, run } of steps) {
    assert.ok(run || /@v\d+$/.test(uses), uses);
    // An expression in a script would run the name of a tag.
    assert.ok(!run?.includes('${{'), run);
  }
});

test('publishing follows the tests and the reproducible build, with provenance, the library first', () => {
  const scripts = steps.flatMap(({ run }) => run ?? []);
  assert.deepEqual(scripts.slice(1, 3), ['npm test', 'npm run release']);
  assert.match(scripts[3], /in wix-oauth-apps wix-oauth-apps-cli;[^]*npm publish "dist\/[^]*--provenance/);
  assert.equal(scripts.length, 4);
});

test('publishing stops for a tag of another version, and while the address is a placeholder', (t) => {
  if (spawnSync('bash', ['--version']).status !== 0) return t.skip('there is no bash');
  const [{ run }] = steps.filter(({ run }) => run);
  const attempt = (tag) =>
    spawnSync('bash', ['-eo', 'pipefail', '-c', run], { cwd: root, env: { ...process.env, GITHUB_REF_NAME: tag } });
  assert.notEqual(attempt('v9.9.9').status, 0);
  const isPlaceholder = read('package.json').includes('/OWNER/');
  assert.equal(attempt(`v${projectVersion()}`).status === 0, !isPlaceholder);
});
