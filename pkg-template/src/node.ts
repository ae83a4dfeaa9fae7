/** The entry point for Node, Deno and Bun, which loads the core during the import. */
import { readFileSync } from 'node:fs';
import { loadSync } from './core.js';

try {
  loadSync(readFileSync(new URL('../wasm/core_bg.wasm', import.meta.url)));
} catch {
  // In a bundle the file is elsewhere. The import succeeds; the first use of the core says to call init({ wasm }).
}

export * from './index.js';
