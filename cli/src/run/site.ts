/**
 * The seam between commands and sites: `runSite` is the only place where a site command runs.
 *
 * - `SiteContext` is what a command sees of one site: a client of that site, its apps, its journal, the columns of the
 *   sites file. A command reads options from its prepared value, never from here.
 * - `prepare` of a command runs once for all sites, before anything is sent; `run` runs once for each site, with the same
 *   prepared value. What depends on the site, such as `${site.COLUMN}`, is therefore read in `run`.
 * - A single run is `connect()`, `runSite`, print. A run for many sites is `connect(site)` and `runSite` for each of them,
 *   and one report. Each connection has its own client and so its own rate limit.
 * - Every write goes through `site.journal.step(text, change)`, so that a run that is interrupted or fails half-way can
 *   say what was done. Steps that are known beforehand are announced first.
 * - Questions go through `context.confirm`; a run for many sites asks once for all of them.
 */
import type { SiteCommand } from '../commands/command.js';
import type { App } from '../core.js';
import { CommandError, type FailureContent } from '../errors.js';
import type { OAuthApp, OAuthAppsClient } from 'wix-oauth-apps';
import { isGuid } from './credentials.js';
import type { RunContext } from './context.js';
import type { Journal } from './journal.js';

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

/** Runs a command for one site. */
export async function runSite<Prepared, Result>(
  command: SiteCommand<Prepared, Result>,
  site: SiteContext,
  prepared: Prepared,
): Promise<Result> {
  site.run.signal.throwIfAborted();
  return command.run(site, prepared);
}
