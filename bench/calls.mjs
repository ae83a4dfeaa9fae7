// Measures the CPU time of a call in addition to bare `fetch` + `json()`, compared with the official SDK, over a stubbed
// `fetch`; and the memory after many calls.
//   npm ci --prefix bench && node --expose-gc bench/calls.mjs
import { oAuthApps } from '@wix/auth-management';
import { ApiKeyStrategy, createClient as createSdkClient } from '@wix/sdk';
import { coreMemory } from '../tests/package/support/core-memory.mjs';
import { createClient } from 'wix-oauth-apps';
import { record } from './measure.mjs';

const ROUNDS = 21;
const WARM_UP = 4;
const KEY = 'IST.an-api-key';
const SITE = '2b1c9a5e-7b0a-4a5e-9d53-5c0e3f0a7d11';
const BASE = 'https://www.wixapis.com/oauth-app/v1/oauth-apps';

const app = (at) => ({
  id: `13f5e2ab-8e4f-4a0b-9c64-${String(at).padStart(12, '0')}`,
  createdDate: '2026-03-01T09:30:00.000Z',
  name: `Storefront ${at}`,
  description: 'The storefront of the shop, as its visitors see it',
  allowedRedirectUris: [`https://shop-${at}.example.com/callback`, 'http://localhost:4321/callback'],
  allowedRedirectDomains: [`shop-${at}.example.com`, 'localhost:4321'],
  allowSecretGeneration: true,
  applicationType: 'WEB_APP',
  technology: 'REACT',
  loginUrl: `https://shop-${at}.example.com/login`,
});
const ONE = app(0).id;
const apps = Array.from({ length: 100 }, (_, at) => app(at));
const texts = {
  one: JSON.stringify({ oAuthApp: app(0) }),
  page: JSON.stringify({ oAuthApps: apps, pagingMetadata: { count: 100, offset: 0, total: 100, hasNext: false } }),
};
const headers = { 'content-type': 'application/json', 'x-wix-request-id': '1700000000.4711' };
const kept = new Headers(headers);

/** The `fetch` of every candidate: it returns an object that resembles a response, or a new Response for each call. */
const STUBS = {
  'a plain object': async () => ({
    ...{ ok: true, status: 200, statusText: 'OK', headers: kept },
    ...{ text: async () => text, json: async () => JSON.parse(text) },
  }),
  'a real Response': async () => new Response(text, { headers }),
};
let text = texts.one;

const connect = (options) => createClient({ auth: { apiKey: KEY }, siteId: SITE, rateLimit: false, ...options });
const ours = connect({});
const watched = connect({ onEvent: () => {} });
const paced = connect({ rateLimit: { requests: 1_000_000, per: 1_000 } });
const sdk = createSdkClient({ modules: { oAuthApps }, auth: ApiKeyStrategy({ apiKey: KEY, siteId: SITE }) }).oAuthApps;

const authorised = { Authorization: KEY, 'wix-site-id': SITE };
const json = { ...authorised, 'Content-Type': 'application/json' };
const bare = async (path, init) => (await fetch(BASE + path, init)).json();
const post = (path, body) => bare(path, { method: 'POST', headers: json, body: JSON.stringify(body) });
const draft = { name: 'Storefront', allowedRedirectUris: app(0).allowedRedirectUris };
const query = { paging: { limit: 100, offset: 0 } };

/** Returns the median CPU time of a call of each candidate, in microseconds. The candidates run in alternating rounds. */
async function measure(calls, candidates) {
  const times = candidates.map(() => []);
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    for (let turn = 0; turn < candidates.length; turn += 1) {
      // Each candidate is first in a round equally often.
      const index = (round + turn) % candidates.length;
      const start = process.cpuUsage();
      for (let at = 0; at < calls; at += 1) await candidates[index]();
      const { user, system } = process.cpuUsage(start);
      if (round >= WARM_UP) times[index].push((user + system) / calls);
    }
  }
  return times.map((all) => all.sort((one, other) => one - other)[all.length >> 1]);
}

