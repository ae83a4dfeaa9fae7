// A credential is sent in the Authorization header, or returned by reveal(); it appears nowhere else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { format, inspect, isDeepStrictEqual } from 'node:util';
import { serialize } from 'node:v8';
import { MessageChannel } from 'node:worker_threads';
import { createClient, Secret } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { answer, clientOver, emulated, failure, listener, NOBODY, scripted } from './support/client.mjs';
import { runScript } from './support/script.mjs';

const KEY = 'IST.qzxw-0f7e3d-nobody-may-see-this';

/** Asserts that a text contains no part of the key. */
function assertHidden(text) {
  const at = text.search(/qzxw|0f7e3d/);
  assert.equal(at, -1, `…${text.slice(Math.max(0, at - 200), at + 100)}…`);
}

describe('a Secret', () => {
  const secret = new Secret(KEY);

  test('prints as [redacted]', () => {
    for (const text of [
      ...[String(secret), secret.toString(), `${secret}`, '' + secret, [secret].join(), format('%s', secret)],
      ...[inspect(secret), secret.toJSON(), JSON.parse(JSON.stringify(secret))],
      JSON.parse(JSON.stringify({ secret })).secret,
    ]) {
      assert.equal(text, '[redacted]');
    }
    assert.equal(inspect([{ secret }]), '[ { secret: [redacted] } ]');
    assert.equal(Number(secret), NaN);
  });

  test('is not shown by a way around its methods', () => {
    const all = { showHidden: true, showProxy: true, getters: true, depth: Infinity };
    for (const text of [
      ...[inspect(secret, { ...all, customInspect: false }), inspect(secret, all), inspect({ secret }, all)],
      ...[format('%o %O %j', secret, secret, secret), JSON.stringify({ ...secret })],
      Reflect.ownKeys(secret).map(String).join(),
      inspect(
        Reflect.ownKeys(secret).map((key) => secret[key]),
        all,
      ),
      inspect(Object.entries(Object.getOwnPropertyDescriptors(secret))),
      ...[inspect({ ...secret }), inspect(Object.assign({}, secret))],
      inspect(new Error(`${secret}`, { cause: secret })),
      inspect(new assert.AssertionError({ actual: secret, expected: 'x', operator: '==' })),
    ]) {
      assertHidden(text);
    }
  });

  test('is equal only to itself', () => {
    const other = new Secret(KEY);
    assert.equal(isDeepStrictEqual(secret, other), false);
    assert.notDeepEqual({ id: NOBODY, secret }, { id: NOBODY, secret: other });
    assert.deepStrictEqual({ secret }, { secret });
  });

  test('cannot be cloned; the error says how to get its text', () => {
    const { port1, port2 } = new MessageChannel();
    for (const clone of [structuredClone, serialize, (value) => port1.postMessage(value)]) {
      for (const value of [secret, { id: NOBODY, secret }]) {
        assert.throws(
          () => clone(value),
          (error) => {
            assertHidden(inspect(error));
            return /cannot be cloned; pass the text of secret\.reveal\(\)/.test(error);
          },
        );
      }
    }
    port1.close();
    port2.close();
  });

  test('reveals its text', () => {
    assert.equal(secret.reveal(), KEY);
    assert.equal(new Secret('').reveal(), '');
  });

  test('is logged as [redacted]', async () => {
    const { stdout, stderr } = await runScript(`
      import { Secret } from 'wix-oauth-apps';
      const secret = new Secret('${KEY}');
      console.log(secret);
      console.log('%s %o', secret, { secret });
      console.error(secret);
      console.table([{ secret }]);
      console.dir({ secret }, { showHidden: true, depth: null });
      process.emitWarning(String(secret));
    `);
    assert.match(stdout, /^\[redacted\]\n\[redacted\] /);
    assert.match(stderr, /^\[redacted\]/m);
    assertHidden(stdout + stderr);
  });
});

/** Returns every text that printing a value or an error shows. */
const textsOf = (value) => {
  const whole = { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity };
  return [
    ...[value?.message, value?.stack, String(value), JSON.stringify(value), format('%o %O %j', value, value, value)],
    inspect(value, whole),
    inspect(value, { ...whole, showHidden: true, showProxy: true, getters: true }),
    inspect(value, { ...whole, showHidden: true, customInspect: false }),
  ].join('\n');
};

