// The public types: code that must compile, and code (with @ts-expect-error) that must not.
import {
  allowRedirects,
  createClient,
  createOAuthApp,
  createWebhookHandler,
  deleteOAuthApp,
  disallowRedirects,
  ensureOAuthApp,
  generateOAuthAppSecret,
  getOAuthApp,
  init,
  isClientActive,
  isOAuthAppsError,
  listOAuthApps,
  OAuthAppsError,
  queryOAuthApps,
  readWebhook,
  Secret,
  updateOAuthApp,
  validateOAuthApp,
  type ApplicationType,
  type ClientEvent,
  type ClientOptions,
  type CreatedOAuthApp,
  type DomainMapping,
  type EnsuredOAuthApp,
  type OAuthApp,
  type OAuthAppDraft,
  type OAuthAppPage,
  type OAuthAppPatch,
  type OAuthAppQuery,
  type OAuthAppsClient,
  type OAuthAppsErrorCode,
  type RedirectChange,
  type RedirectEntries,
  type RequestOptions,
  type RetryOptions,
  type Technology,
  type Violation,
  type WebhookEvent,
  type WebhookHandler,
  type WebhookKey,
} from 'wix-oauth-apps';
import {
  createEmulator,
  type Emulator,
  type EmulatorChange,
  type EmulatorFailure,
  type EmulatorOptions,
  type EmulatorOutcome,
  type EmulatorRecord,
  type EmulatorRequest,
  type EmulatorState,
  type EmulatorWebhooks,
  type Fault,
  type RecordedRequest,
  type WebhookAttempt,
} from 'wix-oauth-apps/emulator';

