/** Reads the arguments with commander: the command, its arguments and its options, or a text to print. */
import { CommanderError, type Command } from 'commander';
import { CONNECTION_OPTIONS, OUTPUT_OPTIONS, optionsOf } from '../commands/common.js';
import type { CommandDefinition } from '../commands/definition.js';
import { optionKey } from '../commands/definition.js';
import { NAMES, loadCommand, loadGroups } from '../commands/definitions.js';
import type { Style } from '../output/style.js';
import type { Input } from '../run/input.js';
import { version } from '../version.js';
import { createLeaf, createRoot } from './program.js';

/** A command with its arguments and options. */
export interface Invocation {
  definition: CommandDefinition;
  input: Input;
}

/**
 * Returns the command of the arguments, or the text of `--help` or `--version`. Throws a `UsageError` for arguments that
 * cannot be used.
 */
export async function parse(args: readonly string[], style: Style): Promise<Invocation | string> {
  const sorted = moveLeadingOptions(args);
  const name = nameOf(sorted);
  const definition = name === undefined ? undefined : await loadCommand(name);
  let text = '';
  const write = (part: string) => (text += part);
  try {
    if (!definition) {
      createRoot(await loadGroups(), style, write).parse(sorted, { from: 'user' });
      return text;
    }
    const leaf = createLeaf(definition, style, write);
    const words = definition.name.split(' ').length;
    leaf.parse(sorted.slice(words), { from: 'user' });
    return text || { definition, input: inputOf(definition, leaf) };
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) {
      return error.code === 'commander.version' ? `${version()}\n` : text;
    }
    throw error;
  }
}

/** Returns the command that the first words name. */
function nameOf([first = '', second = '']: readonly string[]): string | undefined {
  return NAMES.find((name) => name === first || name === `${first} ${second}`);
}

/** Moves shared options in front of the command behind it: `wix-oauth-apps --json list`. */
function moveLeadingOptions(args: readonly string[]): string[] {
  const shared = [...CONNECTION_OPTIONS, ...OUTPUT_OPTIONS];
  let end = 0;
  for (let option; (option = shared.find(({ name }) => isOption(args[end], name)));) {
    end += option.value !== undefined && !args[end]?.includes('=') ? 2 : 1;
  }
  const rest = args.slice(end);
  const words = nameOf(rest)?.split(' ').length ?? 0;
  return words ? [...rest.slice(0, words), ...args.slice(0, end), ...rest.slice(words)] : [...rest];
}

const isOption = (argument: string | undefined, name: string): boolean =>
  argument === `--${name}` || argument?.startsWith(`--${name}=`) === true;

/** Returns the arguments and options under the names that the module expects. Options that were not given are absent. */
function inputOf(definition: CommandDefinition, command: Command): Input {
  const given = definition.arguments ?? [];
  const processed = command.processedArgs as unknown[];
  const values = given.map(({ name }, at) => [name, processed[at]] as const);
  const options: Record<string, unknown> = {};
  for (const { name } of optionsOf(definition)) {
    const key = optionKey(name);
    if (command.getOptionValueSource(key) === 'cli') options[key] = command.getOptionValue(key);
  }
  return { arguments: Object.fromEntries(values), options };
}
