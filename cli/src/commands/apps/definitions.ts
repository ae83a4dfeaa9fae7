/** The commands that read and write apps. */
import type { ArgumentDefinition, CommandDefinition } from '../definition.js';

export const APP_ARGUMENT: ArgumentDefinition = {
  name: 'app',
  help: 'a client ID, name:Storefront, or url:https://shop.example.com/cb for the app that lists it',
};

export const APP_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'list',
    summary: 'List the apps of a site',
    options: [{ name: 'name', value: 'TEXT', help: 'only apps whose name contains this text, in any case' }],
    isPerSite: true,
    examples: ['wix-oauth-apps list', 'wix-oauth-apps list --name store --json'],
    load: async () => (await import('./list.js')).list,
  },
  {
    name: 'get',
    summary: 'Show one app',
    arguments: [APP_ARGUMENT],
    isPerSite: true,
    examples: ['wix-oauth-apps get name:Storefront', 'wix-oauth-apps get url:https://shop.example.com/cb --json'],
    load: async () => (await import('./get.js')).get,
  },
];
