// The calls that every consumer project makes, as its users would: the same file in every environment. It uses no other
// global than the platform's, because some environments lack the rest.

const API = { auth: { apiKey: 'IST.emulator.not-a-real-api-key' }, siteId: 'e3a1e3a1-0000-4000-8000-000000000001' };

/**
 * Returns, as JSON, the number of checks and the failed ones: `{ checks, failures }`. `library` and `emulator` are the
 * modules; `server` has the URLs of an emulator server and of a server that never responds, `{ url, hangingUrl }`. Without
 * `emulator` or without `server`, the calls over it are left out. Never rejects.
 */
export async function report(library, emulator, server) {
  const failures = [];
  let checks = 0;
  const check = (what, isTrue, found) => {
    checks += 1;
    if (!isTrue) failures.push(`${what}: ${typeof found === 'string' ? found : JSON.stringify(found)}`);
  };
  const guarded = async (what, steps) => {
    try {
      await steps();
    } catch (error) {
      failures.push(`${what}: ${describe(error)}`);
    }
  };
  await guarded('init', () => checkFunctions(library, check));
  if (emulator && failures.length === 0) {
    await guarded('emulator', async () => {
      const instance = await emulator.createEmulator();
      const { apiKey, siteId } = instance.credentials;
      const options = { auth: { apiKey }, siteId, fetch: instance.fetch, dangerouslyAllowBrowser: true };
      const hang = (client, options) => {
        instance.fail({ error: 'hang' });
        return client.queryOAuthApps({}, options);
      };
      await checkCalls(library, options, hang, (what, ...rest) => check(`emulator, ${what}`, ...rest));
    });
  }
  if (server && failures.length === 0) {
    await guarded('server', async () => {
      const options = { ...API, baseUrl: server.url, dangerouslyAllowBrowser: true };
      const hanging = library.createClient({ ...options, baseUrl: server.hangingUrl });
      const hang = (_client, options) => hanging.queryOAuthApps({}, options);
      await checkCalls(library, options, hang, (what, ...rest) => check(`server, ${what}`, ...rest));
    });
  }
  return JSON.stringify({ checks, failures });
}

async function checkFunctions({ init, validateOAuthApp, checkRedirect }, check) {
  await init();
  const violations = validateOAuthApp({ name: 'Shop', allowedRedirectUris: ['http://shop.example.com/callback'] });
  check('validate', violations[0]?.field === 'allowedRedirectUris[0]', violations);
  const app = { allowedRedirectUris: ['https://shop.example.com/callback'] };
  const refused = checkRedirect(app, 'https://shop.example.com/callback/', 'authentication');
  check('check a refused redirect', refused.reason === 'TRAILING_SLASH', refused);
  const allowed = checkRedirect(app, 'https://shop.example.com/callback', 'authentication');
  check('check an allowed redirect', allowed.allowed, allowed);
}

async function checkCalls({ createClient, isOAuthAppsError, OAuthAppsError }, options, hang, check) {
  const client = createClient(options);
  const name = `Storefront ${Math.random()}`;
  const created = await client.createOAuthApp({ name, allowedRedirectUris: ['https://shop.example.com/callback'] });
  check('create', typeof created.id === 'string' && created.name === name, created);
  const { oAuthApps } = await client.queryOAuthApps({ filter: { id: created.id } });
  check('query', oAuthApps.length === 1 && oAuthApps[0].id === created.id, oAuthApps);
  const change = await client.allowRedirects(created.id, {
    uris: ['https://preview.example.com/callback'],
    domains: ['preview.example.com'],
  });
  check('allow', change.oAuthApp.allowedRedirectUris.length === 2 && change.added.domains.length === 1, change);
  const updated = await client.updateOAuthApp(created.id, { name: `${name} é`, description: null });
  check('update', updated.name === `${name} é`, updated);
  const names = [];
  for await (const app of client.listOAuthApps()) names.push(app.name);
  check('list', names.includes(`${name} é`), names);
  await client.deleteOAuthApp(created.id);

  const fails = async (what, code, call, isRight = () => true) => {
    try {
      await call();
      check(what, false, 'the call succeeded');
    } catch (error) {
      const isTyped = isOAuthAppsError(error) && error instanceof OAuthAppsError;
      check(what, isTyped && error.code === code && isRight(error), describe(error));
    }
  };
  await fails(
    'get a deleted app',
    'NOT_FOUND',
    () => client.getOAuthApp(created.id),
    (error) => error.status === 404,
  );
  const start = Date.now();
  await fails('time-out', 'TIMEOUT', () => hang(client, { timeout: 60, retry: false }));
  check('the time-out is prompt', Date.now() - start < 5_000, Date.now() - start);
  const abortion = new AbortController();
  setTimeout(() => abortion.abort('the user left'), 30);
  await fails(
    'abort',
    'ABORTED',
    () => hang(client, { signal: abortion.signal, retry: false }),
    (error) => error.cause === 'the user left',
  );
  await fails('abort before the call', 'ABORTED', () => client.queryOAuthApps({}, { signal: abortion.signal }));
}

/** Returns the message of an error with its code and its causes. */
export function describe(error) {
  const cause = error?.cause === undefined ? '' : ` [cause: ${String(error.cause)}]`;
  return `${error?.name}${error?.code ? ` ${error.code}` : ''}: ${error?.message ?? error}${cause}`;
}
