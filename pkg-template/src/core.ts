/** The WebAssembly core: loaded once, at import where files can be read, else on the first need of it. */
import loadCore, { initSync } from '../wasm/core.js';
import { OAuthAppsError } from './error.js';

/**
 * Where the core's WebAssembly is, or what it is. Named without the DOM's types, which a Node project need not have:
 * `object` is a compiled `WebAssembly.Module`.
 */
export type CoreSource = ArrayBuffer | ArrayBufferView | URL | string | Response | Promise<Response> | object;

let loading: Promise<void> | undefined;
let loaded = false;

/** Whether the core's functions can be called. */
export function isLoaded(): boolean {
  return loaded;
}

/** Loads the core from bytes that are there already. */
export function loadSync(wasm: ArrayBufferView): void {
  initSync({ module: wasm as BufferSource });
  loaded = true;
}

/**
 * Loads the WebAssembly core. Async functions do it by themselves; in a browser call it before the synchronous ones
 * (`validateOAuthApp`, `checkRedirect`), or to bring your own wasm. Idempotent; a failed load can be tried again. In
 * Node, Deno and Bun the core is ready at import.
 *
 * @param input where the wasm is, in place of the file beside the package: the package's own `core.wasm` as bytes, a
 *   compiled module, a URL or a response
 * @throws OAuthAppsError `CONFIG` where what `input` gives is not the core, `NETWORK` where it cannot be had
 */
export async function init(input?: { wasm?: CoreSource | undefined }): Promise<void> {
  if (loaded) return;
  // An own member alone: a polluted `Object.prototype` must not choose the core.
  loading ??= load(input && Object.hasOwn(input, 'wasm') ? input.wasm : undefined);
  await loading;
}

async function load(wasm?: CoreSource): Promise<void> {
  try {
    await (wasm === undefined ? loadCore() : loadCore({ module_or_path: await compile(wasm) }));
    loaded = true;
  } catch (cause) {
    loading = undefined;
    const given = wasm !== undefined;
    throw new OAuthAppsError({
      code: given ? 'CONFIG' : 'NETWORK',
      operation: 'init',
      message: given
        ? 'what `wasm` gives is not the core of this version of the package'
        : 'the WebAssembly core could not be loaded. The bundle asks for core_bg.wasm beside itself; where your bundler ' +
          'does not put it there, exclude wix-oauth-apps from its dependency optimisation, or give the file to ' +
          'init({ wasm })',
      cause,
    });
  }
}

/** Looked at before it is handed on: the bindings would take any module for the core, and keep it. */
async function compile(wasm: CoreSource): Promise<WebAssembly.Module> {
  const given = await wasm;
  const source = typeof given === 'string' || given instanceof URL ? await fetch(given) : given;
  if (source instanceof Response && !source.ok) throw new Error(`${source.url} answers ${source.status}`);
  const bytes = source instanceof Response ? await source.arrayBuffer() : source;
  const module = bytes instanceof WebAssembly.Module ? bytes : await WebAssembly.compile(bytes as BufferSource);
  if (WebAssembly.Module.exports(module).some(({ name }) => name === 'validateOAuthApp')) return module;
  throw new Error('this is another WebAssembly module');
}

/** Throws where a synchronous function is called before the core is there. */
export function requireLoaded(operation: string): void {
  if (loaded) return;
  throw new OAuthAppsError({
    code: 'CONFIG',
    operation,
    message: 'the WebAssembly core is not loaded yet: `await init()` once before',
  });
}
