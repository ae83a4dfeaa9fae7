/** Writes to the standard streams without buffering more than a limit for a reader that has stopped reading. */

/** How many bytes may wait for the reader of a stream. Further output is dropped. */
const MAX_BUFFERED = 1_048_576;

/** Prints lines of the access log to standard output. */
export function printLog(lines: string): void {
  if (process.stdout.writableLength < MAX_BUFFERED) process.stdout.write(lines);
}

/** Prints an error that a request ran into to standard error. */
export function printError(error: unknown): void {
  if (process.stderr.writableLength >= MAX_BUFFERED) return;
  process.stderr.write(`wix-oauth-apps: a request failed: ${(error as Error).stack ?? error}\n`);
}
