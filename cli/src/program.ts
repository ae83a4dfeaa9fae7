/** The program: finds the command of the arguments, reads its options, and runs it. */
import { EXIT, UsageError, toFailure } from './errors.js';
import { Output, endOnBrokenPipe } from './output/output.js';
import { styleFor } from './output/style.js';
import { refuseCredentials } from './parse/credentials.js';
import { parse } from './parse/parse.js';
import { runCommand } from './run/run.js';

/** Runs the program and returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const color = args.includes('--no-color') ? false : undefined;
  try {
    refuseCredentials(args, process.env);
    const parsed = await parse(args, styleFor(process.stdout, color));
    if (typeof parsed === 'string') {
      endOnBrokenPipe();
      process.stdout.write(parsed);
      return EXIT.done;
    }
    const { definition, input } = parsed;
    if (!definition.isServer) endOnBrokenPipe();
    return await runCommand(definition, input);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const output = new Output({ json: args.includes('--json'), color, verbose: false });
    output.fail(toFailure(error, false));
    return error.exitCode;
  }
}
