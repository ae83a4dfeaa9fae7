/**
 * The module of a command. There are two kinds:
 *
 * - A site command works on the apps of one site. `prepare` reads arguments and files once, before anything is sent;
 *   `run` performs the calls for one site; `render` makes the text for people. `runSite` in `run/run-site.ts` is the only
 *   caller of `run`, so that `--sites` can run a command for many sites.
 * - A program command does everything itself, such as `emulate` and `completion`.
 *
 * A module has no state: everything that a run needs is in its contexts.
 */
import type { RunContext } from '../run/context.js';
import type { Input } from '../run/input.js';
import type { SiteContext } from '../run/site.js';
import type { Style } from '../output/style.js';

/** A command that runs for one site. */
export interface SiteCommand<Prepared = unknown, Result = unknown> {
  kind: 'site';
  /** Reads the arguments and files. Throws a `CommandError` with exit code 2 for what cannot be used. */
  prepare: (input: Input, context: RunContext) => Prepared | Promise<Prepared>;
  /** Returns the result if it needs no site and no credentials; otherwise undefined. */
  offline?: (prepared: Prepared, context: RunContext) => Promise<Result> | undefined;
  /** Returns whether a run may delete apps, so that a run for many sites asks once. True for `isConfirmed` unless given. */
  mayDelete?: (prepared: Prepared) => boolean;
  /** Performs the calls for one site and returns what `--json` prints. */
  run: (site: SiteContext, prepared: Prepared) => Promise<Result>;
  /** Returns the result as text for people. */
  render: (result: Result, style: Style, prepared: Prepared) => string;
  /** Returns 3 if the result means no. Exit code 0 unless given. */
  exitCode?: (result: Result, prepared: Prepared) => number;
}

/** A command that does everything itself. */
export interface ProgramCommand {
  kind: 'program';
  /** Runs to the end and returns the exit code. */
  main: (input: Input, context: RunContext) => Promise<number>;
}

// The type of the prepared value is known only inside a module.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Command = SiteCommand<any, any> | ProgramCommand;
