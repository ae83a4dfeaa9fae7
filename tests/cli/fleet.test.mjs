// A fleet of sites: a run that is killed in the middle and resumed changes each site once.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cleanEnvironment } from './support/command.mjs';
import { APPS, CREDENTIALS, serve, start } from './support/emulate.mjs';
import { folder } from './support/folder.mjs';

const COUNT = 1_000;
const URI = 'https://shop.example.com/cb';
const IDS = Array.from({ length: COUNT }, (_, at) => `e3a1e3a1-0000-4000-8000-${String(at).padStart(12, '0')}`);

describe(`a fleet of ${COUNT} sites`, { concurrency: false }, () => {
  for (const signal of ['SIGKILL', 'SIGINT']) {
    test(`after ${signal} and --resume, every site has been changed exactly once`, async (t) => {
      const path = folder(t);
      const server = await serve([...IDS.flatMap((id) => ['--site-id', id]), '--latency', '5']);
      t.after(() => server.stop());
      const headers = (siteId) => ({ 'wix-site-id': siteId });
      const post = (siteId, url, body) =>
        server.request(url, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { ...headers(siteId), 'content-type': 'application/json', authorization: CREDENTIALS.apiKey },
        });
      for (let at = 0; at < COUNT; at += 50) {
        const draft = { oAuthApp: { name: 'Storefront', allowedRedirectDomains: ['shop.example.com'] } };
        await Promise.all(IDS.slice(at, at + 50).map((id) => post(id, APPS, draft)));
      }
      writeFileSync(join(path, 'sites.txt'), IDS.join('\n'));
      const report = join(path, 'report.jsonl');
      const lines = () => (existsSync(report) ? readFileSync(report, 'utf8').split('\n').filter(Boolean) : []);
      const args = [
        'allow',
        'name:Storefront',
        URI,
        '--sites',
        'sites.txt',
        '--concurrency',
        '250',
        '--report',
        report,
      ];
      const env = { ...cleanEnvironment(), WIX_API_KEY: CREDENTIALS.apiKey, WIX_API_BASE_URL: server.url };
      const options = { cwd: path, env, isolated: true };

      const first = start(args, options);
      while (lines().length < COUNT / 4) await new Promise((resolve) => setTimeout(resolve, 5));
      first.child.kill(signal);
      const ended = await first.ended;
      const done = lines().length;
      assert.ok(done < COUNT, `${done} lines`);
      if (signal === 'SIGINT') {
        assert.equal(ended.code, 130);
        assert.match(first.output.stderr, /ABORTED: interrupted; \d+ sites done, 0 failed, \d+ not done/);
        assert.match(first.output.stderr, /perhaps done|done: add|nothing was changed/);
      }

      const second = start([...args, '--resume'], options);
      assert.deepEqual(await second.ended, { code: 0, signal: null }, second.output.stderr.slice(-500));
      const ok = lines()
        .map((line) => JSON.parse(line))
        .filter((line) => line.ok);
      assert.deepEqual(ok.map(({ siteId }) => siteId).sort(), IDS);
      // The access log is written in intervals.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const patches = server.output.stdout.match(/ PATCH \S+ 200 /g);
      assert.equal(patches.length, COUNT);
      for (let at = 0; at < COUNT; at += 50) {
        const bodies = IDS.slice(at, at + 50).map(async (id) => (await post(id, `${APPS}/query`, {})).json());
        for (const { oAuthApps } of await Promise.all(bodies)) {
          assert.deepEqual(
            oAuthApps.map(({ allowedRedirectUris }) => allowedRedirectUris),
            [[URI]],
          );
        }
      }
    });
  }
});
