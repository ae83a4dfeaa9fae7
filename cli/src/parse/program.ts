/** The commander program, made from the definitions: its checks of arguments, and its help. */
import { Argument, Command, Option } from 'commander';
import { optionsOf } from '../commands/common.js';
import type { CommandDefinition, OptionDefinition } from '../commands/definition.js';
import { NAMES, PREFIXES } from '../commands/definitions.js';
import { UsageError } from '../errors.js';
import type { Style } from '../output/style.js';
import { wrap } from '../output/text.js';
import { configureHelp, exampleLines } from './help.js';
import { nearest } from './nearest.js';

const NAME = 'wix-oauth-apps';
/** The help lists them all; a message needs some that a newcomer looks for. */
const SOME_COMMANDS = 'list, get, create, ensure, allow, check, emulate';

type Groups = readonly { title: string; commands: readonly CommandDefinition[] }[];

/** Returns the program without the options of its commands: it prints its help, or refuses the arguments. */
export function createRoot(groups: Groups, style: Style, write: (text: string) => void): Command {
  const root = prepare(new Root(NAME), style, write).usage('<command> [options]');
  root.description('Manages the OAuth apps of Wix Headless projects: credentials come from the environment.');
  for (const { title, commands } of groups) {
    root.commandsGroup(`${title}:`);
    // A name of two words, which `root.command` would take for a name and an argument.
    for (const { name, summary } of commands) root.addCommand(new Command(name).summary(summary));
  }
  root.helpCommand(false);
  const more = `Run ${NAME} <command> --help for the options of a command.`;
  return root.addHelpText('after', `\n${wrap(more, style.width)}\n`);
}

/** Returns the parser of one command. */
export function createLeaf(definition: CommandDefinition, style: Style, write: (text: string) => void): Command {
  const leaf = prepare(new Leaf(definition), style, write);
  const { summary, description, arguments: given = [], examples } = definition;
  leaf.description(`${summary}.${description === undefined ? '' : `\n\n${description}`}`);
  for (const { name, help, many } of given) {
    // Commander would report a missing argument in its own words.
    leaf.addArgument(new Argument(many ? `[${name}...]` : `[${name}]`, help));
  }
  leaf.usage(['[options]', ...given.map(argumentTerm)].join(' '));
  for (const option of optionsOf(definition)) leaf.addOption(toOption(option));
  leaf.addHelpText('after', exampleLines(examples, style));
  return leaf;
}

function prepare<Kind extends Command>(command: Kind, style: Style, write: (text: string) => void): Kind {
  command.exitOverride().version('', '-v, --version', 'print the version');
  command.helpOption('-h, --help', 'print this text');
  configureHelp(command, style, write);
  return command;
}

const argumentTerm = ({ name, isOptional, many }: { name: string; isOptional?: boolean; many?: boolean }): string => {
  const term = `${name}${many ? '...' : ''}`;
  return isOptional ? `[${term}]` : `<${term}>`;
};

/** Makes the option of commander. Its value is under the key of the definition. */
function toOption(definition: OptionDefinition): Option {
  const { name, short, value, isValueOptional, help, many, read, choices, default: fallback } = definition;
  const long = short === undefined ? `--${name}` : `-${short}, --${name}`;
  const flags = value === undefined ? long : `${long} ${isValueOptional ? `[${value}]` : `<${value}>`}`;
  const option = new Option(flags, fallback === undefined ? help : `${help} (default: ${fallback})`);
  if (value === undefined) return option;
  return option.argParser((text: string, before: unknown) => {
    if (choices && !choices.includes(text)) throw notAChoice(name, text, choices);
    const converted = convert(name, text, read);
    return many ? [...((before as unknown[] | undefined) ?? []), converted] : converted;
  });
}

function notAChoice(name: string, text: string, choices: readonly string[]): UsageError {
  const near = nearest(text, choices);
  const question = near ? `; did you mean ${near}?` : '';
  return new UsageError(
    `--${name}: ${JSON.stringify(text)} is none of ${choices.join(', ')}${question || '; give one'}`,
  );
}

function convert(name: string, text: string, read: OptionDefinition['read']): unknown {
  try {
    return read ? read(text) : text;
  } catch (fault) {
    throw new UsageError(`--${name}: ${JSON.stringify(text)} ${(fault as Error).message}`);
  }
}

