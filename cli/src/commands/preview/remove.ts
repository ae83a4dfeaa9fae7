/** The command `preview remove`. */
import type { App } from '../../core.js';
import { checkReference } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { changeEntries, previewChange, renderChange, type Change } from '../redirects/change.js';

interface Prepared {
  reference: string;
  preview: { url: string; callback?: string };
}

export const previewRemove: SiteCommand<Prepared, Change> = {
  kind: 'site',
  async prepare({ arguments: given, options }, run) {
    const callback = options['callback'] as string | undefined;
    const preview = { url: given['url'] as string, ...(callback !== undefined && { callback }) };
    (await run.core()).previewEntries(preview);
    return { reference: await checkReference(given['app'] as string, run), preview };
  },

  async run(site, { reference, preview }) {
    const app = (await site.findApp(reference)) as unknown as App;
    const { remove, left } = (await site.run.core()).previewRemove({ app, ...preview });
    if (left.length) {
      site.run.output.warn(
        `these redirect URIs of that host stay, because their path is another: ${left.join(', ')}; remove them with ` +
          '--callback PATH or with disallow',
      );
    }
    return site.isDryRun ? previewChange(site, app.id, { remove }) : changeEntries(site, app.id, { remove });
  },
  render: renderChange,
};
