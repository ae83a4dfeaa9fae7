// The client's rate limit on the platform's clock. The limit itself is tested in src/client/rate_limit.rs and
// src/client/tests/retry.rs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, failure, listener, scripted } from './support/client.mjs';
import { idle, stopClock } from './support/clock.mjs';
import { ID } from './support/operations.mjs';

const success = answer({ oAuthApp: { id: ID }, oAuthApps: [], pagingMetadata: {} });

/** Returns a client on a stopped clock, and `call(count)`, which starts this many calls. */
function limited(t, options, ...responses) {
  const clock = stopClock(t);
  const { fetch, requests } = scripted(...responses, success);
  const { onEvent, of } = listener();
  const client = createClient({ auth: { accessToken: 't' }, fetch, onEvent, ...options });
  const call = (count) => Array.from({ length: count }, () => client.getOAuthApp(ID));
  return { clock, client, requests, of, call };
}

test('200 requests a minute by default: the 201st waits', async (t) => {
  const { clock, requests, of, call } = limited(t, {});
  await Promise.all(call(200));
  assert.deepEqual([requests.length, of('wait')], [200, []]);
  const next = Promise.all(call(1));
  await clock.advance(59_999);
  assert.equal(requests.length, 200);
  await clock.advance(1);
  await next;
  assert.deepEqual(of('wait'), [{ type: 'wait', operation: 'getOAuthApp', attempt: 1, delay: 60_000 }]);
});

test('waiting requests are sent in their order', async (t) => {
  const { clock, client, requests } = limited(t, { rateLimit: { requests: 1, per: 1_000 } });
  const ids = [0, 1, 2, 3].map((at) => ID.slice(0, -1) + at);
  const calls = Promise.all(ids.map((id) => client.getOAuthApp(id)));
  for (let second = 0; second < 4; second += 1) await clock.advance(1_000);
  await calls;
  assert.deepEqual(
    requests.map(({ path }) => path.split('/').at(-1)),
    ids,
  );
});

test('each request counts: a retry, a page and a token', async (t) => {
  const options = { rateLimit: { requests: 2, per: 1_000 }, retry: { baseDelay: 0 } };
  const { clock, client, requests, of } = limited(t, options, answer('', { status: 503 }));
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

  const minting = scripted(answer({ access_token: 't' }), success);
  const auth = { clientId: ID, clientSecret: 's' };
  const other = createClient({ auth, fetch: minting.fetch, rateLimit: { requests: 1, per: 1_000 } });
  const waiting = other.getOAuthApp(ID);
  await clock.advance(999);
  assert.equal(minting.requests.length, 1);
  await clock.advance(1);
  await waiting;
});

test('the wait does not count towards the timeout', async (t) => {
  const { clock, call } = limited(t, { rateLimit: { requests: 1, per: 60_000 }, timeout: 1_000 });
  const calls = call(2);
  await clock.advance(60_000);
  assert.equal((await Promise.all(calls)).length, 2);
});

test('false disables the limit, and each client has its own', async (t) => {
  const { requests, of, call } = limited(t, { rateLimit: false });
  await Promise.all(call(1_000));
  assert.deepEqual([requests.length, of('wait')], [1_000, []]);
  const { fetch } = scripted(success);
  const one = () => clientOver(fetch, { rateLimit: { requests: 1, per: 1_000 } }).getOAuthApp(ID);
  await Promise.all([one(), one(), one()]);
});

test('a call that fails before it is sent does not count', async (t) => {
  const { call, client } = limited(t, { rateLimit: { requests: 1, per: 1_000 } });
  assert.equal((await failure(client.getOAuthApp('x'))).code, 'INVALID_ARGUMENT');
  assert.equal((await failure(client.getOAuthApp(ID, { signal: AbortSignal.abort() }))).code, 'ABORTED');
  assert.equal((await call(1)[0]).id, ID);
});

test('the limit holds on the real clock', async () => {
  const { fetch } = scripted(success);
  const client = clientOver(fetch, { rateLimit: { requests: 2, per: 100 } });
  const start = performance.now();
  await Promise.all([client.getOAuthApp(ID), client.getOAuthApp(ID), client.getOAuthApp(ID)]);
  // Two clocks round differently.
  assert.ok(performance.now() - start >= 98);
});
