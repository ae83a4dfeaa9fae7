/** The command `preview add`. */
import type { App } from '../../core.js';
import { UsageError } from '../../errors.js';
import { checkReference } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { changeEntries, previewChange, renderChange, type Change } from '../redirects/change.js';

interface Prepared {
  reference: string;
  preview: { url: string; callback?: string; evict?: string };
}

/** How many times a full list is read again after other jobs have taken the room that was made. */
const MAX_ATTEMPTS = 5;

export const previewAdd: SiteCommand<Prepared, Change> = {
  kind: 'site',
  async prepare({ arguments: given, options }, run) {
    const [url, callback, pattern] = [given['url'], options['callback'], options['pattern']] as [
      string,
      string | undefined,
      string | undefined,
    ];
    if (options['evictOldest'] && pattern === undefined) {
      throw new UsageError(
        "preview add: --evict-oldest needs --pattern, such as --pattern 'https://*-team.vercel.app', so that only " +
          'previews make room',
      );
    }
    if (pattern !== undefined && !options['evictOldest']) {
      throw new UsageError('preview add: --pattern is for --evict-oldest; give both, or leave it out');
    }
    const core = await run.core();
    core.previewEntries({ url, ...(callback !== undefined && { callback }) });
    if (pattern !== undefined) core.checkPattern({ pattern });
    const preview = {
      url,
      ...(callback !== undefined && { callback }),
      ...(pattern !== undefined && { evict: pattern }),
    };
    return { reference: await checkReference(given['app'] as string, run), preview };
  },

  async run(site, { reference, preview }) {
    const core = await site.run.core();
    for (let attempt = 1; ; attempt += 1) {
      const app = (await site.findApp(reference)) as unknown as App;
      const { add, remove } = core.previewAdd({ app, ...preview });
      if (site.isDryRun) return previewChange(site, app.id, { add, remove });
      try {
        return await changeEntries(site, app.id, { add, remove });
      } catch (error) {
        // Another job has filled the list since it was read.
        const isFull = (error as { code?: unknown }).code === 'INVALID_ARGUMENT';
        if (!isFull || preview.evict === undefined || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  },
  render: renderChange,
};
