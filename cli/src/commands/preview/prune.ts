/** The command `preview prune`. */
import { readFileSync } from 'node:fs';
import type { App, Core } from '../../core.js';
import { CommandError, ConfigError, UsageError } from '../../errors.js';
import type { RunContext } from '../../run/context.js';
import { findGoneHosts } from '../../run/hosts.js';
import { checkReference, type SiteContext } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { changeEntries, previewChange, renderChange, type Change } from '../redirects/change.js';

interface Prepared {
  reference: string;
  pattern: string;
  /** The hosts that stay; undefined if those stay that still exist. */
  keep: string[] | undefined;
}

export const previewPrune: SiteCommand<Prepared, Change> = {
  kind: 'site',
  async prepare({ arguments: given, options }, run) {
    const pattern = options['pattern'] as string | undefined;
    const keep = options['keep'] as string | undefined;
    if (pattern === undefined) {
      throw new UsageError(
        "preview prune: --pattern is missing; it says which entries are previews: --pattern 'https://*-team.vercel.app'",
      );
    }
    if ((keep === undefined) === !options['gone']) {
      const fault = keep === undefined ? 'neither --keep nor --gone is given' : '--keep and --gone are both given';
      throw new UsageError(`preview prune: ${fault}; give --keep FILE for a list of those that stay, or --gone`);
    }
    if (keep === '-' && options['sites'] === '-') {
      throw new UsageError('preview prune: --keep and --sites both read standard input; give a file for one of them');
    }
    const core = await run.core();
    core.checkPattern({ pattern });
    const reference = await checkReference(given['app'] as string, run);
    return { reference, pattern, keep: keep === undefined ? undefined : readKeepList(keep, core, run) };
  },

  async run(site, { reference, pattern, keep }) {
    const core = await site.run.core();
    const app = (await site.findApp(reference)) as unknown as App;
    const kept = keep ? { keep } : { gone: await findGone(core.previewHosts({ app, pattern }), site) };
    const { remove } = core.previewPrune({ app, pattern, ...kept });
    return site.isDryRun ? previewChange(site, app.id, { remove }) : changeEntries(site, app.id, { remove });
  },
  render: renderChange,
};

function readKeepList(path: string, core: Core, run: RunContext): string[] {
  const name = path === '-' ? 'standard input' : path;
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new ConfigError(`--keep: ${name} cannot be read: ${(error as Error).message}`);
  }
  try {
    const hosts = core.keepList({ text });
    if (!hosts.length) run.output.warn(`--keep: ${name} has no line, so no preview is kept`);
    return hosts;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const faults = error.message.split('\n').map((line) => `${name}:${line.replace(/^line (\d+): /, '$1: ')}`);
    throw new ConfigError(faults.join('\n'));
  }
}

/** Returns the hosts that no longer exist. One that could not be looked up stays. */
async function findGone(hosts: string[], { run }: SiteContext): Promise<string[]> {
  const { gone, unknown } = await findGoneHosts(hosts, run.signal);
  if (unknown.length) run.output.warn(`these hosts could not be looked up, and stay: ${unknown.join(', ')}`);
  return gone;
}
