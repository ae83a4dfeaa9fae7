// ensureOAuthApp makes one app whatever happens on the way: where nobody knows whether it was created, it looks.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answer, failure, intercepted } from './support/client.mjs';
import { idle } from './support/clock.mjs';
import { domain, many, uri } from './support/redirects.mjs';

const WANTED = { name: 'Shop', allowedRedirectUris: [uri(1)], allowedRedirectDomains: [domain(1)] };
const creates = (sent) => sent.filter((request) => request === 'POST').length;

describe('a create whose outcome nobody knows is looked for, not made again', () => {
  const lost = () => Promise.reject(new TypeError('fetch failed'));
  const never = () => new Promise(() => {});
  const AFTER = {
    'its answer is lost': lost,
    'its answer never comes': never,
    'the answer is 500': () => answer('', { status: 500 }),
    'the answer is 504 with HTML': () => answer('<html>', { status: 504 }),
    'the answer cannot be read': () => answer('{"oAuthApp":'),
    'the answer is empty': () => answer('', { status: 204 }),
  };
  const isCreate = ({ method, path }) => method === 'POST' && path.endsWith('oauth-apps');

  for (const [what, after] of Object.entries(AFTER)) {
    test(`made, and ${what}: it is found, and counts as created`, async () => {
      const between = (request, onwards) => (isCreate(request) ? onwards().then(after) : onwards());
      const { client, sent, store } = await intercepted(between, { timeout: 40 });
      const { oAuthApp, created } = await client.ensureOAuthApp(WANTED);
      assert.equal(created, true);
      assert.deepEqual(await store(), [oAuthApp]);
      assert.equal(creates(sent), 1);
    });

    test(`not made, and ${what}: OUTCOME_UNKNOWN, and the next call makes it`, async () => {
      let isDown = true;
      const between = (request, onwards) => (isCreate(request) && isDown ? after() : onwards());
      const { client, sent, store } = await intercepted(between, { timeout: 40 });
      const error = await failure(client.ensureOAuthApp(WANTED));
      assert.deepEqual([error.code, error.operation], ['OUTCOME_UNKNOWN', 'ensureOAuthApp']);
      assert.match(error.message, /looked for/);
      assert.equal(creates(sent), 1);
      assert.deepEqual(await store(), []);
      isDown = false;
      assert.equal((await client.ensureOAuthApp(WANTED)).created, true);
      assert.equal((await store()).length, 1);
    });
  }

  test('made, and not to be seen at once: it is looked for again', async () => {
    let looks = 0;
    const subject = await intercepted(async (request, onwards) => {
      if (isCreate(request)) return onwards().then(lost);
      if (!request.path.endsWith('/query')) return onwards();
      looks += 1;
      return looks < 4 ? answer({ oAuthApps: [], pagingMetadata: { hasNext: false } }) : onwards();
    });
    const { oAuthApp, created } = await subject.client.ensureOAuthApp(WANTED);
    assert.deepEqual([created, looks], [true, 4]);
    assert.deepEqual(await subject.store(), [oAuthApp]);
    assert.equal(creates(subject.sent), 1);
  });

  test('by several calls at once: one app', async () => {
    let isFirst = true;
    const subject = await intercepted((request, onwards) => {
      if (!isCreate(request) || !isFirst) return onwards();
      isFirst = false;
      return onwards().then(lost);
    });
    const outcomes = await Promise.all(many(5, () => subject.client.ensureOAuthApp(WANTED)));
    assert.equal(new Set(outcomes.map(({ oAuthApp }) => oAuthApp.id)).size, 1);
    assert.equal((await subject.store()).length, 1);
  });

  test('the looking fails too: OUTCOME_UNKNOWN', async () => {
    let isCreated = false;
    const { client, sent } = await intercepted((request, onwards) => {
      if (!isCreated && !isCreate(request)) return onwards();
      isCreated = true;
      return lost();
    });
    assert.equal((await failure(client.ensureOAuthApp(WANTED))).code, 'OUTCOME_UNKNOWN');
    assert.equal(creates(sent), 1);
  });

  test('the caller ends the looking: ABORTED', async () => {
    const controller = new AbortController();
    let isCreated = false;
    const { client } = await intercepted((request, onwards) => {
      if (isCreated) return never();
      isCreated = isCreate(request);
      return isCreated ? lost() : onwards();
    });
    const call = failure(client.ensureOAuthApp(WANTED, { signal: controller.signal }));
    for (let turn = 0; turn < 5; turn += 1) await idle();
    controller.abort('enough');
    const error = await call;
    assert.deepEqual([error.code, error.cause], ['ABORTED', 'enough']);
  });

  for (const [what, first] of [
    ['429 that says when', () => answer('', { status: 429, headers: { 'retry-after': '0' } })],
    ['503 that says when', () => answer('', { status: 503, headers: { 'retry-after': '0' } })],
  ]) {
    test(`a create that surely did nothing (${what}) goes out again`, async () => {
      let isFirst = true;
      const { client, sent, store } = await intercepted((request, onwards) => {
        if (!isCreate(request) || !isFirst) return onwards();
        isFirst = false;
        return first();
      });
      assert.equal((await client.ensureOAuthApp(WANTED)).created, true);
      assert.equal(creates(sent), 2);
      assert.equal((await store()).length, 1);
    });
  }
});

describe('a fault at any of its requests is got over', () => {
  const FAULTS = {
    'no answer': () => new Promise(() => {}),
    'a lost connection': () => Promise.reject(new TypeError('fetch failed')),
    'a 503': () => answer('', { status: 503 }),
    'a lost answer': (onwards) => onwards().then(() => Promise.reject(new TypeError('fetch failed'))),
  };
  for (const [what, fault] of Object.entries(FAULTS)) {
    for (const at of [0, 1, 2, 3]) {
      test(`${what} at request ${at + 1}, where the app is there`, async () => {
        const subject = await intercepted(({ number }, onwards) => (number === at ? fault(onwards) : onwards()), {
          timeout: 40,
        });
        await subject.direct.createOAuthApp({ name: 'Shop', allowedRedirectUris: [uri(0)] });
        const { created } = await subject.client.ensureOAuthApp(WANTED);
        const [app, ...others] = await subject.store();
        assert.deepEqual([created, others], [false, []]);
        assert.deepEqual(app.allowedRedirectUris, [uri(0), uri(1)]);
        assert.deepEqual(app.allowedRedirectDomains, [domain(1)]);
      });
    }
  }
});
