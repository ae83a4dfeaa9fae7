/** Checks that need no network. They pass arguments to the core and return its results. */
import { RedirectChecker as Core, checkRedirect as check, validateOAuthApp as validate } from '../wasm/core.js';
import { memory, requireLoaded } from './core.js';
import { OAuthAppsError, toError, type Violation } from './error.js';
import type { OAuthApp, OAuthAppDraft, OAuthAppPatch, RedirectChecker, RedirectVerdict } from './types.js';

/**
 * Returns every error and warning about a draft, or about a patch with `{ for: 'update' }`; an empty list if there are
 * none. A create or an update with an error is refused before anything is sent; warnings do not stop it.
 *
 * @throws OAuthAppsError `CONFIG` if `for` is neither `'create'` nor `'update'`, or in a browser before `init()`
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

/** Returns the option `for`, or undefined if reading it throws. */
function purposeOf(options: { for?: unknown } | null | undefined): unknown {
  try {
    return (options && Object.hasOwn(options, 'for') ? options.for : undefined) ?? 'create';
  } catch {
    return undefined;
  }
}

/**
 * Checks whether Wix would redirect a visitor to this URL: after authentication if the URL is in `allowedRedirectUris`, byte
 * for byte, or matches an entry with a wildcard; after other processes, such as a checkout, if its host is in
 * `allowedRedirectDomains`. For many URLs of one app use `createRedirectChecker`.
 *
 * @throws OAuthAppsError `INVALID_ARGUMENT` if an argument has the wrong type, or a list contains an entry that is not a
 *   string; `CONFIG` in a browser before `init()`
 */
export function checkRedirect(
  app: Pick<OAuthApp, 'allowedRedirectUris' | 'allowedRedirectDomains'>,
  url: string,
  after: 'authentication' | 'other',
): RedirectVerdict {
  return callCore('checkRedirect', () => check(app, url, after));
}

/**
 * Reads an app's redirect lists once, for many URLs. Its verdicts are those of `checkRedirect` for the lists at this time.
 *
 * @throws OAuthAppsError `INVALID_ARGUMENT` if the app has the wrong type, or a list contains an entry that is not a string;
 *   `CONFIG` in a browser before `init()`
 */
export function createRedirectChecker(
  app: Pick<OAuthApp, 'allowedRedirectUris' | 'allowedRedirectDomains'>,
): RedirectChecker {
  const core = callCore('createRedirectChecker', () => new Core(app));
  const allowed = core.allowed() as RedirectVerdict[];
  let bytes = new Uint8Array();
  return {
    check(url, after) {
      // The core decides. If it allows the URL, it returns the number of one of its verdicts. Numbers cross faster than
      // texts and objects (`node bench/redirect.mjs`).
      let number = -1;
      if (typeof url === 'string') {
        // A memory that has grown has another buffer.
        if (bytes.length === 0) bytes = new Uint8Array(memory.buffer, core.address(), LONGEST_URL);
        const length = writeAscii(url, bytes);
        if (length === url.length) number = core.find(length, PROCESSES.indexOf(after));
      }
      if (number < 0) return callCore('check', () => core.check(url, after));
      const { matched, message } = allowed[number] as Required<RedirectVerdict>;
      return { allowed: true, matched, message };
    },
  };
}

/** The number of bytes for a URL at the address that the core gives. `checks.rs` has the same number. */
const LONGEST_URL = 2048;

/** Writes the ASCII text at the beginning of a URL, as far as there is room, and returns its length. */
function writeAscii(url: string, bytes: Uint8Array): number {
  let length = 0;
  for (; length < url.length && length < bytes.length; length += 1) {
    const code = url.charCodeAt(length);
    if (code > 127) break;
    bytes[length] = code;
  }
  return length;
}

/** The names of the processes, in the order in which the core numbers them. */
const PROCESSES: readonly string[] = ['authentication', 'other'];

/** Calls the core, and converts what it throws to an `OAuthAppsError`. */
function callCore<T>(operation: string, call: () => T): T {
  requireLoaded(operation);
  try {
    return call();
  } catch (thrown) {
    throw toError(thrown, operation);
  }
}
