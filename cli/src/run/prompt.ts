/** Questions on a terminal. */
import { createInterface } from 'node:readline';
import { CommandError, InterruptedError } from '../errors.js';
import type { Output } from '../output/output.js';
import { printable, wrap } from '../output/text.js';

/** Asks for a yes. Throws a `CommandError` for any other answer. */
export async function ask(
  question: string,
  consequences: readonly string[],
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const { bold, width } = output.errorStyle;
  for (const line of consequences) process.stderr.write(`${wrap(printable(line), width)}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await new Promise<string>((resolve, reject) => {
      const interrupt = () => reject(new InterruptedError());
      // The terminal is in raw mode, so Ctrl-C is a key and no signal.
      terminal.once('SIGINT', interrupt).once('close', () => resolve(''));
      signal.addEventListener('abort', interrupt, { once: true });
      terminal.question(`${bold(printable(question))} [y/N] `, resolve);
    });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    terminal.close();
  }
  throw new CommandError('ABORTED', 'not confirmed; nothing was changed');
}
