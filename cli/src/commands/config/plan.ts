/** The command `plan`. */
import { writeFileSync } from 'node:fs';
import type { App, Plan } from '../../core.js';
import { CommandError, EXIT } from '../../errors.js';
import type { ParsedFile } from '../../files/document.js';
import { pathOfSite } from '../../files/site-path.js';
import type { SiteCommand } from '../command.js';
import { renderPlan } from './render.js';
import { planFromConfig, prepareConfig } from './source.js';

interface Prepared {
  file: ParsedFile;
  out: string | undefined;
  hasExitCode: boolean;
}

export const plan: SiteCommand<Prepared, Pick<Plan, 'changes' | 'summary'>> = {
  kind: 'site',
  prepare: async ({ options }, run) => ({
    file: await prepareConfig(options['file'] as string | undefined, run),
    out: options['out'] as string | undefined,
    hasExitCode: options['exitCode'] === true,
  }),
  async run(site, { file, out }) {
    const planned = await planFromConfig(file, site, (await site.listApps()) as unknown as App[]);
    if (out !== undefined) {
      const path = pathOfSite(out, site);
      writeResult(path, `${JSON.stringify(planned, null, 2)}\n`, '--out');
      if (!site.run.sites)
        site.run.output.notify(`Wrote ${path}. \`wix-oauth-apps apply ${path}\` makes these changes.`);
    }
    const { changes, summary } = planned;
    return { changes, summary };
  },
  render: renderPlan,
  exitCode: ({ changes }, { hasExitCode }) => (hasExitCode && changes.length ? EXIT.no : EXIT.done),
};

/** Writes a file that an option names. */
export function writeResult(path: string, text: string, option: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CommandError('OUTPUT', `${option}: ${path} cannot be written: ${(error as Error).message}`);
  }
}
