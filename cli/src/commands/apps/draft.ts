/** The fields of an app, from the options and a file. */
import type { OAuthAppDraft, OAuthAppPatch, Violation } from 'wix-oauth-apps';
import type { Core } from '../../core.js';
import { UsageError } from '../../errors.js';
import { readConfig } from '../../files/config.js';
import { readDocument, type ParsedFile } from '../../files/document.js';
import { describeViolation } from '../../output/output.js';
import type { RunContext } from '../../run/context.js';
import type { Input } from '../../run/input.js';
import { optionKey } from '../definition.js';
import { FIELD_OPTIONS } from './options.js';

export type Fields = Record<string, unknown>;

/** Keys of an app in a configuration, or of the service, that are no fields to write. */
const OTHER_KEYS: readonly string[] = ['redirects', 'ignore', 'createdDate', 'secret'];

/** Returns the fields that the options and the file of `--from` name. An app of a file may have an `id`. */
export async function readFields({ options }: Input, run: RunContext): Promise<Fields> {
  const from = options['from'] as string | undefined;
  const fields: Fields = from === undefined ? {} : await readFile(from, options['name'] as string | undefined, run);
  for (const { name, field } of FIELD_OPTIONS) {
    const value = options[optionKey(name)];
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

/** Reads the app of a file: a configuration with one app, or with one of that name; or an app as `get --json` prints it. */
async function readFile(path: string, name: string | undefined, run: RunContext): Promise<Fields> {
  const file = readDocument(path);
  const core = await run.core();
  const { value } = file;
  const isApp = typeof value === 'object' && value !== null && !Array.isArray(value) && !('apps' in value);
  const apps = isApp ? [readApp(file, run, core)] : readConfig(file, core, run).apps;
  const chosen = apps.length === 1 ? apps : apps.filter((app) => name !== undefined && app['name'] === name);
  const [app] = chosen;
  if (app && chosen.length === 1) return without(app, OTHER_KEYS);
  const names = apps.map((candidate) => JSON.stringify(candidate['name'] ?? candidate['id'])).join(', ');
  throw new UsageError(`--from: ${path} has ${apps.length} apps; choose one with --name: ${names || 'there is none'}`);
}

/** An ID for the reader of configurations, to which an app without ID and name is a mistake. */
const ANY_ID = '00000000-0000-4000-8000-000000000000';

/** Reads an app that is the whole file, as the only app of a configuration. */
function readApp(file: ParsedFile, run: RunContext, core: Core): Fields {
  const app = without(file.value as Fields, ['createdDate', 'secret']);
  const isNamed = 'id' in app || 'name' in app;
  const inner: ParsedFile = {
    ...file,
    value: { apps: [isNamed ? app : { id: ANY_ID, ...app }] },
    // The file has no `apps[0]` in front of its keys.
    place: ({ path: [, , ...rest], rule }) => file.place({ path: rest, rule }),
    describe: ({ text }) => text.replace('apps[0].', ''),
  };
  const read = readConfig(inner, core, run).apps[0] ?? {};
  return isNamed ? read : without(read, ['id']);
}

const without = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

/** Checks the fields of a new app before anything is sent. */
export async function checkDraft(fields: Fields): Promise<OAuthAppDraft> {
  if (fields['name'] === undefined) {
    throw new UsageError('--name is missing; give the name of the app, or a file that has it with --from');
  }
  const { validateOAuthApp } = await import('wix-oauth-apps');
  // `null` in a file clears a field, which a new app does not have.
  const given = Object.entries(fields).filter(([name, value]) => value !== null && name !== 'id');
  const draft = Object.fromEntries(given) as unknown as OAuthAppDraft;
  refuse(validateOAuthApp(draft));
  return draft;
}

/** Checks the fields that an update sets. */
export async function checkPatch(fields: Fields): Promise<OAuthAppPatch> {
  const { validateOAuthApp } = await import('wix-oauth-apps');
  refuse(validateOAuthApp(fields as OAuthAppPatch, { for: 'update' }));
  return fields as OAuthAppPatch;
}

/** Throws a `UsageError` with every error among the violations. */
function refuse(found: Violation[]): void {
  const violations = found.filter(({ severity }) => severity === 'error');
  if (violations.length) throw new UsageError(violations.map(describeViolation).join('\n'), { violations });
}
