/** Every command, in the groups and the order of the help. */
import { APP_COMMANDS } from './apps/definitions.js';
import type { CommandDefinition } from './definition.js';
import { REDIRECT_COMMANDS } from './redirects/definitions.js';
import { TOOL_COMMANDS } from './tools/definitions.js';

/** Commands under one heading of the help. */
export interface CommandGroup {
  title: string;
  commands: readonly CommandDefinition[];
}

export const GROUPS: readonly CommandGroup[] = [
  { title: 'Apps', commands: APP_COMMANDS },
  { title: 'Redirects', commands: REDIRECT_COMMANDS },
  { title: 'Tools', commands: TOOL_COMMANDS },
];

export const COMMANDS: readonly CommandDefinition[] = GROUPS.flatMap(({ commands }) => commands);

/** The summaries of the first words of commands with two words. */
export const PREFIXES: Readonly<Record<string, string>> = {
  preview: 'Register and remove preview deployments',
};
