/** The reference of the README, made from the definitions. `node cli/reference.mjs` writes it. */
import { CONNECTION_OPTIONS, OUTPUT_OPTIONS, optionsOf } from './common.js';
import type { ArgumentDefinition, CommandDefinition, OptionDefinition } from './definition.js';
import { loadGroups } from './definitions.js';

const SHARED: readonly OptionDefinition[] = [...CONNECTION_OPTIONS, ...OUTPUT_OPTIONS];

/** Returns the reference in Markdown. */
export async function reference(): Promise<string> {
  const groups = await loadGroups();
  const sections = groups.flatMap(({ title, commands }) => [`### ${title}`, ...commands.map(command)]);
  const shared = [
    '### Shared options',
    'Every command that calls the API has these options; each command has `--help` and `--version`.',
    list(SHARED.map(option)),
  ];
  return [...sections, ...shared].join('\n\n');
}

function command(definition: CommandDefinition): string {
  const { name, summary, description, arguments: given = [], examples } = definition;
  const own = optionsOf(definition).filter((candidate) => !SHARED.includes(candidate));
  const usage = ['wix-oauth-apps', name, ...given.map(term), ...(own.length ? ['[options]'] : [])].join(' ');
  return [
    `#### ${name}`,
    `${summary}.${description === undefined ? '' : ` ${text(description)}`}`,
    fence(usage),
    ...(given.length || own.length ? [list([...given.map(argument), ...own.map(option)])] : []),
    'For example:',
    fence(examples.join('\n')),
  ].join('\n\n');
}

const fence = (content: string): string => `\`\`\`text\n${content}\n\`\`\``;
const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

const term = ({ name, isOptional, many }: ArgumentDefinition): string => {
  const inner = `${name}${many ? '...' : ''}`;
  return isOptional ? `[${inner}]` : `<${inner}>`;
};

const argument = (definition: ArgumentDefinition): string => `\`${term(definition)}\`: ${text(definition.help)}`;

function option({ name, value, isValueOptional, help, default: fallback }: OptionDefinition): string {
  const placeholder = value === undefined ? '' : isValueOptional ? ` [${value}]` : ` ${value}`;
  return `\`--${name}${placeholder}\`: ${text(help)}${fallback === undefined ? '' : ` (default: ${text(fallback)})`}`;
}

/** Escapes what Markdown would take for markup, outside of code. */
const text = (content: string): string =>
  content
    .split(/(`[^`]*`)/)
    .map((part, at) =>
      at % 2 ? part : part.replace(/[*<>[\]]/g, '\\$&').replace(/(\S*https?:\/\/\S+[^\s,.])/g, '`$1`'),
    )
    .join('');
