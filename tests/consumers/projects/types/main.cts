// Uses the library as a strict program does. It is compiled, not run.
import {
  type ClientOptions,
  type CreatedOAuthApp,
  type OAuthApp,
  type OAuthAppDraft,
  type OAuthAppPatch,
  type OAuthAppsClient,
  OAuthAppsError,
  type OAuthAppsErrorCode,
  type RequestOptions,
  type Secret,
  type Violation,
  checkRedirect,
  createClient,
  init,
  isOAuthAppsError,
  listOAuthApps,
  validateOAuthApp,
} from 'wix-oauth-apps';
import { type Emulator, type EmulatorOptions, createEmulator } from 'wix-oauth-apps/emulator';

export async function main(): Promise<string[]> {
  const emulatorOptions: EmulatorOptions = { seed: 'types' };
  const emulator: Emulator = await createEmulator(emulatorOptions);
  const { apiKey, siteId } = emulator.credentials;
  const options: ClientOptions = { auth: { apiKey }, siteId, fetch: emulator.fetch };
  const client: OAuthAppsClient = createClient(options);
  const draft: OAuthAppDraft = { name: 'Shop', allowedRedirectUris: ['https://shop.example.com/callback'] };
  const created: CreatedOAuthApp = await client.createOAuthApp(draft);
  const app: OAuthApp = created;
  const patch: OAuthAppPatch = { description: null };
  await client.updateOAuthApp(app.id, patch);
  const violations: Violation[] = validateOAuthApp(patch, { for: 'update' });
  const secret: Secret = await client.generateOAuthAppSecret(app.id);
  const texts: string[] = [secret.reveal(), ...violations.map(({ message }) => message)];
  for await (const { id } of listOAuthApps(client)) texts.push(id);
  const allowed: boolean = checkRedirect(app, 'https://shop.example.com/callback', 'authentication').allowed;
  if (allowed) await init();
  await init({ wasm: new Uint8Array() });
  try {
    await client.deleteOAuthApp(app.id);
  } catch (error) {
    if (error instanceof OAuthAppsError) texts.push(error.message);
    if (isOAuthAppsError(error)) {
      const code: OAuthAppsErrorCode = error.code;
      const status: number | undefined = error.status;
      texts.push(code, String(status));
    }
  }
  return texts;
}

interface Settings {
  timeout?: number | undefined;
  siteId?: string | undefined;
  description?: string | undefined;
}

/** Passes on settings that may be missing. */
export function create(settings: Settings): Promise<OAuthApp> {
  const options: RequestOptions = { timeout: settings.timeout, signal: undefined };
  const client: ClientOptions = { auth: { apiKey: 'key' }, siteId: settings.siteId };
  return createClient(client).createOAuthApp({ name: 'Shop', description: settings.description }, options);
}