/** The program without a command that exists. */
class Root extends Command {
  override parseOptions(args: string[]) {
    const parsed = super.parseOptions(args);
    if (asksForHelp(args)) return parsed;
    const [first, second] = args;
    if (first === undefined) {
      throw new UsageError(`no command is given; there are ${SOME_COMMANDS} and more, see ${NAME} --help`);
    }
    if (first === '-v' || first === '--version') return parsed;
    if (first.startsWith('-'))
      throw new UsageError(`${printed(first)}: there is no such option; ${NAME} --help lists them`);
    if (Object.hasOwn(PREFIXES, first)) {
      const list = NAMES.filter((name) => name.startsWith(`${first} `));
      const fault =
        second === undefined ? `${first} needs one more word` : `${first} ${second}: there is no such command`;
      const near = second === undefined ? undefined : nearest(`${first} ${second}`, list);
      throw new UsageError(
        `${fault}; ${near ? `did you mean ${near}?` : `there are ${list.join(', ')}`} See ${NAME} --help`,
      );
    }
    const near = nearest(first, [...NAMES, ...Object.keys(PREFIXES)]);
    const remedy = near ? `did you mean ${near}? See` : `there are ${SOME_COMMANDS} and more, see`;
    throw new UsageError(`${first}: there is no such command; ${remedy} ${NAME} --help`);
  }
}

/** One command. Its messages name the argument, the fault and the remedy. */
class Leaf extends Command {
  readonly #definition: CommandDefinition;

  constructor(definition: CommandDefinition) {
    super(`${NAME} ${definition.name}`);
    this.#definition = definition;
  }

  override parseOptions(args: string[]) {
    if (asksForHelp(args)) return super.parseOptions(args);
    this.#requireValues(args);
    const parsed = super.parseOptions(args);
    const [unknown] = parsed.unknown;
    if (unknown !== undefined) throw this.#unknownOption(unknown);
    // The version is printed by an event of the option.
    if (!args.includes('-v') && !args.includes('--version')) this.#checkArguments(parsed.operands);
    return parsed;
  }

  /** Checks that the value of an option is there, and is no option by mistake. */
  #requireValues(args: readonly string[]): void {
    for (const [at, argument] of args.entries()) {
      if (argument === '--') return;
      const option = this.options.find(({ long, short }) => argument === long || argument === short);
      const value = args[at + 1];
      if (!option?.required || (value !== undefined && !value.startsWith('--'))) continue;
      const placeholder = optionsOf(this.#definition).find(({ name }) => `--${name}` === option.long)?.value;
      const written = `${argument} ${placeholder}`;
      throw new UsageError(
        `${argument}: its value is missing; write ${value === undefined ? written : `${written}, or ${argument}=${value}`}`,
      );
    }
  }

  #unknownOption(argument: string): UsageError {
    const [name = '', ...rest] = argument.split('=');
    const known = optionsOf(this.#definition).map((option) => option.name);
    if (rest.length && known.includes(name.slice(2))) {
      return new UsageError(`${name}: takes no value; leave out ${JSON.stringify(rest.join('='))}`);
    }
    const near = name.startsWith('--') ? nearest(name.slice(2), known) : undefined;
    const remedy = near ? `did you mean --${near}?` : `${NAME} ${this.#definition.name} --help lists them`;
    return new UsageError(`${printed(name)}: there is no such option; ${remedy}`);
  }

  #checkArguments(operands: readonly string[]): void {
    const { name: command, arguments: given = [] } = this.#definition;
    const help = `see ${NAME} ${command} --help`;
    const missing = given[operands.length];
    if (missing && !missing.isOptional) {
      throw new UsageError(`${command}: <${missing.name}> is missing; give ${missing.help}; ${help}`);
    }
    const excess = given.at(-1)?.many ? undefined : operands[given.length];
    if (excess !== undefined) {
      const takes = given.length ? `takes only ${given.map(argumentTerm).join(' ')}` : 'takes only options';
      throw new UsageError(`${excess}: ${command} ${takes}, ${help}`);
    }
    for (const [at, operand] of operands.entries()) {
      const { name, choices } = given[Math.min(at, given.length - 1)] ?? { name: '' };
      if (choices && !choices.includes(operand)) {
        const near = nearest(operand, choices);
        const remedy = near ? `did you mean ${near}?` : 'give one';
        throw new UsageError(`${operand}: <${name}> is one of ${choices.join(', ')}; ${remedy}`);
      }
    }
  }
}

/** An unknown option with its value left out, which may be a secret. */
const printed = (argument: string): string => argument.replace(/=.*$/s, '');

const asksForHelp = (args: readonly string[]): boolean => {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).some((argument) => argument === '-h' || argument === '--help');
};
