/** The client: carries arguments to the core and answers back. */
import { Client as Core } from '../wasm/core.js';
import { init, isLoaded } from './core.js';
import { OAuthAppsError, toError } from './error.js';
import { Secret } from './secret.js';
import type {
  ClientOptions,
  CreatedOAuthApp,
  OAuthApp,
  OAuthAppDraft,
  OAuthAppPage,
  OAuthAppPatch,
  OAuthAppQuery,
  OAuthAppsClient,
  RequestOptions,
} from './types.js';

/**
 * A client of the OAuth Apps API. Nothing is sent yet.
 *
 * @throws OAuthAppsError `CONFIG` that names every option that is wrong. In a browser where the core is not loaded yet,
 *   that error comes from the first call instead.
 */
export function createClient(options: ClientOptions): OAuthAppsClient {
  refuseCredentialInPage(options);
  return new Client(options);
}

class Client implements OAuthAppsClient {
  #core: Core | Promise<Core>;

  constructor(options: ClientOptions) {
    this.#core = isLoaded() ? newCore(options) : init().then(() => newCore(options));
    // The first call tells; a client that is never used has nothing to tell.
    if (this.#core instanceof Promise) this.#core.catch(() => {});
  }

  createOAuthApp(draft: OAuthAppDraft, options?: RequestOptions): Promise<CreatedOAuthApp> {
    return this.#call('createOAuthApp', async (core) => sealed(await core.createOAuthApp(draft, options)));
  }

  getOAuthApp(id: string, options?: RequestOptions): Promise<OAuthApp> {
    return this.#call('getOAuthApp', async (core) => sealed(await core.getOAuthApp(id, options)));
  }

  updateOAuthApp(id: string, patch: OAuthAppPatch, options?: RequestOptions): Promise<OAuthApp> {
    return this.#call('updateOAuthApp', async (core) => sealed(await core.updateOAuthApp(id, patch, options)));
  }

  deleteOAuthApp(id: string, options?: RequestOptions): Promise<void> {
    return this.#call('deleteOAuthApp', (core) => core.deleteOAuthApp(id, options));
  }

  queryOAuthApps(query?: OAuthAppQuery, options?: RequestOptions): Promise<OAuthAppPage> {
    return this.#call('queryOAuthApps', async (core) => {
      const page: OAuthAppPage = await core.queryOAuthApps(query, options);
      page.oAuthApps.forEach(sealed);
      return page;
    });
  }

  generateOAuthAppSecret(id: string, options?: RequestOptions): Promise<Secret> {
    return this.#call(
      'generateOAuthAppSecret',
      async (core) => new Secret(await core.generateOAuthAppSecret(id, options)),
    );
  }

  async #call<Result>(operation: string, call: (core: Core) => Promise<Result>): Promise<Result> {
    try {
      // Without a wait where there is nothing to wait for: the arguments are read before the caller can change them.
      const core = this.#core;
      return await call(core instanceof Promise ? await core : core);
    } catch (thrown) {
      throw toError(thrown, operation);
    }
  }
}

function newCore(options: ClientOptions): Core {
  try {
    return new Core(options);
  } catch (thrown) {
    throw toError(thrown, 'createClient');
  }
}

/** The app, with a secret that it may hold as one that refuses to be printed. */
function sealed<App>(app: App): App {
  const holder = app as { secret?: unknown } | null;
  if (typeof holder?.secret === 'string') holder.secret = new Secret(holder.secret);
  return app;
}

/** Here rather than in the core, which may not be loaded yet: a credential must not get even that far. */
function refuseCredentialInPage(options: ClientOptions): void {
  if (typeof window === 'undefined' || typeof window.document === 'undefined') return;
  let isRisk: boolean;
  try {
    const auth = options.auth;
    isRisk = ('apiKey' in auth || 'clientSecret' in auth) && options.dangerouslyAllowBrowser !== true;
  } catch {
    return; // Not options at all: the core says so.
  }
  if (!isRisk) return;
  throw new OAuthAppsError({
    code: 'CONFIG',
    operation: 'createClient',
    message:
      'an API key or a client secret in a browser page can be read by every visitor, and whoever has it manages the ' +
      'project. Call the API from a server, or authenticate with an access token. `dangerouslyAllowBrowser: true` ' +
      'allows it, for a page that only you open',
  });
}
