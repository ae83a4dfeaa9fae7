// Measures candidates in alternating rounds, so that a change in the machine's speed affects all of them.
import { appendFileSync } from 'node:fs';

const ROUNDS = 15;
const ROUND = 20e6; // nanoseconds

/** Keeps figures for the report of `npm run bench`: `rows` has the value of each candidate by its name. */
export function record(title, unit, rows) {
  if (process.env.BENCH_RECORDS)
    appendFileSync(process.env.BENCH_RECORDS, `${JSON.stringify({ title, unit, rows })}\n`);
}

/** Returns a candidate: a function of the call's number. Its results are used, so that they are not optimised away. */
export const measure = (call) => ({ call, sink: 0 });

/** Measures the candidates, and prints the median time of a call and its ratio to the first candidate's. */
export function report(title, candidates) {
  console.log(`\n${title}`);
  const times = candidates.map(() => []);
  for (let round = -2; round < ROUNDS; round += 1) {
    candidates.forEach(([, candidate], index) => {
      const time = timeOf(candidate);
      if (round >= 0) times[index].push(time);
    });
  }
  const medians = times.map((all) => all.sort((one, other) => one - other)[ROUNDS >> 1]);
  const rounded = candidates.map(([name], index) => [name, Number((medians[index] / 1000).toFixed(3))]);
  record(title, 'µs', Object.fromEntries(rounded));
  candidates.forEach(([name], index) => {
    const rate = index ? `, ${(medians[index] / medians[0]).toFixed(2)} times the first one's` : '';
    console.log(`  ${name}: ${(medians[index] / 1000).toFixed(3)} µs${rate}`);
  });
}

function timeOf(candidate) {
  let calls = 0;
  const start = process.hrtime.bigint();
  let spent = 0;
  while (spent < ROUND) {
    for (let at = 0; at < 100; at += 1) candidate.sink += candidate.call(calls + at) ? 1 : 0;
    calls += 100;
    spent = Number(process.hrtime.bigint() - start);
  }
  return spent / calls;
}
