/** The commands that work on no app of a site. */
import type { CommandDefinition } from '../definition.js';
import { EMULATE } from '../emulate/definition.js';

export const TOOL_COMMANDS: readonly CommandDefinition[] = [EMULATE];
