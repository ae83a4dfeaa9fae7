// The recipes of examples/ci: their shell steps run against the emulator server.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { emulated } from './support/command.mjs';
import { CREDENTIALS, program } from './support/emulate.mjs';

const here = join(import.meta.dirname, 'examples', 'ci');
const recipes = existsSync(here) ? here : join(import.meta.dirname, '..', '..', 'examples', 'ci');
const workflow = (name) => parse(readFileSync(join(recipes, name), 'utf8'));
const SITES = [1, 2, 3, 4].map((at) => `e3a1e3a1-0000-4000-8000-00000000000${at}`);
const hasBash = spawnSync('bash', ['--version']).status === 0 && process.platform !== 'win32';

/** Replaces the expressions of a workflow by values. An expression without a value is a fault of the test. */
const evaluate = (text, values) =>
  String(text).replace(/\$\{\{ (.+?) \}\}/g, (_, expression) => {
    assert.ok(expression in values, expression);
    return values[expression];
  });

describe('the recipes', { concurrency: false, skip: !hasBash && 'there is no bash' }, () => {
  const site = emulated(SITES.flatMap((id) => ['--site-id', id]));
  const values = {
    'secrets.WIX_API_KEY': CREDENTIALS.apiKey,
    'secrets.WIX_SITE_ID': SITES[0],
    'github.token': 'token',
  };

  /** Runs the shell of a step as a runner does. Programs of the folder `bin` come first on the path. */
  async function runStep({ run, env = {} }, given, outer = {}) {
    const bin = site.path('bin');
    mkdirSync(bin, { recursive: true });
    // `npx --yes --package P wix-oauth-apps ARGS` runs the package that is under test.
    script(
      'npx',
      `[ "$1 $2 $4" = "--yes --package wix-oauth-apps" ] || exit 9\nshift 4\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(program)} "$@"`,
    );
    script('wix-oauth-apps', `exec ${JSON.stringify(process.execPath)} ${JSON.stringify(program)} "$@"`);
    const evaluated = Object.entries({ ...outer, ...env }).map(([name, value]) => [name, evaluate(value, given)]);
    const { WIX_API_KEY: _, WIX_SITE_ID: __, ...clean } = site.env;
    return promisify(execFile)('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: site.folder,
      env: {
        ...clean,
        GITHUB_REPOSITORY: 'team/shop',
        ...Object.fromEntries(evaluated),
        PATH: `${bin}${delimiter}${process.env.PATH}`,
      },
    });
  }

  function script(name, body) {
    const path = site.path(join('bin', name));
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }

  /** Runs a step of the preview workflow that uses the action, with the inputs of the step. */
  function runAction(step, given, outer) {
    const action = workflow('action.yml');
    const inputs = Object.entries(action.inputs).map(([name, input]) => {
      const value = step.with[name] ?? input.default ?? '';
      return [
        `inputs.${name}`,
        evaluate(value, {
          ...given,
          ...Object.fromEntries(Object.entries(outer).map(([key, text]) => [`env.${key}`, text])),
        }),
      ];
    });
    for (const name of Object.keys(step.with)) assert.ok(name in action.inputs, name);
    return runStep(action.runs.steps[0], Object.fromEntries(inputs));
  }

  const uris = async () => (await site.json(['get', 'name:Storefront', '--site', SITES[0]])).allowedRedirectUris;
  const actionOf = (job) => job.steps.find(({ uses }) => uses === './.github/actions/wix-preview');

  test('are all workflows with pinned actions and few permissions', () => {
    for (const name of readdirSync(recipes).filter((file) => file.endsWith('.yml') && file !== 'action.yml')) {
      const { on, jobs, permissions } = workflow(name);
      assert.ok(on && permissions, name);
      for (const { steps } of Object.values(jobs))
        for (const { uses, run } of steps) {
          assert.ok(run || /^\.\/|@v\d+$/.test(uses), name);
          // An expression in a script would run what a pull request is called.
          assert.ok(!run?.includes('${{'), name);
        }
    }
  });

  test('previews are added on deploy, and pruned on close', async () => {
    const create = ['create', '--name', 'Storefront', '--redirect-uri', 'https://shop.example.com/cb'];
    await site.json([...create, '--redirect-domain', 'shop.example.com', '--site', SITES[0]]);
    const { env, jobs } = workflow('previews.yml');
    for (const name of ['a', 'b']) {
      const event = { 'github.event.deployment_status.environment_url': `https://${name}-team.vercel.app` };
      await runAction(actionOf(jobs.add), { ...values, ...event }, env);
    }
    assert.equal((await uris()).length, 3);
    writeGh([
      'case "$*" in',
      '  "pr list"*) echo 0123abcd ;;',
      '  *deployments*sha=0123abcd*) echo https://api.github.com/statuses/1 ;;',
      '  *statuses/1*) echo https://b-team.vercel.app ;;',
      '  *) exit 1 ;;',
      'esac',
    ]);
    await runStep(
      jobs.prune.steps.find(({ run }) => run),
      values,
    );
    assert.equal(site.read('keep.txt'), 'https://b-team.vercel.app\n');
    await runAction(actionOf(jobs.prune), values, env);
    assert.deepEqual(await uris(), ['https://shop.example.com/cb', 'https://b-team.vercel.app/api/auth/callback']);
  });

  test('nothing is pruned if the open pull requests cannot be listed', async () => {
    writeGh(['case "$*" in', '  "pr list"*) echo 0123abcd ;;', '  *) exit 1 ;;', 'esac']);
    const { jobs } = workflow('previews.yml');
    await assert.rejects(
      runStep(
        jobs.prune.steps.find(({ run }) => run),
        values,
      ),
    );
  });

  test('the configuration is planned on a pull request and applied on main', async () => {
    writeFileSync(
      site.path('wix-oauth-apps.yaml'),
      'apps:\n  - name: Admin\n    allowedRedirectDomains: [admin.example.com]\n',
    );
    const { env, jobs } = workflow('configuration.yml');
    const summary = site.path('summary.md');
    await runStep(
      jobs.plan.steps.find(({ run }) => run),
      values,
      { ...env, GITHUB_STEP_SUMMARY: summary },
    );
    assert.match(site.read('summary.md'), /^```diff\n\+ create the app Admin\n[^]*Plan: 1 to create[^]*```\n$/);
    await runStep(
      jobs.apply.steps.find(({ run }) => run),
      values,
      env,
    );
    assert.equal((await site.json(['list', '--name', 'Admin', '--site', SITES[0]])).length, 1);
    assert.ok(site.exists('before.yaml'));
  });

  test('the shards of a fleet cover each site once', async () => {
    writeFileSync(
      site.path('wix-oauth-apps.yaml'),
      'apps:\n  - name: Shop in ${site.city}\n    allowedRedirectDomains: [shop.example.com]\n',
    );
    writeFileSync(site.path('sites.csv'), `siteId,city\n${SITES.map((id, at) => `${id},City ${at}`).join('\n')}\n`);
    const { env, jobs } = workflow('fleet.yml');
    const { matrix } = jobs.apply.strategy;
    for (const shard of matrix.shard) {
      await runStep(
        jobs.apply.steps.find(({ run }) => run),
        { ...values, 'matrix.shard': shard },
        { ...env, ...jobs.apply.env },
      );
    }
    for (const [at, id] of SITES.entries()) {
      assert.equal((await site.json(['list', '--name', `Shop in City ${at}`, '--site', id])).length, 1);
    }
  });

  test('the post-install script writes the client ID, and needs no credentials', async () => {
    const run = `${JSON.stringify(process.execPath)} ${JSON.stringify(join(recipes, 'post-install.mjs'))}`;
    assert.match((await runStep({ run }, values)).stdout, /not set, so no OAuth app was created/);
    const env = { WIX_API_KEY: CREDENTIALS.apiKey, WIX_SITE_ID: SITES[1] };
    for (const _ of [1, 2]) await runStep({ run, env }, values);
    const [{ id }, ...more] = await site.json(['list', '--name', 'Storefront', '--site', SITES[1]]);
    assert.deepEqual(more, []);
    assert.ok(site.read('.env.local').includes(`WIX_CLIENT_ID=${id}`));
  });

  /** Replaces the command line of GitHub. */
  function writeGh(lines) {
    script('gh', lines.join('\n'));
  }
});
