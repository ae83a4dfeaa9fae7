// The command `wix-oauth-apps emulate`: runs the server until a signal stops it.
import { UsageError, inArguments } from './arguments.js';
import { isLoopback } from './hosts.js';
import { startServer } from './start.js';

/** How many bytes of the access log wait for a reader; the lines after them are dropped. */
const MOST_UNREAD = 1_048_576;

/**
 * Serves until it is told to stop.
 *
 * @param {import('./arguments.js').Settings} settings
 */
export async function emulate({ port, host, allowHosts, allowOrigins, data, quiet, emulator: options }) {
  const server = await startServer({
    ...options,
    ...{ port, host, allowHosts, allowOrigins, data },
    // Nothing outside this process can read the log of requests.
    requestLogSize: 0,
    log: quiet ? undefined : printUnlessFull,
    onError: printError,
  }).catch((error) => {
    throw error.name === 'TypeError' ? new UsageError(inArguments(error.message)) : error;
  });
  if (!isLoopback(host)) {
    console.error(`wix-oauth-apps: listening on ${host}: whoever reaches this machine can use the emulator`);
  }
  const { apiKey, siteId } = server.credentials;
  console.log(`Listening on ${server.url} with API key ${apiKey} and site ID ${siteId}`);

  const stopped = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    let asked = false;
    const stop = () => {
      // A second signal does not wait.
      if (asked) resolve();
      asked = true;
      void server.stop().catch(() => {});
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
  await Promise.race([server.closed, stopped]);
}

// A reader that takes nothing must not fill the memory.
/** @param {string} lines */
function printUnlessFull(lines) {
  if (process.stdout.writableLength < MOST_UNREAD) process.stdout.write(lines);
}

/** @param {unknown} error An error that a request ran into. */
function printError(error) {
  if (process.stderr.writableLength >= MOST_UNREAD) return;
  process.stderr.write(`wix-oauth-apps: a request failed: ${/** @type {Error} */ (error).stack ?? error}\n`);
}
