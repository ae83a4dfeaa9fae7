// The client's own rate limit: it waits, it does not fail, and a burst within it is not slowed.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, failure, listener, scripted, settled } from './support/client.mjs';
import { idle, stopClock } from './support/clock.mjs';
import { ID } from './support/operations.mjs';

const fine = answer({ oAuthApp: { id: ID }, oAuthApps: [], pagingMetadata: {} });

/** A client on a clock that stands still, and `call(times)` that begins so many calls. */
function paced(t, options, ...answers) {
  const clock = stopClock(t);
  const { fetch, requests } = scripted(...answers, fine);
  const { onEvent, events, of } = listener();
  const client = createClient({ auth: { accessToken: 't' }, fetch, onEvent, ...options });
  const call = (times) => Array.from({ length: times }, () => client.getOAuthApp(ID));
  return { clock, client, requests, events, of, call };
}

test('200 requests a minute to start with: a burst of 200 is not slowed, the 201st waits', async (t) => {
  const { clock, requests, of, call } = paced(t, {});
  await Promise.all(call(200));
  assert.deepEqual([requests.length, of('wait')], [200, []]);
  const more = Promise.all(call(201));
  await clock.advance(59_999);
  assert.equal(requests.length, 200);
  await clock.advance(1);
  assert.equal(requests.length, 400);
  await clock.advance(60_000);
  assert.equal((await more).length, 201);
  assert.equal(of('wait').length, 201);
  assert.deepEqual(of('wait')[0], { type: 'wait', operation: 'getOAuthApp', attempt: 1, delay: 60_000 });
  assert.deepEqual(of('wait')[200], { type: 'wait', operation: 'getOAuthApp', attempt: 1, delay: 120_000 });
});

test('no minute holds more than the limit, wherever it begins', async (t) => {
  const { clock, requests, call } = paced(t, { rateLimit: { requests: 3, per: 1_000 } });
  const starts = [];
  const calls = [];
  for (let now = 0; now <= 5_000; now += 100) {
    if (now % 200 === 0) calls.push(...call(1));
    await idle();
    while (starts.length < requests.length) starts.push(now);
    await clock.advance(100);
  }
  for (let at = 3; at < starts.length; at += 1) assert.ok(starts[at] - starts[at - 3] >= 1_000, `${starts}`);
  assert.ok(starts.length >= 15, 'and it is used up');
  for (let second = 0; second < 10; second += 1) await clock.advance(1_000);
  await settled(Promise.all(calls), 1_000);
});

test('who came first goes first', async (t) => {
  const { clock, client, requests } = paced(t, { rateLimit: { requests: 1, per: 1_000 } });
  const ids = [0, 1, 2, 3].map((at) => ID.slice(0, -1) + at);
  const calls = Promise.all(ids.map((id) => client.getOAuthApp(id)));
  for (let second = 0; second < 4; second += 1) await clock.advance(1_000);
  await calls;
  assert.deepEqual(
    requests.map(({ path }) => path.split('/').at(-1)),
    ids,
  );
});

test('every request counts: a retry, a page, a token', async (t) => {
  const limit = { rateLimit: { requests: 2, per: 1_000 }, retry: { baseDelay: 0 } };
  const { clock, client, requests, of } = paced(t, limit, answer('', { status: 503 }));
  const call = client.getOAuthApp(ID);
  await idle();
  assert.equal(requests.length, 2);
  await call;
  const listed = client.listOAuthApps().next();
  await clock.advance(999);
  assert.equal(requests.length, 2);
  await clock.advance(1);
  assert.deepEqual(await listed, { done: true, value: undefined });
  assert.equal(of('wait').length, 1);

  const minting = scripted(answer({ access_token: 't' }), fine);
  const auth = { clientId: ID, clientSecret: 's' };
  const other = createClient({ auth, fetch: minting.fetch, rateLimit: { requests: 1, per: 1_000 } });
  const waited = other.getOAuthApp(ID);
  await clock.advance(999);
  assert.equal(minting.requests.length, 1);
  await clock.advance(1);
  await waited;
  assert.equal(minting.requests.length, 2);
});

test('the wait is no part of the time-out', async (t) => {
  const { clock, call } = paced(t, { rateLimit: { requests: 1, per: 60_000 }, timeout: 1_000 });
  const calls = call(2);
  await clock.advance(60_000);
  assert.equal((await Promise.all(calls)).length, 2);
});

test('false is for no limit', async (t) => {
  const { requests, of, call } = paced(t, { rateLimit: false });
  await Promise.all(call(1_000));
  assert.deepEqual([requests.length, of('wait')], [1_000, []]);
});

test('each client has its own', async (t) => {
  stopClock(t);
  const { fetch, requests } = scripted(fine);
  const one = () => clientOver(fetch, { rateLimit: { requests: 1, per: 1_000 } }).getOAuthApp(ID);
  await Promise.all([one(), one(), one()]);
  assert.equal(requests.length, 3);
});

test('a call that fails before it is sent takes no place', async (t) => {
  const { call, client } = paced(t, { rateLimit: { requests: 1, per: 1_000 } });
  assert.equal((await failure(client.getOAuthApp('x'))).code, 'INVALID_ARGUMENT');
  assert.equal((await failure(client.getOAuthApp(ID, { signal: AbortSignal.abort() }))).code, 'ABORTED');
  assert.equal((await call(1)[0]).id, ID);
});

test('a clock that is put back makes nobody wait for it', async (t) => {
  const { clock, requests, call } = paced(t, { rateLimit: { requests: 1, per: 1_000 } });
  await Promise.all(call(1));
  t.mock.timers.setTime(Date.parse('2020-01-01'));
  const later = call(1);
  await clock.advance(1_000);
  await Promise.all(later);
  assert.equal(requests.length, 2);
});

describe('over the real clock', () => {
  test('the third of two in a tenth of a second waits', async () => {
    const { fetch } = scripted(fine);
    const client = clientOver(fetch, { rateLimit: { requests: 2, per: 100 } });
    const start = performance.now();
    await Promise.all([client.getOAuthApp(ID), client.getOAuthApp(ID), client.getOAuthApp(ID)]);
    // Two clocks round differently.
    assert.ok(performance.now() - start >= 98);
  });
});
