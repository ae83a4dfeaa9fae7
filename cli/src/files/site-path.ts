/** The names of files that a run for many sites reads or writes, one for each site. */
import { join, parse } from 'node:path';
import type { SiteContext } from '../run/site.js';

/** Returns the path for one site: with `--sites`, `plan.json` becomes `plan.SITE-ID.json`. */
export function pathOfSite(path: string, { run, siteId }: Pick<SiteContext, 'run' | 'siteId'>): string {
  if (!run.sites || siteId === undefined) return path;
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}.${siteId}${ext}`);
}
