// The package in Chromium without a bundler: an import map, and the files as they are installed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { launch, openPage } from './support/chromium.mjs';
import { servePackage } from './support/server.mjs';

const CORE = '/package/wasm/core_bg.wasm';
const APPS = '/oauth-app/v1/oauth-apps';

/** Handlers of the server for further paths. Each test fills it in; it is emptied after each test. */
const answers = {};
let browser;
let server;

before(async () => ([browser, server] = await Promise.all([launch(), servePackage(answers)])));
after(() => Promise.all([browser?.close(), server?.close()]));

/**
 * Runs a script in a new page and returns its result. In the page, `attempt` returns an error as plain data. Fails on an
 * uncaught error and on a message in the console that `allowed` does not match.
 */
async function inPage(script, { allowed = [], argument } = {}) {
  const { page, problems, requests, close } = await openPage(browser, { url: server.url });
  try {
    await page.evaluate(() => {
      globalThis.attempt = async (call) => {
        try {
          return { value: await call() };
        } catch (error) {
          const { name, code, operation, message, attempts, cause } = error;
          return { name, code, operation, message, attempts, cause: cause && String(cause) };
        }
      };
    });
    const result = await page.evaluate(script, argument);
    // An unhandled rejection is reported one task later.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 20)));
    assert.deepEqual(
      problems.filter((problem) => !allowed.some((known) => known.test(problem))),
      [],
    );
    return { result, wasm: requests.filter((url) => url.endsWith('.wasm')).map((url) => new URL(url).pathname) };
  } finally {
    for (const path of Object.keys(answers)) delete answers[path];
    await close();
  }
}

