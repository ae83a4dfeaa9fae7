// Test controls and state of the emulator: clock, seed, rate limit, stale reads, records, snapshots.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { APPS, started } from './support/emulator.mjs';

describe('the clock', () => {
  test('can be stopped and advanced', async () => {
    const { emulator, created } = await started({ now: '2026-01-01' });
    assert.equal((await created()).createdDate, '2026-01-01T00:00:00.000Z');
    emulator.advance(90_061_001);
    assert.equal((await created()).createdDate, '2026-01-02T01:01:01.001Z');
    for (const time of [951_782_400_000, '2000-02-29', '2000-02-29T00:00:00Z', new Date(951_782_400_000)]) {
      emulator.setTime(0);
      emulator.setTime(time);
      assert.equal((await created()).createdDate, '2000-02-29T00:00:00.000Z');
      assert.equal((await createEmulator({ now: time })).requests.length, 0);
    }
    emulator.reset();
    assert.equal((await created()).createdDate, '2026-01-01T00:00:00.000Z');
  });

  test('is the host’s by default, and runs on after it was advanced', async () => {
    const { emulator, created } = await started();
    const before = Date.now();
    emulator.advance(86_400_000);
    const { createdDate } = await created();
    const ahead = Date.parse(createdDate) - 86_400_000;
    assert.ok(before <= ahead && ahead <= Date.now(), createdDate);
  });

  test('refuses an invalid time with a TypeError', async () => {
    const { emulator, created } = await started({ now: 0 });
    for (const time of [undefined, null, NaN, -1, 1.5, 'today', '2026-02-30', new Date(NaN), 253_402_300_800_000, {}]) {
      assert.throws(() => emulator.setTime(time), { name: 'TypeError', message: /^time: must be milliseconds/ });
      if (time !== undefined && time !== null) {
        await assert.rejects(createEmulator({ now: time }), { name: 'TypeError', message: /^options\.now: / });
      }
    }
    for (const milliseconds of [undefined, NaN, Infinity, -1, 0.5, '5']) {
      assert.throws(() => emulator.advance(milliseconds), { name: 'TypeError', message: /^milliseconds: / });
    }
    assert.equal((await created()).createdDate, '1970-01-01T00:00:00.000Z');
  });
});

test('a seed makes IDs, secrets and request IDs reproducible', async () => {
  const journey = async (options) => {
    const { emulator, created, send } = await started({ now: 0, ...options });
    const given = async () => {
      const app = await created();
      const answer = await send('POST', `${APPS}/${app.id}/generate-secret`);
      return [app, await answer.json(), answer.headers.get('x-wix-request-id')];
    };
    const first = await given();
    emulator.reset();
    assert.deepEqual(await given(), first);
    return first;
  };
  const [one, same, other] = await Promise.all([{ seed: 'a' }, { seed: 'a' }, { seed: 7 }].map(journey));
  assert.deepEqual(one, same);
  assert.notDeepEqual(one, other);
});

describe('a rate limit', () => {
  test('responds with 429 and Retry-After until the window ends', async () => {
    const { emulator, query, create, total } = await started({ now: 0, rateLimit: { requests: 2, per: 60_000 } });
    assert.deepEqual([(await query()).status, (await query()).status], [200, 200]);
    emulator.advance(1);
    const refused = await create();
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '60']);
    assert.equal((await refused.json()).details.applicationError.code, 'RESOURCE_EXHAUSTED');
    emulator.advance(59_998);
    assert.equal((await query()).headers.get('retry-after'), '1');
    emulator.advance(1);
    assert.equal(await total(), 0);
  });

  test('is absent by default, and {} is the documented one', async () => {
    const accepted = async (options) => {
      const { query } = await started({ now: 0, ...options });
      const answers = await Promise.all(Array.from({ length: 205 }, () => query()));
      return answers.filter(({ status }) => status === 200).length;
    };
    assert.equal(await accepted({}), 205);
    assert.equal(await accepted({ rateLimit: false }), 205);
    assert.equal(await accepted({ rateLimit: {} }), 200);
  });

  for (const rateLimit of [true, 5, { requests: 0 }, { per: 0 }, { requests: NaN }, { limit: 5 }]) {
    test(`a TypeError names it: ${JSON.stringify(rateLimit)}`, async () => {
      await assert.rejects(createEmulator({ rateLimit }), { name: 'TypeError', message: /^options\.rateLimit: / });
    });
  }
});

test('with staleFor, a new app is not found by its ID for a while, and a query finds it', async () => {
  const { emulator, created, send, total } = await started({ now: 0, staleFor: 60_000 });
  const { id } = await created();
  const calls = [
    ['GET', `${APPS}/${id}`],
    ['PATCH', `${APPS}/${id}`, { oAuthApp: { name: 'Store' }, mask: 'name' }],
    ['POST', `${APPS}/${id}/generate-secret`, {}],
    ['DELETE', `${APPS}/${id}`],
  ];
  emulator.advance(59_999);
  for (const [method, path, body] of calls) {
    const answer = await send(method, path, { body });
    assert.deepEqual([answer.status, (await answer.json()).message], [404, `appId was not found ${id}`]);
  }
  assert.equal(await total(), 1);
  emulator.advance(1);
  for (const [method, path, body] of calls) assert.equal((await send(method, path, { body })).status, 200, method);
});

