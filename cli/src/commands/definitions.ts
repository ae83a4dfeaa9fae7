/**
 * Every command, in the groups and the order of the help. The definitions of a group are loaded when they are needed, except
 * those of the commands for apps, which run most often.
 */
import { APP_COMMANDS } from './apps/definitions.js';
import type { CommandDefinition } from './definition.js';

/** Commands under one heading of the help. */
export interface CommandGroup {
  title: string;
  /** The names of the commands, in the order of their definitions. */
  names: readonly string[];
  load: () => Promise<readonly CommandDefinition[]>;
}

export const GROUPS: readonly CommandGroup[] = [
  {
    title: 'Apps',
    names: ['list', 'get', 'create', 'update', 'delete', 'secret', 'ensure'],
    load: async () => APP_COMMANDS,
  },
  {
    title: 'Redirects',
    names: ['allow', 'disallow', 'check', 'lint'],
    load: async () => (await import('./redirects/definitions.js')).REDIRECT_COMMANDS,
  },
  {
    title: 'Previews',
    names: ['preview add', 'preview remove', 'preview prune'],
    load: async () => (await import('./preview/definitions.js')).PREVIEW_COMMANDS,
  },
  {
    title: 'Configuration',
    names: ['export', 'plan', 'apply'],
    load: async () => (await import('./config/definitions.js')).CONFIG_COMMANDS,
  },
  {
    title: 'Tools',
    names: ['doctor', 'probe', 'emulate', 'mcp', 'completion'],
    load: async () => (await import('./tools/definitions.js')).TOOL_COMMANDS,
  },
];

/** The names of all commands. */
export const NAMES: readonly string[] = GROUPS.flatMap(({ names }) => names);

/** The summaries of the first words of commands with two words. */
export const PREFIXES: Readonly<Record<string, string>> = {
  preview: 'Register and remove preview deployments',
};

/** Returns the definition of a command; undefined if there is no command of that name. */
export async function loadCommand(name: string): Promise<CommandDefinition | undefined> {
  const group = GROUPS.find(({ names }) => names.includes(name));
  return (await group?.load())?.find((definition) => definition.name === name);
}

/** Returns every definition, in groups. */
export const loadGroups = (): Promise<{ title: string; commands: readonly CommandDefinition[] }[]> =>
  Promise.all(GROUPS.map(async ({ title, load }) => ({ title, commands: await load() })));

/** Returns every definition. */
export const loadCommands = async (): Promise<CommandDefinition[]> =>
  (await loadGroups()).flatMap(({ commands }) => [...commands]);
