// `wix-oauth-apps emulate`: the server until a signal stops it.
import { UsageError, inArguments } from './arguments.js';
import { startServer } from './start.js';

/** How many bytes of the access log wait for whoever reads it; what comes then is dropped. */
const MOST_UNREAD = 1_048_576;

/**
 * Serves until it is told to stop.
 *
 * @param {import('./arguments.js').Settings} settings
 */
export async function emulate({ port, host, data, quiet, emulator: options }) {
  const server = await startServer({
    ...options,
    ...{ port, host, data },
    // Nobody can ask a program for the requests so far.
    requestLogSize: 0,
    log: quiet ? undefined : printUnlessFull,
  }).catch((error) => {
    throw error instanceof TypeError ? new UsageError(inArguments(error.message)) : error;
  });
  if (!isLoopback(host)) {
    console.error(`wix-oauth-apps: listening on ${host}: whoever reaches this machine can use the emulator`);
  }
  const { apiKey, siteId } = server.credentials;
  console.log(`Listening on ${server.url} with API key ${apiKey} and site ID ${siteId}`);

  const stopped = new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
    let asked = false;
    const stop = () => {
      // Whoever asks twice does not want to wait.
      if (asked) resolve();
      asked = true;
      void server.stop().catch(() => {});
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
  await Promise.race([server.closed, stopped]);
}

// A reader that takes nothing must cost no more than this of memory.
/** @param {string} lines */
function printUnlessFull(lines) {
  if (process.stdout.writableLength < MOST_UNREAD) process.stdout.write(lines);
}

/** @param {string} host */
const isLoopback = (host) => host === 'localhost' || host === '::1' || host.startsWith('127.');
