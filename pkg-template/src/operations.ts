/** The operations as free functions, for one-off scripts: the first argument is a client or its options. */
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

/** The client of each options object, with what the object held when the client was made. */
const clients = new WeakMap<object, { client: OAuthAppsClient; held: unknown[] }>();

/**
 * The client itself, or the one of these options: the same options object always has the same client, which keeps the
 * rate limit and the access token. Options that were changed since get a fresh client, so that no call goes to a site
 * that they do not name any more.
 */
function clientOf(given: ClientOrOptions, operation: string): OAuthAppsClient {
  if (isClient(given)) return given;
  const isObject = typeof given === 'object' && given !== null;
  const held = isObject ? contentOf(given) : [];
  const known = isObject ? clients.get(given) : undefined;
  if (known?.held.length === held.length && known.held.every((value, at) => Object.is(value, held[at]))) {
    return known.client;
  }
  const client = createClientFor(given, operation);
  if (isObject) clients.set(given, { client, held });
  return client;
}

/** The names and values of the options, and of the objects in them. */
function contentOf(options: object): unknown[] {
  try {
    return Object.entries(options).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null ? [name, ...Object.entries(value).flat()] : [name, value],
    );
  } catch {
    // The core says which option cannot be read.
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
