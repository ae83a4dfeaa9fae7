/** The emulator's entry for browsers. */
import load, { Emulator as Core } from '../wasm/emulator.js';
import { emulatorOver, type Emulator, type EmulatorOptions } from './emulator.js';

export type * from './emulator.js';

/** An emulator of the OAuth Apps API, in memory. */
export async function createEmulator(options?: EmulatorOptions): Promise<Emulator> {
  await load();
  return emulatorOver(new Core(options));
}
