// Every entry of the package, under every module resolution, with or without the DOM's types.
import { createClient, init, type ClientOptions, type OAuthAppDraft, type RequestOptions } from 'wix-oauth-apps';
import coreFile from 'wix-oauth-apps/core.wasm';
import coreModule from 'wix-oauth-apps/core.wasm?module';
import { createEmulator, type EmulatorOptions, type EmulatorRequest, type Fault } from 'wix-oauth-apps/emulator';
import emulatorFile from 'wix-oauth-apps/emulator.wasm';
import emulatorModule from 'wix-oauth-apps/emulator.wasm?module';
import { createEmulator as createInlineEmulator } from 'wix-oauth-apps/emulator/inline';
import * as inline from 'wix-oauth-apps/inline';

/** The values of optional members that a program passes on. */
interface Given {
  siteId?: string | undefined;
  signal?: AbortSignal | undefined;
  timeout?: number | undefined;
  id?: string | undefined;
  limit?: number | undefined;
}

export async function main({ siteId, signal, timeout, id, limit }: Given): Promise<string> {
  await init({ wasm: coreFile });
  await inline.init({ wasm: coreModule });
  await createInlineEmulator({ wasm: emulatorModule });
  const options: EmulatorOptions = { wasm: emulatorFile, seed: id, apps: undefined, rateLimit: { per: limit } };
  const emulator = await createEmulator(options);
  const fault: Fault = { status: 500, path: undefined, latency: limit };
  emulator.fail(fault);
  const request: EmulatorRequest = { method: 'GET', url: '/', headers: undefined, body: undefined };
  emulator.handle(request);
  const { fetch, credentials } = emulator;
  const clientOptions: ClientOptions = { auth: { apiKey: credentials.apiKey }, siteId, fetch, rateLimit: undefined };
  const draft: OAuthAppDraft = { name: 'Shop', description: id, wixPagesDomainsMappings: [{ origin: id }] };
  const requestOptions: RequestOptions = { signal, timeout };
  const page = await inline.createClient(clientOptions).queryOAuthApps({ filter: { id }, paging: { limit } });
  const app = await createClient(clientOptions).createOAuthApp(draft, requestOptions);
  return app.id + page.oAuthApps.length;
}
