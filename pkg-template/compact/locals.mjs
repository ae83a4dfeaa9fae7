// Numbers the locals of functions so that gzip finds more repetitions: a run of instructions compresses only where a run
// before it has the same numbers too.
import { instructionsOf } from './text-format.mjs';

/** The lengths of the runs of instructions that are compared. */
const RUNS = [3, 5];
/** Later functions change what earlier ones have in common with others. A third round gains 0.1 KB, a fourth one nothing. */
const ROUNDS = 3;

/** Returns the functions with other numbers for their locals. Parameters keep theirs. */
export function renumberLocals(functions) {
  const ids = new Map();
  const parsed = functions.map((code) => parse(code, ids));
  const counts = new Map();
  parsed.forEach((one) => count(counts, one, 1));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of parsed.filter(({ locals }) => locals.length > 1)) {
      count(counts, one, -1);
      improve(one, counts);
      count(counts, one, 1);
    }
  }
  return parsed.map(print);
}

/**
 * Reads a function: its code; its locals with their types; its instructions, each as a number and the local that it uses; and
 * the new number of each local, which is the old one at first.
 */
function parse(code, ids) {
  const locals = Array.from(code.matchAll(LOCALS), ([, number, type]) => ({ number: Number(number), type }));
  const instructions = instructionsOf(code).map((text) => {
    const [, name, local] = /^(local\.\w+) \$(\d+)$/.exec(text) ?? [undefined, text];
    if (!ids.has(name)) ids.set(name, ids.size);
    return { id: ids.get(name), local: local === undefined ? undefined : Number(local) };
  });
  const parameters = code.slice(0, code.indexOf('\n')).match(/\(param /g)?.length ?? 0;
  return { code, locals, instructions, numbers: Array.from({ length: parameters + locals.length }, (_, at) => at) };
}

const LOCALS = /^  \(local \$(\d+) (\w+)\)\n/gm;

/** Exchanges the numbers of two locals of one type wherever the function then has more in common with the others. */
function improve(one, counts) {
  const { locals } = one;
  let best = likeness(one, counts);
  for (let isBetter = true; isBetter;) {
    isBetter = false;
    for (let left = 0; left < locals.length; left += 1) {
      for (let right = left + 1; right < locals.length; right += 1) {
        if (locals[left].type !== locals[right].type) continue;
        exchange(one, left, right);
        const now = likeness(one, counts);
        if (now > best) [best, isBetter] = [now, true];
        else exchange(one, left, right);
      }
    }
  }
}

function exchange({ numbers, locals }, left, right) {
  const [one, other] = [locals[left].number, locals[right].number];
  [numbers[one], numbers[other]] = [numbers[other], numbers[one]];
}

/** Returns how much a function has in common with the others, and with itself. */
function likeness(one, counts) {
  const own = new Map();
  let sum = 0;
  for (const run of runsOf(one)) {
    const before = own.get(run) ?? 0;
    own.set(run, before + 1);
    const occurrences = before + (counts.get(run) ?? 0);
    if (occurrences) sum += 1 + Math.log2(occurrences);
  }
  return sum;
}

/** Adds the runs of a function to the counts, or takes them out. */
function count(counts, one, sign) {
  for (const run of runsOf(one)) counts.set(run, (counts.get(run) ?? 0) + sign);
}

/** Returns a hash of each run of instructions. If two runs have the same hash, the module only compresses a little worse. */
function runsOf({ instructions, numbers }) {
  const hashes = instructions.map(({ id, local }) => Math.imul(id * 64 + (numbers[local] ?? -1) + 1, 0x9e3779b1));
  return RUNS.flatMap((length) =>
    hashes.slice(length - 1).map((_, start) => {
      let hash = length;
      for (let at = start; at < start + length; at += 1) {
        hash = Math.imul(hash, 0x01000193) ^ hashes[at];
        hash ^= hash >>> 15;
      }
      return hash;
    }),
  );
}

/** Returns the code of a function with the new numbers. Their order is that of the declarations. */
function print({ code, numbers, locals }) {
  const declarations = locals
    .map(({ number, type }) => [numbers[number], type])
    .sort(([one], [other]) => one - other)
    .map(([number, type]) => `  (local $${number} ${type})\n`);
  let at = 0;
  return code
    .replace(/(\(local\.\w+ )\$(\d+)/g, (_, start, number) => `${start}$${numbers[number]}`)
    .replace(LOCALS, () => declarations[at++]);
}
