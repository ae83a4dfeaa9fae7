/** The target of the page's requests: the emulator in the page, a server of the visitor's choice, or the Wix API. */
import { signal } from '@preact/signals';
import { originStore } from '../storage';

export type Connection =
  { kind: 'page' } | { kind: 'server'; url: string; siteId: string } | { kind: 'wix'; url: string; siteId: string };

/** The default credentials of every emulator. They open nothing real. */
export const EMULATOR_CREDENTIALS = {
  apiKey: 'IST.emulator.not-a-real-api-key',
  siteId: 'e3a1e3a1-0000-4000-8000-000000000001',
};

export const WIX_API = 'https://www.wixapis.com';

/** Set if an emulator server serves this page as its console. */
export const isConsole = /\/_emulator\/(?:index\.html)?$/.test(location.pathname);

const KEY = 'connection';

/** The connection of this page load. A change takes effect with a reload, because the browser enforces it by policy. */
export const connection: Connection = readConnection();

/**
 * The API key or access token that the visitor typed. It is in memory alone and goes with a reload. An emulator with its
 * usual credentials needs none.
 */
export const credential = signal<string | undefined>(
  connection.kind === 'server' ? EMULATOR_CREDENTIALS.apiKey : undefined,
);

function readConnection(): Connection {
  const stored = originStore.read(KEY) as Partial<Connection & { url: string; siteId: string }> | undefined;
  const { kind, url, siteId } = stored ?? {};
  if (isConsole) {
    const own = kind === 'server' && typeof siteId === 'string' ? siteId : EMULATOR_CREDENTIALS.siteId;
    return { kind: 'server', url: location.origin, siteId: own };
  }
  if ((kind !== 'server' && kind !== 'wix') || typeof siteId !== 'string') return { kind: 'page' };
  if (typeof url !== 'string' || faultOfUrl(url) !== undefined) return { kind: 'page' };
  return { kind, url, siteId };
}

/**
 * Takes over the credentials of the server whose console this page is. A site that the visitor has chosen stays. A server
 * without a control interface has the usual credentials.
 */
export async function readOwnCredentials(): Promise<void> {
  if (!isConsole || connection.kind !== 'server') return;
  try {
    const response = await fetch(`${location.origin}/_emulator/credentials`);
    const { apiKey, siteId } = (await response.json()) as Partial<typeof EMULATOR_CREDENTIALS>;
    if (typeof apiKey === 'string') credential.value = apiKey;
    const isChosen = (originStore.read(KEY) as Partial<Connection> | undefined)?.kind === 'server';
    if (typeof siteId === 'string' && !isChosen) connection.siteId = siteId;
  } catch {
    // The usual credentials are in use already.
  }
}

/** Stores the connection and starts the page anew with it. */
export function connect(next: Connection): void {
  originStore.write(KEY, next);
  location.reload();
}

/** Returns why the page cannot connect to this address, or undefined. */
export function faultOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'Enter a whole address, such as http://127.0.0.1:8787.';
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '') return 'Leave user name and password out of the address.';
  // A Content-Security-Policy cannot name an IPv6 address, so the browser would block it.
  if (hostname.startsWith('[')) return 'Use a host name or an IPv4 address: a browser cannot permit an IPv6 address.';
  if (search !== '' || hash !== '') return 'Leave the part after ? or # out of the address.';
  if (protocol === 'https:') return undefined;
  if (protocol !== 'http:') return 'The address must begin with https:// or http://.';
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1';
  return isLocal ? undefined : 'Plain http is for localhost and 127.0.0.1 alone. Use https for another host.';
}

/** The connection in a few words. */
export function describe(it: Connection): string {
  switch (it.kind) {
    case 'page':
      return 'Emulator in this page';
    case 'server':
      return isConsole ? 'This emulator server' : `Emulator server ${new URL(it.url).host}`;
    case 'wix':
      return it.url === WIX_API ? 'Wix API' : `Wix API at ${new URL(it.url).host}`;
  }
}
