/** The operations as free functions, for one-off scripts: the first argument is a client or its options. */
import { createClient } from './client.js';
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

function clientOf(given: ClientOrOptions): OAuthAppsClient {
  try {
    if ('createOAuthApp' in given) return given;
  } catch {
    // Nothing that can be looked into: as options, the core says what is wrong.
  }
  return createClient(given as ClientOptions);
}

/** {@link OAuthAppsClient.createOAuthApp} */
export async function createOAuthApp(
  client: ClientOrOptions,
  draft: OAuthAppDraft,
  options?: RequestOptions,
): Promise<CreatedOAuthApp> {
  return clientOf(client).createOAuthApp(draft, options);
}

/** {@link OAuthAppsClient.getOAuthApp} */
export async function getOAuthApp(client: ClientOrOptions, id: string, options?: RequestOptions): Promise<OAuthApp> {
  return clientOf(client).getOAuthApp(id, options);
}

/** {@link OAuthAppsClient.updateOAuthApp} */
export async function updateOAuthApp(
  client: ClientOrOptions,
  id: string,
  patch: OAuthAppPatch,
  options?: RequestOptions,
): Promise<OAuthApp> {
  return clientOf(client).updateOAuthApp(id, patch, options);
}

/** {@link OAuthAppsClient.deleteOAuthApp} */
export async function deleteOAuthApp(client: ClientOrOptions, id: string, options?: RequestOptions): Promise<void> {
  return clientOf(client).deleteOAuthApp(id, options);
}

/** {@link OAuthAppsClient.queryOAuthApps} */
export async function queryOAuthApps(
  client: ClientOrOptions,
  query?: OAuthAppQuery,
  options?: RequestOptions,
): Promise<OAuthAppPage> {
  return clientOf(client).queryOAuthApps(query, options);
}

/** {@link OAuthAppsClient.generateOAuthAppSecret} */
export async function generateOAuthAppSecret(
  client: ClientOrOptions,
  id: string,
  options?: RequestOptions,
): Promise<Secret> {
  return clientOf(client).generateOAuthAppSecret(id, options);
}

/** {@link OAuthAppsClient.listOAuthApps} */
export function listOAuthApps(
  client: ClientOrOptions,
  query?: OAuthAppQuery,
  options?: RequestOptions,
): AsyncIterableIterator<OAuthApp> {
  return clientOf(client).listOAuthApps(query, options);
}

/** {@link OAuthAppsClient.allowRedirects} */
export async function allowRedirects(
  client: ClientOrOptions,
  id: string,
  entries: RedirectEntries,
  options?: ChangeOptions,
): Promise<RedirectChange> {
  return clientOf(client).allowRedirects(id, entries, options);
}

/** {@link OAuthAppsClient.disallowRedirects} */
export async function disallowRedirects(
  client: ClientOrOptions,
  id: string,
  entries: RedirectEntries,
  options?: ChangeOptions,
): Promise<RedirectChange> {
  return clientOf(client).disallowRedirects(id, entries, options);
}

/** {@link OAuthAppsClient.ensureOAuthApp} */
export async function ensureOAuthApp(
  client: ClientOrOptions,
  wanted: WantedOAuthApp,
  options?: EnsureOptions,
): Promise<EnsuredOAuthApp> {
  return clientOf(client).ensureOAuthApp(wanted, options);
}
