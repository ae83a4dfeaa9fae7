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
import type { SiteContext } from './site.js';

/** Runs a command for one site. */
export async function runSite<Prepared, Result>(
  command: SiteCommand<Prepared, Result>,
  site: SiteContext,
  prepared: Prepared,
): Promise<Result> {
  site.run.signal.throwIfAborted();
  return command.run(site, prepared);
}
