/** The context of a run: its options, its output, the signal that ends it, and the way to the API. */
import type { ClientOptions, ClientEvent } from 'wix-oauth-apps';
import type { Input } from './input.js';
import { loadCore, type Core, type Site } from '../core.js';
import { UsageError } from '../errors.js';
import type { Output } from '../output/output.js';
import { describeViolation } from '../output/output.js';
import { readConnection, readVariables, type ConnectionOptions, type Variables } from './credentials.js';
import type { Journal } from './journal.js';

/** The options that every online command has. */
export interface CommonOptions extends ConnectionOptions {
  json?: boolean;
  verbose?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/** The parts of a command's definition that a run uses. */
export interface RunningCommand {
  name: string;
  isConfirmed?: boolean;
  isWriting?: boolean;
}

export class RunContext {
  readonly definition: RunningCommand;
  readonly options: CommonOptions;
  readonly output: Output;
  /** Aborted by Ctrl-C and SIGTERM. Pass it to every call. */
  readonly signal: AbortSignal;
  /** The requests that have been sent. Exit code 2 means that there is none. */
  requests = 0;
  readonly journals: Journal[] = [];
  /** The sites of `--sites`. Files that are written are then one for each site, see `pathOfSite`. */
  sites: readonly Site[] | undefined;
  /** Set by a command that has reported what is doubtful in its values, which the client would report again. */
  hasWarned = false;
  #variables: Variables | undefined;

  constructor(definition: RunningCommand, input: Input, output: Output, signal: AbortSignal) {
    this.definition = definition;
    this.options = input.options as CommonOptions;
    this.output = output;
    this.signal = signal;
  }

  /** Set if nothing must be written. */
  get isDryRun(): boolean {
    return this.options.dryRun === true;
  }

  /** The variables of the environment and of `--env-file`. */
  get variables(): Variables {
    return (this.#variables ??= readVariables(this.options.envFile));
  }

  /** Set if a person can answer a question. */
  get canAsk(): boolean {
    return canAsk();
  }

  /** Loads the decisions of the command line. */
  core(): Promise<Core> {
    return loadCore();
  }

  /** Returns the options of a client, with the events of this run. Throws if the credentials cannot be used. */
  async clientOptions(needsSite = true, site?: Site): Promise<ClientOptions> {
    const given = site ? { ...this.options, site: site.siteId } : this.options;
    const options = await readConnection(given, this.variables, needsSite);
    return { ...options, onEvent: (event) => this.#report(event, site?.siteId) };
  }

  /**
   * Asks before something is deleted. Without a terminal, `--yes` is required.
   *
   * @param consequences What will stop working, a line each.
   */
  async confirm(question: string, consequences: readonly string[]): Promise<void> {
    if (this.options.yes === true || this.isDryRun) return;
    const { ask } = await import('./prompt.js');
    await ask(question, consequences, this.output, this.signal);
  }

  /** Throws unless the run may delete: there is a terminal to ask on, or `--yes`. Call it before anything is sent. */
  requireConfirmable(): void {
    if (this.options.yes === true || this.isDryRun || canAsk()) return;
    throw new UsageError(
      `${this.definition.name}: asks before it deletes, and there is no terminal to ask on; give --yes, or --dry-run`,
    );
  }

  #report(event: ClientEvent, siteId?: string): void {
    const site = siteId === undefined ? '' : `${siteId}: `;
    if (event.type === 'warning') {
      for (const violation of this.hasWarned ? [] : event.violations)
        this.output.warn(`${site}${describeViolation(violation)}`);
      return;
    }
    if (event.type === 'request') this.requests += 1;
    this.output.trace(`${site}${describeEvent(event)}`);
  }
}

/** Checks whether a person can answer a question: they see standard error and type into standard input. */
export const canAsk = (): boolean => Boolean(process.stdin.isTTY && process.stderr.isTTY);

/** Returns the line of an event for `--verbose`. No event contains a credential. */
function describeEvent(event: Exclude<ClientEvent, { type: 'warning' }>): string {
  const name = event.operation;
  switch (event.type) {
    case 'request':
      return `> ${event.method} ${event.path} (${name}, attempt ${event.attempt})`;
    case 'response': {
      const id = event.requestId === undefined ? '' : `, request ID ${event.requestId}`;
      const outcome = [event.status, event.code].filter((part) => part !== undefined).join(' ');
      return `< ${outcome} (${name}, attempt ${event.attempt}, ${Math.round(event.duration)} ms${id})`;
    }
    case 'retry':
      return `retry ${name} in ${Math.round(event.delay)} ms: attempt ${event.attempt} ended with ${event.code}`;
    case 'wait':
      return `wait ${Math.round(event.delay)} ms before ${name}: the rate limit`;
    case 'token':
      return `token obtained for ${name}${event.expiresIn === undefined ? '' : `, valid for ${event.expiresIn} s`}`;
  }
}
