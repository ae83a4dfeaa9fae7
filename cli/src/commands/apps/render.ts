/** Apps as text. */
import type { Style } from '../../output/style.js';
import { fields } from '../../output/text.js';

/** The fields that come first, in this order; the others follow as the service sent them. */
const FIRST = ['name', 'id', 'createdDate', 'allowedRedirectUris', 'allowedRedirectDomains'];
const TITLES: Record<string, string> = { id: 'client ID' };

/** Returns an app as lines, a field each. Fields without a value are left out. */
export function renderApp(app: object, style: Style): string {
  const values = app as Record<string, unknown>;
  const names = [...new Set([...FIRST, ...Object.keys(values)])];
  const entries = names
    .filter((name) => hasValue(values[name]))
    .map((name) => [TITLES[name] ?? name, toText(values[name])] as const);
  return fields(entries, style);
}

const hasValue = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/** Returns a value as text: a list has a text for each element. Secrets convert to `[redacted]`. */
function toText(value: unknown): string | string[] {
  if (Array.isArray(value)) return value.map((element) => toText(element) as string);
  if (typeof value === 'string') return value;
  return typeof value === 'object' && String(value) === '[redacted]' ? String(value) : JSON.stringify(value);
}
