import { REDACTED } from './redact';
import type { RequestRecord } from './recorder';

/**
 * Renders a request as a command for a POSIX shell. A credential is read from the environment: `WIX_AUTHORIZATION` stands
 * for the API key or access token.
 */
export function asCurl({ method, origin, path, headers, body }: RequestRecord): string {
  const parts = [`curl --request ${method} ${quote(origin + path)}`];
  for (const [name, value] of headers) {
    const isAuthorization = name === 'authorization' && value === REDACTED;
    parts.push(`--header ${isAuthorization ? '"authorization: $WIX_AUTHORIZATION"' : quote(`${name}: ${value}`)}`);
  }
  if (body !== '') parts.push(`--data ${quote(compact(body))}`);
  return parts.join(' \\\n  ');
}

/** Quotes a text for the shell, which reads single quotes literally; a single quote itself is written outside of them. */
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function compact(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return body;
  }
}