describe('no error contains the credential', () => {
  const siteId = '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11';

  test('whatever the failure and the kind of credential', async () => {
    for (const auth of [
      { apiKey: KEY },
      { accessToken: KEY },
      { getAccessToken: () => KEY },
      { clientId: NOBODY, clientSecret: KEY },
    ]) {
      const create = (options) => createClient({ auth, siteId, retry: false, ...options });
      for (const fail of [
        () => create({ siteId: 's', accountId: 'a' }),
        () => create({ baseUrl: 'http://example.com' }),
        () => create().createOAuthApp({}),
        () => create().getOAuthApp(NOBODY, { headers: { authorization: 'x' } }),
        () => create().getOAuthApp(NOBODY, { signal: AbortSignal.abort() }),
        () => create({ fetch: () => assert.fail('no') }).getOAuthApp(NOBODY),
        () => create({ fetch: () => new Promise(() => {}), timeout: 5 }).getOAuthApp(NOBODY),
        () => create({ fetch: async () => answer('<html>', { status: 502 }) }).getOAuthApp(NOBODY),
        () => create({ fetch: async () => 5 }).getOAuthApp(NOBODY),
        () => create({ baseUrl: 'http://127.0.0.1:1' }).getOAuthApp(NOBODY),
      ]) {
        assertHidden(textsOf(await failure(fail)));
      }
    }
  });

  test('if the credential itself is refused', async () => {
    for (const auth of [
      ...[`${KEY}\n`, ` ${KEY}`, `${KEY}é`, { value: KEY }].map((apiKey) => ({ apiKey })),
      ...[{ accessToken: `${KEY}\r\n` }, { clientId: NOBODY, clientSecret: `${KEY}\n` }],
      ...[{ apiKey: KEY, accessToken: KEY }, { key: KEY }, KEY, [KEY]],
    ]) {
      assertHidden(textsOf(await failure(() => createClient({ auth }))));
    }
    const client = clientOver(() => assert.fail('sent'), { auth: { getAccessToken: () => `${KEY}\n` } });
    assertHidden(textsOf(await failure(client.getOAuthApp(NOBODY))));
  });

  test('if the service repeats it', async () => {
    const body = {
      message: `Invalid key ${KEY}`,
      details: { validationError: { fieldViolations: [{ field: 'key', description: `${KEY} is unknown` }] } },
    };
    const fetch = async () => Response.json(body, { status: 401 });
    const error = await failure(createClient({ auth: { apiKey: KEY }, siteId, fetch }).getOAuthApp(NOBODY));
    assert.equal(error.message, 'getOAuthApp: Invalid key [redacted] (HTTP 401)');
    assert.equal(error.violations[0].message, '[redacted] is unknown');
  });
});

describe('no result and no event contains a credential', () => {
  /** Calls every operation, and returns the secrets, and the results, errors and events. */
  async function everything(client, events) {
    const created = await client.createOAuthApp({ name: 'Shop' });
    const ensured = await client.ensureOAuthApp({
      name: 'Other',
      allowedRedirectUris: ['https://other.example.com/cb'],
    });
    const { id } = created;
    const results = [
      ...[created, ensured, await client.ensureOAuthApp({ name: 'Other', description: 'New' })],
      await client.allowRedirects(id, { uris: ['https://shop.example.com/cb'], domains: ['shop.example.com'] }),
      await client.disallowRedirects(id, { domains: ['shop.example.com'] }),
      ...[
        await client.getOAuthApp(id),
        await client.queryOAuthApps(),
        await client.updateOAuthApp(id, { name: 'Store' }),
      ],
      await failure(client.getOAuthApp(NOBODY)),
      await failure(client.allowRedirects(NOBODY, { uris: ['https://shop.example.com/cb'] })),
      await failure(client.createOAuthApp({ name: 'Shop' }, { signal: AbortSignal.abort() })),
    ];
    for await (const app of client.listOAuthApps()) results.push(app);
    const generated = await client.generateOAuthAppSecret(id);
    results.push(await failure(client.generateOAuthAppSecret(id)));
    await client.deleteOAuthApp(id);
    const secrets = [created.secret, ensured.oAuthApp.secret, generated].map((secret) => secret.reveal());
    for (const secret of secrets) assert.match(secret, /^.{32,}$/);
    return { secrets, shown: [...results, generated, client, events] };
  }
  /** Asserts that printing the values shows none of the secrets. */
  function assertNotShown(values, ...secrets) {
    for (const value of values) {
      const text = textsOf(value);
      for (const secret of secrets) assert.ok(!text.includes(secret), text.slice(0, 2_000));
    }
  }

  test('with an API key', async () => {
    const { events, onEvent } = listener();
    const { client } = await emulated({ auth: { apiKey: KEY }, onEvent }, { apiKey: KEY, secretOnCreate: true });
    const { secrets, shown } = await everything(client, events);
    assert.ok(events.length > 20);
    assertNotShown(shown, KEY, ...secrets);
  });

  test('with a client secret and the token that it yields', async () => {
    const { client: first, emulator } = await emulated({}, { secretOnCreate: true });
    const { id, secret } = await first.createOAuthApp({ name: 'Manager' });
    const tokens = new Set();
    const fetch = (url, init) => (tokens.add(init.headers.Authorization), emulator.fetch(url, init));
    const { events, onEvent } = listener();
    const auth = { clientId: id, clientSecret: secret.reveal() };
    const { secrets, shown } = await everything(createClient({ auth, fetch, onEvent }), events);
    // The token request has no Authorization header.
    assert.equal(tokens.delete(undefined), true);
    assert.equal(tokens.size, 1);
    assertNotShown(shown, auth.clientSecret, ...tokens, ...secrets);
  });

  test('if the service repeats a token or a client secret', async () => {
    const body = {
      ...{ message: `what of ${KEY}?`, error: 'invalid_client', error_description: `no ${KEY} here` },
      details: { validationError: { fieldViolations: [{ field: 'x', description: `bad ${KEY}` }] } },
    };
    for (const before of [[], [answer({ access_token: KEY })]]) {
      const { events, onEvent } = listener();
      const { fetch } = scripted(...before, answer(body, { status: 400 }));
      const client = clientOver(fetch, { auth: { clientId: NOBODY, clientSecret: KEY }, onEvent });
      assertNotShown([await failure(client.createOAuthApp({ name: 'Shop' })), events, client], KEY);
    }
  });
});

