// Unusual requests: the emulator responds to each, or throws a TypeError that names the fault.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createContext, runInContext } from 'node:vm';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { random } from './support/random.mjs';
import { runScript } from './support/script.mjs';

const APPS = '/oauth-app/v1/oauth-apps';

/** Headers that Node parses specially, that the service reads, or whose names are special in objects. */
const NAMES = [
  ...['set-cookie', 'cookie', 'host', 'content-length', 'content-type', 'content-encoding', 'transfer-encoding'],
  ...['expect', 'connection', 'upgrade', 'origin', 'referer', 'age', 'etag', 'authorization', 'proxy-authorization'],
  ...['wix-site-id', 'wix-account-id', 'x-wix-consistent', 'user-agent', '__proto__', 'constructor', 'toString', ''],
];
const VALUES = [
  '',
  ' ',
  'a',
  'a=b',
  'ÿ',
  '\ud800',
  '\u0000',
  'a\r\nb',
  '{}',
  '5',
  'é'.repeat(3_000),
  'gzip',
  'localhost',
];
const BODIES = ['', '{}', '{', '\ud800', '{"oAuthApp":{"name":"Shop"}}', '[]', 'grant_type=anonymous', '\u0000'];
const URLS = [
  ...[
    APPS,
    `${APPS}/query`,
    '/oauth2/token',
    '/_api/oauth2/authorize?client_id=\ud800',
    '/_pages/logout',
    '/',
    '',
    '*',
  ],
  ...['http://localhost/oauth2/token', "http://x'><script>/", '//x', '/%', '/%ff?%ff=%', '/\udfff', 'a'.repeat(70_000)],
];

/** Returns an emulator, and a function that checks that it still works. */
async function working() {
  const emulator = await createEmulator();
  const { apiKey, siteId } = emulator.credentials;
  const headers = { authorization: apiKey, 'wix-site-id': siteId };
  const check = () => {
    const { status } = emulator.handle({ method: 'POST', url: `${APPS}/query`, headers, body: '{}' });
    assert.equal(status, 200);
    emulator.restore(emulator.snapshot());
  };
  return { emulator, headers, check };
}

describe('handle', () => {
  test('responds to requests with any headers', async () => {
    const { emulator, headers, check } = await working();
    const { below, pick } = random(20_261_126);
    for (let round = 0; round < 3_000; round += 1) {
      const odd = Object.create(null);
      for (let count = below(5); count > 0; count -= 1) {
        const value = [pick(VALUES), [pick(VALUES), pick(VALUES)], [], undefined][below(4)];
        odd[pick(NAMES)] = value;
      }
      const body = pick([undefined, null, pick(BODIES), new TextEncoder().encode(pick(BODIES))]);
      const request = { method: pick(['GET', 'POST', 'PATCH', 'DELETE', '', 'é']), url: pick(URLS), body };
      const outcome = emulator.handle({ ...request, headers: { ...headers, ...odd } });
      assert.equal(outcome.kind, 'answer');
      assert.ok(outcome.status >= 200 && outcome.status < 500, `${outcome.status} ${outcome.body}`);
      // The outcome can be sent as a Response.
      new Response(outcome.body, { status: outcome.status, headers: outcome.headers });
    }
    check();
    assert.ok(emulator.requests.length > 3_000);
  });

  test('joins the values of a repeated header, and refuses two hosts', async () => {
    const { emulator, headers } = await working();
    const send = (more) => emulator.handle({ method: 'POST', url: `${APPS}/query`, headers: { ...headers, ...more } });
    assert.equal(send({ 'set-cookie': ['a=b', 'c=d'], 'x-list': ['1', '2'], cookie: ['e=f', 'g=h'] }).status, 200);
    assert.equal(emulator.requests.at(-1).headers['x-list'], '1, 2');
    for (const host of [['a.example', 'b.example'], 'a.example, a.example', "x'><script>", ''])
      assert.equal(send({ host }).status, 400, JSON.stringify(host));
    assert.equal(send({ host: 'localhost:4000' }).status, 200);
  });

  test('replaces NUL, and takes a head of any length and any characters', async () => {
    const { emulator, headers } = await working();
    const send = (url, more) => emulator.handle({ method: 'GET', url, headers: { ...headers, ...more } });
    const long = 'é💥'.repeat(50_000);
    for (const [header, expected] of [
      ['a\0b\0', 'a b '],
      ['é\0💥', 'é 💥'],
      [long, long],
      ['\0x-injected\0c', ' x-injected c'],
    ]) {
      assert.equal(send(`${APPS}/x?a\0b`, { 'x-odd': header, 'x-\0name': 'c' }).status, 400);
      const recorded = emulator.requests.at(-1);
      assert.equal(recorded.headers['x-odd'], expected);
      assert.equal(recorded.headers['x- name'], 'c');
      assert.equal(recorded.headers['x-injected'], undefined);
      assert.deepEqual(recorded.query, { 'a b': '' });
    }
  });

  test('accepts bytes of any realm and any view', async () => {
    const { emulator, headers, check } = await working();
    const text = '{"oAuthApp":{"name":"Shop"}}';
    const realm = createContext({ text });
    const codes = '[...text].map((letter) => letter.charCodeAt(0))';
    const foreign = runInContext(`new Uint8Array(${codes})`, realm);
    assert.ok(!(foreign instanceof Uint8Array));
    const bytes = new TextEncoder().encode(`--${text}--`);
    for (const body of [
      ...[foreign, foreign.buffer, runInContext(`new DataView(new Uint8Array(${codes}).buffer)`, realm)],
      ...[Buffer.from(text), bytes.subarray(2, -2), new DataView(bytes.buffer, 2, text.length), text],
    ]) {
      const outcome = emulator.handle({ method: 'POST', url: APPS, headers, body });
      assert.equal(outcome.status, 200, outcome.body);
      assert.equal(JSON.parse(outcome.body).oAuthApp.name, 'Shop');
    }
    check();
  });

  test('refuses a value that is not a request with a TypeError, and changes nothing', async () => {
    const { emulator, headers, check } = await working();
    const good = { method: 'POST', url: APPS, headers, body: '{"oAuthApp":{"name":"Shop"}}' };
    const before = JSON.stringify(emulator.snapshot());
    for (const [request, message] of [
      [undefined, 'request: must be an object'],
      [null, 'request: must be an object'],
      [{ ...good, method: undefined }, 'request.method: must be a string'],
      [{ ...good, url: new URL('https://www.wixapis.com') }, 'request.url: must be a string'],
      [{ ...good, headers: 'a: b' }, 'request.headers: must be an object'],
      [{ ...good, headers: { 'x-a': 5 } }, 'request.headers["x-a"]: must be a string'],
      [{ ...good, headers: { 'x-a': ['b', {}] } }, 'request.headers["x-a"]: must be a string'],
      [{ ...good, body: 5 }, 'request.body: must be a string or bytes'],
      [{ ...good, body: {} }, 'request.body: must be a string or bytes'],
      [{ ...good, body: [123] }, 'request.body: must be a string or bytes'],
      [{ ...good, body: Symbol('x') }, 'request.body: must be a string or bytes'],
      [{ ...good, body: new Blob(['{}']) }, 'request.body: must be a string or bytes'],
    ])
      assert.throws(() => emulator.handle(request), { name: 'TypeError', message });
    assert.equal(JSON.stringify(emulator.snapshot()), before);
    assert.deepEqual(emulator.requests, []);
    check();
  });
});

