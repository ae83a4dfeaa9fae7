/** The commands that read and write apps. */
import type { ArgumentDefinition, CommandDefinition } from '../definition.js';
import { get } from './get.js';
import { list } from './list.js';
import { FIELD_OPTIONS, FROM_OPTION, SECRET_OPTIONS } from './options.js';

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
    load: async () => list,
  },
  {
    name: 'get',
    summary: 'Show one app',
    arguments: [APP_ARGUMENT],
    isPerSite: true,
    examples: ['wix-oauth-apps get name:Storefront', 'wix-oauth-apps get url:https://shop.example.com/cb --json'],
    load: async () => get,
  },
  {
    name: 'create',
    summary: 'Create an app',
    description:
      'The service shows the client secret of a new app only once; --secret-file keeps it. To run a command many times ' +
      'and have one app, use ensure.',
    options: [...FIELD_OPTIONS, FROM_OPTION, ...SECRET_OPTIONS],
    isPerSite: true,
    isWriting: true,
    examples: [
      'wix-oauth-apps create --name Admin --redirect-uri https://admin.example.com/cb --redirect-domain admin.example.com',
      'wix-oauth-apps create --name Mobile --application-type MOBILE --secret-file mobile.secret --json',
    ],
    load: async () => (await import('./create.js')).create,
  },
  {
    name: 'update',
    summary: 'Change fields of an app',
    description:
      'Fields that are not named keep their values. A list option replaces the whole list; to add or remove single ' +
      'entries, use allow and disallow.',
    arguments: [APP_ARGUMENT],
    options: [
      ...FIELD_OPTIONS,
      FROM_OPTION,
      { name: 'clear', value: 'FIELD', help: 'remove the value of a field; can be repeated', many: true },
    ],
    isPerSite: true,
    isWriting: true,
    examples: [
      "wix-oauth-apps update name:Storefront --description 'The shop' --login-url https://shop.example.com/login",
      'wix-oauth-apps update name:Storefront --clear description --dry-run',
    ],
    load: async () => (await import('./update.js')).update,
  },
  {
    name: 'delete',
    summary: 'Delete an app',
    description: 'Nobody can log in with its client ID any more. Asks on a terminal, and needs --yes elsewhere.',
    arguments: [APP_ARGUMENT],
    isPerSite: true,
    isWriting: true,
    isConfirmed: true,
    examples: ['wix-oauth-apps delete name:Storefront --dry-run', 'wix-oauth-apps delete name:Storefront --yes'],
    load: async () => (await import('./delete.js')).deleteApp,
  },
  {
    name: 'secret',
    summary: 'Generate the client secret of an app',
    description: 'The service shows a secret only once, and generates only one unless the app allows another.',
    arguments: [APP_ARGUMENT],
    options: SECRET_OPTIONS,
    isPerSite: true,
    isWriting: true,
    examples: [
      'wix-oauth-apps secret name:Storefront --secret-file storefront.secret',
      'wix-oauth-apps secret name:Storefront --reveal --dry-run',
    ],
    load: async () => (await import('./secret.js')).secret,
  },
  {
    name: 'ensure',
    summary: 'Find or create an app, and add what is missing',
    description:
      'However often it runs, there is one app: found by the ID of the file, else by its exact name, else by a redirect ' +
      'entry. Its redirect lists keep their other entries.',
    options: [
      ...FIELD_OPTIONS,
      FROM_OPTION,
      ...SECRET_OPTIONS,
      {
        name: 'env-file-out',
        value: 'FILE',
        help: 'write the client ID into this dotenv file, and keep its other lines',
      },
      {
        name: 'env-name',
        value: 'NAME',
        help: 'the variable for the client ID in that file',
        default: 'WIX_CLIENT_ID',
      },
    ],
    isPerSite: true,
    isWriting: true,
    examples: [
      'wix-oauth-apps ensure --name Storefront --redirect-uri http://localhost:3000/cb --env-file-out .env.local',
      'wix-oauth-apps ensure --name Storefront --redirect-domain shop.example.com --json',
    ],
    load: async () => (await import('./ensure.js')).ensure,
  },
];