function json(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function cutShort(response) {
  response.writeHead(200, { 'content-type': 'application/wasm', 'content-length': 1000 });
  response.write('\0asm', () => response.destroy());
}

describe('loading', () => {
  test('importing fetches no wasm', async () => {
    const { result, wasm } = await inPage(async () => Object.keys(await import('wix-oauth-apps')));
    assert.ok(result.includes('createClient'));
    assert.deepEqual(wasm, []);
  });

  test('an asynchronous function loads the core once, and not the emulator', async () => {
    const app = { id: crypto.randomUUID(), name: 'Storefront' };
    answers[`${APPS}/${app.id}`] = (request, response) =>
      json(response, request.headers.authorization === 'token' ? 200 : 401, { oAuthApp: app });
    const { result, wasm } = await inPage(
      async (id) => {
        const { createClient, getOAuthApp } = await import('wix-oauth-apps');
        const options = { auth: { accessToken: 'token' }, baseUrl: location.origin };
        const client = createClient(options);
        return Promise.all([client.getOAuthApp(id), client.getOAuthApp(id), getOAuthApp(options, id)]);
      },
      { argument: app.id },
    );
    assert.deepEqual(result, [app, app, app]);
    assert.deepEqual(wasm, [CORE]);
  });

  test('a synchronous function before init() fails with the remedy', async () => {
    const { result, wasm } = await inPage(async () => {
      const { OAuthAppsError, init, isOAuthAppsError, validateOAuthApp } = await import('wix-oauth-apps');
      const before = await attempt(() => validateOAuthApp({ name: 'Storefront' }));
      const isError = [];
      try {
        validateOAuthApp({ name: 'Storefront' });
      } catch (error) {
        isError.push(error instanceof OAuthAppsError, isOAuthAppsError(error));
      }
      await init();
      return { before, isError, after: validateOAuthApp({ name: 'Storefront' }) };
    });
    assert.equal(result.before.name, 'OAuthAppsError');
    assert.equal(result.before.code, 'CONFIG');
    assert.equal(result.before.operation, 'validateOAuthApp');
    assert.match(result.before.message, /await init\(\)/);
    assert.deepEqual(result.isError, [true, true]);
    assert.deepEqual(result.after, []);
    assert.deepEqual(wasm, [CORE]);
  });

  test('repeated and concurrent calls of init() fetch once', async () => {
    const { result, wasm } = await inPage(async () => {
      const { init } = await import('wix-oauth-apps');
      return [...(await Promise.all([init(), init(), init({})])), await init()];
    });
    assert.equal(result.length, 4);
    assert.deepEqual(wasm, [CORE]);
  });

  for (const [what, answer, known, reason] of [
    [
      '404',
      (response) => response.writeHead(404).end(),
      [/404/],
      /core_bg\.wasm has status 404\. .*wix-oauth-apps\/inline/,
    ],
    // Some servers respond with the start page for unknown paths.
    [
      'a start page',
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'),
      [],
      /core_bg\.wasm is a page in place of the WebAssembly\. .*wix-oauth-apps\/inline/,
    ],
    ['a broken connection', cutShort, [/ERR_CONTENT_LENGTH_MISMATCH|ERR_INCOMPLETE/], /core_bg\.wasm/],
  ]) {
    test(`a load that failed with ${what} can be repeated`, async () => {
      let isFirst = true;
      answers[CORE] = (request, response) => {
        if (!isFirst) return false;
        isFirst = false;
        answer(response);
      };
      const { result, wasm } = await inPage(
        async () => {
          const { init, validateOAuthApp } = await import('wix-oauth-apps');
          const [first, beside] = await Promise.all([attempt(() => init()), attempt(() => init())]);
          const second = await attempt(() => init());
          return { first, beside, second, after: validateOAuthApp({ name: 'Storefront' }) };
        },
        { allowed: known },
      );
      assert.equal(result.first.code, 'NETWORK');
      assert.equal(result.first.operation, 'init');
      assert.match(result.first.message, reason);
      assert.ok(result.first.cause);
      assert.deepEqual(result.beside, result.first);
      assert.equal(result.second.code, undefined);
      assert.deepEqual(result.after, []);
      assert.deepEqual(wasm, [CORE, CORE]);
    });
  }

  for (const [policy, reason] of [
    [`script-src 'self' 'unsafe-inline'`, /'wasm-unsafe-eval' to its script-src/],
    [`connect-src 'none'`, /core_bg\.wasm could not be fetched; .*connect-src of a Content Security Policy/],
  ]) {
    test(`a load that the Content Security Policy ${policy} refuses names the policy`, async () => {
      const { result } = await inPage(
        async (policy) => {
          const meta = document.createElement('meta');
          meta.httpEquiv = 'Content-Security-Policy';
          meta.content = policy;
          document.head.append(meta);
          const { init } = await import('wix-oauth-apps');
          return attempt(() => init());
        },
        { argument: policy, allowed: [/Content Security Policy/i] },
      );
      assert.deepEqual([result.code, result.operation], ['NETWORK', 'init']);
      assert.match(result.message, reason);
    });
  }

  test('a client whose core could not be loaded fails at the call, and loads it at the next one', async () => {
    const app = { id: crypto.randomUUID(), name: 'Storefront' };
    let failures = 1;
    answers[CORE] = (request, response) => failures-- > 0 && response.writeHead(404).end();
    answers[`${APPS}/${app.id}`] = (request, response) => json(response, 200, { oAuthApp: app });
    const { result } = await inPage(
      async (id) => {
        const { createClient } = await import('wix-oauth-apps');
        const client = createClient({ auth: { accessToken: 'token' }, baseUrl: location.origin });
        return [await attempt(() => client.getOAuthApp(id)), await attempt(() => client.getOAuthApp(id))];
      },
      { argument: app.id, allowed: [/404/] },
    );
    assert.equal(result[0].code, 'NETWORK');
    assert.deepEqual(result[1].value, app);
  });

  test('an unused client whose core cannot be loaded causes no unhandled rejection', async () => {
    answers[CORE] = (request, response) => response.writeHead(404).end();
    await inPage(
      async () => {
        const { createClient } = await import('wix-oauth-apps');
        createClient({ auth: { accessToken: 'token' } });
        await new Promise((resolve) => setTimeout(resolve, 300));
      },
      { allowed: [/404/] },
    );
  });
});

describe('init({ wasm })', () => {
  const sources = {
    'an ArrayBuffer': async (url) => (await fetch(url)).arrayBuffer(),
    'a view of bytes': async (url) => {
      const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
      const larger = new Uint8Array(bytes.length + 16);
      larger.set(bytes, 8);
      return larger.subarray(8, bytes.length + 8);
    },
    'a module': async (url) => WebAssembly.compile(await (await fetch(url)).arrayBuffer()),
    'a URL': (url) => new URL(url, location.href),
    'a URL as text': (url) => url,
    'a response': (url) => fetch(url),
    // In an object, because a returned promise would be awaited.
    'the promise of a response': (url) => ({ promise: fetch(url) }),
  };
  for (const [what, source] of Object.entries(sources)) {
    test(`accepts ${what}, and fetches nothing else`, async () => {
      const { result, wasm } = await inPage(
        `(async () => {
          const { init, validateOAuthApp } = await import('wix-oauth-apps');
          const given = await (${source})('/package/wasm/core_bg.wasm?own');
          await init({ wasm: given.promise ?? given });
          return validateOAuthApp({ name: 'x' }).map(({ field, rule }) => [field, rule]);
        })()`,
      );
      assert.deepEqual(result, [['name', 'OUT_OF_RANGE']]);
      assert.deepEqual(wasm, []);
    });
  }

  test('accepts the URL of the package’s export core.wasm', async () => {
    const { result, wasm } = await inPage(async () => {
      const { init, validateOAuthApp } = await import('wix-oauth-apps');
      // `import.meta` is available in modules only, and this function runs in a script.
      const module = new Blob([`export default import.meta.resolve('wix-oauth-apps/core.wasm')`], {
        type: 'text/javascript',
      });
      await init({ wasm: (await import(URL.createObjectURL(module))).default });
      return validateOAuthApp({ name: 'Storefront' });
    });
    assert.deepEqual(result, []);
    assert.deepEqual(wasm, [CORE]);
  });

  const faulty = {
    'bytes that are not WebAssembly': () => new Uint8Array([1, 2, 3]),
    'no bytes': () => new ArrayBuffer(0),
    'another module': () => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
    'a response that is not OK': () => new Response('', { status: 404 }),
    'a response with an HTML page': () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
    'an object': () => ({}),
    'a number': () => 42,
    null: () => null,
    'the promise of a rejection': () => ({ promise: Promise.reject(new Error('not today')) }),
  };
  for (const [what, source] of Object.entries(faulty)) {
    test(`refuses ${what}, and can be repeated`, async () => {
      const { result } = await inPage(
        `(async () => {
          const { init, validateOAuthApp } = await import('wix-oauth-apps');
          const given = await (${source})();
          const failure = await attempt(() => init({ wasm: given?.promise ?? given }));
          await init();
          return { failure, after: validateOAuthApp({ name: 'Storefront' }) };
        })()`,
        { allowed: [/MIME type/] },
      );
      assert.equal(result.failure.code, 'CONFIG');
      assert.equal(result.failure.operation, 'init');
      assert.match(result.failure.message, /wasm/);
      assert.deepEqual(result.after, []);
    });
  }
});

describe('a credential in a page', () => {
  for (const [what, auth] of [
    ['an API key', { apiKey: 'IST.key' }],
    ['a client secret', { clientId: 'a', clientSecret: 'very-secret' }],
  ]) {
    test(`${what} is refused with the reason, and nothing is fetched`, async () => {
      const { result, wasm } = await inPage(
        async (auth) => {
          const { createClient, queryOAuthApps } = await import('wix-oauth-apps');
          return [
            await attempt(() => createClient({ auth })),
            await attempt(() => createClient({ auth, dangerouslyAllowBrowser: 'true' })),
            await attempt(() => queryOAuthApps({ auth })),
          ];
        },
        { argument: auth },
      );
      for (const error of result) {
        assert.equal(error.name, 'OAuthAppsError');
        assert.equal(error.code, 'CONFIG');
        assert.match(error.message, /every visitor.*dangerouslyAllowBrowser/s);
        assert.doesNotMatch(JSON.stringify(error), /IST|very-secret/);
      }
      assert.deepEqual(wasm, []);
    });
  }

  test('is allowed with dangerouslyAllowBrowser: true, and an access token always', async () => {
    answers[`${APPS}/query`] = (request, response) =>
      json(response, 200, { oAuthApps: [], pagingMetadata: { count: 0 }, seen: request.headers.authorization });
    const { result } = await inPage(async () => {
      const { createClient } = await import('wix-oauth-apps');
      const baseUrl = location.origin;
      const clients = [
        createClient({
          auth: { apiKey: 'IST.key' },
          siteId: crypto.randomUUID(),
          baseUrl,
          dangerouslyAllowBrowser: true,
        }),
        createClient({ auth: { accessToken: 'token' }, baseUrl }),
        createClient({ auth: { getAccessToken: () => 'got' }, baseUrl }),
      ];
      return Promise.all(clients.map(async (client) => (await client.queryOAuthApps()).seen));
    });
    assert.deepEqual(result, ['IST.key', 'token', 'got']);
  });

  test('invalid options are reported by the first call if the core is not loaded yet', async () => {
    const { result } = await inPage(async () => {
      const { createClient, init } = await import('wix-oauth-apps');
      const options = { auth: { accessToken: 'token' }, baseURL: 'https://www.wixapis.com' };
      const early = await attempt(() => createClient(options).queryOAuthApps());
      await init();
      return [early, await attempt(() => createClient(options))];
    });
    for (const error of result) {
      assert.equal(error.code, 'CONFIG');
      assert.match(error.message, /baseURL/);
    }
  });
});

describe('with the emulator', () => {
  test('every operation works', async () => {
    const { result, wasm } = await inPage(async () => {
      const { createClient } = await import('wix-oauth-apps');
      const { createEmulator } = await import('wix-oauth-apps/emulator');
      const emulator = await createEmulator();
      const { apiKey, siteId } = emulator.credentials;
      const { fetch } = emulator;
      const client = createClient({ auth: { apiKey }, siteId, fetch, dangerouslyAllowBrowser: true });
      const { id } = await client.createOAuthApp({ name: 'Storefront' });
      const updated = await client.updateOAuthApp(id, { name: 'Shop' });
      const got = await client.getOAuthApp(id);
      const { oAuthApps } = await client.queryOAuthApps();
      const secret = await client.generateOAuthAppSecret(id);
      await client.deleteOAuthApp(id);
      const gone = await attempt(() => client.getOAuthApp(id));
      return {
        names: [updated.name, got.name, ...oAuthApps.map(({ name }) => name)],
        secret: [String(secret), JSON.stringify(secret), typeof secret.reveal()],
        gone: gone.code,
        requests: emulator.requests.map(({ method, status }) => `${method} ${status}`),
      };
    });
    assert.deepEqual(result, {
      names: ['Shop', 'Shop', 'Shop'],
      secret: ['[redacted]', '"[redacted]"', 'string'],
      gone: 'NOT_FOUND',
      requests: ['POST 200', 'PATCH 200', 'GET 200', 'POST 200', 'POST 200', 'DELETE 200', 'GET 404'],
    });
    assert.deepEqual(wasm.sort(), [CORE, '/package/wasm/emulator_bg.wasm']);
  });

  test('concurrently created emulators share no state, and their WebAssembly is fetched once', async () => {
    const { result, wasm } = await inPage(async () => {
      const { createEmulator } = await import('wix-oauth-apps/emulator');
      const emulators = await Promise.all([createEmulator(), createEmulator()]);
      await emulators[0].fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps/query', { method: 'POST', body: '{}' });
      return emulators.map(({ requests }) => requests.length);
    });
    assert.deepEqual(result, [1, 0]);
    assert.deepEqual(wasm, ['/package/wasm/emulator_bg.wasm']);
  });

  test('an emulator that could not be loaded can be created again', async () => {
    let failures = 1;
    answers['/package/wasm/emulator_bg.wasm'] = (request, response) => failures-- > 0 && response.writeHead(404).end();
    const { result } = await inPage(
      async () => {
        const { createEmulator } = await import('wix-oauth-apps/emulator');
        const first = await attempt(() => createEmulator());
        const second = await createEmulator();
        return { first: first.message, second: typeof second.fetch };
      },
      { allowed: [/404/] },
    );
    assert.ok(result.first);
    assert.equal(result.second, 'function');
  });

  test('values of a frame, another realm, are accepted', async () => {
    const { result } = await inPage(async () => {
      const { init, isOAuthAppsError, validateOAuthApp } = await import('wix-oauth-apps');
      await init();
      const frame = document.body.appendChild(document.createElement('iframe'));
      const foreign = new frame.contentWindow.Error('x');
      Object.assign(foreign, { name: 'OAuthAppsError', code: 'NETWORK' });
      const array = new frame.contentWindow.Array('https://shop.example.com/callback');
      const allowedRedirectDomains = ['shop.example.com'];
      const draft = { name: 'Storefront', allowedRedirectUris: array, allowedRedirectDomains };
      return [isOAuthAppsError(foreign), validateOAuthApp(draft)];
    });
    assert.deepEqual(result, [true, []]);
  });
});
