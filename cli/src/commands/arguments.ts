/** Reads the arguments of the command line. */
import { parseArgs } from 'node:util';
import { DEFAULTS, OPTIONS, type Option, type Settings } from './options.js';

/** Thrown for wrong arguments; the message names the argument, the fault and the remedy. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What the arguments ask for. */
export type Invocation = { command: 'emulate'; settings: Settings } | { command: 'help' | 'version' };

/**
 * Returns the command and its settings. Throws a `UsageError` for arguments that cannot be used.
 *
 * @param args The arguments after the program's name.
 */
export function readArguments(args: string[]): Invocation {
  // Not strict: Node's own messages name no remedy.
  const { tokens } = parseArgs({
    args,
    strict: false,
    tokens: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
      ...Object.fromEntries(
        Object.entries(OPTIONS).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' } as const]),
      ),
    },
  });
  const options = tokens.flatMap((token) => (token.kind === 'option' ? [token] : []));
  if (options.some(({ name }) => name === 'help')) return { command: 'help' };
  if (options.some(({ name }) => name === 'version')) return { command: 'version' };
  const unknown = options.find(({ name }) => !Object.hasOwn(OPTIONS, name));
  if (unknown) {
    const near = unknown.rawName.startsWith('--') ? nearest(unknown.name) : undefined;
    const remedy = near ? `did you mean --${near}?` : 'wix-oauth-apps --help lists them';
    throw new UsageError(`${unknown.rawName}: there is no such option; ${remedy}`);
  }
  const [command, ...rest] = tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []));
  if (command !== 'emulate') {
    const fault = command === undefined ? 'no command is given' : `${command}: there is no such command`;
    throw new UsageError(`${fault}; the command is emulate, see wix-oauth-apps --help`);
  }
  if (rest.length) throw new UsageError(`${rest[0]}: emulate takes only options, see wix-oauth-apps --help`);

  const settings: Settings = { ...DEFAULTS, emulator: {} };
  for (const { name, rawName, value, inlineValue } of options) {
    const option = OPTIONS[name] as Option;
    const target = option.emulator ? settings.emulator : settings;
    const key = option.emulator ?? option.setting ?? name;
    const read = readValue(rawName, option, value, inlineValue);
    const before = Reflect.get(target, key);
    Reflect.set(target, key, option.many ? [...(before ?? []), read] : read);
  }
  if (Reflect.has(settings, 'no-retry-after')) {
    const { rateLimit } = settings.emulator;
    if (!rateLimit) {
      throw new UsageError('--no-retry-after: has no effect without a limit; give --rate-limit too, or leave it out');
    }
    rateLimit.retryAfter = false;
  }
  return { command: 'emulate', settings };
}

/** Returns a message about an option of `startServer` with the name that the option has on the command line. */
export function inArguments(message: string): string {
  const [, key = '', rest = ''] = /^options\.(\w+)([^]*)$/.exec(message) ?? [];
  const entry = Object.entries(OPTIONS).find(([name, { setting, emulator }]) => key === (emulator ?? setting ?? name));
  return entry ? `--${entry[0]}${rest}` : message;
}

/** Returns the option whose name is most similar to one that does not exist; undefined if none is similar. */
function nearest(name: string): string | undefined {
  const [best] = Object.keys(OPTIONS)
    .map((option) => ({ option, distance: option.startsWith(name) ? 1 : editDistance(name, option) }))
    .filter(({ option, distance }) => distance <= Math.min(3, option.length >> 1))
    .sort((one, other) => one.distance - other.distance);
  return best?.option;
}

/** Returns how many characters to insert, delete or replace (Levenshtein distance). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (let at = 0; at < other.length; at += 1) {
      const replaced = Number(row[at]) + (character === other[at] ? 0 : 1);
      next.push(Math.min(replaced, Number(row[at + 1]) + 1, Number(next[at]) + 1));
    }
    row = next;
  }
  return Number(row.at(-1));
}

/** @param isInline Whether the value was given after `=`. */
function readValue(rawName: string, option: Option, value: string | undefined, isInline: boolean | undefined): unknown {
  const { value: placeholder, read = (text: string) => text } = option;
  if (placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName}: takes no value; leave out ${JSON.stringify(value)}`);
    return !rawName.startsWith('--no-');
  }
  const isOption = value !== undefined && !isInline && value.startsWith('--');
  if (value === undefined || isOption) {
    const remedy = isOption ? `${rawName} ${placeholder}, or ${rawName}=${value}` : `${rawName} ${placeholder}`;
    throw new UsageError(`${rawName}: its value is missing; write ${remedy}`);
  }
  try {
    return read(value);
  } catch (fault) {
    throw new UsageError(`${rawName}: ${JSON.stringify(value)} ${(fault as Error).message}`);
  }
}
