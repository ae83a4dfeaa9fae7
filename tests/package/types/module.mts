// An import from an ES module.
import * as api from 'wix-oauth-apps';
import type { OAuthAppsClient } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

const { fetch, credentials } = await createEmulator();
export const client: OAuthAppsClient = api.createClient({ auth: { apiKey: credentials.apiKey }, fetch });
// @ts-expect-error there is no default
api.default;
// @ts-expect-error internal files are not exported
export type { Client } from 'wix-oauth-apps/dist/client.js';
