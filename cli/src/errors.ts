/** Failures of a command: what is reported, and the exit code. */

/** A fault of one value. */
export interface Violation {
  field: string;
  rule: string;
  severity: 'error' | 'warning';
  message: string;
  suggestion?: string;
  /** The complete sentence, if it is not field and message. */
  text?: string;
}

/** The content of a failure, as `--json` prints it. */
export interface FailureContent {
  code: string;
  message: string;
  operation: string | null;
  status: number | null;
  requestId: string | null;
  violations: Violation[];
  /** The apps that may be meant. */
  candidates?: { id: string; name: string }[];
  /** The errors of several sites, the parts that were done, and so on. */
  [detail: string]: unknown;
}

export const EXIT = { done: 0, failed: 1, usage: 2, no: 3, interrupted: 130 } as const;

/** A failure that the command itself reports. The message names the fault and the remedy. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly code: string;
  readonly exitCode: number;
  readonly details: Partial<FailureContent>;

  constructor(code: string, message: string, exitCode: number = EXIT.failed, details: Partial<FailureContent> = {}) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** Wrong arguments. The message names the argument, the fault and the remedy. */
export class UsageError extends CommandError {
  override name = 'UsageError';

  constructor(message: string, details: Partial<FailureContent> = {}) {
    super('INVALID_ARGUMENT', message, EXIT.usage, details);
  }
}

/** A configuration that cannot be used: the environment or a file. Nothing was sent. */
export class ConfigError extends CommandError {
  override name = 'ConfigError';

  constructor(message: string, details: Partial<FailureContent> = {}) {
    super('CONFIG', message, EXIT.usage, details);
  }
}

/** A failure after a part of the work. The result says what was done; `--json` prints it beside the error. */
export class PartialError extends CommandError {
  override name = 'PartialError';
  readonly result: unknown;

  constructor(code: string, message: string, result: unknown, details: Partial<FailureContent> = {}) {
    super(code, message, EXIT.failed, details);
    this.result = result;
  }
}

/** A run for many sites in which some failed, or which was interrupted. */
export class SitesError extends CommandError {
  override name = 'SitesError';
}

/** The run was interrupted by a signal. */
export class InterruptedError extends CommandError {
  override name = 'InterruptedError';

  constructor(message = 'interrupted; nothing was changed') {
    super('ABORTED', message, EXIT.interrupted);
  }
}

/** A failure as it is reported. */
export interface Failure {
  content: FailureContent;
  exitCode: number;
}

/** Codes of errors that mean wrong arguments or a wrong configuration, unless the service has given them. */
const USAGE_CODES: readonly string[] = ['CONFIG', 'INVALID_ARGUMENT'];

/**
 * Returns the report of an error: of this program, of the library, or of the core of the command line.
 *
 * @param hasSent Whether a request has been sent. Exit code 2 means that nothing was sent.
 */
export function toFailure(error: unknown, hasSent: boolean): Failure {
  const { name, message, code, details, exitCode } = error as CommandError & Error;
  const empty = { operation: null, status: null, requestId: null, violations: [] };
  if (error instanceof CommandError) {
    return { content: { code, message, ...empty, ...details }, exitCode };
  }
  if (name === 'OAuthAppsError') {
    const { operation, status, requestId, violations } = error as unknown as Partial<FailureContent>;
    return {
      content: {
        code,
        // The operation is a field of its own.
        message: message.startsWith(`${operation}: `) ? message.slice(`${operation}: `.length) : message,
        operation: operation ?? null,
        status: status ?? null,
        requestId: requestId ?? null,
        violations: violations ?? [],
      },
      exitCode: USAGE_CODES.includes(code) && !hasSent ? EXIT.usage : EXIT.failed,
    };
  }
  // The server of `emulate`: a port in use, or a data file that cannot be used.
  if (name === 'ServerError') return { content: { code: 'SERVER', message, ...empty }, exitCode: EXIT.failed };
  throw error;
}

/** Returns what a reader can do about a failure, if the message does not say it. */
export function remedyOf({ code, operation }: FailureContent): string | undefined {
  switch (code) {
    case 'UNAUTHENTICATED':
      return 'check the credential in the environment; `wix-oauth-apps doctor` tells what is wrong with it';
    case 'PERMISSION_DENIED':
      return 'give the API key the permission to manage OAuth apps, and check the site ID; see `wix-oauth-apps doctor`';
    case 'NOT_FOUND':
      return operation ? '`wix-oauth-apps list` shows the apps of the site' : undefined;
    case 'CONFLICT':
      return operation === 'generateOAuthAppSecret'
        ? 'write `allowSecretGeneration: true` into a file and run `wix-oauth-apps update <app> --from FILE`'
        : undefined;
    case 'NETWORK':
      return 'check the connection, the proxy and --base-url; `wix-oauth-apps doctor` tests them';
    case 'TIMEOUT':
      return 'try again, or allow more time with --timeout';
    case 'RATE_LIMITED':
      return 'wait for a minute and try again; --retries allows more attempts';
    case 'SERVER_ERROR':
      return 'try again; if it persists, report the request ID to Wix';
    case 'OUTCOME_UNKNOWN':
      return 'look at `wix-oauth-apps list` before you try again';
    default:
      return undefined;
  }
}
