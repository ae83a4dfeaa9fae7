/** The emulator's entry point for browsers and other runtimes. */
import load, { Emulator as Core } from '../../wasm/emulator.js';
import { emulatorOver, type Emulator, type EmulatorOptions } from './index.js';

export type * from './index.js';

let loading: Promise<unknown> | undefined;

/** Creates an emulator of the OAuth Apps API, in memory. */
export async function createEmulator(options?: EmulatorOptions): Promise<Emulator> {
  // One load for all emulators: a second one would replace the memory of the first one.
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  await loading;
  return emulatorOver(Core, options);
}