async function report(title, calls, candidates, compare) {
  const [first, ...others] = await measure(calls, Object.values(candidates));
  console.log(`\n${title}`);
  const rounded = [first, ...others].map((time) => Number(time.toFixed(1)));
  record(title, 'µs of CPU time', Object.fromEntries(Object.keys(candidates).map((name, at) => [name, rounded[at]])));
  Object.keys(candidates).forEach((name, at) => {
    const time = at ? others[at - 1] : first;
    console.log(`  ${name.padEnd(32)}${time.toFixed(1).padStart(7)} µs${at ? `, ${compare(time, first)}` : ''}`);
  });
}
const beyond = (time, first) => `${(time - first).toFixed(1)} beyond`;
const times = (time, first) => `${(time / first).toFixed(2)} times`;

console.log('CPU time, median of alternating rounds');
for (const [what, stub] of Object.entries(STUBS)) {
  globalThis.fetch = stub;
  text = texts.one;
  await report(
    `get, over a fetch that gives ${what}`,
    2_000,
    {
      'bare fetch + json()': () => bare(`/${ONE}`, { method: 'GET', headers: authorised }),
      'wix-oauth-apps': () => ours.getOAuthApp(ONE),
      'wix-oauth-apps, rate limit': () => paced.getOAuthApp(ONE),
      'wix-oauth-apps, onEvent': () => watched.getOAuthApp(ONE),
      '@wix/sdk': () => sdk.getOAuthApp(ONE),
    },
    beyond,
  );
  await report(
    `create, over a fetch that gives ${what}`,
    2_000,
    {
      'bare fetch + json()': () => post('', { oAuthApp: draft }),
      'wix-oauth-apps': () => ours.createOAuthApp(draft),
      '@wix/sdk': () => sdk.createOAuthApp(draft),
    },
    beyond,
  );
  text = texts.page;
  await report(
    `a page of 100 apps (${Math.round(texts.page.length / 1_000)} KB), over ${what}`,
    200,
    {
      'bare fetch + json()': () => post('/query', { query }),
      'wix-oauth-apps, query': () => ours.queryOAuthApps(query),
      'wix-oauth-apps, list': async () => {
        for await (const _ of ours.listOAuthApps());
      },
      '@wix/sdk': () => sdk.queryOAuthApps().limit(100).find(),
    },
    times,
  );
}

console.log(`\nmemory${globalThis.gc ? '' : ', including garbage: use node --expose-gc'}`);
globalThis.fetch = STUBS['a plain object'];
text = texts.one;
const kilobytes = (bytes) => Math.round(bytes / 1_024);
for (const [name, call] of Object.entries({
  'bare fetch + json()': () => bare(`/${ONE}`, { method: 'GET', headers: authorised }),
  'wix-oauth-apps': (
    (client) => () =>
      client.getOAuthApp(ONE)
  )(connect({})),
  '@wix/sdk': () => sdk.getOAuthApp(ONE),
})) {
  const growth = [];
  let done = 0;
  for (const calls of [10_000, 100_000]) {
    for (; done < calls; done += 1) await call();
    for (let turn = 0; turn < 5; turn += 1) {
      globalThis.gc?.();
      await new Promise(setImmediate);
    }
    growth.push({ heap: kilobytes(process.memoryUsage().heapUsed), wasm: kilobytes(coreMemory().buffer.byteLength) });
  }
  const [before, after] = growth;
  console.log(`  ${name}, after 100,000 calls: heap ${after.heap} KB, wasm ${after.wasm} KB`);
  record(`memory of ${name}`, 'KB', {
    'heap after 100,000 calls': after.heap,
    'growth of the heap since 10,000 calls': after.heap - before.heap,
    ...(name === 'wix-oauth-apps' && { 'WebAssembly memory': after.wasm }),
  });
}
