/** The commands about preview deployments. */
import { APP_ARGUMENT } from '../apps/definitions.js';
import type { ArgumentDefinition, CommandDefinition, OptionDefinition } from '../definition.js';

const URL_ARGUMENT: ArgumentDefinition = {
  name: 'url',
  help: "the deployment's URL or host, such as https://shop-git-main-team.vercel.app",
};

const CALLBACK: OptionDefinition = {
  name: 'callback',
  value: 'PATH',
  help: 'the path of the redirect URI',
  default: '/api/auth/callback',
};

const PATTERN: OptionDefinition = {
  name: 'pattern',
  value: 'PATTERN',
  help: "the previews, such as 'https://*-team.vercel.app'; other entries are never touched",
};

export const PREVIEW_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'preview add',
    summary: 'Register a preview deployment',
    description:
      'Adds the redirect URI of its callback, and its host to the redirect domains. Both lists take 20 entries.',
    arguments: [APP_ARGUMENT, URL_ARGUMENT],
    options: [
      CALLBACK,
      { name: 'evict-oldest', help: 'if a list is full, remove the oldest previews of --pattern to make room' },
      PATTERN,
    ],
    isPerSite: true,
    isWriting: true,
    examples: [
      'wix-oauth-apps preview add name:Storefront https://shop-git-cart-team.vercel.app',
      "wix-oauth-apps preview add name:Storefront shop-git-cart-team.vercel.app --evict-oldest --pattern 'https://*-team.vercel.app'",
    ],
    load: async () => (await import('./add.js')).previewAdd,
  },
  {
    name: 'preview remove',
    summary: 'Remove a preview deployment',
    description: 'Removes what preview add has added. A preview that is not registered is no failure.',
    arguments: [APP_ARGUMENT, URL_ARGUMENT],
    options: [CALLBACK],
    isPerSite: true,
    isWriting: true,
    examples: [
      'wix-oauth-apps preview remove name:Storefront https://shop-git-cart-team.vercel.app',
      'wix-oauth-apps preview remove name:Storefront shop-git-cart-team.vercel.app --callback /cb --dry-run',
    ],
    load: async () => (await import('./remove.js')).previewRemove,
  },
  {
    name: 'preview prune',
    summary: 'Remove the previews that no longer exist',
    description:
      'Removes the entries that match --pattern and are not in the keep list, or whose host no longer exists. The ' +
      "pattern's scheme and host are compared with each redirect URI, whatever its path, and its host with the redirect " +
      'domains.',
    arguments: [APP_ARGUMENT],
    options: [
      PATTERN,
      {
        name: 'keep',
        value: 'FILE',
        help: 'keep the previews of this list, - for standard input: a URL or host a line',
      },
      { name: 'gone', help: 'remove the previews whose host the domain name system does not know' },
    ],
    isPerSite: true,
    isWriting: true,
    examples: [
      "wix-oauth-apps preview prune name:Storefront --pattern 'https://*-team.vercel.app' --gone",
      "wix-oauth-apps preview prune name:Storefront --pattern 'https://*-team.vercel.app' --keep - < /dev/null",
    ],
    load: async () => (await import('./prune.js')).previewPrune,
  },
];
