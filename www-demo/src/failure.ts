/** Errors as the page shows them: what failed, the library's own message, and what the visitor can do about it. */
import { isOAuthAppsError, type OAuthAppsErrorCode } from 'wix-oauth-apps';

export interface Failure {
  title: string;
  message: string;
  remedy?: string;
}

const REMEDIES: Partial<Record<OAuthAppsErrorCode, string>> = {
  UNAUTHENTICATED: 'Open Connection and enter a credential that the server accepts.',
  PERMISSION_DENIED: 'Open Connection and check the site ID, and that the credential may manage OAuth apps.',
  CONFIG: 'Open Connection and correct the option that the message names.',
  NETWORK:
    'Check that the server runs, that its address under Connection is right, and that it admits pages of this origin.',
  TIMEOUT: 'Try again. If it happens again, check under Connection that the address is right.',
  RATE_LIMITED: 'Wait a minute, then try again.',
  SERVER_ERROR: 'Try again in a moment.',
  BAD_RESPONSE: 'Something else than the API answered. Check the address under Connection.',
  NOT_FOUND: 'Someone may have deleted it. Go back to the list and refresh it.',
  OUTCOME_UNKNOWN: 'Refresh the list to see whether it took effect before you try again.',
};

/** Describes what an operation threw. */
export function failureOf(title: string, error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = isOAuthAppsError(error) ? REMEDIES[error.code] : undefined;
  return remedy === undefined ? { title, message } : { title, message, remedy };
}
