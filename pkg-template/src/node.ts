/** The entry for Node, Deno and Bun: the core is there when the import is done. */
import { readFileSync } from 'node:fs';
import { loadSync } from './core.js';

loadSync(readFileSync(new URL('../wasm/core_bg.wasm', import.meta.url)));

export * from './index.js';
