// Response bodies: pages of gateways, and bodies that are long.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { coreMemory } from './support/core-memory.mjs';
import { createClient } from 'wix-oauth-apps';
import { answer, clientOver, failure, scripted } from './support/client.mjs';
import { listen } from './support/loopback.mjs';
import { ID, OPERATIONS } from './support/operations.mjs';

const PAGE = '<!doctype html><html><head><title>404 Not Found</title><style>h1{}</style></head><h1>nginx</h1></html>';

describe('a page of a proxy or gateway', () => {
  test('is BAD_RESPONSE for every operation, with the words of the page', async () => {
    for (const operation of OPERATIONS) {
      const { fetch, requests } = scripted(answer(PAGE, { status: 404 }));
      const error = await failure(operation.call(clientOver(fetch)));
      assert.deepEqual([error.code, error.status, requests.length], ['BAD_RESPONSE', 404, 1], operation.name);
      assert.match(error.message, /`baseUrl`.*404 Not Found nginx/);
    }
  });

  test('with status 200 does not delete an app', async () => {
    for (const body of [PAGE, 'OK', [], 'null', '"deleted"']) {
      const error = await failure(clientOver(scripted(answer(body)).fetch).deleteOAuthApp(ID));
      assert.deepEqual([error.code, error.status], ['BAD_RESPONSE', 200], `${body}`);
    }
  });
});

describe('a long body', () => {
  const MEGABYTE = 1024 * 1024;

  /** Returns a streamed response, and a `state` that says how much of it was read and whether it was cancelled. */
  function streamed(megabytes, headers = {}, { status = 200, letter = 'x' } = {}) {
    const chunk = new TextEncoder().encode(letter.repeat(MEGABYTE));
    const state = { taken: 0, cancelled: false };
    const stream = new ReadableStream(
      {
        pull(controller) {
          if (state.taken >= megabytes) return controller.close();
          state.taken += 1;
          controller.enqueue(chunk);
        },
        cancel() {
          state.cancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    return { response: new Response(stream, { status, headers }), state };
  }

  test('is not read beyond 16 MB', async () => {
    const { response, state } = streamed(200);
    const error = await failure(clientOver(async () => response).getOAuthApp(ID));
    assert.deepEqual([error.code, error.status], ['BAD_RESPONSE', 200]);
    assert.match(error.message, /more than 16 MB/);
    assert.deepEqual(state, { taken: 17, cancelled: true });
  });

  test('is not read at all if its Content-Length is too large', async () => {
    const { response, state } = streamed(17, { 'content-length': String(17 * MEGABYTE) });
    const error = await failure(clientOver(async () => response).getOAuthApp(ID));
    assert.equal(error.code, 'BAD_RESPONSE');
    assert.deepEqual(state, { taken: 0, cancelled: true });
  });

  test('is not parsed if it is not a stream', async () => {
    const error = await failure(clientOver(async () => answer(' '.repeat(17 * MEGABYTE))).getOAuthApp(ID));
    assert.equal(error.code, 'BAD_RESPONSE');
  });

  test('does not hide the status of a gateway', async () => {
    const { response } = streamed(20, {}, { status: 502 });
    const error = await failure(clientOver(async () => response).getOAuthApp(ID));
    assert.deepEqual([error.code, error.status], ['SERVER_ERROR', 502]);
  });

  test('of JSON is read up to 16 MB, in chunks that split characters', async () => {
    const name = 'é€😀'.repeat(MEGABYTE / 3);
    const bytes = new TextEncoder().encode(`\u{feff}${JSON.stringify({ oAuthApp: { id: ID, name } })}`);
    const stream = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 65_537) controller.enqueue(bytes.subarray(at, at + 65_537));
        controller.close();
      },
    });
    assert.deepEqual(await clientOver(async () => new Response(stream)).getOAuthApp(ID), { id: ID, name });
  });

  test('does not enlarge the memory of the WebAssembly', async () => {
    const page = `<p>${'word '.repeat(3 * MEGABYTE)}`;
    const memory = coreMemory();
    const before = memory.buffer.byteLength;
    for (const body of [page, '{"oAuthApp":'.padEnd(15 * MEGABYTE, ' ')]) {
      assert.equal((await failure(clientOver(async () => new Response(body)).getOAuthApp(ID))).code, 'BAD_RESPONSE');
      assert.equal((await failure(clientOver(async () => answer(body)).getOAuthApp(ID))).code, 'BAD_RESPONSE');
    }
    assert.ok(memory.buffer.byteLength - before < MEGABYTE, `${memory.buffer.byteLength - before} bytes more`);
  });

  test('closes the connection', async () => {
    let isGone = false;
    const chunk = Buffer.alloc(MEGABYTE, 'x');
    const server = await listen((_, response) => {
      response.on('close', () => (isGone = true));
      const write = () => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', write);
      };
      response.writeHead(200);
      write();
    });
    const client = createClient({ auth: { accessToken: 't' }, baseUrl: server.url, retry: false });
    assert.equal((await failure(client.getOAuthApp(ID))).code, 'BAD_RESPONSE');
    for (let turn = 0; turn < 100 && !isGone; turn += 1) await new Promise(setImmediate);
    await server.close();
    assert.ok(isGone);
  });
});
