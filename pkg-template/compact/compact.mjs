// Rearranges the client's WebAssembly module so that it compresses better. What it computes stays the same.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { renumberLocals } from './locals.mjs';
import { orderings } from './order.mjs';
import { splitFunctions } from './text-format.mjs';

/**
 * Shortens the names that a module shares with its bindings, numbers the locals of functions alike, and puts functions that
 * are alike side by side, where gzip finds what they have in common. Short names take 2.3 KB from the gzipped client, the
 * numbers of locals 1.1 KB, the order of functions 0.9 KB; to see a figure, leave that step out and compare the size that
 * `npm run build` prints.
 *
 * `run` starts a program of binaryen; `features` are the arguments that allow it what the compiler used.
 */
export function compact(folder, name, features, run) {
  const path = (suffix) => join(folder, name + suffix);
  const [module, bindings, types, text] = ['_bg.wasm', '.js', '.d.ts', '_bg.wat'].map(path);
  run('wasm-dis', [module, ...features, '-o', text]);
  const rename = shortNames(readFileSync(text, 'utf8'), `./${name}_bg.js`);
  const { head, functions, tail } = splitFunctions(rename(readFileSync(text, 'utf8')));
  const passes = ['--optimize-level=2', '--shrink-level=2', '--vacuum', '--generate-stack-ir', '--optimize-stack-ir'];
  const modules = orderings(renumberLocals(functions)).map((ordered) => {
    writeFileSync(text, head + ordered.join('') + tail);
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
