/** Removes credentials from a request or response before the page keeps or shows it. */

export const REDACTED = '[redacted]';

const SENSITIVE = /secret|token|password|api[-_]?key|authorization|credential|cookie/i;
const SENSITIVE_EXACTLY = /^(?:code|code[-_]?verifier)$/i;

const isSensitive = (name: string) => SENSITIVE.test(name) || SENSITIVE_EXACTLY.test(name);

export function redactHeaders(headers: Headers): [string, string][] {
  return [...headers].map(([name, value]) => [name, isSensitive(name) ? REDACTED : value]);
}

/** The path and query of a URL, with credentials in the query replaced. */
export function redactUrl(url: URL): string {
  const pairs = [...url.searchParams].map(
    ([name, value]) => `${encodeURIComponent(name)}=${isSensitive(name) ? REDACTED : encodeURIComponent(value)}`,
  );
  return url.pathname + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
}

/** A body as the page shows it: indented if it is JSON. Text that is not JSON and names a credential is left out. */
export function redactBody(text: string): string {
  if (text === '') return '';
  try {
    return JSON.stringify(redactValue(JSON.parse(text)), null, 2);
  } catch {
    return SENSITIVE.test(text) || /\bcode(?:_?verifier)?=/i.test(text) ? REDACTED : text;
  }
}

function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redactMember(name, member)]));
}

/** Only text can be a credential: `allowSecretGeneration` is `true` or `false`, and `code` may be an object. */
function redactMember(name: string, value: unknown): unknown {
  const isErrorCode = name === 'code' && typeof value === 'string' && /^[A-Z_]+$/.test(value);
  return typeof value === 'string' && value !== '' && isSensitive(name) && !isErrorCode ? REDACTED : redactValue(value);
}
