/** The commands about redirect entries. */
import { APP_ARGUMENT } from '../apps/definitions.js';
import type { CommandDefinition, OptionDefinition } from '../definition.js';

const ENTRIES = {
  name: 'url-or-domain',
  help: 'a URL with a path is a redirect URI; a host or an origin is a redirect domain',
  isOptional: true,
  many: true,
} as const;

const ENTRY_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'uri',
    value: 'URL',
    isValueOptional: true,
    help: 'take this entry as a redirect URI; without a value, every entry; can be repeated',
    many: true,
  },
  {
    name: 'domain',
    value: 'DOMAIN',
    isValueOptional: true,
    help: 'take this entry as a redirect domain; without a value, every entry; can be repeated',
    many: true,
  },
  {
    name: 'both',
    value: 'URL',
    isValueOptional: true,
    help: 'take this URL as a redirect URI, and its host as a redirect domain; can be repeated',
    many: true,
  },
];

export const REDIRECT_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'allow',
    summary: 'Add redirect URIs and domains to an app',
    description: 'The other entries stay, also when several jobs add entries at once.',
    arguments: [APP_ARGUMENT, ENTRIES],
    options: ENTRY_OPTIONS,
    isPerSite: true,
    isWriting: true,
    examples: [
      'wix-oauth-apps allow name:Storefront https://shop.example.com/cb shop.example.com',
      'wix-oauth-apps allow name:Storefront --both https://preview.example.com/api/auth/callback --dry-run',
    ],
    load: async () => (await import('./change.js')).allow,
  },
  {
    name: 'disallow',
    summary: 'Remove redirect URIs and domains from an app',
    description: 'Entries that are not in a list are ignored.',
    arguments: [APP_ARGUMENT, ENTRIES],
    options: ENTRY_OPTIONS,
    isPerSite: true,
    isWriting: true,
    examples: [
      'wix-oauth-apps disallow name:Storefront https://old.example.com/cb old.example.com',
      'wix-oauth-apps disallow name:Storefront --both https://old.example.com/cb --dry-run',
    ],
    load: async () => (await import('./change.js')).disallow,
  },
  {
    name: 'check',
    summary: 'Tell whether Wix would send a visitor to a URL',
    description:
      'Exit code 3 means no. If the URL is not allowed, the nearest entry is shown, with a caret under the first ' +
      'character that differs. Apply --fix only to a URL of your own, never to one that came from a request.',
    arguments: [APP_ARGUMENT, { name: 'url', help: 'the URL, exactly as the client sends it' }],
    options: [
      {
        name: 'after',
        value: 'PROCESS',
        help: 'authentication, or other, such as a checkout or a logout',
        default: 'authentication',
        choices: ['authentication', 'other'],
      },
      { name: 'fix', help: 'allow the URL if it is not' },
    ],
    isPerSite: true,
    isWriting: true,
    examples: [
      'wix-oauth-apps check name:Storefront https://shop.example.com/cb',
      'wix-oauth-apps check name:Storefront https://shop.example.com/thanks --after other --json',
    ],
    load: async () => (await import('./check.js')).check,
  },
  {
    name: 'lint',
    summary: 'Find errors and risks in redirect entries',
    description: 'Exit code 3 means that there are errors. With --from it needs no credentials.',
    arguments: [{ ...APP_ARGUMENT, isOptional: true, many: true }],
    options: [
      { name: 'from', value: 'FILE', help: 'the apps of a configuration file, instead of those of the site' },
      { name: 'probe', help: 'look up each host, and report those that no longer exist' },
    ],
    isPerSite: true,
    examples: ['wix-oauth-apps lint', 'wix-oauth-apps lint name:Storefront --json'],
    load: async () => (await import('./lint.js')).lint,
  },
];
