/** The one error of the package. */
import type { Violation } from './types.js';

/** What went wrong, for a program. */
export type OAuthAppsErrorCode =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'SERVER_ERROR'
  | 'NETWORK'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'BAD_RESPONSE'
  | 'OUTCOME_UNKNOWN'
  | 'CONFIG';

/** An error's content, as the core gives it. */
export interface ErrorContent {
  code: OAuthAppsErrorCode;
  operation: string;
  message: string;
  status?: number;
  requestId?: string;
  violations?: Violation[];
  retryAfter?: number;
  attempts?: number;
  cause?: unknown;
}

/** Why an operation failed. Neither its message nor its fields hold a credential. */
export class OAuthAppsError extends Error {
  override readonly name = 'OAuthAppsError';
  readonly code: OAuthAppsErrorCode;
  /** What was called, such as `createOAuthApp`. */
  readonly operation: string;
  /** The status of the answer, where one came. */
  declare readonly status?: number;
  /** The service's name for the request. */
  declare readonly requestId?: string;
  /** The faults of single fields, all at once. */
  declare readonly violations?: Violation[];
  /** Milliseconds after which the service wants to be asked again. */
  declare readonly retryAfter?: number;
  /** How often a request was sent; 0 where it was refused before. */
  readonly attempts: number;

  constructor(content: ErrorContent) {
    super(`${content.operation}: ${content.message}`, 'cause' in content ? { cause: content.cause } : undefined);
    this.code = content.code;
    this.operation = content.operation;
    this.attempts = content.attempts ?? 0;
    // A field that has nothing to say is absent, not undefined.
    const { status, requestId, violations, retryAfter } = content;
    for (const [name, value] of Object.entries({ status, requestId, violations, retryAfter })) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
  }
}

/** Whether it is the package's error, by name: `instanceof` fails across realms and copies of the package. */
export function isOAuthAppsError(value: unknown): value is OAuthAppsError {
  try {
    return typeof value === 'object' && value !== null && (value as Error).name === 'OAuthAppsError' && 'code' in value;
  } catch {
    return false;
  }
}

/** The error that a thrown value of the core stands for. */
export function toError(thrown: unknown, operation: string): OAuthAppsError {
  if (thrown instanceof OAuthAppsError) return thrown;
  if (
    typeof thrown === 'object' &&
    thrown !== null &&
    Object.hasOwn(thrown, 'operation') &&
    Object.hasOwn(thrown, 'code')
  ) {
    return new OAuthAppsError(thrown as ErrorContent);
  }
  return new OAuthAppsError({ code: 'CONFIG', operation, message: 'the core failed; see the cause', cause: thrown });
}
