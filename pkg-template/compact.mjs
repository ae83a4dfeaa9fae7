// Rearranges the client's WebAssembly module so that it compresses better. What it computes stays the same.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Pairs of a window and an exponent for `orderByLikeness`. Which is best changes with the code, by up to 0.6 KB. */
const ORDERS = [
  [1_000, 1.2],
  [2_000, 1.2],
  [4_000, 1],
  [8_000, 1.3],
];

/**
 * Shortens the names that a module shares with its bindings, and puts functions that are alike side by side, where gzip
 * finds what they have in common. Short names take 2.7 KB from the gzipped client, the order of functions 1.4 KB; to see a
 * figure, leave that step out and compare the size that `npm run build` prints.
 *
 * `run` starts a program of binaryen; `features` are the arguments that allow it what the compiler used.
 */
export function compact(folder, name, features, run) {
  const path = (suffix) => join(folder, name + suffix);
  const [module, bindings, types, text] = ['_bg.wasm', '.js', '.d.ts', '_bg.wat'].map(path);
  run('wasm-dis', [module, ...features, '-o', text]);
  const rename = shortNames(readFileSync(text, 'utf8'), `./${name}_bg.js`);
  const renamed = rename(readFileSync(text, 'utf8'));
  const passes = ['--optimize-level=2', '--shrink-level=2', '--vacuum', '--generate-stack-ir', '--optimize-stack-ir'];
  const modules = ORDERS.map((order) => {
    writeFileSync(text, sortFunctions(renamed, order));
    run('wasm-opt', [text, ...features, ...passes, '-o', module]);
    return readFileSync(module);
  });
  const sizes = modules.map((bytes) => gzipSync(bytes, { level: 9 }).length);
  writeFileSync(module, modules[sizes.indexOf(Math.min(...sizes))]);
  rmSync(text);
  for (const file of [bindings, types]) writeFileSync(file, rename(readFileSync(file, 'utf8')));
}

/**
 * Returns a function that replaces the generated names of a module's imports and exports, most of which end in a hash, and the
 * name under which it imports its bindings.
 */
function shortNames(text, bindings) {
  const declared = text.matchAll(/^ \((?:import "[^"]*"|export) "((?:__|wasm_bindgen_)[^"]*)"/gm);
  const names = [...new Set(Array.from(declared, ([, name]) => name))];
  const short = new Map(names.map((name, at) => [name, `$${at.toString(36)}`]));
  // A longer name first: a shorter one may be its beginning. A name that begins with $ is an index of the text format.
  const pattern = new RegExp(names.sort((left, right) => right.length - left.length).join('|'), 'g');
  return (content) => content.replace(pattern, (name) => short.get(name)).replaceAll(`"${bindings}"`, '"$"');
}

/** Orders the functions of a module in the text format: each is followed by the one that has most in common with the last. */
function sortFunctions(text, order) {
  const starts = Array.from(text.matchAll(/^ \(func /gm), ({ index }) => index);
  const end = text.indexOf('\n )\n', starts.at(-1)) + '\n )\n'.length;
  const functions = starts.map((start, at) => text.slice(start, starts[at + 1] ?? end));
  const sorted = orderByLikeness(functions.map(runsOfInstructions), order);
  return text.slice(0, starts[0]) + sorted.map((at) => functions[at]).join('') + text.slice(end);
}

/** The runs of three instructions of a function, as texts. */
function runsOfInstructions(code) {
  const lines = code.split('\n').map((line) => line.trim());
  return new Set(lines.slice(3).map((_, at) => lines.slice(at + 1, at + 4).join('|')));
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
