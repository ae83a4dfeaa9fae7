/** The commands `allow` and `disallow`. */
import type { RedirectChange } from 'wix-oauth-apps';
import type { App, Core, CoreViolation, Entries } from '../../core.js';
import { UsageError, type CommandError } from '../../errors.js';
import { describeViolation } from '../../output/output.js';
import type { Style } from '../../output/style.js';
import { printable } from '../../output/text.js';
import { isGuid } from '../../run/credentials.js';
import { checkReference } from '../../run/site.js';
import type { SiteContext } from '../../run/site.js';
import type { Input } from '../../run/input.js';
import type { SiteCommand } from '../command.js';

interface Prepared {
  reference: string;
  entries: Entries;
  warnings: CoreViolation[];
}

export type Change = Pick<RedirectChange, 'oAuthApp' | 'added' | 'removed'>;

export const allow = command('allow');
export const disallow = command('disallow');

function command(name: 'allow' | 'disallow'): SiteCommand<Prepared, Change> {
  const isAdding = name === 'allow';
  return {
    kind: 'site',
    async prepare(input, run) {
      const reference = await checkReference(input.arguments['app'] as string, run);
      return { reference, ...readEntries(input, await run.core(), isAdding) };
    },
    async run(site, { reference, entries, warnings }) {
      const change = isAdding ? { add: entries } : { remove: entries };
      if (!site.isDryRun) return changeEntries(site, reference, change);
      for (const warning of warnings) site.run.output.warn(describeViolation(warning));
      return previewChange(site, reference, change);
    },
    render: renderChange,
  };
}

/** Entries to add and to remove. */
export interface EntryChange {
  add?: Partial<Entries>;
  remove?: Partial<Entries>;
}

/** Changes the entries of an app. Removals go first, so that they make room. */
export async function changeEntries(site: SiteContext, reference: string, change: EntryChange): Promise<Change> {
  if (!isGuid(reference)) return changeById(site, (await site.findApp(reference)).id, change);
  try {
    // The library reads the app itself.
    return await changeById(site, reference, change);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'NOT_FOUND') throw error;
    const { id } = await site.findApp(reference);
    if (id === reference) throw error;
    return changeById(site, id, change);
  }
}

async function changeById(site: SiteContext, id: string, { add, remove }: EntryChange): Promise<Change> {
  const calls = [
    { entries: remove, operation: 'disallowRedirects', verb: 'remove' },
    { entries: add, operation: 'allowRedirects', verb: 'add' },
  ] as const;
  const steps = calls.flatMap(({ entries, operation, verb }) => {
    const given = withoutEmpty(entries);
    const all = Object.values(given).flat();
    return all.length ? [{ operation, given, text: `${verb} ${all.join(', ')} (app ${id})` }] : [];
  });
  site.journal.announce(steps.map(({ text }) => text));
  let result: Change | undefined;
  for (const { operation, given, text } of steps) {
    const next = await site.journal.step(text, () => site.client[operation](id, given, site.call));
    result = {
      oAuthApp: next.oAuthApp,
      added: join(result?.added, next.added),
      removed: join(result?.removed, next.removed),
    };
  }
  return result ?? { oAuthApp: await site.findApp(id), added: join(), removed: join() };
}

/** Returns what a change would make of an app. */
export async function previewChange(site: SiteContext, reference: string, change: EntryChange): Promise<Change> {
  const app = (await site.findApp(reference)) as unknown as App;
  site.run.output.notify(`Dry run: nothing was changed in the app ${app.name} (${app.id}).`);
  return (await site.run.core()).changeEntries({ app, ...change }) as unknown as Change;
}

const withoutEmpty = (entries: Partial<Entries> = {}): Partial<Entries> =>
  Object.fromEntries(Object.entries(entries).filter(([, list]) => list.length > 0));

const join = (one: Partial<Entries> = {}, other: Partial<Entries> = {}): Entries => ({
  uris: [...(one.uris ?? []), ...(other.uris ?? [])],
  domains: [...(one.domains ?? []), ...(other.domains ?? [])],
});

/** Entries that belong to the same list. */
interface EntryGroup {
  target: 'auto' | 'uri' | 'domain' | 'both';
  entries: string[];
}

/** Reads the entries of the arguments and options. */
function readEntries({ arguments: given, options }: Input, core: Core, judge: boolean): Omit<Prepared, 'reference'> {
  const positional = (given['url-or-domain'] as string[] | undefined) ?? [];
  const lists = (['uri', 'domain', 'both'] as const).map((target) => {
    // An option without a value is `true`, alone or in the list.
    const values = [options[target] ?? []].flat() as (string | true)[];
    return { target, isForAll: values.includes(true), entries: values.filter((value) => value !== true) as string[] };
  });
  const chosen = lists.find(({ isForAll }) => isForAll)?.target ?? 'auto';
  const all: EntryGroup[] = [{ target: chosen, entries: positional }, ...lists];
  const groups = all.filter(({ entries }) => entries.length);
  // Without any entry, the core says what is missing.
  const read = (groups.length ? groups : all.slice(0, 1)).map(({ target, entries }) =>
    named(entries, () => core.readEntries({ arguments: entries, target, judge })),
  );
  return {
    entries: {
      uris: [...new Set(read.flatMap(({ uris }) => uris))],
      domains: [...new Set(read.flatMap(({ domains }) => domains))],
    },
    warnings: read.flatMap(({ warnings }) => warnings),
  };
}

/** Calls the core. Its faults name each entry itself rather than its position. */
function named<Result>(entries: readonly string[], call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    const found = (error as CommandError).details?.violations as CoreViolation[] | undefined;
    if (!found?.length) throw error;
    const violations = found.map(({ path: [at], message, suggestion, ...violation }) => {
      const entry = entries[at as number] ?? '';
      const fault = message.startsWith(`(${entry}) `) ? message.slice(entry.length + 3) : message;
      return {
        ...violation,
        ...(suggestion && { suggestion }),
        message: fault,
        field: entry,
        text: `${entry} ${fault}`,
      };
    });
    throw new UsageError(violations.map(({ text }) => text).join('\n'), { violations });
  }
}

/** Returns the change as lines, an entry each. */
export function renderChange({ oAuthApp, added, removed }: Change, { bold, green, red }: Style): string {
  const title = bold(printable(`${oAuthApp.name} (${oAuthApp.id})`));
  const lines = [
    ...[...removed.uris, ...removed.domains].map((entry) => red(`- ${printable(entry)}`)),
    ...[...added.uris, ...added.domains].map((entry) => green(`+ ${printable(entry)}`)),
  ];
  return [title, ...(lines.length ? lines : ['nothing to change'])].join('\n');
}
