// A credential goes into the Authorization header, or to who asks for it by name; it is found nowhere else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { format, inspect } from 'node:util';
import { createClient, Secret } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { answer, clientOver, emulated, failure, listener, NOBODY, scripted } from './support/client.mjs';
import { listen, respond } from './support/loopback.mjs';
import { runScript } from './support/script.mjs';

const KEY = 'IST.qzxw-0f7e3d-nobody-may-see-this';

/** Fails where a part of the key stands in the text, and shows where. */
function hides(text) {
  const at = text.search(/qzxw|0f7e3d/);
  assert.equal(at, -1, `…${text.slice(Math.max(0, at - 200), at + 100)}…`);
}

describe('a Secret', () => {
  const secret = new Secret(KEY);

  for (const [what, print] of [
    ['String()', () => String(secret)],
    ['toString()', () => secret.toString()],
    ['a template', () => `${secret}`],
    ['adding to text', () => '' + secret],
    ['join()', () => [secret].join()],
    ['util.format', () => format('%s', secret)],
    ['util.inspect', () => inspect(secret)],
    ['inspect of what holds it', () => inspect({ secret }).replace('{ secret: ', '').replace(' }', '')],
    ['inspect of a list', () => inspect([secret]).replace('[ ', '').replace(' ]', '')],
    ['JSON.stringify', () => JSON.parse(JSON.stringify(secret))],
    ['JSON of what holds it', () => JSON.parse(JSON.stringify({ secret })).secret],
    ['toJSON()', () => secret.toJSON()],
  ]) {
    test(`prints [redacted] by ${what}`, () => assert.equal(print(), '[redacted]'));
  }

  for (const [what, show] of [
    ['inspect of the bare object', () => inspect(secret, { customInspect: false, showHidden: true, depth: Infinity })],
    [
      'inspect of all it holds',
      () => inspect(secret, { showHidden: true, showProxy: true, depth: Infinity, getters: true }),
    ],
    ['util.format %o', () => format('%o %O %j', secret, secret, secret)],
    ['its keys', () => Reflect.ownKeys(secret).map(String).join()],
    ['its entries', () => inspect(Object.entries(Object.getOwnPropertyDescriptors(secret)))],
    ['a spread', () => inspect({ ...secret })],
    ['Object.assign', () => inspect(Object.assign({}, secret))],
    ['an error that names it', () => inspect(new Error(`${secret}`, { cause: secret }))],
    ['a failed assertion', () => inspect(new assert.AssertionError({ actual: secret, expected: 'x', operator: '==' }))],
  ]) {
    test(`shows nothing by ${what}`, () => hides(show()));
  }

  test('cannot be cloned, and the error says how to get its text', () => {
    assert.throws(
      () => structuredClone(secret),
      (error) => {
        hides(inspect(error));
        return error.name === 'DataCloneError' && error.message.includes('reveal()');
      },
    );
  });

  test('a number it is not', () => assert.equal(Number(secret), NaN));

  test('gives its text to who asks for it', () => {
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
    hides(stdout + stderr);
  });
});

/** Every text that can be got out of a value, or an error. */
const everythingOf = (value) => {
  const whole = { depth: Infinity, maxStringLength: Infinity, maxArrayLength: Infinity };
  return [
    ...[value?.message, value?.stack, String(value), JSON.stringify(value), format('%o %O %j', value, value, value)],
    inspect(value, whole),
    inspect(value, { ...whole, showHidden: true, showProxy: true, getters: true }),
    inspect(value, { ...whole, showHidden: true, customInspect: false }),
  ].join('\n');
};

