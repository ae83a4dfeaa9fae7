/** Removes the credentials of a run from a text. */
import { CREDENTIAL_VARIABLES, type Variables } from './credentials.js';

/** A credential that is shorter would also be found in ordinary words. */
const MIN_LENGTH = 8;

/** Replaces the credentials of the environment, wherever they come from: a service may repeat what it was sent. */
export function redact(text: string, variables: Variables): string {
  const secrets = CREDENTIAL_VARIABLES.map((name) => variables[name] ?? '').filter(
    ({ length }) => length >= MIN_LENGTH,
  );
  // A credential may be escaped in JSON.
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return forms.reduce((redacted, form) => redacted.replaceAll(form, '[redacted]'), text);
}
