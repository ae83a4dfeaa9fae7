/** The fields of an OAuth app in the form, and how each becomes text and back. */
import type { OAuthApp, OAuthAppDraft, OAuthAppPatch } from 'wix-oauth-apps';

export type FieldName = keyof OAuthAppDraft;
/** The values of the form's controls. */
export type FormValues = Record<FieldName, string | boolean>;

interface FieldBase {
  name: FieldName;
  label: string;
  hint?: string;
}
export type Field = FieldBase &
  (
    | { kind: 'text' | 'url' | 'lines' | 'mappings'; rows?: number; isRequired?: boolean }
    | { kind: 'choice'; options: readonly (readonly [string, string])[] }
    | { kind: 'switch' }
  );

export const MAIN_FIELDS: readonly Field[] = [
  { name: 'name', label: 'Name', kind: 'text', isRequired: true, hint: 'The dashboard shows it. 2 to 256 characters.' },
  {
    name: 'allowedRedirectUris',
    label: 'Allowed redirect URIs',
    kind: 'lines',
    rows: 4,
    hint: 'One entry a line, at most 20, such as https://shop.example.com/callback. After a login, Wix sends visitors to exactly these addresses.',
  },
  {
    name: 'allowedRedirectDomains',
    label: 'Allowed redirect domains',
    kind: 'lines',
    rows: 3,
    hint: 'One entry a line, at most 20, such as shop.example.com. After a checkout or a logout, Wix sends visitors to any page of these domains.',
  },
  { name: 'description', label: 'Description', kind: 'text', rows: 2 },
];

export const MORE_FIELDS: readonly Field[] = [
  {
    name: 'loginUrl',
    label: 'Login URL',
    kind: 'url',
    hint: 'Your own page on which visitors log in. Leave it empty to use the page of Wix.',
  },
  {
    name: 'logoutUrl',
    label: 'Logout URL',
    kind: 'url',
    hint: 'An address of yours that Wix calls when a visitor logs out.',
  },
  {
    name: 'applicationType',
    label: 'Application type',
    kind: 'choice',
    options: [
      ['OAUTH_APP_TYPE_UNSPECIFIED', 'Not specified'],
      ['WEB_APP', 'Web app'],
      ['MOBILE', 'Mobile app'],
      ['OTHER', 'Other'],
    ],
  },
  {
    name: 'technology',
    label: 'Technology',
    kind: 'choice',
    options: [
      ['OAUTH_TECHNOLOGY_UNSPECIFIED', 'Not specified'],
      ['JAVASCRIPT', 'JavaScript'],
      ['ANGULAR', 'Angular'],
      ['VUE', 'Vue'],
      ['REACT', 'React'],
      ['REACT_NATIVE', 'React Native'],
      ['IOS', 'iOS'],
      ['ANDROID', 'Android'],
      ['OTHER_TECHNOLOGY', 'Other'],
    ],
  },
  {
    name: 'redirectUrlWixPages',
    label: 'Base URL of Wix pages',
    kind: 'url',
    hint: 'Where the pages that Wix hosts for you live, such as https://shop.example.com. Checkout pages use it.',
  },
  {
    name: 'wixPagesDomainsMappings',
    label: 'Domain mappings for Wix pages',
    kind: 'mappings',
    rows: 2,
    hint: 'One mapping a line: the origin, a space, and the destination.',
  },
  {
    name: 'allowedDomains',
    label: 'Older list of domains',
    kind: 'lines',
    rows: 2,
    hint: 'The field allowedDomains, which some Wix tools still write. One entry a line. It allows no redirect by itself.',
  },
  { name: 'origin', label: 'Created by', kind: 'text', hint: 'The field origin: the tool that made the app.' },
  {
    name: 'allowSecretGeneration',
    label: 'A client secret can be generated',
    kind: 'switch',
    hint: 'Wix turns this off when a secret was generated.',
  },
];

export const FIELDS: readonly Field[] = [...MAIN_FIELDS, ...MORE_FIELDS];

/** The form's values for an app, or for a new one. */
export function valuesOf(app: Partial<OAuthApp>): FormValues {
  return Object.fromEntries(FIELDS.map((field) => [field.name, toControl(field, app[field.name])])) as FormValues;
}

function toControl(field: Field, value: unknown): string | boolean {
  switch (field.kind) {
    case 'switch':
      return value !== false;
    case 'lines':
      return Array.isArray(value) ? value.join('\n') : '';
    case 'mappings':
      return Array.isArray(value)
        ? value.map(({ origin = '', destination = '' }) => `${origin} ${destination}`.trim()).join('\n')
        : '';
    case 'choice':
      return typeof value === 'string' ? value : (field.options[0]?.[0] ?? '');
    default:
      return typeof value === 'string' ? value : '';
  }
}

/** The lines of a text box that hold something, each with its number from 0. Empty lines do not count as entries. */
export function entriesOf(text: string): { entry: string; line: number }[] {
  return text
    .split('\n')
    .map((entry, line) => ({ entry, line }))
    .filter(({ entry }) => entry.trim() !== '');
}

function fromControl(field: Field, value: string | boolean): unknown {
  const text = String(value);
  switch (field.kind) {
    case 'switch':
      return value === true;
    case 'lines':
      return entriesOf(text).map(({ entry }) => entry);
    case 'mappings':
      return entriesOf(text).map(({ entry }) => {
        const [origin = '', ...rest] = entry.trim().split(/\s+/);
        return { origin, destination: rest.join(' ') };
      });
    default:
      return text;
  }
}

/** The draft of a new app: the fields that differ from an empty form, and the name. */
export function draftOf(values: FormValues): OAuthAppDraft {
  return { name: String(values.name), ...changesBetween(valuesOf({}), values) } as OAuthAppDraft;
}

/** The patch from the values that an app had to those that the form has. An emptied text clears its field. */
export function patchOf(before: FormValues, after: FormValues): OAuthAppPatch {
  const changes = changesBetween(before, after);
  for (const { name, kind } of FIELDS) {
    const isText = kind === 'text' || kind === 'url';
    if (isText && name !== 'name' && changes[name] === '') changes[name] = null;
  }
  return changes as OAuthAppPatch;
}

function changesBetween(before: FormValues, after: FormValues): Record<string, unknown> {
  const changed = FIELDS.filter(({ name }) => before[name] !== after[name]);
  return Object.fromEntries(changed.map((field) => [field.name, fromControl(field, after[field.name])]));
}
