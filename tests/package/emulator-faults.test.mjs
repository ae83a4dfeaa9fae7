// Faults of the emulator, as its `fetch` shows them. Which requests a fault meets is tested in emulator/src.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { settled } from './support/client.mjs';
import { APPS, started } from './support/emulator.mjs';
import { runScript } from './support/script.mjs';

const code = (expected) => (error) => error.cause?.code === expected && error instanceof TypeError;

describe('the response of a fault', () => {
  test('has its status, its headers and its body', async () => {
    const { emulator, create, total } = await started();
    emulator.fail({ status: 502, headers: { 'Content-Type': 'text/html', 'X-Gate': 'a' }, body: '<h1>Bad</h1>' });
    const response = await create();
    assert.equal(response.status, 502);
    assert.equal(response.headers.get('content-type'), 'text/html');
    assert.equal(response.headers.get('x-gate'), 'a');
    assert.match(response.headers.get('x-wix-request-id'), /^\d+\.\d+$/);
    assert.equal(await response.text(), '<h1>Bad</h1>');
    assert.equal(await total(), 0);
  });

  test('has the service’s error shape by default, and an object as JSON', async () => {
    const { emulator, query } = await started();
    emulator.fail({ status: 403 });
    emulator.fail({ status: 500, body: { message: 'Broken' } });
    const { details } = await (await query()).json();
    assert.equal(details.applicationError.code, 'PERMISSION_DENIED');
    const response = await query();
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.deepEqual(await response.json(), { message: 'Broken' });
  });

  test('may have a status without a body', async () => {
    const { emulator, query } = await started();
    for (const status of [204, 205, 304]) {
      emulator.fail({ status });
      const response = await query();
      assert.deepEqual([response.status, await response.text()], [status, '']);
    }
  });
});

