// Measures the CPU time of a request in the emulator alone: the crossing into WebAssembly, the service, and the way back.
// The difference with the option `requestLogSize: 0` is the cost of the request log.
//   npm run build && node bench/handle.mjs
import { createEmulator } from 'wix-oauth-apps/emulator';

const TURNS = 15;
const REQUESTS = 20_000;
const APPS = '/oauth-app/v1/oauth-apps';

const emulator = await createEmulator();
const { apiKey, siteId } = emulator.credentials;
const headers = {
  host: '127.0.0.1:8787',
  connection: 'keep-alive',
  authorization: apiKey,
  'wix-site-id': siteId,
  'content-type': 'application/json',
};
const call = (method, url, value) => {
  const body = value && { body: Buffer.from(JSON.stringify(value)) };
  return emulator.handle({ method, url, headers, ...body });
};

let id;
for (let at = 0; at < 10; at += 1) {
  const oAuthApp = { name: `Storefront ${at}`, allowedRedirectUris: [`https://shop-${at}.example.com/callback`] };
  ({ id } = JSON.parse(call('POST', APPS, { oAuthApp }).body).oAuthApp);
}
const query = { paging: { limit: 10 } };
for (const [name, act] of [
  ['get by id', () => call('GET', `${APPS}/${id}`)],
  ['query, 10 apps', () => call('POST', `${APPS}/query`, { query })],
  [
    'query, 10 apps by name',
    () => call('POST', `${APPS}/query`, { query: { ...query, sort: [{ fieldName: 'name' }] } }),
  ],
]) {
  const times = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const before = process.cpuUsage();
    for (let at = 0; at < REQUESTS; at += 1) act();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / REQUESTS);
  }
  // The minimum: on a busy machine, every other turn includes cold caches.
  console.log(`${name}: ${Math.min(...times).toFixed(1)} µs of CPU time`);
}
