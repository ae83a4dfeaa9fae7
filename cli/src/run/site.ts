/** One site in a run: its client, its apps, and the journal of what was done. */
import type { App, Site } from '../core.js';
import { CommandError, type FailureContent } from '../errors.js';
import type { OAuthApp, OAuthAppsClient } from 'wix-oauth-apps';
import { isGuid } from './credentials.js';
import type { RunContext } from './context.js';
import { Journal } from './journal.js';

/** One site in a run. */
export class SiteContext {
  readonly run: RunContext;
  readonly client: OAuthAppsClient;
  readonly journal: Journal;
  readonly siteId: string | undefined;
  /** The columns of the sites file, for `${site.COLUMN}`. */
  readonly columns: Record<string, string>;

  constructor(
    run: RunContext,
    client: OAuthAppsClient,
    journal: Journal,
    siteId: string | undefined,
    columns: Record<string, string>,
  ) {
    this.run = run;
    this.client = client;
    this.journal = journal;
    this.siteId = siteId;
    this.columns = columns;
  }

  /** The options of every call to the client. */
  get call(): { signal: AbortSignal } {
    return { signal: this.run.signal };
  }

  /** Set if nothing must be written. */
  get isDryRun(): boolean {
    return this.run.isDryRun;
  }

  /** Returns every app of the site. */
  async listApps(): Promise<OAuthApp[]> {
    const apps: OAuthApp[] = [];
    for await (const app of this.client.listOAuthApps(undefined, this.call)) apps.push(app);
    return apps;
  }

  /**
   * Returns the app of an `<app>` argument. Throws a `CommandError` with the candidates if no app matches, or several.
   *
   * @param reference A client ID, `name:Storefront` or `url:https://shop.example.com/cb`. `prepare` has checked it with
   *   `checkReference`.
   */
  async findApp(reference: string): Promise<OAuthApp> {
    const id = isGuid(reference) ? reference : /^id:(.*)$/.exec(reference)?.[1];
    if (id === undefined) return this.#resolve(reference);
    try {
      return await this.client.getOAuthApp(id, this.call);
    } catch (error) {
      const { code, operation, status, requestId } = error as FailureContent;
      if (code !== 'NOT_FOUND') throw error;
      // The list may have the app nevertheless: soon after a create, or if the ID is in capitals.
      return this.#resolve(reference).catch((refusal: unknown) => {
        if (!(refusal instanceof CommandError)) throw error;
        const details = { ...refusal.details, operation, status, requestId };
        throw new CommandError(refusal.code, refusal.message, refusal.exitCode, details);
      });
    }
  }

  /** Finds an app among those of the site. Throws with the candidates. */
  async #resolve(reference: string): Promise<OAuthApp> {
    const apps = (await this.listApps()) as unknown as App[];
    return (await this.run.core()).resolveReference({ reference, apps }) as unknown as OAuthApp;
  }
}

/** Checks an `<app>` argument before anything is sent. The core is loaded only for what is no client ID. */
export async function checkReference(reference: string, run: RunContext): Promise<string> {
  if (!isGuid(reference)) (await run.core()).parseReference({ reference });
  return reference;
}

/**
 * Connects to one site. A connection has its own rate limit and journal.
 *
 * @param site The site of a sites file; the site of the options and the environment unless given.
 */
export async function connect(run: RunContext, site?: Site): Promise<SiteContext> {
  const options = await run.clientOptions(true, site);
  const { createClient } = await import('wix-oauth-apps');
  if (!site && Number.parseInt(process.versions.node, 10) < 22) await delayOptimisation();
  const journal = new Journal();
  // A run for many sites reports each of them itself.
  if (!site) run.journals.push(journal);
  return new SiteContext(run, createClient(options), journal, options.siteId, site?.columns ?? {});
}

/**
 * Raises the budget after which V8 optimises a WebAssembly function. The HTTP parser of Node 20's `fetch` uses up the default
 * with its first response, and the process cannot exit until the function is optimised: `get` takes 55 ms longer
 * (`bench/cli.mjs`). A run for many sites is long enough for the default, and Node 22 exits at once.
 *
 * Called when the library has loaded `fetch`: once a flag differs, Node compiles its own modules without their code cache,
 * which takes 20 ms for those of `fetch`.
 */
async function delayOptimisation(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--wasm-tiering-budget=100000000');
}
