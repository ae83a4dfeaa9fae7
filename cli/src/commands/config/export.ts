/** The command `export`. */
import type { App } from '../../core.js';
import { pathOfSite } from '../../files/site-path.js';
import type { SiteCommand } from '../command.js';
import { formatConfig } from './document.js';
import { writeResult } from './plan.js';

export const exportApps: SiteCommand<string | undefined, Record<string, unknown>> = {
  kind: 'site',
  prepare: ({ options }) => options['out'] as string | undefined,
  async run(site, out) {
    const apps = (await site.listApps()) as unknown as App[];
    const config = (await site.run.core()).exportConfig({ apps });
    if (out !== undefined) {
      const path = pathOfSite(out, site);
      writeResult(path, formatConfig(config, path), '--out');
      if (!site.run.sites)
        site.run.output.notify(`Wrote ${apps.length} app${apps.length === 1 ? '' : 's'} to ${path}.`);
    }
    return config;
  },
  render: (config, _, out) => (out === undefined ? formatConfig(config, undefined) : ''),
};
