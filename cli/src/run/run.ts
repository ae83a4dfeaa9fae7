/** Runs a command to its end: loads its module, handles signals, prints the result or the failure. */
import type { Input } from '../commands/command.js';
import type { CommandDefinition } from '../commands/definition.js';
import { EXIT, InterruptedError, toFailure, type Failure } from '../errors.js';
import { Output } from '../output/output.js';
import { RunContext } from './context.js';
import { runSite } from './site.js';

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
    const failure = failureOf(error, context);
    output.fail(failure, !definition.isServer);
    return failure.exitCode;
  } finally {
    release();
  }
}

async function perform(definition: CommandDefinition, input: Input, context: RunContext): Promise<number> {
  const command = await definition.load();
  if (command.kind === 'program') return command.main(input, context);
  const prepared = await command.prepare(input, context);
  const offline = command.offline?.(prepared, context);
  const result = await (offline ?? runSite(command, await context.connect(), prepared));
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
function failureOf(error: unknown, context: RunContext): Failure {
  const { journals, signal } = context;
  if (signal.aborted) {
    const told = journals.map((journal) => journal.describe()).join('; ') || 'nothing was changed';
    return toFailure(new InterruptedError(`interrupted; ${told}`), true);
  }
  const failure = toFailure(error, context.requests > 0);
  const done = journals.flatMap((journal) => journal.done);
  const left = journals.flatMap((journal) => journal.left);
  if (done.length) {
    failure.content.message += `; done before: ${done.join(', ')}${left.length ? `; not done: ${left.join(', ')}` : ''}`;
    failure.content['done'] = done;
  }
  return failure;
}