/** Compiles only if both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <_ extends true>(): void => {};

const id = '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11';
declare const client: OAuthAppsClient;
declare const options: ClientOptions;

// ── results ────────────────────────────────────────────────────
same<Same<Awaited<ReturnType<OAuthAppsClient['createOAuthApp']>>, CreatedOAuthApp>>();
same<Same<Awaited<ReturnType<OAuthAppsClient['getOAuthApp']>>, OAuthApp>>();
same<Same<Awaited<ReturnType<OAuthAppsClient['updateOAuthApp']>>, OAuthApp>>();
same<Same<Awaited<ReturnType<OAuthAppsClient['deleteOAuthApp']>>, void>>();
same<Same<Awaited<ReturnType<OAuthAppsClient['queryOAuthApps']>>, OAuthAppPage>>();
same<Same<Awaited<ReturnType<OAuthAppsClient['generateOAuthAppSecret']>>, Secret>>();
same<Same<ReturnType<OAuthAppsClient['listOAuthApps']>, AsyncIterableIterator<OAuthApp>>>();
same<Same<Awaited<ReturnType<OAuthAppsClient['allowRedirects']>>, RedirectChange>>();
same<Same<Awaited<ReturnType<OAuthAppsClient['disallowRedirects']>>, RedirectChange>>();
same<Same<Awaited<ReturnType<OAuthAppsClient['ensureOAuthApp']>>, EnsuredOAuthApp>>();
same<Same<RedirectChange['added'], { uris: string[]; domains: string[] }>>();
same<Same<RedirectChange['removed'], { uris: string[]; domains: string[] }>>();
same<Same<RedirectChange['oAuthApp'], OAuthApp>>();
same<Same<EnsuredOAuthApp['oAuthApp'], CreatedOAuthApp>>();
same<Same<EnsuredOAuthApp['created'], boolean>>();
same<Same<EnsuredOAuthApp['changed'], string[]>>();
same<Same<EnsuredOAuthApp['matchedBy'], 'id' | 'name' | 'redirect' | undefined>>();
same<Same<ReturnType<typeof validateOAuthApp>, Violation[]>>();
same<Same<ReturnType<typeof init>, Promise<void>>>();
same<Same<CreatedOAuthApp['secret'], Secret | undefined>>();
same<Same<OAuthApp['allowedRedirectUris'], string[]>>();
same<Same<OAuthApp['description'], string | undefined>>();
same<Same<OAuthApp['createdDate'], string>>();
same<Same<ReturnType<Secret['toString']>, '[redacted]'>>();
same<Same<ReturnType<Secret['reveal']>, string>>();

// ── clients ─────────────────────────────────────────────────────────────────
createClient({ auth: { apiKey: 'key' }, siteId: 'site' });
createClient({ auth: { accessToken: 'token' }, accountId: 'account' });
createClient({ auth: { clientId: id, clientSecret: 'secret' } });
createClient({ auth: { clientId: id, clientSecret: 'secret', instanceId: id } });
createClient({ auth: { getAccessToken: () => 'token' } });
createClient({
  auth: { getAccessToken: async ({ signal }) => (signal.aborted ? '' : 'token') },
  baseUrl: 'https://example.com',
  fetch: (input, init) => fetch(input, init),
  timeout: 1_000,
  retry: { maxRetries: 1, baseDelay: 1, maxDelay: 1 },
  rateLimit: { requests: 1, per: 1 },
  onEvent: (event) => console.log(event.type),
  dangerouslyAllowBrowser: true,
});
createClient({ auth: { apiKey: 'key' }, fetch, retry: false, rateLimit: false });
createClient({
  auth: { accessToken: 'token' },
  baseUrl: 'http://wix-emulator',
  dangerouslyAllowHttp: ['wix-emulator'],
});
// An optional option may be `undefined`, also with `exactOptionalPropertyTypes`.
createClient({ auth: { accessToken: 'token' }, siteId: undefined, timeout: undefined, onEvent: undefined });
same<Same<ReturnType<OAuthAppsClient['forSite']>, OAuthAppsClient>>();
same<Same<ReturnType<OAuthAppsClient['isClientActive']>, Promise<boolean>>>();
same<Same<ReturnType<typeof isClientActive>, Promise<boolean>>>();
// @ts-expect-error a host name that is not in a list
createClient({ auth: { accessToken: 'token' }, dangerouslyAllowHttp: 'wix-emulator' });
// @ts-expect-error auth is missing
createClient({ siteId: 'site' });
// @ts-expect-error options are missing
createClient();
// @ts-expect-error auth is empty
createClient({ auth: {} });
// @ts-expect-error an unknown form of auth
createClient({ auth: { token: 'token' } });
// @ts-expect-error a client ID without its secret
createClient({ auth: { clientId: id } });
// @ts-expect-error a key that is not a string
createClient({ auth: { apiKey: 5 } });
// @ts-expect-error an unknown option
createClient({ auth: { apiKey: 'key' }, baseURL: 'https://example.com' });
// @ts-expect-error retry is false or an object
createClient({ auth: { apiKey: 'key' }, retry: true });
// @ts-expect-error both are needed
createClient({ auth: { apiKey: 'key' }, rateLimit: { requests: 1 } });

// ── drafts ──────────────────────────────────────────────────────────────────
await client.createOAuthApp({ name: 'Shop' });
await client.createOAuthApp({ name: 'Shop', technology: 'REACT', applicationType: 'WEB_APP' }, { timeout: 1 });
await client.createOAuthApp({ name: 'Shop', wixPagesDomainsMappings: [{ origin: 'a', destination: 'b' }] });
// @ts-expect-error a name is required
await client.createOAuthApp({ description: 'x' });
// @ts-expect-error no such field
await client.createOAuthApp({ name: 'Shop', colour: 'red' });
// @ts-expect-error only the service sets an id
await client.createOAuthApp({ name: 'Shop', id });
// @ts-expect-error only the service sets a secret
await client.createOAuthApp({ name: 'Shop', secret: 'x' });
// @ts-expect-error no such technology
await client.createOAuthApp({ name: 'Shop', technology: 'COBOL' });
// @ts-expect-error a list is needed
await client.createOAuthApp({ name: 'Shop', allowedRedirectUris: 'https://example.com/cb' });
// @ts-expect-error a draft clears nothing
await client.createOAuthApp({ name: 'Shop', description: null });

// ── patches ─────────────────────────────────────────────────────────────────
await client.updateOAuthApp(id, { description: null, allowedRedirectUris: null, technology: null });
await client.updateOAuthApp(id, { name: 'Store' });
// @ts-expect-error an app has a name
await client.updateOAuthApp(id, { name: null });
// @ts-expect-error the id is the first argument
await client.updateOAuthApp(id, { id, name: 'Store' });
// @ts-expect-error no such field
await client.updateOAuthApp(id, { colour: 'red' });
// @ts-expect-error no such value
await client.updateOAuthApp(id, { applicationType: 'web_app' });
// @ts-expect-error a patch is needed
await client.updateOAuthApp(id);

// ── ids and queries ─────────────────────────────────────────────────────────
await client.getOAuthApp(id, { signal: AbortSignal.timeout(1), headers: { 'x-trace': 'a' } });
// @ts-expect-error an id is a string
await client.getOAuthApp(5);
// @ts-expect-error an id is needed
await client.deleteOAuthApp();
// @ts-expect-error no such option
await client.getOAuthApp(id, { signals: AbortSignal.timeout(1) });
await client.queryOAuthApps();
await client.queryOAuthApps({ filter: { id: { $eq: id } }, sort: [{ fieldName: 'name' }], paging: { limit: 1 } });
await client.queryOAuthApps({ cursorPaging: { limit: 1, cursor: 'c' } }, { timeout: 1 });
// @ts-expect-error only id can be filtered on
await client.queryOAuthApps({ filter: { name: 'Shop' } });
// @ts-expect-error no such order
await client.queryOAuthApps({ sort: [{ fieldName: 'name', order: 'desc' }] });
// @ts-expect-error no such field to sort by
await client.queryOAuthApps({ sort: [{ fieldName: 'id' }] });

// ── redirects, listings and ensuring ────────────────────────────────────────
const change = await client.allowRedirects(id, { uris: ['https://example.com/cb'], domains: ['example.com'] });
const entries: RedirectEntries = change.added;
await client.disallowRedirects(id, { uris: entries.uris ?? [] }, { signal: AbortSignal.timeout(1) });
await client.allowRedirects(id, {});
// @ts-expect-error entries are needed
await client.allowRedirects(id);
// @ts-expect-error no such list
await client.allowRedirects(id, { urls: [] });
// @ts-expect-error a list is needed
await client.disallowRedirects(id, { domains: 'example.com' });
for await (const app of client.listOAuthApps()) same<Same<typeof app, OAuthApp>>();
const listing = client.listOAuthApps({ sort: [{ fieldName: 'name' }], cursorPaging: { limit: 1 } }, { timeout: 1 });
const first = await listing.next();
if (!first.done) console.log(first.value.name);
await listing.return?.();
// @ts-expect-error only id can be filtered on
client.listOAuthApps({ filter: { name: 'Shop' } });
// @ts-expect-error a listing is not a promise of a list
(await client.listOAuthApps()).length;
const ensured = await client.ensureOAuthApp({ name: 'Shop', id, allowedRedirectUris: [] }, { retry: false });
console.log(ensured.oAuthApp.secret?.reveal(), ensured.created, ensured.changed.join());
await client.ensureOAuthApp({ name: 'Shop' });
await client.ensureOAuthApp(
  { name: 'Shop', description: null, allowedDomains: ['shop.example.com'], origin: undefined },
  { redirects: 'exact', dryRun: true, settle: { minDelay: 1, maxDelay: undefined } },
);
await client.allowRedirects(id, { uris: undefined }, { settle: false });
await client.updateOAuthApp(id, { ...(await client.getOAuthApp(id)), name: 'Shop' });
await client.createOAuthApp({ ...(await client.getOAuthApp(id)), name: 'Copy' });
// @ts-expect-error a name is required, even where the ID is known
await client.ensureOAuthApp({ id });
// @ts-expect-error no such field
await client.ensureOAuthApp({ name: 'Shop', colour: 'red' });

// ── free functions: over a client and over its options ──────────────────────
for (const first of [client, options]) {
  same<Same<Awaited<ReturnType<typeof createOAuthApp>>, CreatedOAuthApp>>();
  await createOAuthApp(first, { name: 'Shop' }, { timeout: 1 });
  const app: OAuthApp = await getOAuthApp(first, id);
  await updateOAuthApp(first, app.id, { name: app.name });
  const page: OAuthAppPage = await queryOAuthApps(first, { paging: { limit: 1 } });
  const secret: Secret = await generateOAuthAppSecret(first, page.oAuthApps[0]!.id);
  await deleteOAuthApp(first, secret.reveal());
  for await (const { name } of listOAuthApps(first, {}, { timeout: 1 })) console.log(name);
  const added: RedirectChange = await allowRedirects(first, id, { uris: [] });
  const removed: RedirectChange = await disallowRedirects(first, added.oAuthApp.id, { domains: [] }, { timeout: 1 });
  const made: EnsuredOAuthApp = await ensureOAuthApp(first, { name: removed.oAuthApp.name });
  console.log(made.created);
}
// @ts-expect-error neither a client nor options
await getOAuthApp('key', id);

// ── errors ──────────────────────────────────────────────────────────────────
try {
  await client.getOAuthApp(id);
} catch (error) {
  // @ts-expect-error the thrown value is unknown
  error.code;
  if (isOAuthAppsError(error)) {
    const known: OAuthAppsError = error;
    const status: number | undefined = known.status;
    const fields: string[] | undefined = known.violations?.map((violation) => violation.field);
    switch (known.code) {
      case 'NOT_FOUND':
      case 'INVALID_ARGUMENT':
        console.log(status, fields, known.requestId, known.attempts, known.retryAfter, known.operation, known.cause);
        break;
      // @ts-expect-error no such code
      case 'NOT_FUOND':
        break;
    }
    // @ts-expect-error the fields of an error are read-only
    known.code = 'CONFIG';
  }
}
same<Same<OAuthAppsError['code'], OAuthAppsErrorCode>>();
const everyCode: Record<OAuthAppsErrorCode, true> = {
  ...{ INVALID_ARGUMENT: true, UNAUTHENTICATED: true, PERMISSION_DENIED: true, NOT_FOUND: true, CONFLICT: true },
  ...{ RATE_LIMITED: true, SERVER_ERROR: true, NETWORK: true, TIMEOUT: true, ABORTED: true, BAD_RESPONSE: true },
  ...{ OUTCOME_UNKNOWN: true, CONFIG: true, INVALID_SIGNATURE: true, EXPIRED: true },
};
everyCode satisfies Record<string, true>;

// ── webhooks ────────────────────────────────────────────────────────────────
async function receiveWebhooks(publicKey: WebhookKey, request: Parameters<WebhookHandler>[0]) {
  const event: WebhookEvent = await readWebhook('a token', { publicKey: 'PEM', tolerance: 1_000, now: new Date() });
  const name: string | undefined = event.oAuthApp?.name;
  await readWebhook('a token', { publicKey, now: () => Date.now() });
  const handle = createWebhookHandler({
    publicKey,
    onCreated: async ({ oAuthApp }) => oAuthApp.name,
    onDeleted: ({ appId, siteId }) => void [appId, siteId],
    onError: (fault) => isOAuthAppsError(fault) && fault.status,
    seen: new Set<string>(),
  });
  const response = await handle(request);
  // @ts-expect-error a key is required
  createWebhookHandler({ onCreated: () => {} });
  // @ts-expect-error a body is text
  await readWebhook(new Uint8Array(1), { publicKey });
  return [name, response];
}

// ── events ──────────────────────────────────────────────────────────────────
createClient({
  auth: { apiKey: 'key' },
  onEvent: (event) => {
    const operation: string = event.operation;
    switch (event.type) {
      case 'request':
        return console.log(operation, event.attempt, event.method, event.path);
      case 'response': {
        const code: OAuthAppsErrorCode | undefined = event.code;
        return console.log(event.attempt, event.duration, event.status, event.requestId, code);
      }
      case 'retry':
        return console.log(event.attempt, event.delay, event.code satisfies OAuthAppsErrorCode);
      case 'wait':
        return console.log(event.attempt, event.delay);
      case 'token':
        return console.log(event.expiresIn satisfies number | undefined);
      case 'warning':
        return console.log(event.violations satisfies Violation[]);
      // @ts-expect-error no such event
      case 'done':
        return;
    }
  },
});
// @ts-expect-error an event contains no credential
console.log((event: ClientEvent): string => event.headers);

// ── checks and init ────────────────────────────────────────────────────────────────
const violations: Violation[] = validateOAuthApp({ name: 'Shop' });
validateOAuthApp({ description: null }, { for: 'update' });
violations satisfies {
  field: string;
  rule: string;
  severity: 'error' | 'warning';
  message: string;
  suggestion?: string;
}[];
// @ts-expect-error no such purpose
validateOAuthApp({ name: 'Shop' }, { for: 'delete' });

await Promise.all([init(), init({})]);
const url = 'https://example.com/core.wasm';
const sources = [new Uint8Array(), new ArrayBuffer(8), new URL(url), url, fetch(url), await fetch(url)];
for (const wasm of sources) await init({ wasm });
// @ts-expect-error a number is not a module
await init({ wasm: 5 });

const types: [ApplicationType, Technology, DomainMapping, RetryOptions, RequestOptions, OAuthAppQuery] = [
  ...(['MOBILE', 'IOS', {}, {}, {}, {}] as const),
];
const draft: OAuthAppDraft = { name: 'Shop', applicationType: types[0], technology: types[1] };
const patch: OAuthAppPatch = draft;
console.log(patch, (event: ClientEvent): string => (event.type === 'warning' ? event.operation : ''));

// ── the emulator ────────────────────────────────────────────────────────────
const emulatorOptions: EmulatorOptions = {
  apiKey: 'key',
  siteIds: [id],
  permissions: ['SCOPE.OAUTH_APP.READ', 'SCOPE.OAUTH_APP.MANAGE', 'SCOPE.HEADLESS.MANAGE'],
  maxPageLimit: 1,
  secretOnCreate: true,
  normalizeRedirects: true,
  duplicateRedirects: 'refuse',
  requestLogSize: 1,
  rateLimit: { requests: 200, per: 60_000, retryAfter: false },
  staleFor: 1,
  now: '2026-01-01',
  seed: 7,
  latency: 1,
  unknownClientStatus: 401,
  members: [{ email: 'a@example.com', password: 'p' }],
  wildcardRedirects: false,
  subdomainRedirects: true,
  domainPorts: 'ignored',
  webhooks: [
    { url: 'https://a.example/hook', events: ['created', 'updated', 'deleted'] },
    { url: 'https://b.example' },
  ],
  webhookKey: {},
};
const emulator: Emulator = await createEmulator(emulatorOptions);
await createEmulator();
createClient({
  auth: { apiKey: emulator.credentials.apiKey },
  siteId: emulator.credentials.siteId,
  fetch: emulator.fetch,
});
const requests: readonly RecordedRequest[] = emulator.requests;
const state: EmulatorState = emulator.snapshot();
emulator.restore(state);
const fault: Fault = {
  method: 'GET',
  path: '/*',
  times: 'always',
  after: 1,
  takeEffect: true,
  latency: 5,
  status: 503,
};
emulator.fail(fault);
emulator.fail({ status: 500, headers: { 'retry-after': '1' }, body: { message: 'Busy' }, times: Infinity });
const failures: EmulatorFailure[] = ['refused', 'reset', 'resetInBody', 'hang', 'stall'];
for (const error of failures) emulator.fail({ error });
// @ts-expect-error no such failure
emulator.fail({ error: 'answer' });
for (const time of [0, '2026-01-01', new Date()]) emulator.setTime(time);
emulator.advance(1);
const outcome: EmulatorOutcome = emulator.handle({ method: 'GET', url: '/', headers: {} } satisfies EmulatorRequest);
const changes: EmulatorChange[] = emulator.changes();
const records: EmulatorRecord[] = changes.flatMap(({ key, value }) => (value === null ? [] : [{ key, value }]));
emulator.load(records);
const webhooks: EmulatorWebhooks = emulator.webhooks;
const pem: string = await webhooks.publicKey();
await webhooks.settled();
for (const attempt of webhooks.attempts satisfies readonly WebhookAttempt[]) {
  console.log(pem, attempt.url, attempt.eventType, attempt.attempt, attempt.time, attempt.outcome === 'dropped');
}
// @ts-expect-error webhooks are read-only
emulator.deliveries();
console.log(outcome.kind, outcome.delay, outcome.status, outcome.headers['x'], outcome.body);
emulator.reset();
// @ts-expect-error the log is read-only
requests.push(requests[0]!);
// @ts-expect-error no such option
await createEmulator({ key: 'key' });