describe('no error holds the credential', () => {
  for (const [form, auth] of [
    ['an API key', { apiKey: KEY }],
    ['an access token', { accessToken: KEY }],
    ['a token that is asked for', { getAccessToken: () => KEY }],
    ['a client secret', { clientId: NOBODY, clientSecret: KEY }],
  ]) {
    const scope = { siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' };
    const wrong = (options) => () => createClient({ auth, ...scope, ...options });
    for (const [what, fail] of [
      ['options that contradict', wrong({ siteId: 's', accountId: 'a' })],
      ['an unknown option', wrong({ colour: 'red' })],
      ['a wrong base URL', wrong({ baseUrl: 'http://example.com' })],
      ['a refused draft', () => wrong({})().createOAuthApp({})],
      ['a refused id', () => wrong({})().getOAuthApp('x')],
      ['a refused option', () => wrong({})().getOAuthApp(NOBODY, { headers: { authorization: 'x' } })],
      ['a fetch that throws', () => clientOver(() => assert.fail('no'), { auth, ...scope }).getOAuthApp(NOBODY)],
      ['a time-out', () => clientOver(() => new Promise(() => {}), { auth, ...scope, timeout: 5 }).getOAuthApp(NOBODY)],
      ['an abort', () => wrong({})().getOAuthApp(NOBODY, { signal: AbortSignal.abort() })],
      [
        'a page of HTML',
        () => clientOver(async () => answer('<html>', { status: 502 }), { auth, ...scope }).getOAuthApp(NOBODY),
      ],
      ['no response', () => clientOver(async () => 5, { auth, ...scope }).getOAuthApp(NOBODY)],
      ['an answer of no use', () => clientOver(async () => answer({}), { auth, ...scope }).getOAuthApp(NOBODY)],
      [
        'a refused connection',
        () => createClient({ auth, ...scope, baseUrl: 'http://127.0.0.1:1', retry: false }).getOAuthApp(NOBODY),
      ],
      ['a connection that breaks', () => overBroken(auth)],
    ]) {
      test(`${form}: ${what}`, async () => {
        hides(everythingOf(await failure(fail)));
      });
    }
  }

  async function overBroken(auth) {
    const server = await listen((_, response) => response.destroy());
    try {
      return await createClient({
        auth,
        siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11',
        baseUrl: server.url,
        retry: false,
      }).getOAuthApp(NOBODY);
    } finally {
      await server.close();
    }
  }

  for (const [what, auth] of [
    ['an API key with a line break', { apiKey: `${KEY}\n` }],
    ['an API key with a space', { apiKey: ` ${KEY}` }],
    ['an API key that is no ASCII', { apiKey: `${KEY}é` }],
    ['an access token with a line break', { accessToken: `${KEY}\r\n` }],
    ['a client secret with a line break', { clientId: NOBODY, clientSecret: `${KEY}\n` }],
    ['a key among too many', { apiKey: KEY, accessToken: KEY }],
    ['a key under another name', { key: KEY }],
    ['a key in place of the object', KEY],
    ['a key in a list', [KEY]],
    ['a key in an object', { apiKey: { value: KEY } }],
  ]) {
    test(`${what} is refused without being shown`, async () => {
      hides(everythingOf(await failure(() => createClient({ auth }))));
    });
  }

  test('a token that no header takes is refused without being shown', async () => {
    const client = clientOver(() => assert.fail('sent'), { auth: { getAccessToken: () => `${KEY}\n` } });
    hides(everythingOf(await failure(client.getOAuthApp(NOBODY))));
  });

  test('nor does what an onEvent is told', async () => {
    const events = [];
    const { client } = await emulated({ onEvent: (event) => events.push(event) });
    await client.createOAuthApp({ name: 'Shop', allowedRedirectUris: ['https://shop.example.com'] });
    assert.notEqual(events.length, 0);
    assert.doesNotMatch(inspect(events, { depth: Infinity }), /not-a-real-api-key/);
  });
});

describe('nor what operations give, nor what is told of them', () => {
  /** Everything that can be done with that client of the emulator, what it gives and what it is told. */
  async function everything(client, events) {
    const created = await client.createOAuthApp({ name: 'Shop' });
    const ensured = await client.ensureOAuthApp({
      name: 'Other',
      allowedRedirectUris: ['https://other.example.com/cb'],
    });
    const { id } = created;
    const given = [
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
    for await (const app of client.listOAuthApps()) given.push(app);
    const generated = await client.generateOAuthAppSecret(id);
    given.push(await failure(client.generateOAuthAppSecret(id)));
    await client.deleteOAuthApp(id);
    const secrets = [created.secret, ensured.oAuthApp.secret, generated].map((secret) => secret.reveal());
    for (const secret of secrets) assert.match(secret, /^.{32,}$/);
    return { secrets, shown: [...given, generated, client, events] };
  }
  /** Fails where one of the texts can be got out of one of the values. */
  function shows(values, ...secrets) {
    for (const value of values) {
      const text = everythingOf(value);
      for (const secret of secrets) assert.ok(!text.includes(secret), text.slice(0, 2_000));
    }
  }

  test('with an API key', async () => {
    const { events, onEvent } = listener();
    const { client } = await emulated({ auth: { apiKey: KEY }, onEvent }, { apiKey: KEY, secretOnCreate: true });
    const { secrets, shown } = await everything(client, events);
    assert.ok(events.length > 20);
    shows(shown, KEY, ...secrets);
  });

  test('with a client secret, and the token that it is given', async () => {
    const { client: first, emulator } = await emulated({}, { secretOnCreate: true });
    const { id, secret } = await first.createOAuthApp({ name: 'Manager' });
    const tokens = new Set();
    const fetch = (url, init) => (tokens.add(init.headers.Authorization), emulator.fetch(url, init));
    const { events, onEvent } = listener();
    const auth = { clientId: id, clientSecret: secret.reveal() };
    const { secrets, shown } = await everything(createClient({ auth, fetch, onEvent }), events);
    // The request for the token has none.
    assert.equal(tokens.delete(undefined), true);
    assert.equal(tokens.size, 1);
    shows(shown, auth.clientSecret, ...tokens, ...secrets);
  });

  test('a service that repeats a token, or a client secret, in all that it says', async () => {
    const said = {
      ...{ message: `what of ${KEY}?`, error: 'invalid_client', error_description: `no ${KEY} here` },
      details: { validationError: { fieldViolations: [{ field: 'x', description: `bad ${KEY}` }] } },
    };
    for (const [status, ...before] of [
      ...[400, 401, 403, 404, 409, 429, 500, 503].map((status) => [status]),
      ...[400, 401, 403, 404, 409, 429, 500, 503].map((status) => [status, answer({ access_token: KEY })]),
    ]) {
      const { events, onEvent } = listener();
      const { fetch } = scripted(...before, answer(said, { status }));
      const client = clientOver(fetch, { auth: { clientId: NOBODY, clientSecret: KEY }, onEvent });
      shows([await failure(client.createOAuthApp({ name: 'Shop' })), events, client], KEY);
    }
  });
});

describe('the client and the emulator show none', () => {
  test('a client prints nothing of what it was made with', async () => {
    const client = createClient({ auth: { apiKey: KEY }, siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11' });
    const texts = [JSON.stringify(client), String(client), format('%o', client)];
    texts.push(inspect(client, { depth: Infinity, showHidden: true, customInspect: false, showProxy: true }));
    texts.push(inspect(structuredClone(client)), Reflect.ownKeys(client).join());
    hides(texts.join('\n'));
  });

  test('the emulator’s log and its snapshot hold neither the key nor a secret that it gave', async () => {
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

  test('a secret is given once: no later answer holds it', async () => {
    const { client, emulator } = await emulated({}, { secretOnCreate: true });
    const { id, secret } = await client.createOAuthApp({ name: 'Shop' });
    const answers = [
      await client.getOAuthApp(id),
      await client.queryOAuthApps(),
      await client.updateOAuthApp(id, { name: 'Store' }),
    ];
    const generated = await client.generateOAuthAppSecret(id);
    const refused = await failure(client.generateOAuthAppSecret(id));
    answers.push(refused, await client.getOAuthApp(id), emulator.requests, emulator.snapshot());
    const shown = inspect(answers, { depth: Infinity, showHidden: true });
    assert.ok(!shown.includes(secret.reveal()) && !shown.includes(generated.reveal()));
    assert.equal(refused.code, 'CONFLICT');
  });

  test('the emulator’s own key is an obvious stand-in', async () => {
    assert.match((await createEmulator()).credentials.apiKey, /not-a-real/);
  });

  test('a credential is not sent to where the service redirects', async () => {
    const elsewhere = await listen(respond({ oAuthApp: { id: NOBODY } }));
    const server = await listen(respond('', { status: 307, headers: { location: elsewhere.url } }));
    const client = createClient({
      auth: { apiKey: KEY },
      siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11',
      baseUrl: server.url,
      retry: false,
    });
    await failure(client.createOAuthApp({ name: 'Shop' }));
    await Promise.all([server.close(), elsewhere.close()]);
    assert.equal(server.requests.length, 1);
    assert.equal(elsewhere.requests.length, 0);
  });
});

test('a credential that the service repeats is not in the error', async () => {
  const body = {
    message: `Invalid key ${KEY}`,
    details: { validationError: { fieldViolations: [{ field: 'key', description: `${KEY} is unknown` }] } },
  };
  const client = createClient({
    auth: { apiKey: KEY },
    siteId: '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11',
    fetch: async () => Response.json(body, { status: 401 }),
  });
  const error = await failure(client.getOAuthApp(NOBODY));
  assert.equal(error.message, 'getOAuthApp: Invalid key [redacted] (HTTP 401)');
  assert.equal(error.violations[0].message, '[redacted] is unknown');
});

describe('in a page', () => {
  /** Runs in a program that looks like a page, and prints what came of it as JSON. */
  async function inPage(script) {
    const { code, stdout, stderr } = await runScript(`
      import { createClient, createOAuthApp, getOAuthApp } from 'wix-oauth-apps';
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

  for (const [what, script, operation = 'createClient'] of [
    ['an API key', `return attempt(() => createClient({ auth: auth.key }));`],
    ['a client secret', `return attempt(() => createClient({ auth: auth.secret }));`],
    [
      'an API key given to a free function',
      `return attempt(() => getOAuthApp({ auth: auth.key }, '${NOBODY}'));`,
      'getOAuthApp',
    ],
    [
      'an API key with leave as text',
      `return attempt(() => createClient({ auth: auth.key, dangerouslyAllowBrowser: 'true' }));`,
    ],
    [
      'an API key without leave',
      `return attempt(() => createClient({ auth: auth.key, dangerouslyAllowBrowser: false }));`,
    ],
    [
      "an API key in a page's worker, which has no document,",
      `delete globalThis.document;
       globalThis.importScripts = () => {};
       return attempt(() => createClient({ auth: auth.key }));`,
    ],
  ]) {
    test(`${what} is refused with the reason and the way out, and not shown`, async () => {
      const error = await inPage(script);
      assert.deepEqual(
        [error.name, error.code, error.operation, error.attempts],
        ['OAuthAppsError', 'CONFIG', operation, 0],
      );
      assert.match(error.message, /every visitor/);
      assert.match(error.message, /dangerouslyAllowBrowser: true/);
      hides(error.message);
    });
  }

  for (const [what, script] of [
    [
      'an API key with dangerouslyAllowBrowser: true',
      `createClient({ auth: auth.key, siteId: '${NOBODY}', dangerouslyAllowBrowser: true })`,
    ],
    ['an access token', `createClient({ auth: { accessToken: 'token' } })`],
    ['a token that is asked for', `createClient({ auth: { getAccessToken: () => 'token' } })`],
  ]) {
    test(`${what} is allowed`, async () => assert.equal(await inPage(`return attempt(() => ${script});`), 'fine'));
  }

  test('wrong options are told as everywhere', async () => {
    for (const options of ['undefined', 'null', '5', '{}', '{ auth: null }', '{ auth: 5 }']) {
      assert.equal((await inPage(`return attempt(() => createClient(${options}));`)).code, 'CONFIG', options);
    }
  });

  test('a runtime with a window and no document is no page', async () => {
    assert.equal(
      await inPage(
        `delete globalThis.document; return attempt(() => createClient({ auth: auth.key, siteId: '${NOBODY}' }));`,
      ),
      'fine',
    );
  });
});
