/** Loads the WebAssembly core once, when it is first needed: at once if the entry contains it, else asynchronously. */
import { isImmediate, name as file, wasm as packaged } from 'packaged:core';
import instantiate, { initSync } from '../wasm/core.js';
import { OAuthAppsError } from './error.js';
import type { WasmSource } from './types.js';
import { compile, compileNow, WasmFault } from './wasm.js';

const EXPECTED = {
  file,
  member: 'validateOAuthApp',
  remedy: `If a bundler has not copied ${file}, import wix-oauth-apps/inline, which contains it, or call init({ wasm })`,
};

let loading: Promise<void> | undefined;
let loaded = false;
/** Why the core could not be loaded at once. */
let fault: unknown;
/** The core's memory. Its type is written out, because the declarations compile without the DOM library. */
export let memory: { readonly buffer: ArrayBuffer };

/** Returns whether the core's functions can be called, after loading the core if that is possible at once. */
export function isLoaded(): boolean {
  if (loaded || !isImmediate || fault !== undefined) return loaded;
  try {
    const module = compileNow(packaged);
    if (module) ({ memory } = initSync({ module }));
    loaded = module !== undefined;
  } catch (thrown) {
    fault = thrown;
  }
  return loaded;
}

/**
 * Loads the WebAssembly core. Asynchronous functions load it by themselves. In a page, call `init` before the synchronous
 * functions (`validateOAuthApp`, `checkRedirect`, `createRedirectChecker`), or to pass the WebAssembly yourself. Further calls
 * have no effect, and a failed load can be repeated. In Node, Deno, Bun, Workers and edge functions it is not needed.
 *
 * @param input the package's `core.wasm` as bytes, a compiled module, a URL or a response. Default: the file in the
 *   package
 * @throws OAuthAppsError `CONFIG` if `input` is not the core of this version, `NETWORK` if the file cannot be loaded
 */
export async function init(input?: { wasm?: WasmSource | undefined }): Promise<void> {
  if (isLoaded()) return;
  // Only an own property: a polluted `Object.prototype` must not replace the core.
  loading ??= load(input && Object.hasOwn(input, 'wasm') ? input.wasm : undefined);
  await loading;
}

async function load(wasm?: WasmSource): Promise<void> {
  try {
    if (wasm === undefined && fault !== undefined) throw fault;
    ({ memory } = await instantiate({ module_or_path: await compile(wasm, packaged, EXPECTED) }));
    loaded = true;
  } catch (thrown) {
    loading = undefined;
    throw failure(thrown, 'init', wasm !== undefined);
  }
}

/** Throws if a synchronous function is called before the core is loaded. */
export function requireLoaded(operation: string): void {
  if (isLoaded()) return;
  if (fault !== undefined) throw failure(fault, operation, false);
  throw new OAuthAppsError({
    code: 'CONFIG',
    operation,
    message: 'the WebAssembly core is not loaded; call `await init()` once before',
  });
}

/** Returns the error of a load that failed. */
function failure(thrown: unknown, operation: string, isOwn: boolean): OAuthAppsError {
  const isKnown = thrown instanceof WasmFault;
  const what = isOwn ? '`wasm`' : `the WebAssembly core, ${file},`;
  const message =
    isOwn && !isKnown
      ? '`wasm` is not the core of this version of the package; pass its file wix-oauth-apps/core.wasm'
      : `${what} could not be loaded`;
  return new OAuthAppsError({
    code: isOwn ? 'CONFIG' : 'NETWORK',
    operation,
    message: isKnown ? `${message}: ${thrown.message}` : message,
    cause: isKnown ? thrown.cause : thrown,
  });
}
