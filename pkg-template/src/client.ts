/** The client, which passes arguments to the core and returns its results. */
import { isForWorkers } from 'packaged:core';
import { Client as Core, type Listing } from '../wasm/core.js';
import { init, isLoaded } from './core.js';
import { OAuthAppsError, toError } from './error.js';
import { Secret } from './secret.js';
import type {
  ChangeOptions,
  ClientOptions,
  CreatedOAuthApp,
  EnsuredOAuthApp,
  EnsureOptions,
  OAuthApp,
  OAuthAppDraft,
  OAuthAppPage,
  OAuthAppPatch,
  OAuthAppQuery,
  OAuthAppsClient,
  RedirectChange,
  RedirectEntries,
  RequestOptions,
  WantedOAuthApp,
} from './types.js';

/**
 * Creates a client of the OAuth Apps API. Sends nothing.
 *
 * @throws OAuthAppsError `CONFIG`, which names every invalid option. In a browser in which the core is not loaded yet, the
 *   first call throws it instead.
 */
export function createClient(options: ClientOptions): OAuthAppsClient {
  return createClientFor(options, 'createClient');
}

/** Creates a client for a free function, whose name appears in errors. */
export function createClientFor(options: ClientOptions, operation: string): OAuthAppsClient {
  refusePageInWorker(operation);
  refuseCredentialInPage(options, operation);
  return new Client(() => callCore(operation, () => Core.forFunction(options, operation)));
}

/** Checks whether a value is a client, perhaps of another copy of the package, rather than options. */
export function isClient(value: unknown): value is OAuthAppsClient {
  try {
    if (value instanceof Client) return true;
    const { createOAuthApp } = value as OAuthAppsClient;
    return typeof createOAuthApp === 'function' && !Object.hasOwn(value as object, 'auth');
  } catch {
    return false;
  }
}

class Client implements OAuthAppsClient {
  /** The name that printing a client shows, also after minification. */
  static readonly name = 'OAuthAppsClient';

  readonly #make: () => Core;
  #core: Core | undefined;

  constructor(make: () => Core) {
    this.#make = make;
    if (isLoaded()) this.#core = make();
    // Starts loading early. The first call tries again and reports a failure.
    else init().catch(() => {});
  }

  createOAuthApp(draft: OAuthAppDraft, options?: RequestOptions): Promise<CreatedOAuthApp> {
    return this.#call('createOAuthApp', undefined, draft, options, withSecret);
  }

  getOAuthApp(id: string, options?: RequestOptions): Promise<OAuthApp> {
    return this.#call('getOAuthApp', id, undefined, options, withSecret);
  }

  updateOAuthApp(id: string, patch: OAuthAppPatch, options?: RequestOptions): Promise<OAuthApp> {
    return this.#call('updateOAuthApp', id, patch, options, withSecret);
  }

  deleteOAuthApp(id: string, options?: RequestOptions): Promise<void> {
    return this.#call('deleteOAuthApp', id, undefined, options, () => {});
  }

  queryOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): Promise<OAuthAppPage> {
    return this.#call('queryOAuthApps', undefined, query, options, withSecrets);
  }

  generateOAuthAppSecret(id: string, options?: RequestOptions): Promise<Secret> {
    return this.#call('generateOAuthAppSecret', id, undefined, options, (secret) => new Secret(secret));
  }

  listOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): AsyncIterableIterator<OAuthApp> {
    // Started at once, so that the arguments are read before the caller can change them. The request for the first app
    // reports a failure.
    const listing = this.#with('listOAuthApps', (core) => core.list(query, options));
    listing.catch(() => {});
    const page: Page = { apps: [], at: 0 };
    return withFastNext(this.#apps(listing, page), page);
  }

  async *#apps(started: Promise<Listing>, page: Page): AsyncGenerator<OAuthApp, unknown> {
    const listing = await started;
    try {
      for (;;) {
        const apps: OAuthApp[] | undefined = await this.#with('listOAuthApps', () => listing.next());
        if (apps === undefined) return;
        Object.assign(page, { apps, at: 0 });
        while (page.at < apps.length) yield nextOf(page);
      }
    } finally {
      page.apps = [];
      listing.free();
    }
  }

  allowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange> {
    return this.#call('allowRedirects', id, entries, options, withAppSecret);
  }

  disallowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange> {
    return this.#call('disallowRedirects', id, entries, options, withAppSecret);
  }

  ensureOAuthApp(wanted: WantedOAuthApp, options?: EnsureOptions): Promise<EnsuredOAuthApp> {
    return this.#call('ensureOAuthApp', undefined, wanted, options, withAppSecret);
  }

  isClientActive(clientId: string, options?: RequestOptions): Promise<boolean> {
    return this.#call('isClientActive', clientId, undefined, options, Boolean);
  }

  forSite(siteId: string): OAuthAppsClient {
    return new Client(() => callCore('forSite', () => this.#loaded().forSite(siteId)));
  }

  #loaded(): Core {
    return (this.#core ??= this.#make());
  }

  #call<T>(operation: string, subject: unknown, content: unknown, options: unknown, convert: (result: any) => T) {
    return this.#with(operation, (core) => core.call(operation, subject, content, options), convert);
  }

  async #with<T, R = Awaited<T>>(
    operation: string,
    action: (core: Core) => T,
    convert?: (result: Awaited<T>) => R,
  ): Promise<R> {
    try {
      // Awaits only if it must, so that the arguments are read before the caller can change them.
      if (this.#core === undefined) await init();
      const result = await action(this.#loaded());
      return convert ? convert(result) : (result as R);
    } catch (thrown) {
      throw toError(thrown, operation);
    }
  }
}

/** The apps of a page of a listing, of which those from `at` on are still to be returned. */
interface Page {
  apps: OAuthApp[];
  at: number;
}

function nextOf(page: Page): OAuthApp {
  return withSecret(page.apps[page.at++]!);
}

/**
 * Lets `next` return an app of the page without resuming the generator: a page of 100 apps takes 16 µs less
 * (`node bench/calls.mjs`). While other calls are pending it waits in the generator's queue.
 */
function withFastNext(generator: AsyncGenerator<OAuthApp, unknown>, page: Page): AsyncIterableIterator<OAuthApp> {
  let pending = 0;
  const queued = (name: 'next' | 'return' | 'throw') => {
    const method = generator[name] as (value?: unknown) => Promise<IteratorResult<OAuthApp>>;
    return (value?: unknown) => {
      pending += 1;
      return method.call(generator, value).finally(() => (pending -= 1));
    };
  };
  const next = queued('next');
  return Object.assign(generator, {
    next: () =>
      pending === 0 && page.at < page.apps.length
        ? Promise.resolve({ done: false as const, value: nextOf(page) })
        : next(),
    return: queued('return'),
    throw: queued('throw'),
  });
}

/** Calls the core, and converts what it throws to an `OAuthAppsError`. */
function callCore<T>(operation: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw toError(thrown, operation);
  }
}

/** Replaces the text of an app's secret, if it has one, by a `Secret`. */
export function withSecret<App>(app: App): App {
  const holder = app as { secret?: unknown } | null;
  if (typeof holder?.secret === 'string') holder.secret = new Secret(holder.secret);
  return app;
}

/** Does the same for each app of a page. */
function withSecrets(page: OAuthAppPage): OAuthAppPage {
  page.oAuthApps.forEach(withSecret);
  return page;
}

/** Does the same for a result that contains an app. */
function withAppSecret<Result extends { oAuthApp: OAuthApp }>(result: Result): Result {
  withSecret(result.oAuthApp);
  return result;
}

/** Refuses the client of a page in a Worker, where requests that wait for each other's calls would hang. */
function refusePageInWorker(operation: string): void {
  if (isForWorkers || typeof (globalThis as { WebSocketPair?: unknown }).WebSocketPair !== 'function') return;
  throw new OAuthAppsError({
    code: 'CONFIG',
    operation,
    message:
      'this bundle has the client of a page, which cannot serve the concurrent requests of a Worker; bundle it with the ' +
      'condition `workerd`, such as `esbuild --conditions=workerd`',
  });
}

/** Refuses a credential in a web page. This is not in the core, which may not be loaded yet. */
function refuseCredentialInPage(options: ClientOptions, operation: string): void {
  const isPage = typeof window !== 'undefined' && typeof window.document !== 'undefined';
  // A worker of a page has no document, and visitors can read its script too.
  const { importScripts, WebSocketPair } = globalThis as { importScripts?: unknown; WebSocketPair?: unknown };
  // Workers have `importScripts` too with old compatibility dates, but their script is not public.
  if (!isPage && (typeof importScripts !== 'function' || typeof WebSocketPair === 'function')) return;
  let isRisk: boolean;
  try {
    const { auth, dangerouslyAllowBrowser } = own(options);
    const { apiKey, clientSecret } = own(auth);
    isRisk = (apiKey !== undefined || clientSecret !== undefined) && dangerouslyAllowBrowser !== true;
  } catch {
    return; // The core reports values that are not options.
  }
  if (!isRisk) return;
  throw new OAuthAppsError({
    code: 'CONFIG',
    operation,
    message:
      'every visitor of a page can read an API key or a client secret in it, and manage the project with it. Call the ' +
      'API from a server, or authenticate with an access token. For a page that only you open, set ' +
      '`dangerouslyAllowBrowser: true`',
  });
}

/** Returns the own properties of a value: a polluted `Object.prototype` must not add options. */
function own(value: unknown): Record<string, unknown> {
  return Object.assign(Object.create(null), value);
}
