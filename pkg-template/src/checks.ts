/** The functions that need no network. They carry arguments to the core and results back. */
import { RedirectChecker as Core, checkRedirect as check, validateOAuthApp as validate } from '../wasm/core.js';
import { requireLoaded } from './core.js';
import { OAuthAppsError, toError } from './error.js';
import type { OAuthApp, OAuthAppDraft, OAuthAppPatch, RedirectChecker, RedirectVerdict, Violation } from './types.js';

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
 * Checks whether Wix would send a visitor to this URL: after authentication if it is in `allowedRedirectUris`, byte for
 * byte, or matches an entry with a wildcard; after other processes, such as a checkout, if its host is in
 * `allowedRedirectDomains`. For many URLs of one app use `createRedirectChecker`.
 *
 * @throws OAuthAppsError `INVALID_ARGUMENT` if an argument is no app, no text or no process, or an entry is no text;
 *   `CONFIG` in a browser before `init()`
 */
export function checkRedirect(
  app: Pick<OAuthApp, 'allowedRedirectUris' | 'allowedRedirectDomains'>,
  url: string,
  after: 'authentication' | 'other',
): RedirectVerdict {
  return carry('checkRedirect', () => check(app, url, after));
}

/**
 * Reads an app's redirect lists once, for many URLs. The verdicts are those of `checkRedirect` on the app as it was then.
 *
 * @throws OAuthAppsError `INVALID_ARGUMENT` if the app is none, or an entry is no text; `CONFIG` in a browser before
 *   `init()`
 */
export function createRedirectChecker(
  app: Pick<OAuthApp, 'allowedRedirectUris' | 'allowedRedirectDomains'>,
): RedirectChecker {
  const core = carry('createRedirectChecker', () => new Core(app));
  const allowed = core.allowed() as RedirectVerdict[];
  return {
    check(url, after) {
      // The core decides, and answers with a number if one of its verdicts allows the URL: a number crosses faster.
      const number = typeof url === 'string' ? core.find(url, PROCESSES.indexOf(after)) : -1;
      if (number < 0) return carry('check', () => core.check(url, after));
      const { matched, message } = allowed[number] as Required<RedirectVerdict>;
      return { allowed: true, matched, message };
    },
  };
}

/** The names of the processes, as the core numbers them. */
const PROCESSES: readonly string[] = ['authentication', 'other'];

/** Calls the core, and makes an `OAuthAppsError` of what it throws. */
function carry<T>(operation: string, call: () => T): T {
  requireLoaded(operation);
  try {
    return call();
  } catch (thrown) {
    throw toError(thrown, operation);
  }
}
