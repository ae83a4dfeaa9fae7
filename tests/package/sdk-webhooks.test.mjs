// Webhooks of the emulator, processed by the official SDK.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { AppStrategy, createClient } from '@wix/sdk';
import { oAuthApps } from '@wix/auth-management';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { listen, respond } from './support/loopback.mjs';
import { emulatedSdk, shopApp } from './support/sdk.mjs';

/** Starts a receiver on loopback, and an emulator that posts to it. */
async function told(t, { handler = respond({}), events, ...options } = {}) {
  const receiver = await listen((...both) => handler(...both));
  t.after(receiver.close);
  const { emulator, server } = await emulatedSdk(t, {
    ...options,
    webhooks: [{ url: `${receiver.url}/hook`, events }],
  });
  return { receiver, emulator, server };
}

/** Returns the SDK as a server that receives webhooks, and the events that it has received. */
function receiving(publicKey) {
  const client = createClient({ auth: AppStrategy({ appId: 'an app', publicKey }), modules: { oAuthApps } });
  const heard = [];
  client.oAuthApps.onOAuthAppCreated(({ entity, metadata }) => void heard.push(['created', entity, metadata]));
  client.oAuthApps.onOAuthAppUpdated(({ entity, metadata }) => void heard.push(['updated', entity, metadata]));
  client.oAuthApps.onOAuthAppDeleted(({ metadata }) => void heard.push(['deleted', undefined, metadata]));
  return { client, heard };
}

