/**
 * The definition of a command: its name, arguments, options and examples, as plain data. The parser, `--help`, the
 * completion scripts and the reference in the README are made from it; the command's own module is loaded when it runs.
 */
import type { Command } from './command.js';

/** An option of a command. */
export interface OptionDefinition {
  /** The name without `--`. The module receives the value under the name in camelCase. */
  name: string;
  /** A letter that stands for the name, as in `-f FILE`. */
  short?: string;
  /** The placeholder of the value in the help; a switch has none. */
  value?: string;
  /** Set if the option may also be given without its value. */
  isValueOptional?: boolean;
  /** The meaning in one line, without the default. */
  help: string;
  /** The default, as the help shows it. */
  default?: string;
  /** Set if the option can be repeated; the module receives a list. */
  many?: boolean;
  /** The only values that are accepted. */
  choices?: readonly string[];
  /** Converts the text. Throws an error whose message is the predicate of a sentence about the text. */
  read?: (text: string) => unknown;
}

/** A positional argument of a command. */
export interface ArgumentDefinition {
  /** The name, such as `app`. The module receives the value under this name. */
  name: string;
  help: string;
  isOptional?: boolean;
  /** Set for the last argument if it can be repeated; the module receives a list. */
  many?: boolean;
  choices?: readonly string[];
}

/** A command of the program. */
export interface CommandDefinition {
  /** The name; two words for a command of a group, such as `preview add`. */
  name: string;
  /** One line, a sentence without a period that begins with a verb. */
  summary: string;
  /** Further paragraphs of the help. */
  description?: string;
  arguments?: readonly ArgumentDefinition[];
  options?: readonly OptionDefinition[];
  /** Set if the command calls the API: it gets the options for the connection. */
  isOnline?: boolean;
  /** Set if the command runs for one site, and so for each of `--sites`. Such a command is online too. */
  isPerSite?: boolean;
  /** Set if the command writes: it gets `--dry-run`. */
  isWriting?: boolean;
  /** Set if the command asks before it deletes: it gets `--yes`. */
  isConfirmed?: boolean;
  /** Set if the command serves until a signal: it handles signals and the loss of its reader itself. */
  isServer?: boolean;
  /** Set if the command has no result to print as JSON. */
  hasNoJson?: boolean;
  /** Command lines that work on the emulator with an app `Storefront`, at least two. */
  examples: readonly string[];
  /** Loads the module of the command. */
  load: () => Promise<Command>;
}

/** Returns the name under which a module receives an option: `redirectUri` for `redirect-uri`, `color` for `no-color`. */
export const optionKey = (name: string): string =>
  name.replace(/^no-/, '').replace(/-([a-z\d])/g, (_, character: string) => character.toUpperCase());
