/** What can be said without the network. */
import { validateOAuthApp as validate } from '../wasm/core.js';
import { requireLoaded } from './core.js';
import { OAuthAppsError } from './error.js';
import type { OAuthAppDraft, OAuthAppPatch, Violation } from './types.js';

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
    return options?.for ?? 'create';
  } catch {
    return undefined;
  }
}
