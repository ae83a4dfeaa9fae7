/** The command `update`. */
import type { OAuthApp, OAuthAppPatch } from 'wix-oauth-apps';
import { UsageError } from '../../errors.js';
import { nearest } from '../../parse/nearest.js';
import { checkReference } from '../../run/site.js';
import type { SiteCommand } from '../command.js';
import { checkPatch, readFields, type Fields } from './draft.js';
import { FIELD_OPTIONS } from './options.js';
import { renderApp } from './render.js';
import { renderChanges } from './changes.js';

interface Prepared {
  reference: string;
  patch: OAuthAppPatch;
}

/** Fields without an option of their own that can be cleared. */
const OTHER_FIELDS: readonly string[] = ['allowedDomains', 'origin', 'wixPagesDomainsMappings', 'redirectUrlWixPages'];

export const update: SiteCommand<Prepared, Partial<OAuthApp>> = {
  kind: 'site',
  async prepare(input, run) {
    const reference = await checkReference(input.arguments['app'] as string, run);
    const fields = await readFields(input, run);
    delete fields['id'];
    for (const field of (input.options['clear'] as string[] | undefined) ?? []) clear(fields, field);
    if (!Object.keys(fields).length) {
      const names = FIELD_OPTIONS.map(({ name }) => `--${name}`).join(', ');
      throw new UsageError(`update: no field is named, so nothing would change; give ${names}, --from or --clear`);
    }
    return { reference, patch: await checkPatch(fields) };
  },
  async run(site, { reference, patch }) {
    const app = await site.findApp(reference);
    if (site.isDryRun) {
      const after = { ...app, ...patch } as Partial<OAuthApp>;
      site.run.output.notify(`Dry run: would change the app ${app.name} (${app.id}).`);
      site.run.output.notify(renderChanges(app, after, site.run.output.errorStyle));
      return after;
    }
    return site.journal.step(`update the app ${app.name} (${app.id})`, () =>
      site.client.updateOAuthApp(app.id, patch, site.call),
    );
  },
  render: renderApp,
};

/** Adds a field of `--clear`, which is named as in the API or as its option. */
function clear(fields: Fields, given: string): void {
  const option = FIELD_OPTIONS.find(({ name, field }) => given === name || given === `--${name}` || given === field);
  const field = option?.field ?? OTHER_FIELDS.find((name) => name === given);
  if (field === undefined) {
    const names = [...FIELD_OPTIONS.map((known) => known.field), ...OTHER_FIELDS];
    const near = nearest(given, names);
    throw new UsageError(`--clear: there is no field ${given}; ${near ? `did you mean ${near}?` : names.join(', ')}`);
  }
  if (field === 'name') throw new UsageError('--clear: name cannot be cleared; an app must have one');
  if (field in fields) throw new UsageError(`--clear: ${field} is set and cleared at once; leave one out`);
  fields[field] = null;
}
