// Replaces the network of a program by the emulator, and sets the variables that the program reads: it runs unchanged.
import { createEmulator } from 'wix-oauth-apps/emulator';

const { WIX_CLIENT_ID: id } = process.env;
const emulator = await createEmulator(id ? { apps: [{ name: 'Storefront', id }] } : {});
const { apiKey, siteId } = emulator.credentials;
Object.assign(process.env, { WIX_API_KEY: apiKey, WIX_SITE_ID: siteId });
globalThis.fetch = (input, init) => {
  const { hostname } = new URL(input.url ?? input);
  if (hostname !== 'www.wixapis.com') throw new Error(`a request to ${hostname}, in a program that runs as a test`);
  return emulator.fetch(input, init);
};
