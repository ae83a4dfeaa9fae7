/** Starts the emulator behind an HTTP server, in this process: for the command line and for tests. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator, type Emulator, type EmulatorOptions } from 'wix-oauth-apps/emulator';
import { DataFile, DataFileError } from '../data-file.js';
import { MissingDriverError, loadSqlite } from '../sqlite.js';
import { AccessLog } from './access-log.js';
import { CONSOLE } from './console.js';
import { Control } from './control.js';
import { OriginPolicy } from './cors.js';
import { HostPolicy } from './hosts.js';
import { createServer } from './http.js';
import { checkOptions, type ServerOptions } from './options.js';
import { RequestLog } from './request-log.js';

export type { ServerOptions };

/** How long a stop waits for responses that are under way. */
const GRACE = 2_000; // milliseconds

/** Thrown if a server cannot run; the message names the fault and the remedy. */
export class ServerError extends Error {
  override name = 'ServerError';
}

/** A server that was started. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:8787`. Clients on this machine can use it as their `baseUrl`. */
  url: string;
  /** The address of the console, such as `http://127.0.0.1:8787/_emulator/`. */
  consoleUrl: string;
  /** The credentials that it accepts. */
  credentials: { apiKey: string; siteId: string };
  /** For faults, the clock, the request log and so on. */
  emulator: Emulator;
  /**
   * Resolves when the server has stopped; rejects with a `ServerError` if it stopped because the data file could not be
   * written any more.
   */
  closed: Promise<void>;
  /**
   * Takes no more requests, waits at most two seconds for responses that are under way, and closes. Can be called again.
   */
  stop: () => Promise<void>;
}

/**
 * Starts a server. Rejects with a `TypeError` for an option that cannot be used, and with a `ServerError` if the port or the
 * data file cannot be used.
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
}: ServerOptions & EmulatorOptions = {}): Promise<RunningServer> {
  checkOptions({ port, host, allowHosts, allowOrigins, data, log, onError });
  const emulator = await createEmulator(options);
  const dataFile = data === undefined ? undefined : await openDataFile(data, emulator);
  const accessLog = log && new AccessLog(log);
  const requests = new RequestLog(accessLog);
  let failure: ServerError | undefined;
  const { server, stop } = createServer({
    emulator,
    hosts: new HostPolicy(host, allowHosts),
    origins: new OriginPolicy(allowOrigins),
    dataFile,
    requests,
    control: new Control(emulator, requests, options.webhooks),
    onError,
    onWriteFailure(error) {
      failure = asServerError(error);
      stop(GRACE);
    },
  });
  await listen(server, port, host).catch((error: unknown) => {
    dataFile?.close();
    throw error;
  });
  // An error such as a connection that breaks off while it is accepted must not end the server.
  server.on('error', onError);

  const closed = once(server, 'close').then(() => {
    accessLog?.flush();
    emulator.webhooks.stop();
    try {
      // The outcome of webhooks since the last request.
      if (failure === undefined) dataFile?.write(emulator.changes());
    } catch (error) {
      failure = asServerError(error);
    }
    dataFile?.close();
    if (failure !== undefined) throw failure;
  });
  // Avoids an unhandledRejection when nobody awaits `closed`.
  closed.catch(() => {});

  const url = urlOf(server);
  return {
    url,
    consoleUrl: url + CONSOLE,
    credentials: emulator.credentials,
    emulator,
    closed,
    stop() {
      if (server.listening) stop(GRACE);
      return closed;
    },
  };
}

const asServerError = (error: unknown): ServerError => new ServerError((error as Error).message, { cause: error });

async function openDataFile(path: string, emulator: Emulator): Promise<DataFile> {
  let dataFile: DataFile | undefined;
  try {
    dataFile = new DataFile(path, await loadSqlite());
    emulator.load(dataFile.takeRecords());
    return dataFile;
  } catch (error) {
    dataFile?.close();
    const { message } = error as Error;
    if (error instanceof DataFileError || error instanceof MissingDriverError) throw new ServerError(message);
    throw new ServerError(`${path} does not fit these options and was left as it is: ${message}`);
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await once(server.listen(port, host), 'listening');
  } catch (error) {
    throw new ServerError(listenFault(error as NodeJS.ErrnoException, port, host));
  }
}

function listenFault({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is in use: stop the program that listens there, or choose another port, 0 for any free one`;
    case 'EACCES':
      return `this user may not listen on port ${port}: choose a port above 1023`;
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine: choose one that is, or none for 127.0.0.1`;
    default:
      return `cannot listen on ${host}, port ${port}: ${message}`;
  }
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  if (family !== 'IPv6') return `http://${address === '0.0.0.0' ? '127.0.0.1' : address}:${port}`;
  return `http://[${address === '::' ? '::1' : address}]:${port}`;
}
