/** The commands about the configuration file. */
import type { CommandDefinition, OptionDefinition } from '../definition.js';

const FILE: OptionDefinition = {
  name: 'file',
  short: 'f',
  value: 'FILE',
  help: 'the configuration file',
  default: 'wix-oauth-apps.yaml or .json in the working directory',
};

export const CONFIG_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'export',
    summary: 'Print the apps of a site as a configuration file',
    description:
      'The file is YAML, and begins with the line by which editors find its JSON Schema. Planning it changes nothing.',
    options: [{ name: 'out', value: 'FILE', help: 'write it to this file; JSON if the name ends in .json' }],
    isPerSite: true,
    examples: ['wix-oauth-apps export --out wix-oauth-apps.yaml', 'wix-oauth-apps export --json'],
    load: async () => (await import('./export.js')).exportApps,
  },
  {
    name: 'plan',
    summary: 'Show what apply would change',
    description:
      'Compares the apps of the site with the configuration file, and changes nothing. With --out, apply makes exactly ' +
      'these changes, and refuses if the site has changed meanwhile.',
    options: [
      FILE,
      { name: 'out', value: 'PLAN', help: 'write the plan to this file, for apply' },
      { name: 'exit-code', help: 'end with exit code 3 if there are changes' },
    ],
    isPerSite: true,
    examples: ['wix-oauth-apps plan --exit-code', 'wix-oauth-apps plan -f wix-oauth-apps.yaml --out plan.json'],
    load: async () => (await import('./plan.js')).plan,
  },
  {
    name: 'apply',
    summary: 'Make a site as its configuration file says',
    description:
      'Takes the configuration file, or a plan that `plan --out` has written. Reads the apps back afterwards. A second ' +
      'run changes nothing; a run after a failure finishes the work. Asks before it deletes apps, and needs --yes for ' +
      'that without a terminal.',
    arguments: [{ name: 'plan', help: 'a plan file, instead of -f', isOptional: true }],
    options: [
      FILE,
      {
        name: 'backup',
        value: 'FILE',
        help: 'first write a configuration that restores the apps; an existing file stays, and the next free name is used',
      },
    ],
    isPerSite: true,
    isWriting: true,
    isConfirmed: true,
    examples: ['wix-oauth-apps apply --dry-run', 'wix-oauth-apps apply plan.json --yes --backup before.yaml'],
    load: async () => (await import('./apply.js')).apply,
  },
];
