// Measures many concurrent calls: the time must grow in proportion to their number, whatever they wait for.
//   npm run build && node bench/many.mjs
import { createClient } from 'wix-oauth-apps';

const SITE = '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11';
const ID = '13f5e2ab-8e4f-4a0b-9c64-0d2c1c0e8f11';
const COUNTS = [10_000, 50_000];

const app = { id: ID, allowedRedirectUris: ['https://shop.example.com/cb'], allowedRedirectDomains: [] };
const text = JSON.stringify({ oAuthApp: app, access_token: 'token', expires_in: 14_400 });
const headers = new Headers();
/** Responds after one turn of the event loop, so that all calls run concurrently. */
const fetch = (_url, { signal: _ }) =>
  new Promise((resolve) => setImmediate(resolve, { status: 200, headers, text: async () => text }));

const options = { auth: { apiKey: 'IST.key' }, siteId: SITE, fetch, rateLimit: false };
const idOf = (at) => `13f5e2ab-8e4f-4a0b-9c64-${String(at).padStart(12, '0')}`;
const entries = { uris: app.allowedRedirectUris };

/** For each kind of waiting: client options, and a function that makes the call with this number. */
const KINDS = {
  'no wait': [options, (client) => client.getOAuthApp(ID)],
  'a rate limit of 10,000 in 100 ms': [
    { ...options, rateLimit: { requests: 10_000, per: 100 } },
    (client) => client.getOAuthApp(ID),
  ],
  'one access token': [
    { ...options, auth: { clientId: ID, clientSecret: 'secret' } },
    (client) => client.getOAuthApp(ID),
  ],
  'the same app': [options, (client) => client.allowRedirects(ID, entries)],
  'an app for each call': [options, (client, at) => client.allowRedirects(idOf(at), entries)],
  'a site for each call': [options, (client, at) => client.forSite(idOf(at)).getOAuthApp(ID)],
};

// Warms up, so that compilation is not measured.
const client = createClient(options);
await Promise.all(Array.from({ length: 5_000 }, () => client.getOAuthApp(ID)));

for (const [kind, [given, call]] of Object.entries(KINDS)) {
  const times = [];
  for (const count of COUNTS) {
    const start = performance.now();
    const client = createClient(given);
    await Promise.all(Array.from({ length: count }, (_, at) => call(client, at)));
    times.push(performance.now() - start);
  }
  const [few, many] = times.map((time) => `${(time / 1_000).toFixed(2)} s`);
  console.log(
    `${kind}: ${COUNTS[0]} calls ${few}, ${COUNTS[1]} calls ${many}, ${(times[1] / times[0]).toFixed(1)} times`,
  );
}
