/** The command `lint`. */
import type { App, Core, LintResult } from '../../core.js';
import { EXIT, UsageError } from '../../errors.js';
import { loadConfig } from '../../files/config.js';
import { describeViolation } from '../../output/output.js';
import type { Style } from '../../output/style.js';
import { printable, wrap } from '../../output/text.js';
import type { RunContext } from '../../run/context.js';
import { findGoneHosts } from '../../run/hosts.js';
import { checkReference, type SiteContext } from '../../run/site.js';
import type { SiteCommand } from '../command.js';

interface Prepared {
  references: string[];
  /** The apps of `--from`. */
  apps: unknown[] | undefined;
  probe: boolean;
}

type Result = Pick<LintResult, 'id' | 'name' | 'violations'>[];

export const lint: SiteCommand<Prepared, Result> = {
  kind: 'site',
  async prepare({ arguments: given, options }, run) {
    const references = (given['app'] as string[] | undefined) ?? [];
    const from = options['from'] as string | undefined;
    if (from !== undefined && references.length) {
      throw new UsageError('lint: --from checks every app of the file; leave out the apps, or --from');
    }
    for (const reference of references) await checkReference(reference, run);
    const apps = from === undefined ? undefined : (await loadConfig(from, run)).apps;
    return { references, apps, probe: options['probe'] === true };
  },
  offline: ({ apps, probe }, run) => (apps ? lintApps(apps, probe, run) : undefined),
  run: async (site, { references, probe }) => lintApps(await findApps(site, references), probe, site.run),
  render: renderResults,
  exitCode: (results) =>
    results.some(({ violations }) => violations.some(({ severity }) => severity === 'error')) ? EXIT.no : EXIT.done,
};

/** Returns the apps that the references stand for, each once; every app of the site if there are none. */
async function findApps(site: SiteContext, references: readonly string[]): Promise<unknown[]> {
  if (references.length === 1) return [await site.findApp(references[0] as string)];
  const apps = (await site.listApps()) as unknown as App[];
  if (!references.length) return apps;
  const core = await site.run.core();
  const found = references.map((reference) => core.resolveReference({ reference, apps }));
  return [...new Map(found.map((app) => [app.id, app])).values()];
}

async function lintApps(apps: unknown[], probe: boolean, run: RunContext): Promise<Result> {
  const core = await run.core();
  const gone = probe ? await findGone(apps, core, run) : [];
  return core.lint({ apps, gone }).map(({ id, name, violations }) => ({
    id,
    name,
    violations: violations.map(({ path: _, ...violation }) => violation as LintResult['violations'][number]),
  }));
}

async function findGone(apps: unknown[], core: Core, run: RunContext): Promise<string[]> {
  const { gone, unknown } = await findGoneHosts(core.lintHosts({ apps }), run.signal);
  if (unknown.length) {
    run.output.warn(`these hosts could not be looked up, so it is not known whether they exist: ${unknown.join(', ')}`);
  }
  return gone;
}

function renderResults(results: Result, style: Style): string {
  const { bold, red, yellow, green, width } = style;
  const blocks = results.map(({ id, name, violations }) => {
    const title = bold(printable(id === null ? name : `${name} (${id})`));
    if (!violations.length) return `${title}\n  ${green('ok')}`;
    const lines = violations.map((violation) => {
      const mark = violation.severity === 'error' ? red('error') : yellow('warning');
      return `  ${mark} ${violation.rule}\n${wrap(printable(describeViolation(violation)), width, '    ')}`;
    });
    return [title, ...lines].join('\n');
  });
  const all = results.flatMap(({ violations }) => violations);
  const errors = all.filter(({ severity }) => severity === 'error').length;
  const counts = `${counted(results.length, 'app')}, ${counted(errors, 'error')}, ${counted(all.length - errors, 'warning')}`;
  return [...blocks, counts].join('\n\n');
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
