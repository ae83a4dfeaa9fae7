/** The error type of the package. */

/** The kind of a failure. */
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
  | 'CONFIG'
  | 'INVALID_SIGNATURE'
  | 'EXPIRED';

/** A fault of one field, or a warning about it. */
export interface Violation {
  /** The path of the field in the argument, such as `allowedRedirectUris[3]`; empty for the argument itself. */
  field: string;
  /** A stable code such as `FORMAT` or `OUT_OF_RANGE`. */
  rule: string;
  /** An `'error'` stops a write; a `'warning'` does not. */
  severity: 'error' | 'warning';
  /** The fault and the remedy. */
  message: string;
  /** A value that would be accepted. */
  suggestion?: string;
}

/** The content of an error, as the core reports it. */
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

/** The failure of an operation. Neither its message nor its fields contain a credential. */
export class OAuthAppsError extends Error {
  override readonly name = 'OAuthAppsError';
  readonly code: OAuthAppsErrorCode;
  /** The function that was called, such as `createOAuthApp`. */
  readonly operation: string;
  /** The HTTP status of the response, if there was one; for a webhook, the status to respond with. */
  declare readonly status?: number;
  /** The service's ID of the request (`x-wix-request-id`), if there was a response with one. */
  declare readonly requestId?: string;
  /** The faults of single fields. */
  declare readonly violations?: Violation[];
  /** The delay that the service asked for (`Retry-After`), in milliseconds. */
  declare readonly retryAfter?: number;
  /** The number of times that the failed request was sent; 0 if it was refused before. */
  readonly attempts: number;

  constructor(content: ErrorContent) {
    super(`${content.operation}: ${content.message}`, 'cause' in content ? { cause: content.cause } : undefined);
    this.code = content.code;
    this.operation = content.operation;
    this.attempts = content.attempts ?? 0;
    // A field without a value is absent rather than undefined.
    const { status, requestId, violations, retryAfter } = content;
    for (const [name, value] of Object.entries({ status, requestId, violations, retryAfter })) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
  }
}

/** Checks whether a value is an `OAuthAppsError`, by its name: `instanceof` fails across realms and package copies. */
export function isOAuthAppsError(value: unknown): value is OAuthAppsError {
  try {
    return typeof value === 'object' && value !== null && (value as Error).name === 'OAuthAppsError' && 'code' in value;
  } catch {
    return false;
  }
}

/** Converts a value that the core has thrown to an `OAuthAppsError`. */
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
  return new OAuthAppsError({
    code: 'CONFIG',
    operation,
    message: 'the core failed unexpectedly; see the cause',
    cause: thrown,
  });
}
