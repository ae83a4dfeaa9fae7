// `wix-oauth-apps emulate`: the emulator behind a server, from the first line to the last.
import { once } from 'node:events';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { AccessLog } from './access-log.js';
import { UsageError, inArguments } from './arguments.js';
import { createServer } from './server.js';

/** How long a stop waits for answers that are under way. */
const GRACE = 2_000; // milliseconds

/** Why the server cannot run; the message is for the person at the terminal. */
export class Failure extends Error {
  name = 'Failure';
}

/**
 * Serves until it is told to stop; gives the exit code.
 *
 * @param {import('./arguments.js').Settings} settings
 * @returns {Promise<number>}
 */
export async function emulate({ port, host, data, quiet, ...settings }) {
  const emulator = await makeEmulator(settings.emulator);
  const store = data === undefined ? undefined : await openStore(data, emulator);
  const log = quiet ? undefined : new AccessLog((text) => process.stdout.write(text));
  /** @type {(code: number) => void} */
  let end = () => {};
  const ended = new Promise((/** @type {typeof end} */ resolve) => (end = resolve));

  const server = createServer({
    emulator,
    store,
    log,
    onFailure: (error) => {
      console.error(
        `wix-oauth-apps: ${/** @type {Error} */ (error).message}; stopping, since nothing more would be kept`,
      );
      end(1);
    },
  });
  await listen(server, port, host);
  if (!isLoopback(host)) {
    console.error(`wix-oauth-apps: listening on ${host}: whoever reaches this machine can use the emulator`);
  }
  console.log(readyLine(server, emulator.credentials));

  let stopping = false;
  const stop = () => {
    // Whoever asks twice does not want to wait.
    if (stopping) return end(0);
    stopping = true;
    server.close(() => end(0));
    setTimeout(() => server.closeAllConnections(), GRACE).unref();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);

  const code = await ended;
  log?.flush();
  // What became of webhooks since the last request.
  if (code === 0) store?.write(emulator.changes());
  store?.close();
  return code;
}

/** @param {Record<string, unknown>} options */
async function makeEmulator(options) {
  try {
    // Nobody can ask a server for the log of requests.
    return await createEmulator({ ...options, requestLogSize: 0 });
  } catch (error) {
    throw new UsageError(inArguments(/** @type {Error} */ (error).message));
  }
}

// Loaded where it is needed: without a data file, nothing of it is.
/** @param {string} path @param {import('wix-oauth-apps/emulator').Emulator} emulator */
async function openStore(path, emulator) {
  const { Store, StoreError } = await import('./store.js');
  try {
    const store = new Store(path);
    emulator.load(store.take());
    return store;
  } catch (error) {
    if (error instanceof StoreError) throw new Failure(error.message);
    throw new Failure(
      `${path} cannot be used with these options and was left as it is: ${/** @type {Error} */ (error).message}`,
    );
  }
}

/** @param {import('node:http').Server} server @param {number} port @param {string} host */
async function listen(server, port, host) {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw new Failure(listenFault(/** @type {NodeJS.ErrnoException} */ (error), port, host));
  }
}

/** @param {NodeJS.ErrnoException} error @param {number} port @param {string} host */
function listenFault({ code, message }, port, host) {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is in use: stop what listens there, or give --port another, 0 for any free one`;
    case 'EACCES':
      return `port ${port} takes more rights than this user has: give --port one above 1023`;
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine: leave --host out, or give it one that is`;
    default:
      return `cannot listen on ${host}, port ${port}: ${message}`;
  }
}

/** @param {string} host */
const isLoopback = (host) => host === 'localhost' || host === '::1' || host.startsWith('127.');

/** @param {import('node:http').Server} server @param {{ apiKey: string, siteId: string }} credentials */
function readyLine(server, { apiKey, siteId }) {
  const { address, family, port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `Listening on http://${host}:${port} with API key ${apiKey} and site ID ${siteId}`;
}
