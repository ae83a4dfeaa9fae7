// Reading a webhook, compared with a program that decodes the token, verifies its signature with `crypto.subtle.verify` and
// parses its JSON, and checks nothing else. Both read the same tokens, each of them once, with a key that is imported already.
// Rounds alternate, and the median of each candidate counts. `prepared` is the verification of decoded parts and two
// `JSON.parse`, for comparison.
//   node bench/webhooks.mjs
import { generateKeyPairSync, sign } from 'node:crypto';
import { readWebhook } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';

const CALLS = 200;
const ROUNDS = 41;
const LIMIT = 1.2;
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' });
const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
const key = await crypto.subtle.importKey('spki', spki, RS256, false, ['verify']);
const body = await record();
let count = 0;

async function bare(token) {
  const [head, payload, end] = token.split('.');
  const signed = new TextEncoder().encode(`${head}.${payload}`);
  const header = Buffer.from(head, 'base64url').toString();
  const signature = Buffer.from(end, 'base64url');
  if (!(await crypto.subtle.verify(RS256, key, signature, signed))) throw new Error('the signature is wrong');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const envelope = JSON.parse(claims.data);
  return [header, envelope, JSON.parse(envelope.data)];
}

async function prepared({ signature, signed, data, event }) {
  if (!(await crypto.subtle.verify(RS256, key, signature, signed))) throw new Error('the signature is wrong');
  return [JSON.parse(data), JSON.parse(event)];
}

function prepare(token) {
  const [head, payload, end] = token.split('.');
  const { data } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const signed = new TextEncoder().encode(`${head}.${payload}`);
  return { signature: Buffer.from(end, 'base64url'), signed, data, event: JSON.parse(data).data };
}

async function measure(call, tokens) {
  const start = process.cpuUsage();
  const begin = performance.now();
  for (const token of tokens) await call(token);
  const elapsed = performance.now() - begin;
  const { user, system } = process.cpuUsage(start);
  return { elapsed: (elapsed * 1_000) / CALLS, cpu: (user + system) / CALLS };
}

const candidates = [
  (tokens) => measure(bare, tokens),
  (tokens) => measure((token) => readWebhook(token, { publicKey }), tokens),
  (tokens) => measure(prepared, tokens.map(prepare)),
];
const rounds = [];
for (let round = -3; round < ROUNDS; round += 1) {
  const tokens = Array.from({ length: CALLS }, token);
  const results = [];
  // Every candidate is first, second and last in a third of the rounds.
  for (let at = 0; at < candidates.length; at += 1) {
    const candidate = (at + round + 3) % candidates.length;
    results[candidate] = await candidates[candidate](tokens);
  }
  if (round >= 0) rounds.push(results);
}
const median = (values) => values.sort((one, other) => one - other)[values.length >> 1];
const of = (candidate, figure) => median(rounds.map((results) => results[candidate][figure]));
console.log(`a webhook of ${body.length} bytes`);
for (const [figure, name] of Object.entries({ elapsed: 'time', cpu: 'time of all processors' })) {
  const [least, own, most] = [0, 1, 2].map((candidate) => of(candidate, figure));
  const ratio = own / least;
  console.log(
    `  ${name}: bare ${least.toFixed(1)} µs, readWebhook ${own.toFixed(1)} µs, prepared ${most.toFixed(1)} µs`,
  );
  console.log(
    `    readWebhook takes ${ratio.toFixed(2)} times bare, of at most ${LIMIT}; ${(own / most).toFixed(2)} times prepared`,
  );
  if (figure === 'elapsed' && ratio > LIMIT) process.exitCode = 1;
}

/** Returns a new token: the recorded one with another ID. */
function token() {
  const [head, payload] = body.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const envelope = JSON.parse(claims.data);
  const event = JSON.parse(envelope.data);
  event.id = `event ${(count += 1)}`;
  claims.data = JSON.stringify({ ...envelope, data: JSON.stringify(event) });
  const input = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${input}.${sign('sha256', Buffer.from(input), pair.privateKey).toString('base64url')}`;
}

/** Returns a webhook of the emulator. */
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
  return body;
}
