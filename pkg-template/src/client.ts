/** The client, which passes arguments to the core and returns its results. */
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

  async createOAuthApp(draft: OAuthAppDraft, options?: RequestOptions): Promise<CreatedOAuthApp> {
    return withSecret(await this.#call('createOAuthApp', undefined, draft, options));
  }

  async getOAuthApp(id: string, options?: RequestOptions): Promise<OAuthApp> {
    return withSecret(await this.#call('getOAuthApp', id, undefined, options));
  }

  async updateOAuthApp(id: string, patch: OAuthAppPatch, options?: RequestOptions): Promise<OAuthApp> {
    return withSecret(await this.#call('updateOAuthApp', id, patch, options));
  }

  async deleteOAuthApp(id: string, options?: RequestOptions): Promise<void> {
    await this.#call('deleteOAuthApp', id, undefined, options);
  }

  async queryOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): Promise<OAuthAppPage> {
    const page: OAuthAppPage = await this.#call('queryOAuthApps', undefined, query, options);
    page.oAuthApps.forEach(withSecret);
    return page;
  }

  async generateOAuthAppSecret(id: string, options?: RequestOptions): Promise<Secret> {
    return new Secret(await this.#call('generateOAuthAppSecret', id, undefined, options));
  }

  listOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): AsyncIterableIterator<OAuthApp> {
    // Started at once, so that the arguments are read before the caller can change them. The request for the first app
    // reports a failure.
    const listing = this.#with('listOAuthApps', (core) => core.list(query, options));
    listing.catch(() => {});
    return this.#apps(listing);
  }

  async *#apps(started: Promise<Listing>): AsyncGenerator<OAuthApp> {
    const listing = await started;
    try {
      for (;;) {
        const page: OAuthApp[] | undefined = await this.#with('listOAuthApps', () => listing.next());
        if (page === undefined) return;
        for (const app of page) yield withSecret(app);
      }
    } finally {
      listing.free();
    }
  }

  async allowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange> {
    return withAppSecret(await this.#call('allowRedirects', id, entries, options));
  }

  async disallowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange> {
    return withAppSecret(await this.#call('disallowRedirects', id, entries, options));
  }

  async ensureOAuthApp(wanted: WantedOAuthApp, options?: EnsureOptions): Promise<EnsuredOAuthApp> {
    return withAppSecret(await this.#call('ensureOAuthApp', undefined, wanted, options));
  }

  async isClientActive(clientId: string, options?: RequestOptions): Promise<boolean> {
    return this.#call('isClientActive', clientId, undefined, options);
  }

  forSite(siteId: string): OAuthAppsClient {
    return new Client(() => callCore('forSite', () => this.#loaded().forSite(siteId)));
  }

  #loaded(): Core {
    return (this.#core ??= this.#make());
  }

  #call(operation: string, subject: unknown, content: unknown, options: unknown) {
    return this.#with(operation, (core) => core.call(operation, subject, content, options));
  }

  async #with<T>(operation: string, action: (core: Core) => T): Promise<Awaited<T>> {
    try {
      // Awaits only if it must, so that the arguments are read before the caller can change them.
      if (this.#core === undefined) await init();
      return await action(this.#loaded());
    } catch (thrown) {
      throw toError(thrown, operation);
    }
  }
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

/** Does the same for a result that contains an app. */
function withAppSecret<Result extends { oAuthApp: OAuthApp }>(result: Result): Result {
  withSecret(result.oAuthApp);
  return result;
}

/** Refuses a credential in a web page. This is not in the core, which may not be loaded yet. */
function refuseCredentialInPage(options: ClientOptions, operation: string): void {
  const isPage = typeof window !== 'undefined' && typeof window.document !== 'undefined';
  // A worker of a page has no document, and visitors can read its script too.
  if (!isPage && typeof (globalThis as { importScripts?: unknown }).importScripts !== 'function') return;
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
