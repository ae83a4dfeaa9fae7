/** Runs a command to its end: loads its module, handles signals, prints the result or the failure. */
import type { Input } from './input.js';
import type { CommandDefinition } from '../commands/definition.js';
import { EXIT, InterruptedError, PartialError, SitesError, toFailure, type Failure } from '../errors.js';
import { Output } from '../output/output.js';
import { RunContext } from './context.js';
import { failureOf } from './failure.js';
import { runSite } from './run-site.js';
import { connect } from './site.js';
import { readSites } from './sites-file.js';

/** Runs a command and returns the exit code. */
export async function runCommand(definition: CommandDefinition, input: Input): Promise<number> {
  const { json, color, verbose } = input.options;
  const output = new Output({ json: json === true, color: color as boolean | undefined, verbose: verbose === true });
  const controller = new AbortController();
  const context = new RunContext(definition, input, output, controller.signal);
  // A server handles signals itself.
  const release = definition.isOnline || definition.isPerSite ? abortOnSignals(controller) : () => {};
  try {
    const exitCode = await perform(definition, input, context);
    output.flush();
    return exitCode;
  } catch (error) {
    if (error instanceof PartialError && output.isJson) output.printJson(error.result);
    const failure = reportOf(error, context);
    output.fail(failure, !definition.isServer);
    return failure.exitCode;
  } finally {
    release();
  }
}

async function perform(definition: CommandDefinition, input: Input, context: RunContext): Promise<number> {
  const command = await definition.load();
  if (command.kind === 'program') return command.main(input, context);
  const sites = definition.isPerSite ? await readSites(input, context) : undefined;
  context.sites = sites;
  const prepared = await command.prepare(input, context);
  const offline = command.offline?.(prepared, context);
  if (sites && !offline) return (await import('./many.js')).runSites(command, input, sites, prepared, context);
  const result = await (offline ?? runSite(command, await connect(context), prepared));
  const { output } = context;
  if (output.isJson) output.printJson(result);
  else output.print(command.render(result, output.style, prepared));
  return command.exitCode?.(result, prepared) ?? EXIT.done;
}

/** Aborts at the first SIGINT or SIGTERM, and ends the process at the second. Returns a function that undoes this. */
function abortOnSignals(controller: AbortController): () => void {
  const abort = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort(new InterruptedError());
  };
  process.on('SIGINT', abort).on('SIGTERM', abort);
  return () => process.off('SIGINT', abort).off('SIGTERM', abort);
}

/** Returns the report of an error. After an interruption, and after a failure half-way, it says what was done. */
function reportOf(error: unknown, { journals, signal, requests }: RunContext): Failure {
  if (signal.aborted && !(error instanceof SitesError)) {
    const told = journals.map((journal) => journal.describe()).join('; ') || 'nothing was changed';
    return toFailure(new InterruptedError(`interrupted; ${told}`), true);
  }
  return failureOf(error, journals, requests > 0);
}
