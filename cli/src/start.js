// The emulator behind a server, in this process: what the command line runs, and what tests can.
import { once } from 'node:events';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { AccessLog } from './access-log.js';
import { createServer } from './server.js';

/** @typedef {import('wix-oauth-apps/emulator').Emulator} Emulator */

/** How long a stop waits for answers that are under way. */
const GRACE = 2_000; // milliseconds

/** Why a server cannot run; the message names what is wrong, and the way out. */
export class ServerError extends Error {
  name = 'ServerError';
}

/**
 * Where the server listens and what it keeps. The emulator's own options stand beside these.
 *
 * @typedef {object} ServerOptions
 * @property {number} [port] Any free port, unless given.
 * @property {string} [host] 127.0.0.1, unless given: this machine alone.
 * @property {string | undefined} [data] The file that keeps the state; in memory, unless given.
 * @property {((lines: string) => void) | undefined} [log] Gets the access log, a line a request, some lines at a time.
 */

/**
 * @typedef {object} RunningServer
 * @property {string} url Such as `http://127.0.0.1:8787`.
 * @property {{ apiKey: string, siteId: string }} credentials What it accepts.
 * @property {Emulator} emulator For faults, the clock, the requests so far and so on.
 * @property {Promise<void>} closed Resolves when it was stopped; rejects with a `ServerError` where the data file could
 *   not be written any more, which ends the server too.
 * @property {() => Promise<void>} stop Takes no more requests, lets answers under way go out for two seconds, and closes.
 */

/**
 * Starts a server.
 *
 * @param {ServerOptions & import('wix-oauth-apps/emulator').EmulatorOptions} [options]
 * @returns {Promise<RunningServer>}
 */
export async function startServer({ port = 0, host = '127.0.0.1', data, log, ...options } = {}) {
  const emulator = await createEmulator(options);
  const store = data === undefined ? undefined : await openStore(data, emulator);
  const accessLog = log && new AccessLog(log);
  /** @type {unknown} */
  let failure;
  const server = createServer({ emulator, store, log: accessLog, onFailure: (error) => void fail(error) });
  await listen(server, port, host).catch((error) => {
    store?.close();
    throw error;
  });

  const closed = once(server, 'close').then(() => {
    accessLog?.flush();
    // What became of webhooks since the last request.
    if (failure === undefined) store?.write(emulator.changes());
    store?.close();
    if (failure !== undefined) throw failure;
  });
  // Whoever does not ask is not to be ended by it.
  closed.catch(() => {});

  /** @param {unknown} error */
  function fail(error) {
    failure = error instanceof Error ? new ServerError(error.message, { cause: error }) : error;
    server.close();
    server.closeAllConnections();
  }

  return {
    url: urlOf(server),
    credentials: emulator.credentials,
    emulator,
    closed,
    stop() {
      server.close();
      setTimeout(() => server.closeAllConnections(), GRACE).unref();
      return closed;
    },
  };
}

// Loaded where it is needed: without a data file, nothing of it is.
/** @param {string} path @param {Emulator} emulator */
async function openStore(path, emulator) {
  const { Store, StoreError } = await import('./store.js');
  /** @type {InstanceType<typeof Store> | undefined} */
  let store;
  try {
    store = new Store(path);
    emulator.load(store.take());
    return store;
  } catch (error) {
    store?.close();
    const { message } = /** @type {Error} */ (error);
    if (error instanceof StoreError) throw new ServerError(message);
    throw new ServerError(`${path} does not go with these options and was left as it is: ${message}`);
  }
}

/** @param {import('node:http').Server} server @param {number} port @param {string} host */
async function listen(server, port, host) {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw new ServerError(listenFault(/** @type {NodeJS.ErrnoException} */ (error), port, host));
  }
}

/** @param {NodeJS.ErrnoException} error @param {number} port @param {string} host */
function listenFault({ code, message }, port, host) {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is in use: stop what listens there, or choose another port, 0 for any free one`;
    case 'EACCES':
      return `port ${port} takes more rights than this user has: choose one above 1023`;
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine: choose one that is, or none for 127.0.0.1`;
    default:
      return `cannot listen on ${host}, port ${port}: ${message}`;
  }
}

/** @param {import('node:http').Server} server */
function urlOf(server) {
  const { address, family, port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