describe('records', () => {
  /** Returns a host that stores every change. */
  const keeper = (emulator) => {
    const kept = new Map();
    return {
      records: () => [...kept].map(([key, value]) => ({ key, value })),
      keep: () =>
        emulator.changes().map(({ key, value }) => {
          if (value === null) kept.delete(key);
          else kept.set(key, value);
          return [key, value && JSON.parse(value)];
        }),
    };
  };

  test('are complete if every change is stored, and can be loaded into another emulator', async () => {
    const options = { seed: 'a', secretOnCreate: false };
    const { emulator, created, send } = await started(options);
    emulator.load([]);
    const { keep, records } = keeper(emulator);
    const first = await created();
    const key = `app/${emulator.credentials.siteId}/${first.id}`;
    assert.deepEqual(keep()[0], [key, { oAuthApp: first }]);
    await send('GET', `${APPS}/${first.id}`);
    assert.deepEqual(keep(), []);
    const { oAuthAppSecret } = await (await send('POST', `${APPS}/${first.id}/generate-secret`)).json();
    const second = await created();
    await send('DELETE', `${APPS}/${second.id}`);
    assert.equal(keep().length, 3);
    assert.ok(!JSON.stringify(records()).includes(oAuthAppSecret));

    const next = await started(options);
    next.emulator.load(records());
    assert.deepEqual(next.emulator.snapshot(), emulator.snapshot());
    assert.deepEqual(next.emulator.changes(), []);
    assert.deepEqual((await next.created()).id, (await created()).id);
  });

  test('that are invalid are refused by key, and nothing changes', async () => {
    const { emulator, created, total } = await started();
    const { id } = await created();
    const { siteId } = emulator.credentials;
    const before = emulator.snapshot();
    const [{ key, value }] = emulator.changes();
    for (const [records, named] of [
      [[{ key, value: value.slice(1) }], key],
      [[{ key: `app/${siteId}/x`, value }], `app/${siteId}/x`],
      [[{ key: `app/${id}/${id}`, value }], `app/${id}/${id}`],
      [
        [
          { key, value },
          { key, value },
        ],
        key,
      ],
      [[{ key: 'other', value: '{}' }], 'other'],
    ]) {
      assert.throws(
        () => emulator.load(records),
        (error) => error.message.startsWith(`record ${named}: `),
      );
      assert.deepEqual(emulator.snapshot(), before);
    }
    for (const records of [undefined, null, 5, [5], [{ key }], { key, value }]) {
      assert.throws(() => emulator.load(records), Error);
    }
    assert.equal(await total(), 1);
  });

  test('a snapshot is JSON without a secret, and can be restored', async () => {
    const { emulator, created, send, total } = await started();
    const app = await created();
    const { oAuthAppSecret } = await (await send('POST', `${APPS}/${app.id}/generate-secret`)).json();
    const text = JSON.stringify(emulator.snapshot());
    assert.ok(text.includes(app.id) && !text.includes(oAuthAppSecret));
    emulator.reset();
    assert.equal(await total(), 0);
    emulator.restore(JSON.parse(text));
    assert.equal(await total(), 1);
    assert.equal((await send('POST', `${APPS}/${app.id}/generate-secret`)).status, 409);
  });
});

test('handle() returns the outcome that fetch performs', async () => {
  const emulator = await createEmulator({ latency: 5 });
  const { apiKey, siteId } = emulator.credentials;
  const request = {
    ...{ method: 'POST', url: `${APPS}/query`, headers: { Authorization: apiKey, 'wix-site-id': siteId } },
    body: new TextEncoder().encode('{"query":{}}'),
  };
  const { delay, kind, status, headers, body } = emulator.handle(request);
  assert.deepEqual([delay, kind, status, headers['content-type']], [5, 'answer', 200, 'application/json']);
  assert.deepEqual(JSON.parse(body).oAuthApps, []);
  emulator.fail({ error: 'stall' });
  assert.deepEqual([emulator.handle(request).kind, emulator.handle(request).kind], ['stall', 'answer']);
});

test('a body that is not UTF-8 is refused', async () => {
  const { emulator, total } = await started();
  const { apiKey, siteId } = emulator.credentials;
  for (const text of ['{"oAuthApp":{"name":"\xff\xfe"}}', '\xef\xbb\xbf{"oAuthApp":{"name":"Shop"}}']) {
    const answer = await emulator.fetch(`https://www.wixapis.com${APPS}`, {
      method: 'POST',
      headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
      body: Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    });
    assert.equal(answer.status, 400);
    assert.match((await answer.json()).message, /^Malformed JSON: /);
  }
  assert.equal(await total(), 0);
});
