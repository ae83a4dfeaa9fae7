/** Makes the changes of a plan, and compares the site with the plan afterwards. */
import { setTimeout } from 'node:timers/promises';
import type { App, Call, Change, Plan } from '../../core.js';
import { PartialError, toFailure } from '../../errors.js';
import type { SiteContext } from '../../run/site.js';
import { stepOf } from './render.js';

/** A change that was not made, or that the site does not show. */
export interface FailedChange extends Change {
  error: { code: string; message: string };
}

interface Outcome {
  done: Change[];
  failed: FailedChange[];
}

/** The waits before the site is read again, in milliseconds: a query may lag behind a change. */
const READ_AGAIN = [0, 500, 1_500];

/**
 * Makes the changes in their order, and stops at the first one that fails: a delete is not made before everything else is
 * done. Throws a `PartialError` with what was done and what was not; running `apply` again does the rest.
 */
export async function perform(plan: Plan, site: SiteContext): Promise<Outcome> {
  const { changes, steps } = plan;
  const { journal } = site;
  journal.announce(changes.map(stepOf));
  const done: Change[] = [];
  const created: Record<number, string> = {};
  for (const [at, change] of changes.entries()) {
    const { app, calls } = steps[at] ?? { app: null, calls: [] };
    try {
      const id = await journal.step(stepOf(change), () => send(calls, site));
      if (app !== null && id !== undefined) created[app] = id;
      done.push(id === undefined ? change : { ...change, id });
    } catch (error) {
      if (site.run.signal.aborted) throw error;
      throw stopped(changes, at, done, plan, error);
    }
  }
  const failed = await verify(plan, created, site);
  if (!failed.length) return { done, failed };
  const isShown = (change: Change) => !failed.some(({ id, name }) => id === change.id && name === change.name);
  const result = { changes, summary: plan.summary, done: done.filter(isShown), failed };
  const names = failed.map(stepOf).join(', ');
  throw new PartialError(
    'CONFLICT',
    `the changes were sent, but the site does not show all of them: ${names}; another writer may have changed it ` +
      'meanwhile. See `plan`, and run apply again',
    result,
  );
}

/** Sends the calls of a change. Returns the ID of an app that was created. */
async function send(calls: readonly Call[], { client, call: options }: SiteContext): Promise<string | undefined> {
  let created: string | undefined;
  for (const call of calls) {
    if (call.call === 'createOAuthApp') {
      created = (await client.createOAuthApp(call.draft as never, options)).id;
    } else if (call.call === 'updateOAuthApp') {
      await client.updateOAuthApp(call.id, call.patch as never, options);
    } else if (call.call === 'deleteOAuthApp') {
      await client.deleteOAuthApp(call.id, options);
    } else {
      await client[call.call](call.id, call.entries, options);
    }
  }
  return created;
}

/** Returns the error of a run that stopped: the change that failed, and the ones after it, which were not tried. */
function stopped(
  changes: readonly Change[],
  at: number,
  done: readonly Change[],
  { summary }: Plan,
  error: unknown,
): PartialError {
  const { content } = toFailure(error, true);
  const { code, message, ...details } = content;
  const first = changes[at] as Change;
  const failed = changes.slice(at).map((change, index) => ({
    ...change,
    error: index === 0 ? { code, message } : { code: 'NOT_TRIED', message: `not tried, because one before it failed` },
  }));
  const remedy = 'once the cause is removed, apply with the same file does the rest';
  const result = { changes, summary, done, failed };
  return new PartialError(code, `${stepOf(first)}: ${message}; ${remedy}`, result, details);
}

/** Reads the site again. Returns the changes that it does not show. */
async function verify(plan: Plan, created: Record<number, string>, site: SiteContext): Promise<FailedChange[]> {
  const core = await site.run.core();
  let failed: Change[] = [];
  for (const wait of READ_AGAIN) {
    if (wait) await setTimeout(wait, undefined, { signal: site.run.signal });
    const apps = (await site.listApps()) as unknown as App[];
    failed = core.verifyPlan({ plan, apps, created }).failed;
    if (!failed.length) break;
  }
  const error = { code: 'CONFLICT', message: 'the site does not show this change' };
  return failed.map((change) => ({ ...change, error }));
}
