/** The command `apply`. */
import type { App, Change, Plan } from '../../core.js';
import { UsageError } from '../../errors.js';
import type { ParsedFile } from '../../files/document.js';
import type { RunContext } from '../../run/context.js';
import type { Style } from '../../output/style.js';
import type { SiteCommand } from '../command.js';
import { consequences } from '../apps/delete.js';
import { writeBackup } from './backup.js';
import { perform, type FailedChange } from './perform.js';
import { renderPlan, stepOf, titleOf } from './render.js';
import { planFromConfig, planFromFile, prepareConfig, preparePlans, type PlanFile } from './source.js';

interface Prepared {
  file?: ParsedFile;
  plans?: Map<string | undefined, PlanFile>;
  /** The plan files as the identity of the run sees them. */
  content?: unknown[];
  backup: string | undefined;
}

export interface ApplyResult extends Pick<Plan, 'changes' | 'summary'> {
  done: Change[];
  failed: FailedChange[];
  /** With a plan file: the changes that an earlier run has made. */
  alreadyDone?: Change[];
}

export const apply: SiteCommand<Prepared, ApplyResult> = {
  kind: 'site',
  async prepare({ arguments: given, options }, run) {
    const path = given['plan'] as string | undefined;
    const file = options['file'] as string | undefined;
    const backup = options['backup'] as string | undefined;
    run.hasWarned = true;
    if (path === undefined) return { file: await prepareConfig(file, run), backup };
    if (file !== undefined) throw new UsageError('apply: a plan file and -f are both given; keep one');
    const plans = await preparePlans(path, run);
    const all = [...plans.values()];
    if (all.some(({ changes }) => deletionsOf(changes).length)) run.requireConfirmable();
    return { plans, content: all, backup };
  },

  mayDelete: ({ file, plans }) =>
    plans ? [...plans.values()].some(({ changes }) => deletionsOf(changes).length > 0) : mayDeleteUnlisted(file?.value),

  async run(site, { file, plans, backup }) {
    const { run } = site;
    const apps = (await site.listApps()) as unknown as App[];
    const stored = plans?.get(run.sites ? site.siteId : undefined);
    const plan = stored ? await planFromFile(stored, site, apps) : await planFromConfig(file as ParsedFile, site, apps);
    const { changes, summary } = plan;
    const report = { changes, summary, done: [], failed: [], ...alreadyDoneOf(plan) };
    if (site.isDryRun) {
      if (!run.sites) run.output.notify('Dry run: nothing was changed.');
      for (const line of consequencesOf(changes, apps)) run.output.notify(line);
      return report;
    }
    if (!changes.length) return report;
    await confirmDeletions(changes, apps, run);
    if (backup !== undefined) await writeBackup(backup, apps, site);
    const result = await perform(plan, site);
    return { ...report, ...result };
  },

  render: renderResult,
};

const alreadyDoneOf = (plan: Plan): { alreadyDone?: Change[] } =>
  'alreadyDone' in plan ? { alreadyDone: plan['alreadyDone'] as Change[] } : {};

/** Checks whether a configuration deletes apps that it does not name; a variable may say so too. */
const mayDeleteUnlisted = (value: unknown): boolean => {
  const unlisted = (value as { unlisted?: unknown } | null | undefined)?.unlisted;
  return unlisted !== undefined && unlisted !== 'keep';
};

const deletionsOf = (changes: readonly Change[]): Change[] => changes.filter(({ action }) => action === 'delete');

/** Asks before apps are deleted. Throws a `UsageError` if nobody can be asked. */
async function confirmDeletions(changes: readonly Change[], apps: readonly App[], run: RunContext): Promise<void> {
  const deleted = deletionsOf(changes);
  if (!deleted.length) return;
  const titles = deleted.map(titleOf).join(', ');
  if (run.options.yes !== true && !run.canAsk) {
    throw new UsageError(
      `apply would delete ${titles}, and there is no terminal to ask on; give --yes if it is meant, or see \`plan\`. ` +
        'Nothing was changed',
    );
  }
  await run.confirm(`Delete ${titles}?`, consequencesOf(changes, apps));
}

/** Returns what stops working without the apps that are deleted. */
function consequencesOf(changes: readonly Change[], apps: readonly App[]): string[] {
  const ids = new Set(deletionsOf(changes).map(({ id }) => id));
  return apps.filter(({ id }) => ids.has(id)).flatMap((app) => consequences(app as never));
}

function renderResult({ changes, summary, done, alreadyDone = [] }: ApplyResult, style: Style): string {
  const earlier = alreadyDone.map((change) => `done before: ${stepOf(change)}`);
  const told = done.length ? [`Done: ${done.length} of ${changes.length}. The site is as configured.`] : [];
  return [...earlier, renderPlan({ changes, summary }, style), ...told].join('\n');
}
