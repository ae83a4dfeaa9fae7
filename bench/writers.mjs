// Counts entries that are lost or left behind, and apps that are created more than once, when several processes change the
// apps of one emulator server, with a latency of 50 to 300 ms.
//   npm run build && node bench/writers.mjs [rounds of each kind] [concurrent rounds] [false, for settle: false]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { createClient } from 'wix-oauth-apps';
import { startServer } from 'wix-oauth-apps-cli';

const WRITERS = 8;
const SPREADS = [0, 1_000, 5_000]; // milliseconds within which the writers start
const LATENCY = [50, 300]; // milliseconds
const [ROUNDS = 200, BESIDE = 25] = process.argv.slice(2, 4).map(Number);
const SETTLE = process.argv[4] === 'false' ? false : {};

const entry = (kind, at) => `https://${kind}-${at}.example.com/callback`;

if (process.send) serve();
else await measure();

/** Runs a writer: a process that makes the requested calls, each with its own client. */
function serve() {
  process.on('message', async ({ number, options, wait, name, given }) => {
    const slow = async (url, init) => {
      const there = Math.random();
      const whole = LATENCY[0] + Math.random() * (LATENCY[1] - LATENCY[0]);
      await setTimeout(there * whole);
      const response = await fetch(url, init);
      await setTimeout((1 - there) * whole);
      return response;
    };
    await setTimeout(wait);
    const began = performance.now();
    try {
      const result = await createClient({ ...options, fetch: slow, settle: SETTLE })[name](...given);
      process.send({ number, id: result.oAuthApp.id, took: performance.now() - began });
    } catch ({ message }) {
      process.send({ number, error: message, took: performance.now() - began });
    }
  });
}

async function measure() {
  const server = await startServer({ rateLimit: false });
  const { apiKey, siteId } = server.credentials;
  const options = { auth: { apiKey }, siteId, baseUrl: server.url };
  const direct = createClient({ ...options, rateLimit: false });
  const writers = Array.from({ length: WRITERS }, () => fork(import.meta.filename, process.argv.slice(2)));
  const waiting = new Map();
  for (const writer of writers) {
    writer.on('message', ({ number, ...outcome }) => waiting.get(number)(outcome));
  }
  let calls = 0;
  const call = (writer, spread, name, ...given) =>
    new Promise((resolve) => {
      waiting.set((calls += 1), resolve);
      writer.send({ number: calls, options, wait: Math.random() * spread, name, given });
    });

  /** Adds an entry from half of the writers, and removes one from the other half. */
  async function changeLists(spread, round) {
    const draft = { name: `Lists ${round}`, allowedRedirectUris: writers.map((_, at) => entry('old', at)) };
    const { id } = await direct.createOAuthApp(draft);
    const outcomes = await Promise.all(
      writers.map((writer, at) =>
        at % 2 === 0
          ? call(writer, spread, 'allowRedirects', id, { uris: [entry('new', at)] })
          : call(writer, spread, 'disallowRedirects', id, { uris: [entry('old', at)] }),
      ),
    );
    const { allowedRedirectUris: held } = await direct.getOAuthApp(id);
    await direct.deleteOAuthApp(id);
    const isWrong = (_, at) =>
      at % 2 === 0
        ? !held.includes(entry('new', at)) || !held.includes(entry('old', at))
        : held.includes(entry('old', at));
    return { outcomes, wrong: writers.filter(isWrong).length };
  }

  /** Ensures the same new app from every writer, with an entry of its own. */
  async function ensureApp(spread, round) {
    const name = `Ensured ${spread} ${round}`;
    const shared = entry(`all-${spread}`, round);
    const outcomes = await Promise.all(
      writers.map((writer, at) =>
        call(writer, spread, 'ensureOAuthApp', {
          name,
          allowedRedirectUris: [shared, entry('own', `${at}-${spread}-${round}`)],
        }),
      ),
    );
    const apps = [];
    for await (const app of direct.listOAuthApps()) if (app.name === name) apps.push(app);
    const isWrong = ({ id, error }, at) =>
      error === undefined &&
      (id !== apps[0]?.id || !apps[0].allowedRedirectUris.includes(entry('own', `${at}-${spread}-${round}`)));
    const wrong = outcomes.filter(isWrong).length;
    // Later rounds list fewer apps.
    for (const { id } of apps) await direct.deleteOAuthApp(id);
    return { outcomes, wrong, apps: apps.length };
  }

  console.log(`${WRITERS} processes, ${ROUNDS} rounds each, settle ${JSON.stringify(SETTLE)}`);
  for (const [what, play] of [
    ['allow and disallow', changeLists],
    ['ensure one new app', ensureApp],
  ]) {
    for (const spread of SPREADS) {
      const results = [];
      let next = 0;
      const lane = async () => {
        while (next < ROUNDS) results.push(await play(spread, (next += 1)));
      };
      await Promise.all(Array.from({ length: BESIDE }, lane));
      const outcomes = results.flatMap(({ outcomes }) => outcomes);
      const wrong = results.reduce((sum, result) => sum + result.wrong, 0);
      const errors = outcomes.filter(({ error }) => error !== undefined);
      const times = outcomes.map(({ took }) => took).sort((one, other) => one - other);
      const at = (share) => `${(times[Math.floor(share * (times.length - 1))] / 1_000).toFixed(1)} s`;
      const apps = results.reduce((sum, result) => sum + (result.apps ?? 0), 0);
      console.log(
        `${what}, started within ${spread} ms: ${wrong} of ${outcomes.length} lost or left behind, ${errors.length} errors` +
          (apps ? `, ${(apps / ROUNDS).toFixed(2)} apps per round` : '') +
          `; a call takes ${at(0.5)} (median), ${at(0.99)} (99 %)`,
      );
      for (const { error } of errors.slice(0, 3)) console.log(`  ${error}`);
    }
  }
  for (const writer of writers) writer.kill();
  await Promise.all(writers.map((writer) => once(writer, 'close')));
  await server.stop();
}
