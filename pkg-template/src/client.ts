/** The client: carries arguments to the core and answers back. */
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
 * A client of the OAuth Apps API. Nothing is sent yet.
 *
 * @throws OAuthAppsError `CONFIG` that names every option that is wrong. In a browser where the core is not loaded yet,
 *   that error comes from the first call instead.
 */
export function createClient(options: ClientOptions): OAuthAppsClient {
  return createClientFor(options, 'createClient');
}

/** The same for a free function, which errors name. */
export function createClientFor(options: ClientOptions, operation: string): OAuthAppsClient {
  refuseCredentialInPage(options, operation);
  return new Client(() => carried(operation, () => Core.forFunction(options, operation)));
}

/** Whether this is a client, perhaps of another copy of the package, rather than options. */
export function isClient(given: unknown): given is OAuthAppsClient {
  try {
    if (given instanceof Client) return true;
    const { createOAuthApp } = given as OAuthAppsClient;
    return typeof createOAuthApp === 'function' && !Object.hasOwn(given as object, 'auth');
  } catch {
    return false;
  }
}

class Client implements OAuthAppsClient {
  /** What printing a client shows, whatever a minifier calls the class. */
  static readonly name = 'OAuthAppsClient';

  readonly #make: () => Core;
  #core: Core | undefined;

  constructor(make: () => Core) {
    this.#make = make;
    if (isLoaded()) this.#core = make();
    // A head start. Whether it fails is for the first call to tell, which tries again.
    else init().catch(() => {});
  }

  async createOAuthApp(draft: OAuthAppDraft, options?: RequestOptions): Promise<CreatedOAuthApp> {
    return sealed(await this.#call('createOAuthApp', undefined, draft, options));
  }

  async getOAuthApp(id: string, options?: RequestOptions): Promise<OAuthApp> {
    return sealed(await this.#call('getOAuthApp', id, undefined, options));
  }

  async updateOAuthApp(id: string, patch: OAuthAppPatch, options?: RequestOptions): Promise<OAuthApp> {
    return sealed(await this.#call('updateOAuthApp', id, patch, options));
  }

  async deleteOAuthApp(id: string, options?: RequestOptions): Promise<void> {
    await this.#call('deleteOAuthApp', id, undefined, options);
  }

  async queryOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): Promise<OAuthAppPage> {
    const page: OAuthAppPage = await this.#call('queryOAuthApps', undefined, query, options);
    page.oAuthApps.forEach(sealed);
    return page;
  }

  async generateOAuthAppSecret(id: string, options?: RequestOptions): Promise<Secret> {
    return new Secret(await this.#call('generateOAuthAppSecret', id, undefined, options));
  }

  listOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): AsyncIterableIterator<OAuthApp> {
    // Begun at once, so that the arguments are read before the caller can change them. What is wrong with them is told
    // to whoever asks for the first app.
    const listing = this.#with('listOAuthApps', (core) => core.list(query, options));
    listing.catch(() => {});
    return this.#apps(listing);
  }

  async *#apps(begun: Promise<Listing>): AsyncGenerator<OAuthApp> {
    const listing = await begun;
    try {
      for (;;) {
        const page: OAuthApp[] | undefined = await this.#with('listOAuthApps', () => listing.next());
        if (page === undefined) return;
        for (const app of page) yield sealed(app);
      }
    } finally {
      listing.free();
    }
  }

  async allowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange> {
    return holding(await this.#call('allowRedirects', id, entries, options));
  }

  async disallowRedirects(id: string, entries: RedirectEntries, options?: ChangeOptions): Promise<RedirectChange> {
    return holding(await this.#call('disallowRedirects', id, entries, options));
  }

  async ensureOAuthApp(wanted: WantedOAuthApp, options?: EnsureOptions): Promise<EnsuredOAuthApp> {
    return holding(await this.#call('ensureOAuthApp', undefined, wanted, options));
  }

  async isClientActive(clientId: string, options?: RequestOptions): Promise<boolean> {
    return this.#call('isClientActive', clientId, undefined, options);
  }

  forSite(siteId: string): OAuthAppsClient {
    return new Client(() => carried('forSite', () => this.#loaded().forSite(siteId)));
  }

  #loaded(): Core {
    return (this.#core ??= this.#make());
  }

  #call(operation: string, subject: unknown, content: unknown, options: unknown) {
    return this.#with(operation, (core) => core.call(operation, subject, content, options));
  }

  async #with<Given>(operation: string, action: (core: Core) => Given): Promise<Awaited<Given>> {
    try {
      // No wait where there is nothing to wait for: the arguments are read before the caller can change them.
      if (this.#core === undefined) await init();
      return await action(this.#loaded());
    } catch (thrown) {
      throw toError(thrown, operation);
    }
  }
}

/** What the core gives; what it throws as an `OAuthAppsError`. */
function carried<Given>(operation: string, action: () => Given): Given {
  try {
    return action();
  } catch (thrown) {
    throw toError(thrown, operation);
  }
}

/** The app, with a secret that it may hold as one that refuses to be printed. */
function sealed<App>(app: App): App {
  const holder = app as { secret?: unknown } | null;
  if (typeof holder?.secret === 'string') holder.secret = new Secret(holder.secret);
  return app;
}

/** What holds an app, with that one sealed. */
function holding<Holder extends { oAuthApp: OAuthApp }>(holder: Holder): Holder {
  sealed(holder.oAuthApp);
  return holder;
}

/** Here rather than in the core, which may not be loaded yet: a credential must not get even that far. */
function refuseCredentialInPage(options: ClientOptions, operation: string): void {
  const isPage = typeof window !== 'undefined' && typeof window.document !== 'undefined';
  // A worker of a page, which its visitor reads as well.
  if (!isPage && typeof (globalThis as { importScripts?: unknown }).importScripts !== 'function') return;
  let isRisk: boolean;
  try {
    const { auth, dangerouslyAllowBrowser } = own(options);
    const { apiKey, clientSecret } = own(auth);
    isRisk = (apiKey !== undefined || clientSecret !== undefined) && dangerouslyAllowBrowser !== true;
  } catch {
    return; // Not options at all: the core says so.
  }
  if (!isRisk) return;
  throw new OAuthAppsError({
    code: 'CONFIG',
    operation,
    message:
      'an API key or a client secret in a browser page can be read by every visitor, and whoever has it manages the ' +
      'project. Call the API from a server, or authenticate with an access token. `dangerouslyAllowBrowser: true` ' +
      'allows it, for a page that only you open',
  });
}

/** Own members alone: a polluted `Object.prototype` must not be read for options that nobody gave. */
function own(given: unknown): Record<string, unknown> {
  return Object.assign(Object.create(null), given);
}
