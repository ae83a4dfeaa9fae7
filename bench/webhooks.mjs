// Reading a webhook, compared with the two steps that nobody can spare: verifying its signature and parsing its JSON.
// Rounds alternate, and the median of each candidate counts.
//   node bench/webhooks.mjs
import { readWebhook } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

const CALLS = 300;
const ROUNDS = 31;
const LIMIT = 1.2;
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

const { key: publicKey, body } = await record();
const [head, payload, end] = body.split('.');
const signed = new TextEncoder().encode(`${head}.${payload}`);
const signature = Buffer.from(end, 'base64url');
const spki = Buffer.from(publicKey.replace(/-----[^-]*-----|\s/g, ''), 'base64');
const key = await crypto.subtle.importKey('spki', spki, RS256, false, ['verify']);
const { data } = JSON.parse(Buffer.from(payload, 'base64url'));
const { data: event } = JSON.parse(data);

async function bare() {
  if (!(await crypto.subtle.verify(RS256, key, signature, signed))) throw new Error('the signature is wrong');
  return [JSON.parse(data), JSON.parse(event)];
}

const read = () => readWebhook(body, { publicKey });

async function measure(call) {
  const start = process.cpuUsage();
  const begin = performance.now();
  for (let count = 0; count < CALLS; count += 1) await call();
  const elapsed = performance.now() - begin;
  const { user, system } = process.cpuUsage(start);
  return { elapsed: (elapsed * 1_000) / CALLS, cpu: (user + system) / CALLS };
}

const rounds = [];
for (let round = -3; round < ROUNDS; round += 1) {
  const pair = [await measure(bare), await measure(read)];
  if (round >= 0) rounds.push(pair);
}
const median = (values) => values.sort((one, other) => one - other)[values.length >> 1];
const of = (candidate, figure) => median(rounds.map((pair) => pair[candidate][figure]));
console.log(`a webhook of ${body.length} bytes`);
for (const [figure, name] of Object.entries({ elapsed: 'time', cpu: 'time of all processors' })) {
  const [least, own] = [of(0, figure), of(1, figure)];
  const ratio = own / least;
  console.log(
    `  ${name}: crypto.subtle.verify and two JSON.parse ${least.toFixed(1)} µs, readWebhook ${own.toFixed(1)} µs`,
  );
  console.log(`    ${ratio.toFixed(2)} times${figure === 'elapsed' ? `, of at most ${LIMIT}` : ''}`);
  if (figure === 'elapsed' && ratio > LIMIT) process.exitCode = 1;
}

/** Returns a webhook of the emulator, and the key that verifies it. */
async function record() {
  let body;
  const fetch = globalThis.fetch;
  // The emulator posts with the global fetch as it is when the emulator is created.
  globalThis.fetch = async (_, init) => ((body = init.body), new Response());
  const emulator = await createEmulator({ webhooks: [{ url: 'https://receiver.example/' }] });
  globalThis.fetch = fetch;
  const { apiKey, siteId } = emulator.credentials;
  await emulator.fetch('https://www.wixapis.com/oauth-app/v1/oauth-apps', {
    method: 'POST',
    headers: { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' },
    body: JSON.stringify({
      oAuthApp: {
        name: 'Storefront',
        allowedRedirectUris: ['https://shop.example.com/callback', 'http://localhost:4321/callback'],
        allowedRedirectDomains: ['shop.example.com'],
      },
    }),
  });
  await emulator.webhooks.settled();
  return { key: await emulator.webhooks.publicKey(), body };
}
