/** The emulator of the OAuth Apps API: a `fetch` that responds like the service, from memory. */
import { isImmediate, wasm as packaged } from 'packaged:emulator';
import instantiate, { Emulator as Core, initSync } from '../../wasm/emulator.js';
import type { WasmSource } from '../types.js';
import { compile, compileNow, WasmFault } from '../wasm.js';
import { emulatorOver } from './emulator.js';
import type { Emulator, EmulatorOptions } from './types.js';

export type * from './types.js';

const EXPECTED = {
  file: 'emulator_bg.wasm',
  member: 'emulator_handle',
  remedy: 'If a bundler has not copied emulator_bg.wasm, import wix-oauth-apps/emulator/inline, which contains it',
};

let loading: Promise<unknown> | undefined;

/**
 * Creates an emulator of the OAuth Apps API, in memory. The first call loads its WebAssembly: the option `wasm`, else the
 * file in the package.
 *
 * @throws TypeError with the name of an invalid option; Error if the WebAssembly cannot be loaded
 */
export async function createEmulator(options?: EmulatorOptions): Promise<Emulator> {
  const { wasm, others } = split(options);
  // One load for all emulators: a second one would replace the memory of the first one.
  loading ??= load(wasm).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  await loading;
  return emulatorOver(Core, others);
}

/** Separates the option `wasm` from those of the core. */
function split(options: EmulatorOptions = {}): { wasm?: WasmSource | undefined; others: EmulatorOptions } {
  // The core refuses what is not an object.
  if (typeof options !== 'object' || options === null || !Object.hasOwn(options, 'wasm')) return { others: options };
  const { wasm, ...others } = options;
  return { wasm, others };
}

async function load(wasm: WasmSource | undefined): Promise<void> {
  try {
    const module = wasm === undefined && isImmediate ? compileNow(packaged) : undefined;
    if (module) initSync({ module });
    else await instantiate({ module_or_path: await compile(wasm, packaged, EXPECTED) });
  } catch (thrown) {
    const isKnown = thrown instanceof WasmFault;
    const isOwn = wasm !== undefined;
    const what = isOwn ? 'options.wasm' : 'emulator_bg.wasm';
    const message =
      isOwn && !isKnown
        ? 'options.wasm: is not the emulator of this version of the package; pass its file wix-oauth-apps/emulator.wasm'
        : `${what} could not be loaded`;
    throw new (isOwn ? TypeError : Error)(isKnown ? `${message}: ${thrown.message}` : message, {
      cause: isKnown ? thrown.cause : thrown,
    });
  }
}
