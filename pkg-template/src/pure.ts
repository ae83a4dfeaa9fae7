/** What can be said without the network. */
import { checkRedirect as explain, spellings, validateOAuthApp as validate } from '../wasm/core.js';
import { requireLoaded } from './core.js';
import { OAuthAppsError, toError } from './error.js';
import type { OAuthApp, OAuthAppDraft, OAuthAppPatch, RedirectVerdict, Violation } from './types.js';

/**
 * Everything that is wrong or doubtful with a draft, or with a patch for `{ for: 'update' }`; an empty list where
 * nothing is. A create or an update with an error is refused before anything is sent; warnings pass.
 *
 * @throws OAuthAppsError `CONFIG` in a browser before `init()`, or for another `for`
 */
export function validateOAuthApp(
  app: OAuthAppDraft | OAuthAppPatch,
  options: { for?: 'create' | 'update' } = {},
): Violation[] {
  requireLoaded('validateOAuthApp');
  const purpose = purposeOf(options);
  if (purpose !== 'create' && purpose !== 'update') {
    throw new OAuthAppsError({
      code: 'CONFIG',
      operation: 'validateOAuthApp',
      message: "`for` must be 'create' or 'update'",
    });
  }
  return validate(app, purpose === 'update');
}

/** `for`, unless reading it throws: then nothing that is known. */
function purposeOf(options: { for?: unknown } | null | undefined): unknown {
  try {
    return (options && Object.hasOwn(options, 'for') ? options.for : undefined) ?? 'create';
  } catch {
    return undefined;
  }
}

/**
 * Would Wix send a visitor to this URL? After authentication where it is in `allowedRedirectUris`, byte for byte; after
 * other processes, such as a checkout, where its host is in `allowedRedirectDomains`.
 *
 * @throws OAuthAppsError `INVALID_ARGUMENT` where an argument is no app, no text or no process, `CONFIG` in a browser
 *   before `init()`
 */
export function checkRedirect(
  app: Pick<OAuthApp, 'allowedRedirectUris' | 'allowedRedirectDomains'>,
  url: string,
  after: 'authentication' | 'other',
): RedirectVerdict {
  requireLoaded('checkRedirect');
  try {
    // The list stays here: to read twenty entries costs more than the rest, and what is allowed is the common case.
    const isDomain = after === 'other';
    const list = isDomain ? app.allowedRedirectDomains : app.allowedRedirectUris;
    if ((isDomain || after === 'authentication') && typeof url === 'string' && Array.isArray(list)) {
      const matched = spellingsOf(url, isDomain).find((text) => list.includes(text));
      if (matched !== undefined) {
        return { allowed: true, matched, message: (messages[after] ??= messageOf(url, matched, after)) };
      }
    }
  } catch {
    // Nothing that can be read so: the core says what is wrong with it.
  }
  try {
    return explain(app, url, after);
  } catch (thrown) {
    throw toError(thrown, 'checkRedirect');
  }
}

/** What the core says of a URL that is allowed, whatever else the list holds. */
const messageOf = (url: string, matched: string, after: string): string =>
  explain({ allowedRedirectUris: [matched], allowedRedirectDomains: [matched] }, url, after).message;

const messages: { authentication?: string; other?: string } = {};

/** What must be listed for a URL to be allowed is of the URL alone, and the same ones are asked about again and again. */
function spellingsOf(url: string, isDomain: boolean): string[] {
  const known = isDomain ? knownDomains : knownUris;
  let found = known.get(url);
  if (found === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    found = spellings(url, isDomain) as string[];
    known.set(url, found);
  }
  return found;
}

const MOST_KNOWN = 500;
const knownUris = new Map<string, string[]>();
const knownDomains = new Map<string, string[]>();
