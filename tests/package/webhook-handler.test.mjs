// The handler of webhooks: its responses, and the order in which it delivers events; by itself and behind the emulator.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { AppStrategy, createClient as createSdk } from '@wix/sdk';
import { createClient, createWebhookHandler } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { emulatedSdk, shopApp } from './support/sdk.mjs';
import { APP, NOW, PEM, changeApp, claimsOf, signed, webhook } from './support/webhooks.mjs';

const post = (body, init) => new Request('https://shop.example.com/webhooks', { method: 'POST', body, ...init });

/** Returns a handler with what its callbacks got. */
function recording(options) {
  const events = [];
  const faults = [];
  const record = (event) => void events.push(`${event.type} ${event.sequence}`);
  const handlers = {
    onCreated: record,
    onUpdated: record,
    onDeleted: record,
    onError: (fault) => void faults.push(fault),
  };
  const handle = createWebhookHandler({ publicKey: PEM, now: () => NOW, ...handlers, ...options });
  return { handle, events, faults };
}

/** Checks status, empty body and headers of a response. */
async function assertStatus(response, status) {
  assert.deepEqual([response.status, await response.text()], [status, '']);
  assert.equal(response.headers.get('allow'), status === 200 ? null : 'POST');
}

describe('a request', () => {
  test('with a valid webhook is 200 after the handler has finished', async () => {
    let isFinished = false;
    const onCreated = async ({ oAuthApp }) => {
      assert.equal(oAuthApp.id, APP);
      await new Promise((resolve) => setImmediate(resolve));
      isFinished = true;
    };
    await assertStatus(await recording({ onCreated }).handle(post(webhook())), 200);
    assert.ok(isFinished);
  });

  test('without a handler for its event is 200', async () => {
    await assertStatus(await createWebhookHandler({ publicKey: PEM, now: NOW })(post(webhook('deleted'))), 200);
  });

  test('with a refused body is 401, and the fault is reported', async () => {
    const { handle, events, faults } = recording();
    const other = await (await createEmulator()).webhooks.publicKey();
    for (const [body, code] of [
      [webhook().slice(0, -20), 'INVALID_SIGNATURE'],
      [signed(claimsOf('created', { claims: { iat: 1 } })), 'EXPIRED'],
      ...['garbage', '', undefined, '{}', `${webhook()}\n`].map((text) => [text, 'INVALID_ARGUMENT']),
    ]) {
      await assertStatus(await handle(post(body)), 401);
      assert.equal(faults.pop().code, code);
    }
    await assertStatus(await recording({ publicKey: other }).handle(post(webhook())), 401);
    assert.deepEqual(events, []);
  });

  test('with a genuine event of another entity is 401, as it has to go to another endpoint', async () => {
    const { handle, faults } = recording();
    await assertStatus(
      await handle(post(webhook('created', { envelope: { eventType: 'wix.stores.v3.product_created' } }))),
      401,
    );
    assert.match(faults.pop().message, /eventType is "wix\.stores\.v3\.product_created/);
  });

  test('with another method is 405', async () => {
    const { handle, faults } = recording();
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      await assertStatus(await handle(new Request('https://shop.example.com/', { method })), 405);
      assert.match(faults.pop().message, new RegExp(`method is "${method}", must be "POST"`));
    }
  });

  test('with a body that is too long is 413, and is not read to its end', async () => {
    const { handle, faults } = recording();
    let sent = 0;
    let isCancelled = false;
    const body = new ReadableStream({
      pull(controller) {
        sent += 2 ** 16;
        controller.enqueue(new Uint8Array(2 ** 16).fill(46));
      },
      cancel: () => void (isCancelled = true),
    });
    await assertStatus(await handle(post(body, { duplex: 'half' })), 413);
    assert.ok(isCancelled && sent < 3_000_000, `${sent} bytes`);
    await assertStatus(await handle(post('x'.repeat(10_000_000))), 413);
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['INVALID_ARGUMENT', 'INVALID_ARGUMENT'],
    );
  });

  test('is 500 if the body breaks off, and the cause is reported', async () => {
    const { handle, faults } = recording();
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('connection reset')) });
    await assertStatus(await handle(post(body, { duplex: 'half' })), 500);
    assert.equal(faults[0].message, 'connection reset');
  });

  test('is 500 if the key is wrong', async () => {
    for (const publicKey of [undefined, 'no key']) {
      const { handle, faults } = recording({ publicKey });
      await assertStatus(await handle(post(webhook())), 500);
      assert.match(faults[0].message, /publicKey/);
    }
  });

  test('is answered if onError throws, and if there is none', async () => {
    for (const onError of [
      undefined,
      () => Promise.reject(new Error('x')),
      () => {
        throw new Error('x');
      },
    ])
      await assertStatus(await recording({ onError }).handle(post('garbage')), 401);
  });
});

