// The hosts that a request may name in its `Host` header. Without this check, a web page whose DNS name is rebound to
// 127.0.0.1 would be of the same origin as the server and could read and change everything.
import { BlockList, isIP, isIPv6 } from 'node:net';
import { Refusal } from './refusal.js';

/**
 * A host and its port, as they stand in a URL or a `Host` header.
 *
 * @typedef {object} Authority
 * @property {string} host In lower case, without a final dot; an IPv6 address in its shortest form, without brackets.
 * @property {string} port Empty where none is given.
 */

// Stricter than RFC 3986: names that no DNS resolver takes never reach a URL that the emulator writes.
const AUTHORITY = /^(?:([\w-]+(?:\.[\w-]+)*)\.?|\[([\da-f:.]+)\])(?::(\d{0,5}))?$/i;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** How many accepted `Host` headers are remembered, so that a client cannot fill the memory. */
const MAX_KNOWN = 100;

/**
 * Parses `host` or `host:port`; gives undefined for anything else.
 *
 * @param {string} text
 * @returns {Authority | undefined}
 */
export function parseAuthority(text) {
  const [matched, name, ipv6, port = ''] = AUTHORITY.exec(text) ?? [];
  if (matched === undefined || Number(port) > 65_535) return undefined;
  if (ipv6 === undefined) return name === undefined ? undefined : { host: name.toLowerCase(), port };
  return isIPv6(ipv6) ? { host: shortest(ipv6), port } : undefined;
}

/**
 * Whether a host, as `parseAuthority` gives it, is this machine for every client: `localhost`, a name below it, or a
 * loopback address.
 *
 * @param {string} host
 */
export function isLoopback(host) {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const version = isIP(host);
  return version !== 0 && LOOPBACK.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Reads an entry of `allowHosts`: a host name or an address, for any port or for the one that is given.
 *
 * @param {unknown} entry
 * @returns {Authority} Throws the fault where it is neither.
 */
export function readAllowedHost(entry) {
  const authority = typeof entry === 'string' && parseAuthority(isIPv6(entry) ? `[${entry}]` : entry);
  if (authority) return authority;
  throw new Error('is no host; give a host name or an address, such as wix.test, 192.168.1.5 or wix.test:8787');
}

/** Decides which `Host` headers the server accepts. */
export class HostPolicy {
  /** @type {Set<string>} */ #allowed = new Set();
  /** @type {Set<string>} */ #known = new Set();

  /**
   * @param {string} listensOn The name or the address that the server was started on.
   * @param {readonly string[]} allowHosts
   */
  constructor(listensOn, allowHosts) {
    for (const entry of [listensOn, ...allowHosts]) {
      const { host, port } = readAllowedHost(entry);
      this.#allowed.add(port === '' ? host : `${host}:${port}`);
    }
  }

  /**
   * Throws a `Refusal` unless the server answers to this host: 400 for one that is malformed, 421 for another.
   *
   * @param {string} text The `Host` header, or the authority of an absolute target.
   * @param {string | undefined} localAddress The address of this machine that the client reached.
   */
  check(text, localAddress) {
    if (this.#known.has(text)) return;
    const authority = parseAuthority(text);
    if (!authority) {
      throw new Refusal(
        400,
        `The Host header ${JSON.stringify(text)} is malformed: it must be a host, and may have a port`,
      );
    }
    const { host, port } = authority;
    if (isLoopback(host) || this.#allowed.has(host) || this.#allowed.has(`${host}:${port}`)) {
      if (this.#known.size < MAX_KNOWN) this.#known.add(text);
      return;
    }
    // A server on 0.0.0.0 was started on every address of the machine. No DNS name can be rebound to a literal address.
    if (isIP(host) && localAddress !== undefined && host === unmapped(localAddress)) return;
    throw new Refusal(
      421,
      `The server does not answer to the host ${host}, so that no web page can reach it under a name of its own (DNS ` +
        `rebinding). Use a loopback address, or start it with --allow-host ${host} (startServer: allowHosts)`,
    );
  }
}

/** @param {string} address An IPv6 address. */
const shortest = (address) => new URL(`http://[${address}]`).hostname.slice(1, -1);

/** @param {string} address As a socket gives it: on a dual-stack server, IPv4 addresses are mapped to IPv6. */
const unmapped = (address) => address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
