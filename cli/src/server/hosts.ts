/**
 * The hosts that a request may name in its `Host` header. Without this check, a web page whose DNS name is rebound to
 * 127.0.0.1 would have the origin of the server and could read and change everything.
 */
import { BlockList, isIP, isIPv6 } from 'node:net';
import { HttpError } from './http-error.js';

/** A host and its port, as in a URL or a `Host` header. */
export interface Authority {
  /** In lower case, without a final dot; an IPv6 address in its shortest form, without brackets. */
  host: string;
  /** Empty if none is given. */
  port: string;
}

// Stricter than RFC 3986: names that no DNS resolver accepts never reach a URL that the emulator writes.
const AUTHORITY = /^(?:([\w-]+(?:\.[\w-]+)*)\.?|\[([\da-f:.]+)\])(?::(\d{0,5}))?$/i;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** How many accepted `Host` headers are cached; limited, so that a client cannot fill the memory. */
const MAX_ACCEPTED = 100;

/** Parses `host` or `host:port`. Returns undefined for any other text. */
export function parseAuthority(text: string): Authority | undefined {
  const [matched, name, ipv6, port = ''] = AUTHORITY.exec(text) ?? [];
  if (matched === undefined || Number(port) > 65_535) return undefined;
  if (ipv6 === undefined) return name === undefined ? undefined : { host: name.toLowerCase(), port };
  return isIPv6(ipv6) ? { host: shortest(ipv6), port } : undefined;
}

/**
 * Checks whether a host, as `parseAuthority` returns it, is this machine for every client: `localhost`, a name below it, or
 * a loopback address.
 */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const version = isIP(host);
  return version !== 0 && LOOPBACK.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Reads an entry of `allowHosts`: a host name or an address, for any port or for the port that is given. Throws an error
 * that names the fault of any other value.
 */
export function readAllowedHost(entry: unknown): Authority {
  const authority = typeof entry === 'string' && parseAuthority(isIPv6(entry) ? `[${entry}]` : entry);
  if (authority) return authority;
  throw new Error('is no host; give a host name or an address, such as wix.test, 192.168.1.5 or wix.test:8787');
}

/** Decides which `Host` headers the server accepts. */
export class HostPolicy {
  readonly #allowed = new Set<string>();
  readonly #accepted = new Set<string>();

  /** @param listenAddress The name or the address that the server was started on. */
  constructor(listenAddress: string, allowHosts: readonly string[]) {
    for (const entry of [listenAddress, ...allowHosts]) {
      const { host, port } = readAllowedHost(entry);
      this.#allowed.add(port === '' ? host : `${host}:${port}`);
    }
  }

  /**
   * Throws an `HttpError` unless the server answers to this host: 400 if it is malformed, otherwise 421.
   *
   * @param text The `Host` header, or the authority of an absolute target.
   * @param socket The connection, whose address of this machine is the one that the client has reached.
   */
  check(text: string, socket: { readonly localAddress?: string | undefined }): void {
    if (this.#accepted.has(text)) return;
    const authority = parseAuthority(text);
    if (!authority) {
      const fault = `The Host header ${JSON.stringify(text)} is malformed`;
      throw new HttpError(400, `${fault}: it must be a host, and may have a port`);
    }
    const { host, port } = authority;
    if (isLoopback(host) || this.#allowed.has(host) || this.#allowed.has(`${host}:${port}`)) {
      if (this.#accepted.size < MAX_ACCEPTED) this.#accepted.add(text);
      return;
    }
    // A server on 0.0.0.0 was started on every address of the machine. No DNS name can be rebound to a literal address.
    const { localAddress } = socket;
    if (isIP(host) && localAddress !== undefined && host === unmapped(localAddress)) return;
    throw new HttpError(
      421,
      `The server does not answer to the host ${host}, so that no web page can reach it under a name of its own (DNS ` +
        `rebinding). Use a loopback address, or start it with --allow-host ${host} (startServer: allowHosts)`,
    );
  }
}

/** Returns the shortest form of an IPv6 address. */
const shortest = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1);

/** Returns the address of a socket without zone, and as IPv4 if a dual-stack server has mapped it to IPv6. */
const unmapped = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