describe('an event', () => {
  test('is delivered once, however often it is posted', async () => {
    const { handle, events } = recording();
    for (let count = 0; count < 3; count += 1) await assertStatus(await handle(post(webhook())), 200);
    assert.deepEqual(events, ['created 1']);
  });

  test('is delivered once if it is posted at the same time', async () => {
    const { handle, events } = recording();
    const responses = await Promise.all(Array.from({ length: 8 }, () => handle(post(webhook()))));
    assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]));
    assert.deepEqual(events, ['created 1']);
  });

  test('whose handler fails is 500, is not seen, and is delivered again', async () => {
    const attempts = [];
    const cause = Object.assign(new Error('the database is closed'), {
      name: 'OAuthAppsError',
      code: 'NOT_FOUND',
      status: 404,
    });
    const onCreated = async ({ id }) => {
      attempts.push(id);
      if (attempts.length < 3) throw cause;
    };
    const { handle, faults } = recording({ onCreated });
    for (const status of [500, 500, 200, 200]) await assertStatus(await handle(post(webhook())), status);
    assert.deepEqual([attempts.length, faults], [3, [cause, cause]]);
  });

  test('whose handler fails does not stop one that waits for it', async () => {
    let count = 0;
    const onCreated = async () => {
      count += 1;
      if (count === 1) throw new Error('x');
    };
    const { handle } = recording({ onCreated });
    const responses = await Promise.all([handle(post(webhook())), handle(post(webhook()))]);
    assert.deepEqual(responses.map(({ status }) => status).sort(), [200, 500]);
  });

  const at = (sequence, appId = APP) => webhook('updated', { id: `event ${sequence} of ${appId}`, sequence, appId });

  test('is not delivered after a newer one of its app', async () => {
    const { handle, events } = recording();
    for (const sequence of ['2', '1', '10', '9', '18446744073709551615', '18446744073709551614', '11'])
      await assertStatus(await handle(post(at(sequence))), 200);
    await assertStatus(await handle(post(at('1', 'another app'))), 200);
    assert.deepEqual(events, ['updated 2', 'updated 10', 'updated 18446744073709551615', 'updated 1']);
  });

  test('waits for the others of its app, and for no other app', async () => {
    const order = [];
    const release = [];
    const onUpdated = ({ sequence, appId }) => {
      order.push(`${appId} ${sequence}`);
      if (appId === APP && sequence === '1') return new Promise((resolve) => release.push(resolve));
    };
    const { handle } = recording({ onUpdated });
    const first = handle(post(at('1')));
    while (release.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const second = handle(post(at('2')));
    await handle(post(at('1', 'another app')));
    assert.deepEqual(order, [`${APP} 1`, 'another app 1']);
    release[0]();
    await Promise.all([first, second]);
    assert.deepEqual(order, [`${APP} 1`, 'another app 1', `${APP} 2`]);
  });

  test('is looked up in `seen`, which may be a Set or asynchronous', async () => {
    const ids = new Set();
    const { handle, events } = recording({ seen: ids });
    await handle(post(webhook()));
    assert.deepEqual([...ids], ['event 1']);
    const seen = { has: async (id) => ids.has(id), add: async (id) => ids.add(id) };
    const other = recording({ seen });
    await assertStatus(await other.handle(post(webhook())), 200);
    assert.deepEqual([events, other.events], [['created 1'], []]);
  });

  test('is 500 if `seen` fails', async () => {
    const fails = async () => {
      throw new Error('no store');
    };
    for (const seen of [
      { has: fails, add: () => {} },
      { has: () => false, add: fails },
    ]) {
      const { handle, faults } = recording({ seen });
      await assertStatus(await handle(post(webhook())), 500);
      assert.equal(faults[0].message, 'no store');
    }
  });

  test('is remembered among the last 10,000 in memory', async () => {
    const { handle, events } = recording();
    await handle(post(webhook()));
    for (let count = 0; count < 9_999; count += 100)
      await Promise.all(Array.from({ length: 100 }, (_, index) => handle(post(at('1', `${count + index}`)))));
    assert.equal(events.length, 10_001);
  });
});

