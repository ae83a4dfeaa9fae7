/** The backup of `apply --backup`. */
import { writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { App } from '../../core.js';
import { CommandError } from '../../errors.js';
import { pathOfSite } from '../../files/site-path.js';
import type { SiteContext } from '../../run/site.js';
import { formatConfig } from './document.js';

const COMMENTS = [
  'The apps as they were. `wix-oauth-apps apply -f` with this file restores them.',
  'A deleted app gets a new client ID. To delete the apps that were created since, add `unlisted: delete`.',
];

/**
 * Writes a configuration that restores the apps of a site. An existing file is kept, because it may be the backup of a run
 * that failed half-way: the name gets a number.
 */
export async function writeBackup(path: string, apps: App[], site: SiteContext): Promise<void> {
  const wanted = pathOfSite(path, site);
  const config = (await site.run.core()).exportConfig({ apps, complete: true });
  const text = formatConfig(config, wanted, COMMENTS);
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? wanted : numbered(wanted, number);
    try {
      writeFileSync(candidate, text, { flag: 'wx' });
      if (number > 1) site.run.output.notify(`${wanted} exists and stays; the backup is in ${candidate}.`);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      const message = `--backup: ${candidate} cannot be written: ${(error as Error).message}; nothing was changed`;
      throw new CommandError('OUTPUT', message);
    }
  }
}

function numbered(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-${number}${ext}`);
}
