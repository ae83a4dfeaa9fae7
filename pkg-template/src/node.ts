/** The entry for Node, Deno and Bun: the core is there when the import is done. */
import { readFileSync } from 'node:fs';
import { loadSync } from './core.js';

try {
  loadSync(readFileSync(new URL('../wasm/core_bg.wasm', import.meta.url)));
} catch {
  // In a bundle the file is elsewhere: the import goes through, and whoever needs the core is told to init({ wasm }).
}

export * from './index.js';
