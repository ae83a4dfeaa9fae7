// Random sequences of calls, faults, latencies, aborts and other writers, against the emulator: afterwards its store holds
// exactly what the settled promises promised.
//   SEED=200042 node --test churn.test.mjs runs that one alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runScript } from './support/script.mjs';

const SEQUENCES = 700;
const KINDS = [
  ['with few faults', 100_000, { faultRate: 0.1, latency: 20, writerRate: 0.4 }],
  ['with many faults', 200_000, { faultRate: 0.4, latency: 40, writerRate: 0.5 }],
  ['with answers that are too late', 300_000, { faultRate: 0.15, latency: 120, writerRate: 0.5 }],
];
const SEED = Number(process.env.SEED);
const RUNS = SEED
  ? [KINDS.findLast(([, first]) => first <= SEED)].map(([what, , settings]) => [
      `seed ${SEED}, ${what}`,
      SEED,
      1,
      settings,
    ])
  : KINDS.map(([what, first, settings]) => [`${SEQUENCES} sequences ${what}`, first, SEQUENCES, settings]);

// In programs of their own: the test runner's hooks would take most of the time.
describe('whatever happens, the store holds what was promised', { concurrency: 2 }, () => {
  for (const [what, first, count, settings] of RUNS) {
    test(what, async () => {
      const { code, stdout, stderr } = await runScript(`
        import { runSequences } from './support/churn.mjs';
        await runSequences(${first}, ${count}, ${JSON.stringify(settings)});
        console.log('done');
      `);
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: 'done\n', stderr: '' });
    });
  }
});