describe('the official SDK', () => {
  test('processes created, updated and deleted', async (t) => {
    const { receiver, emulator, server } = await told(t);
    const created = await shopApp(server);
    const updated = await server.oAuthApps.updateOAuthApp(created._id, { name: 'Renamed' }, ['name']);
    await server.oAuthApps.deleteOAuthApp(created._id);
    await emulator.webhooks.settled();
    const { client, heard } = receiving(await emulator.webhooks.publicKey());
    for (const { method, url, headers, body } of receiver.requests) {
      assert.deepEqual([method, url, headers['content-type']], ['POST', '/hook', 'text/plain; charset=utf-8']);
      const { eventType, instanceId, payload } = await client.webhooks.process(body);
      assert.equal(eventType, `wix.headless.v1.o_auth_app_${payload.slug}`);
      assert.match(instanceId, /^[0-9a-f-]{36}$/);
    }
    assert.deepEqual(
      heard.map(([what, entity]) => [what, entity]),
      [
        ['created', created],
        ['updated', updated],
        ['deleted', undefined],
      ],
    );
    for (const [at, [slug, , metadata]] of heard.entries()) {
      assert.deepEqual([metadata.slug, metadata.entityId], [slug, created._id]);
      assert.deepEqual(
        [metadata.entityFqdn, metadata.identity.identityType],
        ['wix.headless.v1.o_auth_app', 'WIX_USER'],
      );
      assert.equal(metadata.entityEventSequence, String(at + 1));
      assert.ok(metadata.eventTime instanceof Date || !Number.isNaN(Date.parse(metadata.eventTime)));
    }
    assert.equal(new Set(heard.map(([, , { _id }]) => _id)).size, 3);
  });

  test('refuses a webhook with another signature or a changed body', async (t) => {
    const { receiver, emulator, server } = await told(t);
    await shopApp(server);
    await emulator.webhooks.settled();
    const jwt = receiver.requests[0].body;
    const other = await (await createEmulator()).webhooks.publicKey();
    await assert.rejects(receiving(other).client.webhooks.process(jwt), /signature verification failed/);
    const [head, claims, signature] = jwt.split('.');
    const changed = JSON.parse(Buffer.from(claims, 'base64url'));
    changed.iat += 1;
    const forged = [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
    const own = await emulator.webhooks.publicKey();
    await assert.rejects(receiving(own).client.webhooks.process(forged), /signature verification failed/);
  });
});

describe('the emulator posts', () => {
  test('only subscribed events', async (t) => {
    const { receiver, emulator, server } = await told(t, { events: ['deleted'] });
    const { _id } = await shopApp(server);
    await server.oAuthApps.deleteOAuthApp(_id);
    await emulator.webhooks.settled();
    assert.deepEqual(
      emulator.webhooks.attempts.map(({ eventType, outcome }) => [eventType, outcome]),
      [['wix.headless.v1.o_auth_app_deleted', 'delivered']],
    );
    assert.equal(receiver.requests.length, 1);
  });

  test('an event again if the receiver did not accept it', async (t) => {
    const answers = [respond({}, { status: 500 }), (_, response) => response.destroy(), respond({}, { status: 204 })];
    const handler = (...both) => answers.shift()(...both);
    const { receiver, emulator, server } = await told(t, { handler, now: '2026-03-01T09:05:00Z' });
    await shopApp(server);
    for (const [wait, posted] of [
      [0, 1],
      [999, 1],
      [1, 2],
      [4_999, 2],
      [1, 3],
      [3_600_000, 3],
    ]) {
      emulator.advance(wait);
      await emulator.webhooks.settled();
      assert.equal(receiver.requests.length, posted);
    }
    assert.deepEqual(
      emulator.webhooks.attempts.map(({ attempt, outcome }) => [attempt, outcome]),
      [
        [1, 'failed'],
        [2, 'failed'],
        [3, 'delivered'],
      ],
    );
    assert.equal(new Set(receiver.requests.map(({ body }) => body)).size, 1);
  });

  test('at most six times, and does not follow redirects', async (t) => {
    const handler = (_, response) => response.writeHead(307, { location: '/elsewhere' }).end();
    const { receiver, emulator, server } = await told(t, { handler, now: '2026-03-01T09:05:00Z' });
    await shopApp(server);
    for (let hours = 0; hours < 10; hours += 1) {
      await emulator.webhooks.settled();
      emulator.advance(3_600_000);
    }
    await emulator.webhooks.settled();
    assert.deepEqual(
      receiver.requests.map(({ url }) => url),
      Array(6).fill('/hook'),
    );
    assert.equal(emulator.webhooks.attempts.at(-1).outcome, 'dropped');
  });

  test('nothing without a subscription or a change', async (t) => {
    const { receiver, emulator, server } = await told(t);
    const app = await shopApp(server);
    await server.oAuthApps.updateOAuthApp(app._id, { name: 'Not masked' });
    await assert.rejects(server.oAuthApps.createOAuthApp({ name: 'x' }));
    await emulator.webhooks.settled();
    assert.equal(receiver.requests.length, 1);
    const silent = await createEmulator();
    await silent.webhooks.settled();
    assert.deepEqual(silent.webhooks.attempts, []);
  });

  test('pending events after a restart', async (t) => {
    const receiver = await listen(respond({}));
    t.after(receiver.close);
    const options = { webhooks: [{ url: receiver.url }] };
    const { emulator, server } = await emulatedSdk(t, { webhooks: [{ url: 'http://127.0.0.1:1/' }] });
    await shopApp(server);
    const records = emulator.changes();
    const pending = records.map(({ key, value }) => ({
      key,
      value: value.replace('http://127.0.0.1:1/', receiver.url),
    }));
    const restarted = await createEmulator(options);
    restarted.load(pending);
    await restarted.webhooks.settled();
    assert.equal(receiver.requests.length, 1);
    assert.deepEqual(
      restarted
        .changes()
        .filter(({ key }) => key.startsWith('webhook/'))
        .map(({ value }) => value),
      [null],
    );
  });
});

describe('the key', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const webhookKey = privateKey.export({ format: 'jwk' });

  test('can be provided by the host, and is not revealed', async (t) => {
    const { receiver, emulator, server } = await told(t, { webhookKey });
    const pem = await emulator.webhooks.publicKey();
    assert.equal(pem, publicKey.export({ type: 'spki', format: 'pem' }));
    await shopApp(server);
    await emulator.webhooks.settled();
    const { eventType } = await receiving(pem).client.webhooks.process(receiver.requests[0].body);
    assert.equal(eventType, 'wix.headless.v1.o_auth_app_created');
    assert.ok(!JSON.stringify([emulator.snapshot(), emulator.changes()]).includes(webhookKey.d));
  });

  test('is refused if it is invalid, without showing it', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    const onlyPublic = publicKey.export({ format: 'jwk' });
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
    for (const given of [
      {},
      'a secret text',
      ec,
      onlyPublic,
      { ...webhookKey, n: onlyPublic.e },
      { ...webhookKey, n: other.n },
    ]) {
      await assert.rejects(createEmulator({ webhookKey: given }), (error) => {
        assert.ok(error instanceof TypeError && error.message.startsWith('options.webhookKey: '), error.message);
        assert.ok(!`${error.stack}`.includes('a secret text'));
        return true;
      });
    }
  });
});
