/** The emulator's entry point for Node, Deno and Bun. */
import { readFileSync } from 'node:fs';
import { Emulator as Core, initSync } from '../../wasm/emulator.js';
import { emulatorOver, type Emulator, type EmulatorOptions } from './index.js';

export type * from './index.js';

let loaded = false;

/** Creates an emulator of the OAuth Apps API, in memory. */
export async function createEmulator(options?: EmulatorOptions): Promise<Emulator> {
  if (!loaded) initSync({ module: readFileSync(new URL('../../wasm/emulator_bg.wasm', import.meta.url)) });
  loaded = true;
  return emulatorOver(Core, options);
}
