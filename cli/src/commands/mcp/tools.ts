/** The tools of `mcp`: what each is called, what it takes, and what it does. Their work is that of the commands. */
import type { OAuthAppPatch, WantedOAuthApp } from 'wix-oauth-apps';
import { UsageError } from '../../errors.js';
import { checkReference, type SiteContext } from '../../run/site.js';
import { checkDraft, checkPatch } from '../apps/draft.js';
import { list } from '../apps/list.js';
import { FIELD_OPTIONS } from '../apps/options.js';
import { changeEntries } from '../redirects/change.js';
import { check } from '../redirects/check.js';
import { lint } from '../redirects/lint.js';
import { inputSchema, type InputSchema, type Property } from './schema.js';

/** The input of a call, which fits the schema of its tool. */
type ToolInput = Record<string, unknown>;

export interface Tool {
  name: string;
  title: string;
  description: string;
  /** The option that a server needs to offer the tool. */
  needs?: 'allow-write' | 'allow-delete';
  schema: InputSchema;
  run: (site: SiteContext, input: ToolInput) => Promise<unknown>;
}

const APP: Property = {
  type: 'string',
  minLength: 1,
  description: 'a client ID, name:Storefront, or url:https://shop.example.com/cb for the app that lists it',
};

const ENTRIES: Property = {
  type: 'array',
  items: { type: 'string' },
  minItems: 1,
  description: 'redirect URIs (URLs with a path) and domains (bare hosts or origins)',
};

const AS: Property = {
  type: 'string',
  enum: ['auto', 'uri', 'domain', 'both'],
  description: 'what the entries are; auto, the default, decides for each by its form',
};

/** The properties for the fields of an app. */
const fieldProperties = (isClearable: boolean): Record<string, Property> =>
  Object.fromEntries(
    FIELD_OPTIONS.filter(({ field }) => field !== 'name').map(({ field, help, many, choices }) => {
      const type = many ? 'array' : 'string';
      const description = `${help.replace('; can be repeated', '')}${isClearable ? '; null clears it' : ''}`;
      return [
        field,
        {
          type: isClearable ? [type, 'null'] : type,
          ...(many && { items: { type: 'string' } }),
          ...(choices && { enum: choices }),
          description,
        } as Property,
      ];
    }),
  );

const NAME: Property = { type: 'string', description: 'the name that the dashboard shows' };

export const TOOLS: readonly Tool[] = [
  {
    name: 'list',
    title: 'List OAuth apps',
    description: 'Lists the OAuth apps of the site with their redirect lists.',
    schema: inputSchema(
      {},
      { name: { type: 'string', description: 'only apps whose name contains this text, in any case' } },
    ),
    run: (site, { name }) => list.run(site, name as string | undefined),
  },
  {
    name: 'get',
    title: 'Get an OAuth app',
    description: 'Returns one OAuth app.',
    schema: inputSchema({ app: APP }),
    run: async (site, { app }) => site.findApp(await checkReference(app as string, site.run)),
  },
  {
    name: 'check',
    title: 'Check a redirect',
    description:
      'Tells whether Wix would redirect a visitor of the app to a URL. A refusal names the nearest entry, the difference ' +
      'and the entry that would allow the URL.',
    schema: inputSchema(
      { app: APP, url: { type: 'string', minLength: 1, description: 'the URL, such as https://shop.example.com/cb' } },
      {
        after: {
          type: 'string',
          enum: ['authentication', 'other'],
          description: 'after a login (authentication, the default), or after a checkout or a logout (other)',
        },
      },
    ),
    run: async (site, { app, url, after = 'authentication' }) => {
      const reference = await checkReference(app as string, site.run);
      return check.run(site, {
        reference,
        url: url as string,
        after: after as 'authentication' | 'other',
        fix: false,
        isDryRun: false,
      });
    },
  },
  {
    name: 'lint',
    title: 'Lint redirect entries',
    description: 'Returns the errors and warnings in the redirect entries of some apps, or of every app of the site.',
    schema: inputSchema(
      {},
      {
        apps: {
          type: 'array',
          items: { type: 'string' },
          description: 'the apps: client IDs, name:NAME or url:URL; every app unless given',
        },
        probe: { type: 'boolean', description: 'also look up each host, and report those that no longer exist' },
      },
    ),
    run: async (site, { apps = [], probe = false }) => {
      const references = apps as string[];
      for (const reference of references) await checkReference(reference, site.run);
      return lint.run(site, { references, apps: undefined, probe: probe as boolean });
    },
  },
  {
    name: 'ensure',
    title: 'Find or create an OAuth app',
    description:
      'Finds the app by its name or a redirect entry, or creates it, and adds the redirect entries that it does not have. ' +
      'The secret of a new app is not returned.',
    needs: 'allow-write',
    schema: inputSchema({ name: NAME }, fieldProperties(false)),
    run: async (site, input) => {
      await checkDraft(input);
      const wanted = input as unknown as WantedOAuthApp;
      const ensure = () => site.client.ensureOAuthApp(wanted, site.call);
      const { oAuthApp, created, changed } = await site.journal.step(`ensure the app ${wanted.name}`, ensure);
      const { secret: _, ...app } = oAuthApp;
      return { oAuthApp: app, created, changed };
    },
  },
  {
    name: 'allow',
    title: 'Allow redirects',
    description: 'Adds redirect URIs and domains to an app. The other entries stay.',
    needs: 'allow-write',
    schema: inputSchema({ app: APP, entries: ENTRIES }, { as: AS }),
    run: (site, input) => change(site, input, true),
  },
  {
    name: 'disallow',
    title: 'Disallow redirects',
    description: 'Removes redirect URIs and domains from an app. The other entries stay.',
    needs: 'allow-write',
    schema: inputSchema({ app: APP, entries: ENTRIES }, { as: AS }),
    run: (site, input) => change(site, input, false),
  },
  {
    name: 'update',
    title: 'Update an OAuth app',
    description: 'Sets fields of an app. A list replaces the whole list: use allow and disallow for single entries.',
    needs: 'allow-write',
    schema: inputSchema({ app: APP }, { name: NAME, ...fieldProperties(true) }),
    run: async (site, { app, ...fields }) => {
      const reference = await checkReference(app as string, site.run);
      if (!Object.keys(fields).length) throw new UsageError('no field is named, so nothing would change; give one');
      const patch: OAuthAppPatch = await checkPatch(fields);
      const { id, name } = await site.findApp(reference);
      return site.journal.step(`update the app ${name} (${id})`, () =>
        site.client.updateOAuthApp(id, patch, site.call),
      );
    },
  },
  {
    name: 'delete',
    title: 'Delete an OAuth app',
    description: 'Deletes an app. Nobody can log in with its client ID any more, and it cannot be restored.',
    needs: 'allow-delete',
    schema: inputSchema({ app: APP }),
    run: async (site, { app }) => {
      const { id, name } = await site.findApp(await checkReference(app as string, site.run));
      await site.journal.step(`delete the app ${name} (${id})`, () => site.client.deleteOAuthApp(id, site.call));
      return { deleted: id };
    },
  },
];

async function change(site: SiteContext, { app, entries, as = 'auto' }: ToolInput, isAdding: boolean) {
  const reference = await checkReference(app as string, site.run);
  const core = await site.run.core();
  const target = as as 'auto' | 'uri' | 'domain' | 'both';
  const { uris, domains } = core.readEntries({ arguments: entries as string[], target, judge: isAdding });
  return changeEntries(site, reference, isAdding ? { add: { uris, domains } } : { remove: { uris, domains } });
}
