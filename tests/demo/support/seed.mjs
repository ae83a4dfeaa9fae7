// States of the emulator for a page to start with.
import { createClient } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

const KEY = 'wix-oauth-apps/emulator';

/** A client of an emulator, or of a server that is given by its `url`. */
export function clientOf({ fetch, credentials: { apiKey, siteId }, url }) {
  const target = url === undefined ? { fetch } : { baseUrl: url };
  return createClient({ auth: { apiKey }, siteId, rateLimit: false, settle: false, ...target });
}

export const SHOP = {
  name: 'Storefront',
  description: 'The shop of the example company',
  allowedRedirectUris: ['https://shop.example.com/callback', 'https://*-shop.example.com/callback'],
  allowedRedirectDomains: ['shop.example.com'],
};

/** Apps of three kinds: usual, without entries, and with texts that are as long as the service takes them. */
export const APPS = [
  SHOP,
  { name: 'Mobile app' },
  {
    name: `A name without a space that is far too long for a card ${'x'.repeat(120)}`,
    allowedRedirectUris: Array.from(
      { length: 20 },
      (_, index) => `https://preview-${index}.example.com/api/auth/callback`,
    ),
    allowedRedirectDomains: ['localhost:4321', 'www.example.com'],
  },
];

/** Returns a number of apps of the same kind. */
export const many = (count) =>
  Array.from({ length: count }, (_, index) => ({ name: `App ${String(index).padStart(3, '0')}` }));

/** Creates the drafts one second apart, and returns the apps. */
export async function createApps(emulator, drafts, client = clientOf(emulator)) {
  const created = [];
  for (const draft of drafts) {
    created.push(await client.createOAuthApp(draft));
    emulator.advance(1_000);
  }
  return created;
}

/** Returns a function that gives a page these apps in its own emulator, as `init` of `openPage` takes it. */
export async function withApps(drafts) {
  const emulator = await createEmulator({ now: '2026-03-01T09:05:00Z', seed: 'demo' });
  await createApps(emulator, drafts);
  return withState(emulator.snapshot());
}

/** Returns a function that gives a page a state of its own emulator, the first time it opens. */
export const withState = (state) => (page) =>
  page.addInitScript(
    ([key, text]) => localStorage.getItem(key) ?? localStorage.setItem(key, text),
    [KEY, JSON.stringify(state)],
  );

/** Returns a function that connects a page to a server or the Wix API, the first time it opens. */
export const connectedTo = (connection) => (page) =>
  page.addInitScript(
    (text) =>
      localStorage.getItem('wix-oauth-apps/connection') ?? localStorage.setItem('wix-oauth-apps/connection', text),
    JSON.stringify({ siteId: 'e3a1e3a1-0000-4000-8000-000000000001', ...connection }),
  );