test('an internal error is a 500 that is logged to the console, and later requests work', async (t) => {
  const { emulator, headers, check } = await working();
  const logged = t.mock.method(console, 'error', () => {});
  const parse = t.mock.method(JSON, 'parse', () => {
    throw new RangeError('a bug');
  });
  const request = { method: 'POST', url: `${APPS}/query`, headers, body: '{}' };
  const outcome = emulator.handle(request);
  const response = await emulator.fetch('https://www.wixapis.com/', { headers });
  parse.mock.restore();
  for (const { status, body } of [outcome, { status: response.status, body: await response.text() }])
    assert.deepEqual([status, JSON.parse(body)], [500, { message: 'Internal error of the emulator' }]);
  assert.deepEqual([outcome.kind, outcome.delay], ['answer', 0]);
  assert.equal(logged.mock.callCount(), 2);
  assert.match(String(logged.mock.calls[0].arguments[1]), /RangeError: a bug/);
  check();
});

describe('fetch', () => {
  test('rejects an invalid request, and later requests work', async () => {
    const { emulator, check } = await working();
    for (const [input, init] of [
      [undefined],
      ['/relative'],
      ['https://www.wixapis.com', { method: 'a b' }],
      ['https://www.wixapis.com', { headers: { 'a b': 'c' } }],
      ['https://www.wixapis.com', { method: 'GET', body: 'x' }],
    ])
      await assert.rejects(emulator.fetch(input, init), TypeError);
    const failing = new ReadableStream({ pull: () => Promise.reject(new Error('broken')) });
    await assert.rejects(emulator.fetch('https://www.wixapis.com', { method: 'POST', body: failing, duplex: 'half' }));
    check();
  });
});

describe('webhooks', () => {
  test('that are pending end with reset(), and do not keep the process running', async () => {
    const { code, stdout, stderr } = await runScript(
      `
      import { createServer } from 'node:http';
      import { createEmulator } from 'wix-oauth-apps/emulator';
      const posted = [];
      let arrived;
      // Never responds.
      const server = createServer((request) => (posted.push(request.url), arrived?.())).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const hook = (path) => ({ url: 'http://127.0.0.1:' + server.address().port + path });
      const emulator = await createEmulator({ webhooks: [hook('/first'), hook('/second')] });
      const { apiKey, siteId } = emulator.credentials;
      const create = () => emulator.fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps', {
        method: 'POST',
        headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
        body: '{"oAuthApp":{"name":"Shop"}}',
      });
      const first = new Promise((resolve) => (arrived = resolve));
      await create();
      await first;
      emulator.reset();
      await emulator.webhooks.settled();
      await new Promise((resolve) => server.close(resolve));
      // The connection is refused. The retry is due in a second, and does not keep the process running.
      await create();
      await emulator.webhooks.settled();
      console.log(JSON.stringify([posted, emulator.webhooks.attempts.map(({ outcome }) => outcome)]));
      `,
    );
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    assert.deepEqual(JSON.parse(stdout), [['/first'], ['failed', 'failed']]);
  });
});
