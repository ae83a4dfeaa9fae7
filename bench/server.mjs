// Compares the emulator server, in memory, with a bare node:http server that reads and parses the same requests and sends a
// constant response with the headers and the body of the emulator's. The servers and the load are separate processes on
// loopback. Both servers are loaded alternately, so that a change in the machine's speed affects both; the result is the
// median of the ratios of the turns.
//   npm run build && node bench/server.mjs [seconds per turn] [turns]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { record } from './measure.mjs';

const SECONDS = Number(process.argv[2] ?? 1);
const TURNS = Number(process.argv[3] ?? 9);
const CONNECTIONS = 32;
const STARTS = 15;
const APPS = '/oauth-app/v1/oauth-apps';
const CLI = import.meta.resolve('wix-oauth-apps-cli/package.json');
const PROGRAM = fileURLToPath(new URL(JSON.parse(readFileSync(new URL(CLI), 'utf8')).bin['wix-oauth-apps'], CLI));

if (process.argv[2] === 'bare') await bare(JSON.parse(process.argv[3]));
else await compare();

/** Starts the bare server: the least that a node:http server of a JSON API can do for a request. */
async function bare({ headers, body }) {
  const server = createServer((request, response) => {
    const respond = () => response.writeHead(200, headers).end(body);
    if (request.method === 'GET') {
      request.resume();
      respond();
      return;
    }
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks));
      respond();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
}

// Writes the server's log to a file, because reading it from a pipe would slow the load down.
async function start(args) {
  const folder = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-bench-'));
  const log = join(folder, 'log');
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', openSync(log, 'w'), 'inherit'] });
  let text = '';
  while (!text.includes('\n')) {
    await setTimeout(1);
    text = readFileSync(log, 'utf8');
  }
  const took = performance.now() - began;
  const [url] = /http:\S+/.exec(text);
  const [, apiKey, siteId] = /API key (\S+) and site ID (\S+)/.exec(text) ?? [];
  const headers = { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' };
  const stop = async () => {
    child.kill();
    await once(child, 'close');
    rmSync(folder, { recursive: true });
  };
  return { url, headers: apiKey ? headers : {}, took, stop };
}

async function rate({ url, headers }, { method, path, body }) {
  const load = { url: url + path, method, headers, body, connections: CONNECTIONS };
  const { requests, non2xx, errors } = await autocannon({ ...load, duration: SECONDS });
  if (non2xx + errors) throw new Error(`${method} ${path}: ${non2xx} failed responses, ${errors} errors`);
  return requests.average;
}

function median(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1];
}

async function compare() {
  for (const count of [10, 10_000]) {
    const server = await start([PROGRAM, 'emulate', '--port', '0']);
    const call = async (method, path, body) => {
      const response = await fetch(server.url + path, { method, headers: server.headers, body });
      return { headers: Object.fromEntries(response.headers), body: await response.text() };
    };
    let id;
    for (let at = 0; at < count; at += 1) {
      const oAuthApp = { name: `Storefront ${at}`, allowedRedirectUris: [`https://shop-${at}.example.com/callback`] };
      ({ id } = JSON.parse((await call('POST', APPS, JSON.stringify({ oAuthApp }))).body).oAuthApp);
    }
    console.log(`\n${count} apps`);
    const query = (query) => ({ method: 'POST', path: `${APPS}/query`, body: JSON.stringify({ query }) });
    for (const [name, request] of [
      ['get by id', { method: 'GET', path: `${APPS}/${id}` }],
      ['query, 10 apps', query({ paging: { limit: 10 } })],
      ['query, 10 apps by name', query({ paging: { limit: 10 }, sort: [{ fieldName: 'name' }] })],
      ['query, 10 apps from the middle on', query({ paging: { limit: 10, offset: count >> 1 } })],
    ]) {
      const { headers, body } = await call(request.method, request.path, request.body);
      // node:http adds these itself.
      for (const name of ['connection', 'date', 'keep-alive']) delete headers[name];
      const peer = await start([fileURLToPath(import.meta.url), 'bare', JSON.stringify({ headers, body })]);
      // Warms both up before the first turn.
      await rate(server, request);
      await rate(peer, request);
      const turns = [];
      for (let turn = 0; turn < TURNS; turn += 1) {
        const ours = await rate(server, request);
        const theirs = await rate(peer, request);
        turns.push({ ours, theirs, ratio: ours / theirs });
      }
      await peer.stop();
      const [ours, theirs, ratio] = ['ours', 'theirs', 'ratio'].map((name) => median(turns.map((turn) => turn[name])));
      record(`emulator server with ${count} apps: ${name}`, 'requests a second', {
        ...{ 'wix-oauth-apps emulate': Math.round(ours), 'bare node:http': Math.round(theirs) },
      });
      console.log(
        `  ${name} (${body.length} bytes): ${Math.round(ours)} a second, bare node:http ${Math.round(theirs)}: ${ratio.toFixed(2)} of it`,
      );
    }
    await server.stop();
  }
  const times = [];
  for (let at = 0; at < STARTS; at += 1) {
    const server = await start([PROGRAM, 'emulate', '--port', '0']);
    times.push(server.took);
    await server.stop();
  }
  record('start of the emulator server', 'ms', { median: Math.round(median(times)) });
  console.log(
    `\nstart to ready line: median ${median(times).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} ms`,
  );
}
