/** Loads the WebAssembly core once: during the import if files can be read, else when it is first needed. */
import loadCore, { initSync } from '../wasm/core.js';
import { OAuthAppsError } from './error.js';

/**
 * The core's WebAssembly, or its location. `object` stands for a compiled `WebAssembly.Module`, because a Node project may
 * compile without the DOM's types.
 */
export type CoreSource = ArrayBuffer | ArrayBufferView | URL | string | Response | Promise<Response> | object;

let loading: Promise<void> | undefined;
let loaded = false;
/** The core's memory. */
export let memory: WebAssembly.Memory;

/** Returns whether the core's functions can be called. */
export function isLoaded(): boolean {
  return loaded;
}

/** Loads the core from bytes. */
export function loadSync(wasm: ArrayBufferView): void {
  ({ memory } = initSync({ module: wasm as BufferSource }));
  loaded = true;
}

/**
 * Loads the WebAssembly core. Asynchronous functions load it by themselves. In a browser, call `init` before the
 * synchronous functions (`validateOAuthApp`, `checkRedirect`, `createRedirectChecker`), or to pass the WebAssembly yourself.
 * Further calls have no effect, and a failed load can be repeated. In Node, Deno and Bun the core is loaded by the import.
 *
 * @param input the package's `core.wasm` as bytes, a compiled module, a URL or a response. Default: the file in the
 *   package
 * @throws OAuthAppsError `CONFIG` if `input` is not the core of this version, `NETWORK` if the file cannot be fetched
 */
export async function init(input?: { wasm?: CoreSource | undefined }): Promise<void> {
  if (loaded) return;
  // Only an own property: a polluted `Object.prototype` must not replace the core.
  loading ??= load(input && Object.hasOwn(input, 'wasm') ? input.wasm : undefined);
  await loading;
}

async function load(wasm?: CoreSource): Promise<void> {
  try {
    ({ memory } = await (wasm === undefined ? loadCore() : loadCore({ module_or_path: await compile(wasm) })));
    loaded = true;
  } catch (cause) {
    loading = undefined;
    const isOwn = wasm !== undefined;
    throw new OAuthAppsError({
      code: isOwn ? 'CONFIG' : 'NETWORK',
      operation: 'init',
      message: isOwn
        ? '`wasm` is not the core of this version of the package; pass its file wix-oauth-apps/core.wasm'
        : 'the WebAssembly core could not be loaded. It is expected as core_bg.wasm beside the bundle; if your bundler ' +
          'does not copy it there, exclude wix-oauth-apps from dependency optimisation, or pass the file to ' +
          'init({ wasm })',
      cause,
    });
  }
}

/** Compiles and checks a module: the bindings would accept any module, and could not load the core afterwards. */
async function compile(wasm: CoreSource): Promise<WebAssembly.Module> {
  const input = await wasm;
  const source = typeof input === 'string' || input instanceof URL ? await fetch(input) : input;
  if (source instanceof Response && !source.ok) throw new Error(`${source.url} responded with status ${source.status}`);
  const bytes = source instanceof Response ? await source.arrayBuffer() : source;
  const module = bytes instanceof WebAssembly.Module ? bytes : await WebAssembly.compile(bytes as BufferSource);
  if (WebAssembly.Module.exports(module).some(({ name }) => name === 'validateOAuthApp')) return module;
  throw new Error('the WebAssembly module has no export validateOAuthApp');
}

/** Throws if a synchronous function is called before the core is loaded. */
export function requireLoaded(operation: string): void {
  if (loaded) return;
  throw new OAuthAppsError({
    code: 'CONFIG',
    operation,
    message: 'the WebAssembly core is not loaded; call `await init()` once before',
  });
}