/** Serves a handler with node:http, as the README shows. */
async function serve(t, handle) {
  const server = createServer(async (request, response) => {
    const { method } = request;
    const body = method === 'POST' ? Readable.toWeb(request) : null;
    const { status } = await handle(new Request('http://localhost', { method, body, duplex: 'half' }));
    response.writeHead(status).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => (server.close(), server.closeAllConnections()));
  return `http://127.0.0.1:${server.address().port}/`;
}

/** Starts a receiver, and an emulator that posts to it. `advance` moves the clock of both. */
async function emulated(t, options, create = async (options) => ({ emulator: await createEmulator(options) })) {
  let handle;
  let now = NOW;
  const bodies = [];
  const url = await serve(t, async (request) => {
    bodies.push(await request.clone().text());
    return handle(request);
  });
  const { emulator, server } = await create({ webhooks: [{ url }], now });
  const publicKey = await emulator.webhooks.publicKey();
  const recorded = recording({ publicKey, now: () => now, ...options });
  handle = recorded.handle;
  const advance = (milliseconds) => {
    now += milliseconds;
    emulator.advance(milliseconds);
  };
  return { emulator, server, advance, publicKey, bodies, events: recorded.events, faults: recorded.faults };
}
const EVENTS = ['created 1', 'updated 2', 'deleted 3'];

describe('the webhooks of the emulator', () => {
  test('arrive in order and verified, of changes through this client', async (t) => {
    const { emulator, events, faults } = await emulated(t);
    await changeApp(emulator);
    assert.deepEqual([events, faults], [EVENTS, []]);
  });

  test('arrive in order and verified, of changes through the official SDK, which processes the same bodies', async (t) => {
    const { emulator, server, events, faults, publicKey, bodies } = await emulated(t, {}, (options) =>
      emulatedSdk(t, options),
    );
    const { _id } = await shopApp(server);
    await server.oAuthApps.updateOAuthApp(_id, { name: 'Renamed' }, ['name']);
    await server.oAuthApps.deleteOAuthApp(_id);
    await emulator.webhooks.settled();
    assert.deepEqual([events, faults, bodies.length], [EVENTS, [], 3]);
    const sdk = createSdk({ auth: AppStrategy({ appId: 'an app', publicKey }) });
    for (const body of bodies) assert.equal((await sdk.webhooks.process(body)).payload.entityId, _id);
  });

  test('are posted again after a handler that threw', async (t) => {
    let failures = 0;
    const seen = [];
    const onCreated = ({ id }) => {
      seen.push(id);
      if (failures++ < 5) throw new Error('the database is closed');
    };
    const { emulator, advance, bodies } = await emulated(t, { onCreated });
    const { fetch, credentials } = emulator;
    const client = createClient({ auth: { apiKey: credentials.apiKey }, siteId: credentials.siteId, fetch });
    await client.createOAuthApp({ name: 'Shop' });
    await emulator.webhooks.settled();
    for (const wait of [1_000, 5_000, 30_000, 120_000, 600_000]) {
      advance(wait);
      await emulator.webhooks.settled();
    }
    assert.deepEqual([seen.length, new Set(seen).size, bodies.length], [6, 1, 6]);
    assert.deepEqual(
      emulator.webhooks.attempts.map(({ outcome }) => outcome),
      [...Array(5).fill('failed'), 'delivered'],
    );
  });
});
