// An emulator without a client.
import { createEmulator } from 'wix-oauth-apps/emulator';
import { settled } from './client.mjs';

export const APPS = '/oauth-app/v1/oauth-apps';

/** Returns an emulator, and functions that send a request, create an app, query the apps and count them. */
export async function started(options) {
  const emulator = await createEmulator(options);
  const { apiKey, siteId } = emulator.credentials;
  const send = (method, path, { body, ...init } = {}) =>
    settled(
      emulator.fetch(`https://www.wixapis.com${path}`, {
        method,
        headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
        body: body && JSON.stringify(body),
        ...init,
      }),
    );
  const create = (init) => send('POST', APPS, { body: { oAuthApp: { name: 'Shop' } }, ...init });
  const created = async () => (await (await create()).json()).oAuthApp;
  const query = (init) => send('POST', `${APPS}/query`, init);
  const total = async () => (await (await query()).json()).pagingMetadata.total;
  return { emulator, send, create, created, query, total };
}
