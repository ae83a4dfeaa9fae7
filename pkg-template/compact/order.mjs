// Orders the functions of a module so that those that are alike are side by side, where gzip finds what they have in common.
import { instructionsOf } from './text-format.mjs';

/** Pairs of a window and an exponent for `orderByLikeness`. Which is best changes with the code, by up to 0.6 KB. */
const ORDERS = [
  [1_000, 1.2],
  [2_000, 1.2],
  [4_000, 1],
  [8_000, 1.3],
];

/** Returns the functions in several orders. In each, a function follows those with which it has much in common. */
export function orderings(functions) {
  const runs = functions.map(runsOfInstructions);
  return ORDERS.map((order) => orderByLikeness(runs, order).map((at) => functions[at]));
}

/** The runs of three instructions of a function, as texts. */
function runsOfInstructions(code) {
  const instructions = instructionsOf(code);
  return new Set(instructions.slice(2).map((_, at) => instructions.slice(at, at + 3).join('|')));
}

/** Orders sets by what each has in common with those before it, of which the last ones with `window` members in all count. */
function orderByLikeness(sets, [window, exponent]) {
  const owners = new Map();
  sets.forEach((set, at) => set.forEach((member) => owners.set(member, [...(owners.get(member) ?? []), at])));
  const likeness = new Float64Array(sets.length);
  const count = (at, sign) => {
    // Runs that few functions share count more. A run of one function alone does not count.
    for (const others of Array.from(sets[at], (member) => owners.get(member)).filter(({ length }) => length > 1))
      for (const owner of others) likeness[owner] += sign / (others.length - 1);
  };
  // More than in proportion to the size: large functions have something in common with most others. If nothing is in common
  // with any, the smallest is next.
  const share = (at) => (likeness[at] + 1e-9) / (sets[at].size + 1) ** exponent;
  const left = new Set(sets.keys());
  const recent = [];
  const order = [];
  for (let size = 0; left.size > 0;) {
    const next = [...left].reduce((best, at) => (share(at) > share(best) ? at : best));
    left.delete(next);
    order.push(next);
    recent.push(next);
    count(next, 1);
    for (size += sets[next].size; size > window && recent.length > 1;) {
      const oldest = recent.shift();
      count(oldest, -1);
      size -= sets[oldest].size;
    }
  }
  return order;
}