describe('a failure without a response', () => {
  for (const [error, expected] of [
    ['refused', 'ECONNREFUSED'],
    ['reset', 'ECONNRESET'],
  ]) {
    test(`${error}: the promise rejects like that of a failed connection, and nothing is carried out`, async () => {
      const { emulator, create, total } = await started();
      emulator.fail({ error });
      await assert.rejects(create(), code(expected));
      assert.equal(await total(), 0);
      const [{ status, error: logged }] = emulator.requests;
      assert.deepEqual([status, logged], [0, error]);
    });
  }

  test('resetInBody: status, headers and half of the body arrive, then the body fails', async () => {
    const { emulator, create, total } = await started();
    emulator.fail({ error: 'resetInBody' });
    const response = await create();
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    const reader = response.body.getReader();
    const { value } = await settled(reader.read());
    assert.match(new TextDecoder().decode(value), /^{"oAuthApp":{"id":"[^}]*$/);
    await assert.rejects(settled(reader.read()), code('ECONNRESET'));
    assert.equal(await total(), 1);

    emulator.fail({ error: 'resetInBody' });
    await assert.rejects(settled((await create()).json()), code('ECONNRESET'));
  });

  test('hang: nothing arrives until the caller aborts', async () => {
    const { emulator, create, total } = await started();
    emulator.fail({ error: 'hang' });
    const controller = new AbortController();
    const pending = create({ signal: controller.signal });
    const first = await Promise.race([pending, new Promise((resolve) => setTimeout(resolve, 50, 'pending'))]);
    assert.equal(first, 'pending');
    const reason = new Error('enough');
    controller.abort(reason);
    await assert.rejects(settled(pending), (error) => error === reason);
    assert.equal(await total(), 0);
  });

  for (const error of ['hang', 'stall']) {
    test(`${error}: AbortSignal.timeout ends it, and the process does not end before`, async () => {
      const { stdout, stderr, lingered } = await runScript(`
        import { createEmulator } from 'wix-oauth-apps/emulator';
        const emulator = await createEmulator();
        emulator.fail({ error: '${error}' });
        try {
          const signal = AbortSignal.timeout(50);
          await (await emulator.fetch('https://www.wixapis.com/', { signal })).text();
        } catch (error) {
          console.log(error.name);
        }`);
      assert.deepEqual([stdout, stderr], ['TimeoutError\n', '']);
      assert.ok(lingered < 5_000, `${lingered} ms`);
    });
  }

  test('a signal works after the request was garbage collected', async () => {
    const { stdout, stderr } = await runScript(
      `
      import { setTimeout as sleep } from 'node:timers/promises';
      import { createEmulator } from 'wix-oauth-apps/emulator';
      const emulator = await createEmulator();
      for (const fault of [{ error: 'hang' }, { error: 'stall' }, { latency: 100_000 }]) {
        for (const given of [(signal) => ['https://x.example/', { signal }], (signal) => [new Request('https://x.example/', { signal })]]) {
          emulator.fail(fault);
          const controller = new AbortController();
          const text = emulator.fetch(...given(controller.signal)).then((response) => response.text());
          for (let turn = 0; turn < 5; turn++) {
            await sleep(5);
            gc();
          }
          controller.abort('heard');
          console.log(await text.catch((reason) => reason));
        }
      }`,
      { node: ['--expose-gc'] },
    );
    assert.deepEqual([stdout, stderr], ['heard\n'.repeat(6), '']);
  });

  test('stall: half of the body arrives, then nothing until the caller aborts', async () => {
    const { emulator, create } = await started();
    emulator.fail({ error: 'stall' });
    const controller = new AbortController();
    const response = await create({ signal: controller.signal });
    const reader = response.body.getReader();
    assert.ok((await settled(reader.read())).value.length > 0);
    const rest = reader.read();
    const first = await Promise.race([rest, new Promise((resolve) => setTimeout(resolve, 50, 'pending'))]);
    assert.equal(first, 'pending');
    const reason = new Error('enough');
    controller.abort(reason);
    await assert.rejects(settled(rest), (error) => error === reason);
  });

  for (const fault of [{ error: 'reset' }, { error: 'hang' }, { status: 500 }]) {
    test(`with takeEffect, the request is carried out before ${fault.error ?? fault.status}`, async () => {
      const { emulator, create, total } = await started();
      emulator.fail({ ...fault, takeEffect: true });
      const controller = new AbortController();
      const pending = create({ signal: controller.signal }).catch(() => undefined);
      if (fault.error === 'hang') setImmediate(() => controller.abort());
      const response = await pending;
      assert.equal(response?.status, fault.status);
      assert.equal(await total(), 1);
    });
  }
});

describe('latency', () => {
  test('of the emulator and of a fault add up', async () => {
    const { emulator, query } = await started({ latency: 30 });
    const took = async () => {
      const start = performance.now();
      const { status } = await query();
      return [status, performance.now() - start];
    };
    emulator.fail({ latency: 60 });
    emulator.fail({ status: 500, latency: 60, after: 1 });
    for (const [status, least] of [
      [200, 90],
      [500, 90],
      [200, 30],
    ]) {
      const [given, milliseconds] = await took();
      assert.equal(given, status);
      // A timer has a resolution of a millisecond, and this clock has a finer one.
      assert.ok(milliseconds > least - 2, `${milliseconds} ms of ${least}`);
    }
  });

  test('can be aborted', async () => {
    const { emulator, create, total } = await started();
    emulator.fail({ latency: 2 ** 31 - 1 });
    const controller = new AbortController();
    const pending = create({ signal: controller.signal });
    setTimeout(() => controller.abort('enough'), 10);
    await assert.rejects(pending, (error) => error === 'enough');
    // The request was carried out on arrival.
    assert.equal(await total(), 1);
  });

  test('does not apply to an aborted request', async () => {
    const { emulator, create } = await started();
    const reason = new Error('before');
    await assert.rejects(create({ signal: AbortSignal.abort(reason) }), (error) => error === reason);
    assert.equal(emulator.requests.length, 0);
  });

  test('does not apply to a request that is aborted while its body is read', async () => {
    const { emulator, create } = await started();
    const controller = new AbortController();
    const body = new ReadableStream({ pull: () => new Promise(() => {}) });
    const pending = emulator.fetch(`https://www.wixapis.com${APPS}`, {
      ...{ method: 'POST', body, duplex: 'half', signal: controller.signal },
    });
    setImmediate(() => controller.abort('enough'));
    await assert.rejects(settled(pending), (error) => error === 'enough');
    assert.equal(emulator.requests.length, 0);
    assert.equal((await create()).status, 200);
  });
});

describe('a fault', () => {
  const statuses = async (query, times) => {
    const given = [];
    for (let time = 0; time < times; time++) given.push((await query()).status);
    return given;
  };

  test('meets one request, a number of requests, or all until reset()', async () => {
    const { emulator, query } = await started();
    emulator.fail({ status: 500 });
    assert.deepEqual(await statuses(query, 2), [500, 200]);
    emulator.fail({ status: 500, times: 2, after: 1 });
    assert.deepEqual(await statuses(query, 4), [200, 500, 500, 200]);
    for (const times of ['always', Infinity]) {
      emulator.fail({ status: 500, times });
      assert.deepEqual(await statuses(query, 3), [500, 500, 500]);
      emulator.reset();
      assert.deepEqual(await statuses(query, 1), [200]);
    }
  });

  test('meets requests by method and path; the first matching fault applies', async () => {
    const { emulator, send, query } = await started();
    emulator.fail({ method: 'GET', status: 501 });
    emulator.fail({ path: `${APPS}/*/generate-secret`, status: 502 });
    emulator.fail({ path: `${APPS}/query`, status: 503 });
    emulator.fail({ path: '/oauth-app/*', status: 504 });
    assert.deepEqual(await statuses(query, 3), [503, 504, 200]);
    assert.equal((await send('POST', `${APPS}/x/generate-secret`)).status, 502);
    assert.equal((await send('GET', `${APPS}/x?y=z`)).status, 501);
  });

  for (const [fault, member] of [
    [undefined, 'fault'],
    [5, 'fault'],
    [{}, 'fault'],
    [{ status: 99 }, 'fault.status'],
    [{ status: '500' }, 'fault.status'],
    [{ status: NaN }, 'fault.status'],
    [{ status: 500, error: 'reset' }, 'fault.error'],
    [{ error: 'explode' }, 'fault.error'],
    [{ status: 500, times: 0 }, 'fault.times'],
    [{ status: 500, times: NaN }, 'fault.times'],
    [{ status: 500, times: () => 1 }, 'fault.times'],
    [{ status: 500, after: Infinity }, 'fault.after'],
    [{ status: 500, path: 'oauth-app' }, 'fault.path'],
    [{ status: 500, headers: { 'a b': 'c' } }, 'fault.headers'],
    [{ status: 204, body: 'x' }, 'fault.body'],
    [{ latency: -1 }, 'fault.latency'],
    [{ latency: 5, takeEffect: true }, 'fault.takeEffect'],
    [{ status: 500, sometimes: true }, 'fault.sometimes'],
  ]) {
    test(`a TypeError that names ${member}: ${JSON.stringify(fault)}`, async () => {
      const { emulator, query } = await started();
      assert.throws(
        () => emulator.fail(fault),
        (error) => error instanceof TypeError && error.message.startsWith(`${member}: `),
      );
      assert.equal((await query()).status, 200);
    });
  }
});
