// One client that is kept across the requests of a Cloudflare Worker, in workerd.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, beforeEach, describe, test } from 'node:test';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const APP = '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f13';
const WORKER = `
  import { createClient } from 'wix-oauth-apps';
  import { createEmulator } from 'wix-oauth-apps/emulator';
  let client;
  const operations = {
    get: () => client.getOAuthApp('${APP}'),
    getMany: () => Promise.all(Array.from({ length: 10 }, () => client.getOAuthApp('${APP}'))),
    allow: (uri) => client.allowRedirects('${APP}', { uris: [uri] }, { settle: false }),
    async leave(uri) {
      client.allowRedirects('${APP}', { uris: [uri] }, { settle: false }).catch(() => {});
    },
    async emulate() {
      const { fetch, credentials } = await createEmulator();
      const { apiKey, siteId } = credentials;
      return createClient({ auth: { apiKey }, siteId, fetch }).createOAuthApp({ name: 'Shop' });
    },
  };
  export default {
    async fetch(request) {
      const { operation, argument, options } = await request.json();
      client ??= createClient(options);
      try {
        return Response.json({ value: (await operations[operation](argument)) ?? null });
      } catch ({ code, message }) {
        return Response.json({ code, message });
      }
    },
  };
`;

let service;
let tokens;
let uris;
before(async () => {
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    // Slow enough that requests overlap.
    request.on('end', () => setTimeout(() => respond(request, body, response), 50));
  });
  await new Promise((resolve) => service.listen(0, '127.0.0.1', resolve));
});
after(() => service.close());
beforeEach(() => {
  tokens = 0;
  uris = [];
});

function respond({ method, url }, body, response) {
  response.setHeader('content-type', 'application/json');
  if (url.includes('oauth2/token')) {
    tokens += 1;
    return response.end(JSON.stringify({ access_token: 'token', expires_in: 14_400 }));
  }
  if (method === 'PATCH') uris = JSON.parse(body).oAuthApp.allowedRedirectUris;
  const oAuthApp = { id: APP, name: 'Shop', allowedRedirectUris: uris, allowedRedirectDomains: [] };
  response.end(JSON.stringify({ oAuthApp }));
}

/** Bundles the Worker like Wrangler, which copies WebAssembly files and leaves their imports. */
async function bundle(contents = WORKER, conditions = ['workerd', 'worker', 'browser']) {
  const modules = [];
  const wasm = {
    name: 'wasm',
    setup(build) {
      build.onResolve({ filter: /\.wasm$/ }, async ({ path, resolveDir, kind, pluginData }) => {
        // The call of `build.resolve` below comes here too.
        if (pluginData === 'found') return undefined;
        const found = await build.resolve(path, { resolveDir, kind, pluginData: 'found' });
        const name = basename(found.path);
        modules.push({ type: 'CompiledWasm', path: name, contents: readFileSync(found.path) });
        return { path: `./${name}`, external: true };
      });
    },
  };
  const { outputFiles, warnings } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    ...{ bundle: true, format: 'esm', write: false, conditions, plugins: [wasm] },
  });
  assert.deepEqual(warnings, []);
  return [{ type: 'ESModule', path: 'worker.mjs', contents: outputFiles[0].text }, ...modules];
}

test('a Worker that is bundled without the condition `workerd` is refused, with the remedy', async (context) => {
  const contents = `
    import { createClient, init } from 'wix-oauth-apps';
    import wasm from 'wix-oauth-apps/core.wasm';
    export default {
      async fetch() {
        await init({ wasm });
        try {
          return Response.json({ client: createClient({ auth: { apiKey: 'IST.key' }, siteId: '${APP}' }) });
        } catch ({ code, message }) {
          return Response.json({ code, message });
        }
      },
    };`;
  const modules = await bundle(contents, ['worker', 'browser']);
  const worker = new Miniflare({ modules, compatibilityDate: '2025-09-01' });
  context.after(() => worker.dispose());
  const response = await worker.dispatchFetch('http://worker/');
  const { code, message } = await response.json();
  assert.equal(code, 'CONFIG');
  assert.match(message, /concurrent requests of a Worker; bundle it with the condition `workerd`/);
});

// Before 2024-10-14, workerd ran the continuation of a promise in the request that settled it.
for (const compatibilityDate of ['2025-09-01', '2023-12-01']) {
  describe(`in a Worker with the compatibility date ${compatibilityDate}, concurrent requests`, () => {
    let worker;
    let options;
    beforeEach(async () => {
      const { port } = service.address();
      const auth = { clientId: APP, clientSecret: 'a-client-secret' };
      options = { auth, siteId: APP, baseUrl: `http://127.0.0.1:${port}` };
      worker = new Miniflare({ modules: await bundle(), compatibilityDate });
    });
    const ask = async (operation, argument) => {
      const body = JSON.stringify({ operation, argument, options });
      const response = await worker.dispatchFetch('http://worker/', { method: 'POST', body });
      const text = await response.text();
      const { value, ...failure } = text.startsWith('{') ? JSON.parse(text) : { text };
      assert.deepEqual(failure, {});
      return value;
    };
    const askAll = (count, operation, argument = () => undefined) =>
      Promise.all(Array.from({ length: count }, (_, at) => ask(operation, argument(at))));

    test('share one access token', async (context) => {
      context.after(() => worker.dispose());
      const apps = await askAll(10, 'get');
      assert.deepEqual(new Set(apps.map(({ id }) => id)), new Set([APP]));
      assert.equal(tokens, 1);
      assert.equal((await ask('getMany')).length, 10);
      assert.equal(tokens, 1);
    });

    test('change one app in turn', async (context) => {
      context.after(() => worker.dispose());
      await askAll(5, 'allow', (at) => `https://shop-${at}.example.com/callback`);
      assert.equal(uris.length, 5);
    });

    test('keep the rate limit', async (context) => {
      context.after(() => worker.dispose());
      options.rateLimit = { requests: 3, per: 300 };
      assert.equal((await askAll(8, 'get')).length, 8);
    });

    test('do not wait for a call whose request has ended', async (context) => {
      context.after(() => worker.dispose());
      await ask('get');
      await ask('leave', 'https://left.example.com/callback');
      await ask('allow', 'https://shop.example.com/callback');
      assert.ok(uris.includes('https://shop.example.com/callback'));
    });

    test('use an emulator each', async (context) => {
      context.after(() => worker.dispose());
      assert.deepEqual(
        (await askAll(3, 'emulate')).map(({ name }) => name),
        ['Shop', 'Shop', 'Shop'],
      );
    });
  });
}
