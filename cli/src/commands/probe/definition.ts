/** The definition of `probe`. */
import type { CommandDefinition } from '../definition.js';

export const PROBE: CommandDefinition = {
  name: 'probe',
  summary: 'Compare the service with what the emulator assumes',
  description:
    'Asks the service what its documentation leaves open. Creates an app with a name of its own, tries updates, queries, limits and redirects with it, and deletes it again: ' +
    'after the last answer, after a failure, and after Ctrl-C. If it cannot be deleted, the message names it. The other ' +
    'apps are not changed, and no secret is printed or stored. The last question measures the rate limit with at most ' +
    '250 queries; other programs with the same credential may be refused for a minute. `--out` writes a profile with ' +
    'which `emulate --profile` behaves as the service answered. An answer that could not be found out is null, and a ' +
    'warning says why.',
  options: [{ name: 'out', value: 'PROFILE', help: 'write the answers to this file, for `emulate --profile`' }],
  isOnline: true,
  isWriting: true,
  isConfirmed: true,
  examples: ['wix-oauth-apps probe --yes', 'wix-oauth-apps probe --yes --out profile.json --json'],
  load: async () => (await import('./command.js')).probe,
};
