/** Checks the options of `startServer` that are the server's own. The emulator checks the others. */
import { faultOfDataPath } from '../data-path.js';
import { readAllowedOrigin } from './cors.js';
import { readAllowedHost } from './hosts.js';

/** Options of the server: its address, the hosts and origins that may use it, and its data file. The emulator's options are given beside these. */
export interface ServerOptions {
  /** Default: any free port. */
  port?: number;
  /** The address to listen on. Default: 127.0.0.1, this machine alone. */
  host?: string;
  /**
   * Further hosts that the `Host` header of a request may name, such as `wix.test`, or `wix.test:8787` for one port alone.
   * Loopback hosts and the address that the server was started on are always allowed; any other is answered with 421.
   */
  allowHosts?: readonly string[];
  /**
   * Further origins whose web pages may use the server, such as `https://shop.test:3000`. Pages of loopback origins always
   * may; those of any other are answered with 403.
   */
  allowOrigins?: readonly string[];
  /** The file that keeps the state. Default: none, the state is in memory. */
  data?: string | undefined;
  /** Receives the access log: one line for each request, several lines at a time. */
  log?: ((lines: string) => void) | undefined;
  /** Receives an error within the server or the emulator. The request that ran into it was answered with 500. */
  onError?: ((error: unknown) => void) | undefined;
}

/** Throws a `TypeError` that names the option, the value and the remedy. */
export function checkOptions(options: Record<keyof ServerOptions, unknown>): void {
  const { port, host, allowHosts, allowOrigins, data, log, onError } = options;
  if (!Number.isInteger(port) || Number(port) < 0 || Number(port) > 65_535) {
    throw fault('port', port, 'is no port; give a whole number from 0 to 65535, 0 for any free one');
  }
  checkList('allowHosts', allowHosts, readAllowedHost);
  checkList('allowOrigins', allowOrigins, readAllowedOrigin);
  try {
    readAllowedHost(host);
  } catch {
    throw fault('host', host, 'is no address; give one of this machine, such as 127.0.0.1, ::1 or localhost');
  }
  if (data !== undefined) {
    const text = typeof data === 'string' ? faultOfDataPath(data) : 'is no path; give the path of a file';
    if (text !== undefined) throw fault('data', data, text);
  }
  for (const [name, value] of Object.entries({ log, onError })) {
    if (value !== undefined && typeof value !== 'function') throw fault(name, value, 'is no function; give one');
  }
}

function checkList(name: string, list: unknown, read: (entry: unknown) => unknown): void {
  if (!Array.isArray(list)) throw fault(name, list, 'is no array; give an array of strings');
  list.forEach((entry, at) => {
    try {
      read(entry);
    } catch (error) {
      throw fault(`${name}[${at}]`, entry, (error as Error).message);
    }
  });
}

function fault(name: string, value: unknown, text: string): TypeError {
  return new TypeError(`options.${name}: ${JSON.stringify(value) ?? String(value)} ${text}`);
}
