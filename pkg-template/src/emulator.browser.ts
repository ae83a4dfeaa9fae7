/** The emulator's entry for browsers. */
import load, { Emulator as Core } from '../wasm/emulator.js';
import { emulatorOver, type Emulator, type EmulatorOptions } from './emulator.js';

export type * from './emulator.js';

let loading: Promise<unknown> | undefined;

/** An emulator of the OAuth Apps API, in memory. */
export async function createEmulator(options?: EmulatorOptions): Promise<Emulator> {
  // One load for all: the second of two side by side would pull the memory from under the first one's emulator.
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  await loading;
  return emulatorOver(Core, options);
}
