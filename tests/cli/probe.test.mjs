// `probe`: its answers, its profile, and the app that it leaves behind never.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run, serve } from './support/emulate.mjs';
import { appsOf, connection, runCommand, startCommand, startEmulator } from './support/in-process.mjs';
import { folder as temporaryFolder } from './support/folder.mjs';

const probe = async (server, args = [], options) => {
  const result = await runCommand(server, ['probe', '--yes', '--json', ...args], options);
  assert.equal(result.code, 0, result.stderr);
  return JSON.parse(result.stdout);
};

/** An option that differs from its default, and the answer to expect if it is another value. */
const CHANGES = {
  maskPath: 'ignore',
  accountHeader: 'refuse',
  secretOnCreate: false,
  maxPageLimit: 7,
  maxAllowedDomains: 33,
  maxOriginLength: 5,
  copyAllowedDomains: 'fromAllowedRedirectDomains',
  customSchemes: false,
  normalizeRedirects: true,
  duplicateRedirects: 'refuse',
  wildcardRedirects: false,
  subdomainRedirects: true,
  domainPorts: 'ignored',
  logoutRedirects: 'domains',
  honorLoginUrl: false,
  honorLogoutUrl: false,
  wixPagesUrl: 'app',
  unknownClientStatus: 404,
  staleFor: 500,
  rateLimit: { requests: 40, per: 1_000, retryAfter: false },
};
const MORE_CHANGES = {
  copyAllowedDomains: 'toAllowedRedirectDomains',
  duplicateRedirects: 'drop',
  maxPageLimit: 1,
  maxAllowedDomains: 1,
  maxOriginLength: 1_000,
  unknownClientStatus: 401,
};
const RULES = [
  'nameMissing',
  'nameTooShort',
  'nameTooLong',
  'tooManyUris',
  'malformedUri',
  'pageTooLarge',
  'unknownEnumValue',
  'readOnlyInMask',
];

describe('the answers', () => {
  test('of the emulator are those that it assumes', async (context) => {
    const server = await startEmulator(context);
    const { answers, differences } = await probe(server);
    assert.deepEqual(differences, []);
    assert.deepEqual(Object.keys(answers).toSorted(), [...Object.keys(CHANGES), 'ruleNames'].toSorted());
    assert.ok(Object.values(answers).every((answer) => answer !== null));
    assert.deepEqual(Object.keys(answers.ruleNames), RULES);
    assert.deepEqual(await appsOf(server), []);
  });

  test('need no more than an access token or a client secret', async (context) => {
    const server = await startEmulator(context, { accessTokens: [{ token: 'token-of-the-site' }] });
    const token = { WIX_API_KEY: '', WIX_SITE_ID: '', WIX_ACCESS_TOKEN: 'token-of-the-site' };
    assert.deepEqual((await probe(server, [], { env: token })).differences, []);
    const created = await runCommand(server, ['create', '--name', 'Admin', '--reveal', '--json']);
    const { id, secret } = JSON.parse(created.stdout);
    const client = { WIX_API_KEY: '', WIX_SITE_ID: '', WIX_CLIENT_ID: id, WIX_CLIENT_SECRET: secret };
    const result = await runCommand(server, ['probe', '--yes', '--json', '--verbose'], { env: client });
    assert.deepEqual(JSON.parse(result.stdout).differences, []);
    assert.ok(!(result.stdout + result.stderr).includes(secret));
  });

  for (const [option, value] of [...Object.entries(CHANGES), ...Object.entries(MORE_CHANGES)]) {
    test(`show ${option}: ${JSON.stringify(value)} and nothing else`, async (context) => {
      const server = await startEmulator(context, { [option]: value });
      const { answers, differences } = await probe(server);
      assert.deepEqual(
        differences.map(({ name, answer }) => ({ name, answer })),
        [{ name: option, answer: value }],
      );
      assert.deepEqual(answers[option], value);
      // The requests of the command may still fill the window of the rate limit.
      server.emulator.advance(1_000);
      assert.deepEqual(await appsOf(server), []);
    });
  }
});