describe('the client and the emulator', () => {
  test('a client prints without its options', async () => {
    const client = createClient({ auth: { apiKey: KEY }, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' });
    const texts = [JSON.stringify(client), String(client), format('%o', client)];
    texts.push(inspect(client, { depth: Infinity, showHidden: true, customInspect: false, showProxy: true }));
    texts.push(inspect(structuredClone(client)), Reflect.ownKeys(client).join());
    assertHidden(texts.join('\n'));
  });

  test('the emulator’s log and snapshot contain neither the key nor a generated secret', async () => {
    const { client, emulator } = await emulated({ auth: { apiKey: KEY } }, { apiKey: KEY, secretOnCreate: true });
    const created = await client.createOAuthApp({ name: 'Shop' });
    await client.updateOAuthApp(created.id, { allowSecretGeneration: true });
    const generated = await client.generateOAuthAppSecret(created.id);
    await emulator.fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps', {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, cookie: KEY, 'x-api-key': KEY },
      body: JSON.stringify({ clientSecret: KEY }),
    });
    const texts = [inspect(emulator.requests, { depth: Infinity }), JSON.stringify(emulator.snapshot())].join('\n');
    assert.match(texts, /\[redacted\]/);
    for (const text of [KEY, created.secret.reveal(), generated.reveal()]) assert.ok(!texts.includes(text));
  });

  test('the emulator’s default key is an obvious placeholder', async () => {
    assert.match((await createEmulator()).credentials.apiKey, /not-a-real/);
  });
});

describe('in a page', () => {
  /** Runs a script in a program that resembles a page, and returns its result. */
  async function inPage(script) {
    const { code, stdout, stderr } = await runScript(`
      import { createClient, getOAuthApp } from 'wix-oauth-apps';
      globalThis.window = globalThis;
      globalThis.document = {};
      const attempt = async (call) => {
        try {
          await call();
          return 'fine';
        } catch ({ name, code, operation, message, attempts }) {
          return { name, code, operation, message, attempts };
        }
      };
      const auth = ${JSON.stringify({ key: { apiKey: KEY }, secret: { clientId: NOBODY, clientSecret: KEY } })};
      console.log(JSON.stringify(await (async () => { ${script} })()));
    `);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    return JSON.parse(stdout);
  }

  test('a credential is refused with the reason and the remedy, and not shown', async () => {
    for (const [script, operation = 'createClient'] of [
      ['createClient({ auth: auth.key })'],
      ['createClient({ auth: auth.secret })'],
      [`getOAuthApp({ auth: auth.key }, '${NOBODY}')`, 'getOAuthApp'],
      ["createClient({ auth: auth.key, dangerouslyAllowBrowser: 'true' })"],
      ['createClient({ auth: auth.key, dangerouslyAllowBrowser: false })'],
      // A worker of a page has no document.
      ['(delete globalThis.document, globalThis.importScripts = () => {}, createClient({ auth: auth.key }))'],
    ]) {
      const error = await inPage(`return attempt(() => ${script});`);
      assert.deepEqual(
        [error.name, error.code, error.operation, error.attempts],
        ['OAuthAppsError', 'CONFIG', operation, 0],
      );
      assert.match(error.message, /every visitor.*dangerouslyAllowBrowser: true/);
      assertHidden(error.message);
    }
  });

  test('a credential is allowed with dangerouslyAllowBrowser: true, and a token always', async () => {
    const results = await inPage(`
      return [
        await attempt(() => createClient({ auth: auth.key, siteId: '${NOBODY}', dangerouslyAllowBrowser: true })),
        await attempt(() => createClient({ auth: { accessToken: 'token' } })),
        await attempt(() => createClient({ auth: { getAccessToken: () => 'token' } })),
        // Not a page: a runtime with a window but without a document.
        (delete globalThis.document, await attempt(() => createClient({ auth: auth.key, siteId: '${NOBODY}' }))),
      ];`);
    assert.deepEqual(results, ['fine', 'fine', 'fine', 'fine']);
  });

  test('invalid options are reported as elsewhere', async () => {
    const codes = await inPage(`
      const codes = [];
      for (const options of [undefined, null, 5, {}, { auth: null }, { auth: 5 }]) {
        codes.push((await attempt(() => createClient(options))).code);
      }
      return codes;`);
    assert.deepEqual(codes, Array(6).fill('CONFIG'));
  });
});
