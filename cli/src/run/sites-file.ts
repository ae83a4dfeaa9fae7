/** The sites of `--sites`, and the report of the run. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Site } from '../core.js';
import { CommandError, ConfigError, UsageError } from '../errors.js';
import type { Input } from './input.js';
import type { RunContext } from './context.js';

/** The options of a run for many sites. */
export interface SitesOptions {
  sites?: string;
  shard?: string;
  concurrency?: number;
  report?: string;
  resume?: boolean;
}

/** The options that mean something only with `--sites`. */
const DEPENDENT = ['shard', 'concurrency', 'report', 'resume'] as const;

/** The options that change how a run is made, but not what it does to a site. */
const INCIDENTAL = [...DEPENDENT, 'sites', 'json', 'color', 'verbose', 'timeout', 'retries', 'envFile', 'yes'];

/** Returns the sites that a run takes; undefined without `--sites`. Throws before anything is sent. */
export async function readSites(input: Input, run: RunContext): Promise<Site[] | undefined> {
  const options = input.options as SitesOptions & { site?: string };
  const { sites: path, shard, report, resume } = options;
  if (path === undefined) {
    const given = DEPENDENT.find((name) => options[name] !== undefined);
    if (given) throw new UsageError(`--${given} is for a run for many sites; give --sites FILE too, or leave it out`);
    return undefined;
  }
  if (options.site !== undefined) throw new UsageError('--site and --sites are both given; keep one');
  if (input.options['envFileOut'] !== undefined) {
    throw new UsageError(
      '--env-file-out keeps the client ID of one site; leave it out, or give --site in place of --sites',
    );
  }
  if (resume && report === undefined) {
    throw new UsageError('--resume skips the sites that a report says are done; give the report with --report FILE');
  }
  const core = await run.core();
  const text = readText(path);
  try {
    return core.selectSites({ text, ...(shard !== undefined && { shard }) }).sites;
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'CONFIG') throw error;
    const name = path === '-' ? 'standard input' : path;
    throw new ConfigError(
      error.message
        .split('\n')
        .map((line) => line.replace(/^line (\d+): /, '$1: '))
        .map((line) => (/^\d+: /.test(line) ? `${name}:${line}` : `${name}: ${line}`))
        .join('\n'),
      // The message has every fault.
      { violations: [] },
    );
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw new ConfigError(`--sites: ${path} cannot be read: ${(error as Error).message}`);
  }
}

/** Returns what identifies a command in a report: the same arguments and files, whatever the sites. */
export async function identifyRun(input: Input, prepared: unknown, run: RunContext): Promise<string> {
  const options = Object.entries(input.options).filter(([name]) => !INCIDENTAL.includes(name));
  const command = [run.definition.name, input.arguments, options.sort(), prepared];
  return (await run.core()).fingerprint({ text: JSON.stringify(command) }).slice(0, 16);
}

/** The report of a run: a JSON line a site. */
export class Report {
  readonly #path: string | undefined;
  readonly #run: string;

  /** Opens the report for appending. Throws a `ConfigError` if it cannot be written. */
  constructor(path: string | undefined, run: string, needsLineFeed: boolean) {
    this.#path = path;
    this.#run = run;
    // Also tells whether the file can be written, before anything is sent.
    if (path !== undefined) this.#write(needsLineFeed ? '\n' : '', true);
  }

  /** Appends the line of a site. It is in the file when this returns. */
  append(siteId: string, line: Record<string, unknown>): void {
    this.#write(`${JSON.stringify({ siteId, ...line, run: this.#run })}\n`, false);
  }

  #write(text: string, isFirst: boolean): void {
    if (this.#path === undefined) return;
    try {
      appendFileSync(this.#path, text);
    } catch (error) {
      const message = `--report: ${this.#path} cannot be written: ${(error as Error).message}`;
      throw isFirst ? new ConfigError(message) : new CommandError('REPORT', message);
    }
  }
}

/** Returns the sites that an earlier run has left, of those that were selected, and the report to append to. */
export async function openReport(
  sites: readonly Site[],
  options: SitesOptions,
  id: string,
  run: RunContext,
): Promise<{ left: Site[]; report: Report }> {
  const { report: path, resume } = options;
  const earlier = path !== undefined && existsSync(path) ? readReport(path) : '';
  const needsLineFeed = earlier !== '' && !earlier.endsWith('\n');
  if (!resume || !sites.length) return { left: [...sites], report: new Report(path, id, needsLineFeed) };
  const text = sites.map(({ siteId }) => siteId).join('\n');
  const { sites: selected, unreadable } = (await run.core()).selectSites({ text, report: earlier, run: id });
  if (unreadable.length) {
    const lines = `line${unreadable.length === 1 ? '' : 's'} ${unreadable.join(', ')}`;
    run.output.warn(`${path}: ${lines} cannot be read, as after a run that was killed; these sites are done again`);
  }
  const ids = new Set(selected.map(({ siteId }) => siteId));
  return { left: sites.filter(({ siteId }) => ids.has(siteId)), report: new Report(path, id, needsLineFeed) };
}

function readReport(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`--report: ${path} cannot be read: ${(error as Error).message}`);
  }
}
