// The emulator behind a server, in this process: the command line runs it, and so can tests.
import { once } from 'node:events';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { AccessLog } from './access-log.js';
import { OriginPolicy, readAllowedOrigin } from './cors.js';
import { faultOfDataPath } from './data-path.js';
import { HostPolicy, readAllowedHost } from './hosts.js';
import { createServer } from './server.js';

/** @typedef {import('wix-oauth-apps/emulator').Emulator} Emulator */

/** How long a stop waits for answers that are under way. */
const GRACE = 2_000; // milliseconds

/** Why a server cannot run; the message names the fault and the remedy. */
export class ServerError extends Error {
  name = 'ServerError';
}

/**
 * Where the server listens, who may use it and where it keeps its state. The emulator's own options stand beside these.
 *
 * @typedef {object} ServerOptions
 * @property {number} [port] Default: any free port.
 * @property {string} [host] The address to listen on. Default: 127.0.0.1, this machine alone.
 * @property {readonly string[]} [allowHosts] Further hosts that the `Host` header of a request may name, such as
 *   `wix.test`, or `wix.test:8787` for one port alone. Loopback hosts and the address that the server was started on are
 *   always allowed; any other is answered with 421.
 * @property {readonly string[]} [allowOrigins] Further origins whose web pages may use the server, such as
 *   `https://shop.test:3000`. Pages of loopback origins always may; those of any other are answered with 403.
 * @property {string | undefined} [data] The file that keeps the state. Default: none, the state is in memory.
 * @property {((lines: string) => void) | undefined} [log] Gets the access log, a line for each request, some lines at a
 *   time.
 * @property {((error: unknown) => void) | undefined} [onError] Gets an error within the server or the emulator. The request
 *   that ran into it was answered with 500.
 */

/**
 * @typedef {object} RunningServer
 * @property {string} url Such as `http://127.0.0.1:8787`. Clients on this machine can use it as their `baseUrl`.
 * @property {{ apiKey: string, siteId: string }} credentials The credentials that it accepts.
 * @property {Emulator} emulator For faults, the clock, the requests so far and so on.
 * @property {Promise<void>} closed Resolves when the server has stopped; rejects with a `ServerError` if it stopped because
 *   the data file could not be written any more.
 * @property {() => Promise<void>} stop Takes no more requests, waits at most two seconds for answers that are under way,
 *   and closes. Can be called again.
 */

/**
 * Starts a server.
 *
 * @param {ServerOptions & import('wix-oauth-apps/emulator').EmulatorOptions} [options]
 * @returns {Promise<RunningServer>}
 */
export async function startServer({
  port = 0,
  host = '127.0.0.1',
  allowHosts = [],
  allowOrigins = [],
  data,
  log,
  onError = () => {},
  ...options
} = {}) {
  checkOptions({ port, host, allowHosts, allowOrigins, data, log, onError });
  const emulator = await createEmulator(options);
  const store = data === undefined ? undefined : await openStore(data, emulator);
  const accessLog = log && new AccessLog(log);
  /** @type {ServerError | undefined} */
  let failure;
  const { server, stop } = createServer({
    emulator,
    hosts: new HostPolicy(host, allowHosts),
    origins: new OriginPolicy(allowOrigins),
    store,
    log: accessLog,
    onError,
    onStoreFailure(error) {
      failure = asServerError(error);
      stop(GRACE);
    },
  });
  await listen(server, port, host).catch((error) => {
    store?.close();
    throw error;
  });
  // Such as a connection that breaks off while it is accepted: no reason to end.
  server.on('error', onError);

  const closed = once(server, 'close').then(() => {
    accessLog?.flush();
    emulator.webhooks.stop();
    try {
      // The outcome of webhooks since the last request.
      if (failure === undefined) store?.write(emulator.changes());
    } catch (error) {
      failure = asServerError(error);
    }
    store?.close();
    if (failure !== undefined) throw failure;
  });
  // Avoids an unhandledRejection when nobody awaits `closed`.
  closed.catch(() => {});

  return {
    url: urlOf(server),
    credentials: emulator.credentials,
    emulator,
    closed,
    stop() {
      if (server.listening) stop(GRACE);
      return closed;
    },
  };
}

/**
 * Throws a `TypeError` that names the option, the value and the remedy.
 *
 * @param {Record<'port' | 'host' | 'allowHosts' | 'allowOrigins' | 'data' | 'log' | 'onError', unknown>} options
 */
function checkOptions({ port, host, allowHosts, allowOrigins, data, log, onError }) {
  const fault = (/** @type {string} */ name, /** @type {unknown} */ value, /** @type {string} */ text) =>
    new TypeError(`options.${name}: ${JSON.stringify(value) ?? String(value)} ${text}`);
  if (!Number.isInteger(port) || Number(port) < 0 || Number(port) > 65_535) {
    throw fault('port', port, 'is no port; give a whole number from 0 to 65535, 0 for any free one');
  }
  /** @type {[string, unknown, (entry: unknown) => unknown][]} */
  const lists = [
    ['allowHosts', allowHosts, readAllowedHost],
    ['allowOrigins', allowOrigins, readAllowedOrigin],
  ];
  for (const [name, list, read] of lists) {
    if (!Array.isArray(list)) throw fault(name, list, 'is no array; give an array of texts');
    list.forEach((entry, at) => {
      try {
        read(entry);
      } catch (error) {
        throw fault(`${name}[${at}]`, entry, /** @type {Error} */ (error).message);
      }
    });
  }
  try {
    readAllowedHost(host);
  } catch {
    throw fault('host', host, 'is no address; give one of this machine, such as 127.0.0.1, ::1 or localhost');
  }
  if (data !== undefined && typeof data !== 'string') throw fault('data', data, 'is no path; give the path of a file');
  if (data !== undefined) {
    const text = faultOfDataPath(data);
    if (text !== undefined) throw fault('data', data, text);
  }
  for (const [name, value] of Object.entries({ log, onError })) {
    if (value !== undefined && typeof value !== 'function') throw fault(name, value, 'is no function; give one');
  }
}

/** @param {unknown} error */
const asServerError = (error) => new ServerError(/** @type {Error} */ (error).message, { cause: error });

// Loaded on demand: without a data file, SQLite is not needed.
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
    throw new ServerError(`${path} does not fit these options and was left as it is: ${message}`);
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
  if (family !== 'IPv6') return `http://${address === '0.0.0.0' ? '127.0.0.1' : address}:${port}`;
  return `http://[${address === '::' ? '::1' : address}]:${port}`;
}
