// The arguments of the command line: help, version, and wrong arguments.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { run } from './support/emulate.mjs';

describe('the command line', () => {
  for (const args of [
    ['emulate', '--help'],
    ['emulate', '-h'],
    ['emulate', '--nonsense', '-h'],
  ]) {
    test(`prints its help: ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.match(stdout, /^Usage: wix-oauth-apps emulate \[options\]$/m);
      for (const option of ['--port', '--host', '--data', '--seed', '--latency', '--rate-limit', '--quiet']) {
        assert.match(stdout, new RegExp(`^  ${option}\\b`, 'm'));
      }
    });
  }

  for (const args of [['--version'], ['-v'], ['emulate', '-v']]) {
    test(`prints its version: ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
    });
  }

  for (const [args, ...said] of [
    [[], 'no command', 'emulate', '--help'],
    [['serve'], 'serve', 'no such command', '--help'],
    [['emulate', 'now'], 'now', '--help'],
    [['emulate', '--prot', '1'], '--prot', 'no such option', 'did you mean --port?'],
    [['emulate', '--allowed-host', 'a'], 'did you mean --allow-host?'],
    [['emulate', '--apikey', 'a'], 'did you mean --api-key?'],
    [['emulate', '--rate', '1'], 'did you mean --rate-limit?'],
    [['emulate', '--verbose'], '--verbose', 'no such option', '--help'],
    [['emulate', '--constructor', '1'], '--constructor', 'no such option'],
    [['emulate', '-x'], '-x', 'no such option'],
    [['emulate', '--port'], '--port', 'value is missing', '--port NUMBER'],
    [['emulate', '--seed', '--quiet'], '--seed', 'value is missing', '--seed=--quiet'],
    [['emulate', '--port', 'http'], '--port', '"http"', '0 to 65535'],
    [['emulate', '--port', '-1'], '--port', '"-1"'],
    [['emulate', '--port', '65536'], '--port', '"65536"'],
    [['emulate', '--port', '1e3'], '--port', '"1e3"'],
    [['emulate', '--port='], '--port', '""'],
    [['emulate', '--host', 'example.com'], '--host', '"example.com"', '127.0.0.1'],
    [['emulate', '--host', '300.1.1.1'], '--host', '"300.1.1.1"'],
    [['emulate', '--data', ''], '--data', 'path'],
    [['emulate', '--quiet=yes'], '--quiet', 'no value'],
    [['emulate', '--api-key', 'a b'], '--api-key', 'header'],
    [['emulate', '--site-id', 'mine'], '--site-id', 'GUID'],
    [['emulate', '--permission', 'ALL'], '--permission', 'ALL'],
    [['emulate', '--max-page-limit', '0'], '--max-page-limit', 'at least 1'],
    [['emulate', '--max-page-limit', 'x'], '--max-page-limit', '"x"'],
    [['emulate', '--duplicate-redirects', 'merge'], '--duplicate-redirects', 'merge'],
    [['emulate', '--now', 'today'], '--now', '2026'],
    [['emulate', '--latency', '-5'], '--latency', '"-5"'],
    [['emulate', '--latency', 'slow'], '--latency', '"slow"'],
    [['emulate', '--rate-limit', 'x'], '--rate-limit', '"x"'],
    [['emulate', '--no-retry-after'], '--no-retry-after', '--rate-limit'],
    [['emulate', '--access-token', '@site'], '--access-token', '"@site"'],
    [['emulate', '--max-allowed-domains', '0'], '--max-allowed-domains', '"0"', '1 to'],
  ]) {
    test(`refuses the arguments: ${args.join(' ') || 'none'}`, async () => {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, stderr);
      assert.match(stderr, /^wix-oauth-apps: [^\n]+\n$/);
      for (const text of said) assert.ok(stderr.includes(text), `${text} in ${stderr}`);
    });
  }
});
