/** The operations as free functions for one-off scripts. The first argument is a client or a client's options. */
import { createClientFor, isClient } from './client.js';
import type { Secret } from './secret.js';
import type {
  ChangeOptions,
  ClientOptions,
  CreatedOAuthApp,
  EnsuredOAuthApp,
  EnsureOptions,
  OAuthApp,
  OAuthAppDraft,
  OAuthAppPage,
  OAuthAppPatch,
  OAuthAppQuery,
  OAuthAppsClient,
  RedirectChange,
  RedirectEntries,
  RequestOptions,
  WantedOAuthApp,
} from './types.js';

type ClientOrOptions = OAuthAppsClient | ClientOptions;

/** The client of each options object, with the content of the object when the client was created. */
const clients = new WeakMap<object, { client: OAuthAppsClient; content: unknown[] }>();

/**
 * Returns the client, or the client of these options. The same options object always gets the same client, which keeps the
 * rate limit and the access token. Options that have changed get a new client, so that no call goes to a previous site.
 */
function clientOf(input: ClientOrOptions, operation: string): OAuthAppsClient {
  if (isClient(input)) return input;
  const isObject = typeof input === 'object' && input !== null;
  const content = isObject ? contentOf(input) : [];
  const known = isObject ? clients.get(input) : undefined;
  if (known?.content.length === content.length && known.content.every((value, at) => Object.is(value, content[at]))) {
    return known.client;
  }
  const client = createClientFor(input, operation);
  if (isObject) clients.set(input, { client, content });
  return client;
}

/** Returns the names and values of the options, and of the objects in them. */
function contentOf(options: object): unknown[] {
  try {
    return Object.entries(options).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null ? [name, ...Object.entries(value).flat()] : [name, value],
    );
  } catch {
    // The core reports which option cannot be read.
    return [];
  }
}

/** {@link OAuthAppsClient.createOAuthApp} */
export async function createOAuthApp(
  client: ClientOrOptions,
  draft: OAuthAppDraft,
  options?: RequestOptions,
): Promise<CreatedOAuthApp> {
  return clientOf(client, 'createOAuthApp').createOAuthApp(draft, options);
}

/** {@link OAuthAppsClient.getOAuthApp} */
export async function getOAuthApp(client: ClientOrOptions, id: string, options?: RequestOptions): Promise<OAuthApp> {
  return clientOf(client, 'getOAuthApp').getOAuthApp(id, options);
}

/** {@link OAuthAppsClient.updateOAuthApp} */
export async function updateOAuthApp(
  client: ClientOrOptions,
  id: string,
  patch: OAuthAppPatch,
  options?: RequestOptions,
): Promise<OAuthApp> {
  return clientOf(client, 'updateOAuthApp').updateOAuthApp(id, patch, options);
}

/** {@link OAuthAppsClient.deleteOAuthApp} */
export async function deleteOAuthApp(client: ClientOrOptions, id: string, options?: RequestOptions): Promise<void> {
  return clientOf(client, 'deleteOAuthApp').deleteOAuthApp(id, options);
}

/** {@link OAuthAppsClient.queryOAuthApps} */
export async function queryOAuthApps(
  client: ClientOrOptions,
  query?: OAuthAppQuery,
  options?: RequestOptions,
): Promise<OAuthAppPage> {
  return clientOf(client, 'queryOAuthApps').queryOAuthApps(query, options);
}

/** {@link OAuthAppsClient.generateOAuthAppSecret} */
export async function generateOAuthAppSecret(
  client: ClientOrOptions,
  id: string,
  options?: RequestOptions,
): Promise<Secret> {
  return clientOf(client, 'generateOAuthAppSecret').generateOAuthAppSecret(id, options);
}

/** {@link OAuthAppsClient.listOAuthApps} */
export function listOAuthApps(
  client: ClientOrOptions,
  query?: OAuthAppQuery,
  options?: RequestOptions,
): AsyncIterableIterator<OAuthApp> {
  return clientOf(client, 'listOAuthApps').listOAuthApps(query, options);
}

/** {@link OAuthAppsClient.allowRedirects} */
export async function allowRedirects(
  client: ClientOrOptions,
  id: string,
  entries: RedirectEntries,
  options?: ChangeOptions,
): Promise<RedirectChange> {
  return clientOf(client, 'allowRedirects').allowRedirects(id, entries, options);
}

/** {@link OAuthAppsClient.disallowRedirects} */
export async function disallowRedirects(
  client: ClientOrOptions,
  id: string,
  entries: RedirectEntries,
  options?: ChangeOptions,
): Promise<RedirectChange> {
  return clientOf(client, 'disallowRedirects').disallowRedirects(id, entries, options);
}

/** {@link OAuthAppsClient.ensureOAuthApp} */
export async function ensureOAuthApp(
  client: ClientOrOptions,
  wanted: WantedOAuthApp,
  options?: EnsureOptions,
): Promise<EnsuredOAuthApp> {
  return clientOf(client, 'ensureOAuthApp').ensureOAuthApp(wanted, options);
}

/** {@link OAuthAppsClient.isClientActive} */
export async function isClientActive(
  client: ClientOrOptions,
  clientId: string,
  options?: RequestOptions,
): Promise<boolean> {
  return clientOf(client, 'isClientActive').isClientActive(clientId, options);
}
