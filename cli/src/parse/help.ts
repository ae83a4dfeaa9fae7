/** The layout of `--help`. */
import type { Command } from 'commander';
import type { Style } from '../output/style.js';
import { wrap } from '../output/text.js';

const DEFAULT_WIDTH = 100;
/** Below this width a description goes below its term. */
const MIN_TWO_COLUMNS = 70;

/** The length of the title `Usage: `. */
const USAGE = 7;

/** Makes a command write its help as text of the given style. */
export function configureHelp(command: Command, style: Style, write: (text: string) => void): void {
  const width = style.width ?? DEFAULT_WIDTH;
  command.configureOutput({
    writeOut: write,
    // Commander's own messages are not printed: the errors of the arguments are.
    writeErr: () => {},
    getOutHelpWidth: () => width,
    getOutHasColors: () => true,
  });
  command.configureHelp({
    helpWidth: width,
    styleTitle: style.bold,
    subcommandTerm: (subcommand) => subcommand.name(),
    commandUsage: (shown) =>
      wrap(`${shown.name()} ${shown.usage()}`, width - USAGE).replaceAll('\n', `\n${' '.repeat(USAGE)}`),
    optionTerm: (option) => option.flags.replace(/[<>]/g, ''),
    ...(width < MIN_TWO_COLUMNS && {
      formatItem: (term, _, description) => `  ${term}${description ? `\n${wrap(description, width, '    ')}` : ''}`,
      boxWrap: (text, limit) =>
        text
          .split('\n')
          .map((line) => wrap(line, limit))
          .join('\n'),
    }),
  });
}

/** Returns the section with the examples. On a narrow terminal a command goes on in the next line. */
export function exampleLines(examples: readonly string[], { bold, width = Infinity }: Style): string {
  const lines = examples.map((example) =>
    example.length + 2 <= width ? `  ${example}` : wrap(example, width - 4, '  ').replaceAll('\n', ' \\\n    '),
  );
  return ['', bold('Examples:'), ...lines, ''].join('\n');
}
