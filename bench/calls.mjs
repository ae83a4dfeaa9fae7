// What a call costs beyond bare `fetch` + `json()`, beside the official SDK, over a stubbed `fetch`, in one run.
//   npm ci --prefix bench --ignore-scripts && node --expose-gc bench/calls.mjs
import { oAuthApps } from '@wix/auth-management';
import { ApiKeyStrategy, createClient as createSdkClient } from '@wix/sdk';
import { readFileSync } from 'node:fs';
import { createClient } from 'wix-oauth-apps';
import { initSync } from '../pkg/wasm/core.js';

const ROUNDS = 25;
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

// Everybody's `fetch`: a real Response, made anew for each call, as the platform's own would be.
let text = texts.one;
globalThis.fetch = async () => new Response(text, { headers });

const ours = createClient({ auth: { apiKey: KEY }, siteId: SITE, rateLimit: false });
const watched = createClient({ auth: { apiKey: KEY }, siteId: SITE, rateLimit: false, onEvent: () => {} });
const paced = createClient({ auth: { apiKey: KEY }, siteId: SITE, rateLimit: { requests: 1_000_000, per: 60_000 } });
const sdk = createSdkClient({ modules: { oAuthApps }, auth: ApiKeyStrategy({ apiKey: KEY, siteId: SITE }) });

const authorised = { Authorization: KEY, 'wix-site-id': SITE };
const bare = async (url, init) => (await fetch(url, { ...init, headers: { ...authorised, ...init?.headers } })).json();
const post = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
const draft = { name: 'Storefront', allowedRedirectUris: app(0).allowedRedirectUris };
const query = { paging: { limit: 100, offset: 0 } };

/** CPU microseconds a call of each candidate, by turns in rounds; the medians. */
async function measure(calls, candidates) {
  const times = candidates.map(() => []);
  for (let round = -5; round < ROUNDS; round += 1) {
    // Each begins a round as often as the others.
    const first = (round + 5) % candidates.length;
    for (let turn = 0; turn < candidates.length; turn += 1) {
      const index = (first + turn) % candidates.length;
      const call = candidates[index];
      globalThis.gc?.();
      const start = process.cpuUsage();
      for (let at = 0; at < calls; at += 1) await call();
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) times[index].push((user + system) / calls);
    }
  }
  return times.map(median);
}

const median = (numbers) => numbers.sort((one, other) => one - other)[numbers.length >> 1];
const us = (number) => `${number.toFixed(1).padStart(7)} µs`;

async function perCall(title, candidates) {
  text = texts.one;
  const names = Object.keys(candidates);
  const [base, ...rest] = await measure(1_000, Object.values(candidates));
  console.log(`\n${title}\n  ${names[0].padEnd(34)} ${us(base)}`);
  rest.forEach((time, at) => {
    console.log(`  ${names[at + 1].padEnd(34)} ${us(time)}, ${us(time - base)} beyond`);
  });
}

await perCall('get, CPU a call', {
  'bare fetch + json()': () => bare(`${BASE}/${ONE}`),
  'wix-oauth-apps': () => ours.getOAuthApp(ONE),
  'wix-oauth-apps, rate limit': () => paced.getOAuthApp(ONE),
  'wix-oauth-apps, onEvent': () => watched.getOAuthApp(ONE),
  '@wix/sdk': () => sdk.oAuthApps.getOAuthApp(ONE),
});
await perCall('create, CPU a call', {
  'bare fetch + json()': () => bare(BASE, { ...post, body: JSON.stringify({ oAuthApp: draft }) }),
  'wix-oauth-apps': () => ours.createOAuthApp(draft),
  '@wix/sdk': () => sdk.oAuthApps.createOAuthApp(draft),
});

text = texts.page;
const [bareTime, ...times] = await measure(150, [
  () => bare(`${BASE}/query`, { ...post, body: JSON.stringify({ query }) }),
  () => ours.queryOAuthApps(query),
  async () => {
    for await (const _ of ours.listOAuthApps());
  },
  () => sdk.oAuthApps.queryOAuthApps().limit(100).find(),
]);
console.log(
  `\na page of 100 apps (${(texts.page.length / 1000).toFixed(0)} KB), CPU\n  bare fetch + json() ${us(bareTime)}`,
);
['wix-oauth-apps, query', 'wix-oauth-apps, list', '@wix/sdk'].forEach((name, at) => {
  console.log(`  ${name.padEnd(22)} ${us(times[at])}, ${(times[at] / bareTime).toFixed(2)} times bare`);
});

/** Bytes in use after everything that can go has gone. */
async function memory() {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, external, wasm: wasm.memory.buffer.byteLength };
}

text = texts.one;
// What is loaded already is given back.
const wasm = initSync({ module: readFileSync(new URL('../pkg/wasm/core_bg.wasm', import.meta.url)) });
console.log(`\nmemory${globalThis.gc ? '' : ' (run node with --expose-gc: garbage is counted here)'}`);
for (const [calls, more] of [
  [10_000, 10_000],
  [100_000, 90_000],
]) {
  for (let at = 0; at < more; at += 1) await paced.getOAuthApp(ONE);
  const { heap, external, wasm } = await memory();
  const kb = (bytes) => `${(bytes / 1024).toFixed(0)} KB`;
  console.log(
    `  after ${String(calls).padStart(6)} calls: heap ${kb(heap)}, external ${kb(external)}, wasm ${kb(wasm)}`,
  );
}
