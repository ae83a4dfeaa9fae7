// A random sequence of calls, faults, latencies, aborts and another writer's updates, against the emulator; and what its
// store must hold afterwards. Time jumps, and everything follows from the seed.
import assert from 'node:assert/strict';
import { createClient, isOAuthAppsError } from 'wix-oauth-apps';
import { createEmulator } from 'wix-oauth-apps/emulator';
import { APPS, collect } from './operations.mjs';
import { createWorld, restoreWorld } from './world.mjs';

const CODES =
  /^(OUTCOME_UNKNOWN|ABORTED|NETWORK|TIMEOUT|SERVER_ERROR|RATE_LIMITED|BAD_RESPONSE|UNAUTHENTICATED|PERMISSION_DENIED|NOT_FOUND|CONFLICT)$/;
const uri = (name) => `https://${name}.example.com/callback`;

/** The raw API of the emulator, past every fault: for the set-up, for the other writer, and to see what came of it. */
function direct(world, { apiKey, siteId }) {
  const headers = { authorization: apiKey, 'wix-site-id': siteId, 'content-type': 'application/json' };
  const ask = async (method, path, body) => {
    const given = await world.ask(`http://localhost${APPS}${path}`, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    const text = await given.text();
    assert.equal(given.status, 200, text);
    return JSON.parse(text);
  };
  return {
    create: async (oAuthApp) => (await ask('POST', '', { oAuthApp })).oAuthApp,
    get: async (id) => (await ask('GET', `/${id}`)).oAuthApp,
    generateSecret: async (id) => (await ask('POST', `/${id}/generate-secret`, {})).oAuthAppSecret,
    setUris: (id, uris) =>
      ask('PATCH', `/${id}`, {
        oAuthApp: { id, allowedRedirectUris: uris },
        mask: { paths: ['allowedRedirectUris'] },
      }),
    all: async () => (await ask('POST', '/query', { query: { paging: { limit: 100 } } })).oAuthApps,
  };
}

/** What a value may be, given what was promised, in the order in which the calls had their turn. */
function promised(before, calls) {
  return calls.reduce(
    (possible, { value, outcome }) => (outcome.code === undefined ? [value] : [...new Set([...possible, value])]),
    [before],
  );
}

async function runSequence(seed, emulator, settings) {
  emulator.reset();
  const world = createWorld(seed, emulator, settings);
  const { chance } = world;
  const service = direct(world, emulator.credentials);
  const stays = await service.create({ name: 'Stays', description: '0', allowedRedirectUris: [uri('first')] });
  const goes = await service.create({ name: 'Goes' });
  const secretive = await service.create({ name: 'Secretive' });

  let auth = { apiKey: emulator.credentials.apiKey };
  if (chance.chance(0.25)) {
    const { id } = await service.create({ name: 'Manager' });
    auth = { clientId: id, clientSecret: await service.generateSecret(id) };
  }
  const client = createClient({
    ...{ auth, siteId: emulator.credentials.siteId, fetch: world.fetch, timeout: 50 },
    retry: { maxRetries: chance.below(4), baseDelay: 10 },
    rateLimit: chance.chance(0.3) ? { requests: 3, per: 40 } : false,
  });

  // Another writer, who writes over what he knows from before an update, right after it; at most twice in a row, or
  // nobody could ever win.
  const others = [];
  let known = stays.allowedRedirectUris;
  let inARow = 0;
  world.afterwards = async (url, { method }) => {
    if (!url.endsWith(stays.id)) return;
    const { allowedRedirectUris } = await service.get(stays.id);
    const isWrite = method === 'PATCH' && allowedRedirectUris.join() !== known.join();
    if (isWrite && inARow < 2 && others.length < 4 && chance.chance(settings.writerRate)) {
      inARow += 1;
      const entry = uri(`other-${others.length}`);
      others.push(entry);
      known = [...known.filter((held) => held !== entry), entry];
      await service.setUris(stays.id, known);
    } else if (method === 'GET') {
      known = allowedRedirectUris;
      inARow = 0;
    }
  };

  const calls = [];
  const launch = (kind, call, about = {}) =>
    new Promise((resolve) => {
      world.later(chance.below(100), () => {
        const controller = new AbortController();
        const record = { kind, outcome: undefined, ...about };
        calls.push(record);
        const options = chance.chance(0.6) ? {} : { signal: controller.signal };
        if (options.signal)
          world.later(chance.below(150), () => controller.abort(chance.pick(['enough', undefined, 0])));
        call(options).then(
          (given) => resolve((record.outcome = { given })),
          (error) => resolve((record.outcome = { error, code: error?.code })),
        );
      });
    });
  const entries = ['a', 'b', 'c'].map(uri);
  const actions = [
    () => {
      const value = chance.chance(0.6);
      const change = { uris: [chance.pick(entries)] };
      const name = value ? 'allowRedirects' : 'disallowRedirects';
      return launch('change', (options) => client[name](stays.id, change, options), { entry: change.uris[0], value });
    },
    () => {
      const value = String(1 + chance.below(1_000));
      return launch('update', (options) => client.updateOAuthApp(stays.id, { description: value }, options), { value });
    },
    (at) =>
      launch('create', (options) => client.createOAuthApp({ name: `Created ${at}` }, options), {
        name: `Created ${at}`,
      }),
    () => {
      const which = chance.pick(['x', 'y']);
      const wanted = { name: `Ensured ${which}`, allowedRedirectUris: [uri(`ensured-${which}`)] };
      return launch('ensure', (options) => client.ensureOAuthApp(wanted, options), { name: wanted.name });
    },
    () => launch('generate', (options) => client.generateOAuthAppSecret(secretive.id, options)),
    () => launch('list', (options) => collect(client.listOAuthApps({ cursorPaging: { limit: 2 } }, options))),
    () => launch('get', (options) => client.getOAuthApp(stays.id, options)),
  ];
  const launched = Array.from({ length: 3 + chance.below(6) }, (_, at) => chance.pick([actions[0], ...actions])(at));
  if (chance.chance(0.3)) launched.push(launch('delete', (options) => client.deleteOAuthApp(goes.id, options)));

  assert.ok(await world.settle(launched), 'a promise never settled');
  assert.deepEqual([...world.timers], [], 'a timer was left behind');
  for (const { outcome } of calls) {
    if (!('error' in outcome)) continue;
    assert.ok(isOAuthAppsError(outcome.error), `${outcome.error}`);
    assert.match(outcome.code, CODES, `${outcome.error}`);
  }
  check(calls, await service.all(), { stays, goes, secretive, entries, others });
}

function check(calls, store, { stays, goes, secretive, entries, others }) {
  const of = (kind) => calls.filter((call) => call.kind === kind);
  const named = (name) => store.filter((app) => app.name === name);
  const isDone = ({ outcome }) => outcome.code === undefined;

  // One app for each create that was fulfilled; none, or one, where nobody knows; never two.
  for (const { name, outcome } of of('create')) {
    const found = named(name);
    const most = outcome.code === undefined || /^(OUTCOME_UNKNOWN|ABORTED)$/.test(outcome.code) ? 1 : 0;
    assert.ok(found.length <= most, `${found.length} apps after ${outcome.code}`);
    if (outcome.code === undefined) assert.equal(found[0]?.id, outcome.given.id, 'a created app is not there');
  }
  // One app however often it was ensured.
  for (const name of ['Ensured x', 'Ensured y']) {
    const ensured = of('ensure').filter((call) => call.name === name);
    const ids = new Set(ensured.filter(isDone).map(({ outcome }) => outcome.given.oAuthApp.id));
    const found = named(name);
    assert.ok(found.length <= 1, `${found.length} apps were ensured`);
    assert.deepEqual([...ids], ids.size ? [found[0]?.id] : [], 'the ensured app is another one');
  }
  // The entries that were allowed, without those that were disallowed later; and everybody else's.
  const [app] = named('Stays');
  for (const entry of entries) {
    const possible = promised(
      false,
      of('change').filter((call) => call.entry === entry),
    );
    const isThere = app.allowedRedirectUris.includes(entry);
    assert.ok(possible.includes(isThere), `${entry} is ${isThere ? 'there' : 'lost'}`);
  }
  for (const entry of [uri('first'), ...others]) assert.ok(app.allowedRedirectUris.includes(entry), `${entry} is lost`);
  assert.equal(new Set(app.allowedRedirectUris).size, app.allowedRedirectUris.length, 'an entry is there twice');
  assert.ok(promised('0', of('update')).includes(app.description), 'an update is lost');
  // A deleted app is gone, and nothing else is.
  const isGone = named('Goes').length === 0;
  assert.ok(
    promised(
      false,
      of('delete').map((call) => ({ ...call, value: true })),
    ).includes(isGone),
  );
  // A secret is generated once, or not at all.
  const generated = of('generate');
  const done = generated.filter(isDone).length;
  const isUnknown = generated.some(({ outcome }) => /^(OUTCOME_UNKNOWN|ABORTED)$/.test(outcome.code));
  const hasSecret = !named('Secretive')[0].allowSecretGeneration;
  assert.ok(done <= 1 && (!done || hasSecret) && (!hasSecret || done || isUnknown), 'secrets were lost');
  // A listing gives every app that stays, once.
  for (const { outcome } of of('list').filter(isDone)) {
    const ids = outcome.given.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'an app was listed twice');
    for (const { id } of [stays, secretive]) assert.ok(ids.includes(id), 'an app was not listed');
  }
}

/** Runs so many sequences, from that seed on; it throws where one breaks a promise, and names its seed. */
export async function runSequences(from, count, settings) {
  const emulator = await createEmulator();
  for (let seed = from; seed < from + count; seed += 1) {
    try {
      await runSequence(seed, emulator, settings);
    } catch (error) {
      throw new Error(`seed ${seed}: ${error.message}`, { cause: error });
    } finally {
      restoreWorld();
    }
  }
}
