// A world of its own for a random sequence of calls: time that jumps, an emulator, and a network that fails at random.
// Everything in it follows from the seed.
import { random } from './random.mjs';
import { answer } from './client.mjs';

const platform = { setTimeout, clearTimeout, setImmediate, now: Date.now, random: Math.random };

/** Puts time and chance back to the platform's. */
export function restoreWorld() {
  Object.assign(globalThis, { setTimeout: platform.setTimeout, clearTimeout: platform.clearTimeout });
  Object.assign(Date, { now: platform.now });
  Object.assign(Math, { random: platform.random });
}

const never = () => new Promise(() => {});
const broken = (code) => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code } }));

/** What the network does to a request: `onwards()` lets it take effect, and gives the answer. */
const FAULTS = [
  // It does not arrive, or is turned away.
  () => broken('ECONNREFUSED'),
  () => broken('ECONNRESET'),
  () => answer('', { status: 503 }),
  () => answer('', { status: 503, headers: { 'retry-after': '0' } }),
  () => answer('', { status: 429, headers: { 'retry-after': '1' } }),
  () => answer('<html>', { status: 502 }),
  () => answer('', { status: 500 }),
  () => answer('', { status: 401 }),
  () => answer({ message: 'no' }, { status: 403 }),
  () => Promise.reject('text'),
  () => 5,
  never,
  // It takes effect, and the answer is lost, or is another one.
  (onwards) => onwards().then(() => broken('ECONNRESET')),
  (onwards) => onwards().then(() => answer('', { status: 500 })),
  (onwards) => onwards().then(() => answer('', { status: 503 })),
  (onwards) => onwards().then(() => answer('<html>', { status: 504 })),
  (onwards) => onwards().then(() => answer('{"oAuthApp":{"id":')),
  (onwards) => onwards().then(() => answer('')),
  (onwards) => onwards().then(() => undefined),
  (onwards) => onwards().then(never),
  (onwards) => onwards().then((given) => ({ ...given, text: never })),
  (onwards) => onwards().then((given) => ({ ...given, text: () => broken('ECONNRESET') })),
];

/**
 * A world of that seed over an emulator. `faultRate` is how many of its requests meet a fault, `latency` how many
 * milliseconds an answer takes at most.
 */
export function createWorld(seed, emulator, { faultRate, latency }) {
  const chance = random(seed);
  let now = Date.UTC(2026, 2, 1);
  let count = 0;
  /** The client's timers, and those of the world itself. */
  const timers = new Map();
  const events = new Map();
  const start = (queue, run, milliseconds) => {
    count += 1;
    queue.set(count, { at: now + Math.max(1, milliseconds), run });
    return count;
  };
  globalThis.setTimeout = (run, milliseconds, ...given) => start(timers, () => run(...given), milliseconds);
  globalThis.clearTimeout = (timer) => timers.delete(timer);
  Date.now = () => now;
  Math.random = chance.next;

  const later = (milliseconds, run) => start(events, run, milliseconds);
  const pause = (milliseconds) => new Promise((resolve) => later(milliseconds, resolve));

  /** The emulator is real code on a real event loop: time stands still until it has answered. */
  let busy = 0;
  const ask = async (url, init) => {
    busy += 1;
    try {
      const response = await emulator.fetch(url, { ...init, signal: undefined });
      return answer(await response.text(), { status: response.status, headers: response.headers });
    } finally {
      busy -= 1;
    }
  };

  let isCalm = false;
  /** What happens beside each request that took effect; set by whoever has another writer in mind. */
  const world = { chance, later, pause, timers, calm: () => (isCalm = true), afterwards: async () => {}, ask };

  world.fetch = async (url, init) => {
    const onwards = async () => {
      // What takes effect does so on arrival: what is late is the answer.
      const given = await ask(url, init);
      await world.afterwards(url, init);
      return given;
    };
    const fails = !isCalm && chance.chance(faultRate);
    const given = await (fails ? chance.pick(FAULTS)(onwards) : onwards());
    if (!isCalm && chance.chance(0.5)) await pause(chance.below(latency));
    return given;
  };

  /** Lets time jump from one event to the next until all have settled; false where some never do. */
  world.settle = async (promises) => {
    let isSettled = false;
    Promise.allSettled(promises).then(() => (isSettled = true));
    for (let steps = 0; steps < 20_000; steps += 1) {
      do await new Promise(platform.setImmediate);
      while (busy > 0);
      if (isSettled) return true;
      let next;
      for (const queue of [timers, events]) {
        for (const [id, { at }] of queue) if (!next || at < next.at) next = { queue, id, at };
      }
      if (!next) return false;
      const { run } = next.queue.get(next.id);
      next.queue.delete(next.id);
      now = Math.max(now, next.at);
      run();
    }
    return false;
  };
  return world;
}
