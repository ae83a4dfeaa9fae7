/** The fields of an app, from the options and a file. */
import type { OAuthAppDraft, OAuthAppPatch, Violation } from 'wix-oauth-apps';
import { UsageError } from '../../errors.js';
import { readConfig } from '../../files/config.js';
import { readDocument } from '../../files/document.js';
import { describeViolation } from '../../output/output.js';
import type { RunContext } from '../../run/context.js';
import type { Input } from '../command.js';
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
  const apps = isApp ? [readApp(value as Fields, path, run, core)] : readConfig(file, core, run).apps;
  const chosen = apps.length === 1 ? apps : apps.filter((app) => name !== undefined && app['name'] === name);
  const [app] = chosen;
  if (app && chosen.length === 1) return without(app, OTHER_KEYS);
  const names = apps.map((candidate) => JSON.stringify(candidate['name'] ?? candidate['id'])).join(', ');
  throw new UsageError(`--from: ${path} has ${apps.length} apps; choose one with --name: ${names || 'there is none'}`);
}

/** Reads an app that is the whole file, as the only app of a configuration. */
function readApp(app: Fields, path: string, run: RunContext, core: Awaited<ReturnType<RunContext['core']>>): Fields {
  const file = readDocument(path);
  const inner: typeof file = {
    ...file,
    value: { apps: [without(app, ['createdDate', 'secret'])] },
    // The file has no `apps[0]` in front of its keys.
    place: ({ path: [, , ...rest], rule }) => file.place({ path: rest, rule }),
  };
  return readConfig(inner, core, run).apps[0] ?? {};
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
