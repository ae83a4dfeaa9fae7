/**
 * Runs a command for the sites of `--sites`, several at once. A site that fails does not stop the others. Each site has
 * its own client, and so its own rate limit.
 */
import type { SiteCommand } from '../commands/command.js';
import type { Site } from '../core.js';
import { EXIT, PartialError, SitesError, type FailureContent } from '../errors.js';
import { Progress } from '../output/progress.js';
import { printable } from '../output/text.js';
import type { RunContext } from './context.js';
import { failureOf } from './failure.js';
import type { Input } from './input.js';
import { runSite } from './run-site.js';
import { connect, type SiteContext } from './site.js';
import { identifyRun, openReport, type Report, type SitesOptions } from './sites-file.js';

const DEFAULT_CONCURRENCY = 8;
/** The largest number of sites that the summary names. The report and `--json` have all of them. */
const MAX_NAMED = 20;

/** The outcome for one site. */
interface SiteOutcome {
  siteId: string;
  ok: boolean;
  exitCode: number;
  result?: unknown;
  error?: FailureContent;
}

/** Runs a command for each site, prints the results, and returns the exit code. */
export async function runSites(
  command: SiteCommand,
  input: Input,
  sites: readonly Site[],
  prepared: unknown,
  run: RunContext,
): Promise<number> {
  const options = input.options as SitesOptions;
  const id = await identifyRun(input, prepared, run);
  const { left, report } = await openReport(sites, options, id, run);
  // Credentials that cannot be used are one fault, not one of each site.
  if (left[0]) await run.clientOptions(true, left[0]);
  if (run.definition.isConfirmed && (command.mayDelete?.(prepared) ?? true)) await confirmAll(left, run);
  // The reader of the results may leave, as `| head` does; the work goes on.
  if (run.definition.isWriting) process.stdout.removeAllListeners('error').on('error', () => {});
  const many = new ManySites(command, prepared, run, report, left.length);
  await many.run(left, options.concurrency ?? DEFAULT_CONCURRENCY);
  return many.finish(left, sites.length - left.length);
}

/** Asks once for all sites. Without a terminal, `--yes` is asked for by each site that needs it. */
async function confirmAll(sites: readonly Site[], run: RunContext): Promise<void> {
  if (run.options.yes || run.isDryRun || !run.canAsk || !sites.length) return;
  await run.confirm(`Run ${run.definition.name} on ${count(sites.length, 'site')}, and delete without a question?`, [
    'Apps may be deleted, and nobody can log in with their client IDs afterwards. --dry-run shows them.',
  ]);
  run.options.yes = true;
}

class ManySites {
  readonly #command: SiteCommand;
  readonly #prepared: unknown;
  readonly #run: RunContext;
  readonly #report: Report;
  readonly #progress: Progress;
  /** The outcomes by site ID; without results unless they are printed at the end. */
  readonly #outcomes = new Map<string, SiteOutcome>();
  /** The sites that were under way when the run was interrupted, with what is known of them. */
  readonly #interrupted = new Map<string, string>();
  #reportError: unknown;

  constructor(command: SiteCommand, prepared: unknown, run: RunContext, report: Report, total: number) {
    this.#command = command;
    this.#prepared = prepared;
    this.#run = run;
    this.#report = report;
    this.#progress = new Progress(run.output, total);
  }

  async run(sites: readonly Site[], concurrency: number): Promise<void> {
    const queue = sites[Symbol.iterator]();
    const work = async () => {
      for (const site of queue) {
        await this.#runOne(site);
        if (this.#run.signal.aborted || this.#reportError) return;
      }
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, sites.length) }, work));
    this.#progress.end();
    if (this.#reportError) throw this.#reportError;
  }

  async #runOne(site: Site): Promise<void> {
    const { siteId } = site;
    let context: SiteContext | undefined;
    let outcome: SiteOutcome;
    try {
      context = await connect(this.#run, site);
      const result = await runSite(this.#command, context, this.#prepared);
      outcome = { siteId, ok: true, exitCode: this.#command.exitCode?.(result, this.#prepared) ?? EXIT.done, result };
    } catch (error) {
      if (this.#run.signal.aborted) {
        this.#interrupted.set(siteId, context?.journal.describe() ?? 'nothing was changed');
        return;
      }
      const result = error instanceof PartialError ? { result: error.result } : {};
      outcome = { siteId, ok: false, exitCode: EXIT.failed, ...result, error: contentOf(error, context) };
    }
    this.#tell(outcome);
  }

  #tell(outcome: SiteOutcome): void {
    const { siteId, ok, exitCode, result, error } = outcome;
    const { output } = this.#run;
    try {
      this.#report.append(siteId, { ok, exitCode, ...(result !== undefined && { result }), ...(error && { error }) });
    } catch (failure) {
      this.#reportError = failure;
    }
    if (output.isJson) {
      this.#outcomes.set(siteId, outcome);
    } else {
      this.#outcomes.set(siteId, { siteId, ok, exitCode, ...(error && { error }) });
      if (ok)
        output.print(`${output.style.bold(siteId)}\n${this.#command.render(result, output.style, this.#prepared)}`);
    }
    this.#progress.advance(siteId, ok ? 'done' : `failed: ${error?.code}: ${printable(error?.message ?? '')}`, ok);
  }

  /** Prints the summary, and returns the exit code. Throws if a site failed or the run was interrupted. */
  finish(sites: readonly Site[], skipped: number): number {
    const { output, signal } = this.#run;
    const outcomes = sites.flatMap(({ siteId }) => this.#outcomes.get(siteId) ?? []);
    const failed = outcomes.filter(({ ok }) => !ok);
    const summary = {
      total: sites.length + skipped,
      done: outcomes.length - failed.length,
      failed: failed.length,
      skipped,
      left: sites.length - outcomes.length,
    };
    if (output.isJson) output.printJson({ sites: outcomes, summary });
    const told = [
      `${count(summary.done, 'site')} done`,
      `${summary.failed} failed`,
      ...(skipped ? [`${skipped} skipped, done before`] : []),
      ...(summary.left ? [`${summary.left} not done`] : []),
    ].join(', ');
    if (signal.aborted)
      throw new SitesError('ABORTED', `interrupted; ${told}${this.#describeInterrupted()}`, EXIT.interrupted);
    if (!failed.length) {
      output.notify(told);
      return Math.max(EXIT.done, ...outcomes.map(({ exitCode }) => exitCode));
    }
    const lines = failed.slice(0, MAX_NAMED).map(({ siteId, error }) => `${siteId}: ${error?.code}: ${error?.message}`);
    if (failed.length > MAX_NAMED) lines.push(`and ${failed.length - MAX_NAMED} more, which --report FILE lists`);
    const names = failed.map(({ siteId, error }) => ({ siteId, code: error?.code, message: error?.message }));
    throw new SitesError('SITES_FAILED', [told, ...lines].join('\n'), EXIT.failed, { sites: names });
  }

  #describeInterrupted(): string {
    const told = [...this.#interrupted].map(([siteId, text]) => `\n${siteId}: ${text}`).slice(0, MAX_NAMED);
    const remedy = '\nthe same command with --report FILE --resume does the rest';
    return `${told.join('')}${remedy}`;
  }
}

function contentOf(error: unknown, site: SiteContext | undefined): FailureContent {
  try {
    return failureOf(error, site ? [site.journal] : [], true).content;
  } catch {
    // A fault of this program at one site does not stop the others.
    const message = (error as Error).message ?? String(error);
    return { code: 'UNEXPECTED', message, operation: null, status: null, requestId: null, violations: [] };
  }
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
