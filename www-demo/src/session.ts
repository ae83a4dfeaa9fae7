/** The client that the whole page uses, for the chosen connection and credential. */
import { computed, signal } from '@preact/signals';
import { createClient, init, type OAuthAppsClient } from 'wix-oauth-apps';
import { failureOf, type Failure } from './failure';
import { openPageEmulator, type PageEmulator } from './page-emulator';
import { recording } from './requests/recorder';
import { connection, credential, readOwnCredentials } from './settings/connection';

export interface Session {
  client: OAuthAppsClient;
  /** Present while the page talks to its own emulator. */
  pageEmulator?: PageEmulator;
}

const pageEmulator = signal<PageEmulator | undefined>();
const isCoreLoaded = signal(false);

/** Why the page cannot work at all. */
export const startFailure = signal<Failure | undefined>();

/** Set if the visitor has to enter an API key or an access token first. */
export const needsCredential = computed(() => connection.kind !== 'page' && credential.value === undefined);

const opened = computed<{ session?: Session | undefined; failure?: Failure }>(() => {
  if (!isCoreLoaded.value) return {};
  try {
    return { session: connection.kind === 'page' ? sessionInPage() : sessionOverNetwork() };
  } catch (error) {
    return { failure: failureOf('The connection cannot be used', error) };
  }
});

/** The session, or undefined while the page starts, or a credential is missing or unusable. */
export const session = computed(() => opened.value.session);

/** Why the library refuses the connection or the credential. */
export const connectionFailure = computed(() => opened.value.failure);

function sessionInPage(): Session | undefined {
  const own = pageEmulator.value;
  if (own === undefined) return undefined;
  const { apiKey, siteId } = own.emulator.credentials;
  const client = createClient({
    auth: { apiKey },
    siteId,
    fetch: recording(own.fetch),
    // This page alone writes to its emulator: there is no other writer to look for, and no limit to keep.
    settle: false,
    rateLimit: false,
    // The key opens the emulator in this page and nothing else.
    dangerouslyAllowBrowser: true,
  });
  return { client, pageEmulator: own };
}

function sessionOverNetwork(): Session | undefined {
  const key = credential.value;
  if (connection.kind === 'page' || key === undefined) return undefined;
  const { kind, url, siteId } = connection;
  const common = { baseUrl: url, fetch: recording((input, init) => fetch(input, init)) };
  const client =
    kind === 'wix'
      ? createClient({ ...common, auth: { accessToken: key }, ...(siteId !== '' && { siteId }) })
      : // The visitor typed the key of an emulator, which opens nothing real.
        createClient({ ...common, auth: { apiKey: key }, siteId, dangerouslyAllowBrowser: true });
  return { client };
}

/** Loads the library's WebAssembly and, if the page talks to its own emulator, that of the emulator. */
export async function start(changedElsewhere: () => void): Promise<void> {
  try {
    const [, own] = await Promise.all([
      init(),
      connection.kind === 'page' ? openPageEmulator(changedElsewhere) : undefined,
      readOwnCredentials(),
    ]);
    pageEmulator.value = own;
    isCoreLoaded.value = true;
  } catch (error) {
    startFailure.value = {
      ...failureOf('The page could not start', error),
      remedy: 'Reload the page. If it happens again, some of its files are not served.',
    };
  }
}