describe('the rule names', () => {
  for (const rule of RULES) {
    test(`show another rule for ${rule} and nothing else`, async (context) => {
      const server = await startEmulator(context, { ruleNames: { [rule]: 'OTHER_RULE' } });
      const { differences } = await probe(server);
      assert.deepEqual(
        differences.map(({ name, answer }) => ({ name, answer })),
        [{ name: `ruleNames.${rule}`, answer: 'OTHER_RULE' }],
      );
    });
  }
});

describe('the output', () => {
  test('shows a rate limit of a minute without waiting for its end', async (context) => {
    const server = await startEmulator(context, { rateLimit: { requests: 200 } });
    const { answers, differences } = await probe(server);
    assert.deepEqual(answers.rateLimit, { requests: 200, per: 60_000, retryAfter: true });
    assert.equal(differences.length, 1);
  });

  test('is a table for people, which names what differs', async (context) => {
    const server = await startEmulator(context, { maxPageLimit: 50 });
    const { code, stdout, stderr } = await runCommand(server, ['probe', '--yes']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^maxPageLimit +50 +100 +differs$/m);
    assert.match(stdout, /in 1 of 28/);
    assert.match(
      stderr,
      /Created the app wix-oauth-apps probe [\da-f]{8} \([\da-f-]{36}\), which is deleted at the end/,
    );
  });
});

describe('a profile', () => {
  test('lets the emulator behave as the probed service', async (context) => {
    const home = temporaryFolder(context);
    const [first, second] = [join(home, 'first.json'), join(home, 'second.json')];
    const ruleNames = Object.fromEntries(RULES.map((rule, at) => [rule, `RULE_${at}`]));
    const rateLimit = { requests: 60, per: 1_000, retryAfter: true };
    const service = await startEmulator(context, { ...CHANGES, ruleNames, rateLimit });
    const { answers, differences } = await probe(service, ['--out', first]);
    assert.deepEqual(answers, { ...CHANGES, ruleNames, rateLimit });
    assert.equal(differences.length, Object.keys(CHANGES).length + RULES.length);
    const emulated = await serve(['--quiet', '--profile', first]);
    const env = { WIX_API_KEY: emulated.apiKey, WIX_SITE_ID: emulated.siteId, WIX_API_BASE_URL: emulated.url };
    await probe(service, ['--out', second], { env });
    await emulated.stop();
    assert.equal(readFileSync(second, 'utf8'), readFileSync(first, 'utf8'));
  });

  test('is overridden by options', async (context) => {
    const file = join(temporaryFolder(context), 'profile.json');
    const answers = { maxPageLimit: 7, rateLimit: { requests: 5, per: 1_000, retryAfter: true } };
    writeFileSync(file, JSON.stringify({ format: 'wix-oauth-apps-profile', version: 1, answers }));
    const server = await serve(['--quiet', '--profile', file, '--max-page-limit', '9', '--no-retry-after']);
    const query = (limit) =>
      server.request('/oauth-app/v1/oauth-apps/query', {
        method: 'POST',
        body: JSON.stringify({ query: { paging: { limit } } }),
      });
    assert.equal((await query(9)).status, 200);
    assert.equal((await query(10)).status, 400);
    for (let at = 0; at < 3; at += 1) await query(1);
    const limited = await query(1);
    assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, null]);
    await server.stop();
  });

  for (const [fault, content, message] of [
    ['no JSON', '{', /is no valid JSON/],
    ['no profile', '{"apps":[]}', /is no profile/],
    ['another version', '{"format":"wix-oauth-apps-profile","version":2,"answers":{}}', /version 2/],
    [
      'an unknown answer',
      '{"format":"wix-oauth-apps-profile","version":1,"answers":{"maskpath":"apply"}}',
      /did you mean maskPath/,
    ],
    [
      'an answer of another type',
      '{"format":"wix-oauth-apps-profile","version":1,"answers":{"maxPageLimit":"7"}}',
      /maxPageLimit must be a whole number/,
    ],
  ]) {
    test(`with ${fault} is refused`, async (context) => {
      const file = join(temporaryFolder(context), 'profile.json');
      writeFileSync(file, content);
      const { code, stdout, stderr } = await run(['emulate', '--port', '0', '--profile', file]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, message);
      assert.match(stderr, /--profile: .*profile\.json/);
    });
  }

  test('that does not exist is refused', async () => {
    const { code, stderr } = await run(['emulate', '--profile', 'no-such-file.json']);
    assert.equal(code, 2);
    assert.match(stderr, /no-such-file\.json cannot be read.*probe --out/);
  });
});

