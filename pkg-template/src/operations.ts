/** The operations as free functions, for one-off scripts: the first argument is a client or its options. */
import { createClient } from './client.js';
import type { Secret } from './secret.js';
import type {
  ClientOptions,
  CreatedOAuthApp,
  OAuthApp,
  OAuthAppDraft,
  OAuthAppPage,
  OAuthAppPatch,
  OAuthAppQuery,
  OAuthAppsClient,
  RequestOptions,
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