describe('nothing is sent', () => {
  const refuse = async (context, args, message) => {
    const server = await startEmulator(context);
    const { code, stdout, stderr } = await runCommand(server, ['probe', ...args]);
    assert.deepEqual([code, stdout, server.emulator.requests.length], [2, '', 0]);
    assert.match(stderr, message);
  };

  test('without a terminal and without --yes', (context) => refuse(context, [], /give --yes/));

  test('if the profile cannot be written', async (context) => {
    await refuse(context, ['--yes', '--out', join('no-such-folder', 'profile.json')], /there is no folder/);
    await refuse(context, ['--yes', '--out', temporaryFolder(context)], /is no regular file/);
  });

  test('in a dry run, which lists the questions', async (context) => {
    const server = await startEmulator(context);
    const file = join(temporaryFolder(context), 'profile.json');
    const { code, stdout, stderr } = await runCommand(server, ['probe', '--dry-run', '--json', '--out', file]);
    assert.deepEqual([code, JSON.parse(stdout)], [0, { answers: {}, differences: [] }]);
    assert.match(stderr, /maskPath: the mask/);
    assert.deepEqual([server.emulator.requests.length, existsSync(file)], [0, false]);
  });
});

describe('no app is left behind', () => {
  /** Checks that a failed run leaves no app behind, or names it. */
  const checkApps = async (server, { code, stderr }) => {
    const left = await appsOf(server);
    assert.ok([0, 1, 130].includes(code), `exit code ${code}: ${stderr}`);
    for (const { id, name } of left) assert.ok(stderr.includes(id) || stderr.includes(name), `not named: ${stderr}`);
    return left;
  };

  /** Returns how many requests a run makes before the rate limit is measured. */
  const countRequests = async (context) => {
    const server = await startEmulator(context);
    await probe(server);
    return server.emulator.requests.findIndex(({ method }) => method === 'DELETE') + 1;
  };

  const FAULTS = [
    ['a server error', { status: 500 }],
    ['a server error after the request was carried out', { status: 503, takeEffect: true }],
    ['a broken connection', { error: 'reset' }],
    ['a broken connection after the request was carried out', { error: 'reset', takeEffect: true }],
    ['a refusal', { status: 403 }],
    ['a page of a gateway', { preset: 'captivePortal' }],
    ['no response', { error: 'hang' }],
    ['no response after the request was carried out', { error: 'hang', takeEffect: true }],
  ];
  for (const [kind, [fault, failure]] of FAULTS.entries()) {
    // Each request meets one kind of fault; the create, the first get and the delete meet every kind.
    test(`after ${fault} at any request`, async (context) => {
      const count = await countRequests(context);
      assert.ok(count > 40, `${count} requests`);
      const isTested = (at) => at % FAULTS.length === kind || at < 2 || at === count - 1;
      const tested = Array.from({ length: count }, (_, at) => at).filter(isTested);
      const positions = tested[Symbol.iterator]();
      const failures = [];
      const work = async () => {
        for (const after of positions) {
          const server = await startEmulator(context);
          server.emulator.fail({ ...failure, after });
          const result = await runCommand(server, ['probe', '--yes', '--retries', '0', '--timeout', '1500']);
          assert.deepEqual(await checkApps(server, result), [], `request ${after}: ${result.stderr}`);
          failures.push(result.code);
          await server.stop();
        }
      };
      await Promise.all([work(), work(), work(), work()]);
      assert.equal(failures.length, tested.length);
    });
  }

  test('and with retries, a failure at any request changes no answer', async (context) => {
    const count = await countRequests(context);
    // The create is not repeated, because that could leave a second app behind.
    for (let after = 1; after < count; after += 7) {
      const server = await startEmulator(context);
      server.emulator.fail({ error: 'reset', after });
      assert.deepEqual((await probe(server)).differences, [], `request ${after}`);
      await server.stop();
    }
  });

  test('if the response to the create is lost', async (context) => {
    const server = await startEmulator(context);
    server.emulator.fail({ method: 'POST', path: '/oauth-app/v1/oauth-apps', error: 'reset', takeEffect: true });
    const result = await runCommand(server, ['probe', '--yes', '--json']);
    assert.equal(result.code, 1);
    assert.equal(JSON.parse(result.stderr).error.code, 'NETWORK');
    assert.deepEqual(await appsOf(server), []);
  });

  test('without its name, if neither the create nor the search is answered', async (context) => {
    const server = await startEmulator(context);
    server.emulator.fail({ error: 'reset', takeEffect: true, times: 'always' });
    const result = await runCommand(server, ['probe', '--yes', '--json', '--retries', '0']);
    server.emulator.reset();
    assert.equal(result.code, 1);
    const { code, message } = JSON.parse(result.stderr).error;
    assert.equal(code, 'OUTCOME_UNKNOWN');
    assert.match(
      message,
      /whether the app wix-oauth-apps probe [\da-f]{8} was created; if `wix-oauth-apps list --name/,
    );
  });

  test('without its name, if every delete fails', async (context) => {
    const server = await startEmulator(context);
    server.emulator.fail({ method: 'DELETE', status: 500, times: 'always' });
    const result = await runCommand(server, ['probe', '--yes', '--json']);
    assert.equal(result.code, 1);
    const [app] = await appsOf(server);
    const { code, message, leftBehind } = JSON.parse(result.stderr).error;
    assert.equal(code, 'LEFT_BEHIND');
    assert.equal(leftBehind.id, app.id);
    assert.ok(message.includes(`wix-oauth-apps delete ${app.id}`), message);
  });

  test('if the service does not find it for a while', async (context) => {
    const server = await startEmulator(context, { staleFor: 1_500 });
    const { child, ended, output } = startCommand(server, ['probe', '--yes']);
    await until(() => server.emulator.requests.length > 2);
    child.kill('SIGINT');
    assert.equal((await ended).code, 130, output.stderr);
    assert.match(output.stderr, /interrupted; done: create the app .*, delete the app /);
    assert.deepEqual(await appsOf(server), []);
  });

  test('after Ctrl-C at any request', async (context) => {
    const count = await countRequests(context);
    for (let after = 0; after < count; after += 5) {
      const server = await startEmulator(context);
      server.emulator.fail({ latency: 300, after });
      const { child, ended, output } = startCommand(server, ['probe', '--yes']);
      await until(() => server.emulator.requests.length > after);
      child.kill('SIGINT');
      const { code } = await ended;
      assert.equal(code, after === count - 1 ? code : 130, output.stderr);
      assert.deepEqual(await checkApps(server, { code, ...output }), [], `request ${after}: ${output.stderr}`);
      await server.stop();
    }
  });

  test('without its name, after a second Ctrl-C', async (context) => {
    const server = await startEmulator(context, { latency: 100 });
    const { child, ended, output } = startCommand(server, ['probe', '--yes', '--json']);
    server.emulator.fail({ method: 'DELETE', error: 'hang' });
    await until(() => server.emulator.requests.length > 3);
    child.kill('SIGINT');
    await until(() => server.emulator.requests.some(({ method }) => method === 'DELETE'));
    child.kill('SIGINT');
    assert.equal((await ended).code, 130);
    const [app] = await appsOf(server);
    assert.equal(JSON.parse(output.stderr).error.leftBehind.id, app.id);
  });
});

/** Waits until a condition holds. */
async function until(holds) {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a refused credential is an error with its remedy', async (context) => {
  const server = await startEmulator(context);
  const env = { ...connection(server), WIX_API_KEY: 'IST.another-key' };
  const { code, stderr } = await runCommand(server, ['probe', '--yes'], { env });
  assert.equal(code, 1);
  assert.match(stderr, /UNAUTHENTICATED: .*401/);
  assert.match(stderr, /doctor/);
});
