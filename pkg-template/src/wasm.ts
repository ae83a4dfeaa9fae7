/** Compiles a WebAssembly module of the package, in whatever form it is given, and explains why it cannot be had. */

import type { WasmSource } from './types.js';

/** A module of the package. */
export interface Expected {
  /** The name of the file. */
  file: string;
  /** The name of an export, by which the module is recognised. */
  member: string;
  /** The remedy if a bundler has lost the file. */
  remedy: string;
}

/** Why there is no module: a sentence for the user, with the platform's error as its cause. */
export class WasmFault extends Error {}

/** Checks whether a value is a compiled module. `instanceof` fails across realms, such as those of Jest. */
const isModule = (value: unknown): boolean => tagOf(value) === 'Module';

/**
 * Returns the compiled module of a source, or of the package if there is none. Throws if it cannot be had, or is not the
 * expected one; a `WasmFault` if the reason is known.
 */
export async function compile(
  source: WasmSource | undefined,
  packaged: () => WasmSource,
  expected: Expected,
): Promise<WebAssembly.Module> {
  const input = source === undefined ? locate(packaged, expected) : await source;
  const isUrl = typeof input === 'string' || tagOf(input) === 'URL';
  const given = isUrl ? await request(input as string | URL, expected) : input;
  const module = await (tagOf(given) === 'Response'
    ? compileResponse(given as Response, expected)
    : compileBytes(given));
  if (WebAssembly.Module.exports(module).some(({ name }) => name === expected.member)) return module;
  throw new Error(`the WebAssembly module has no export ${expected.member}, so it is not ${expected.file}`);
}

/** Returns the module of the package at once, or undefined if its entry has to load it. Throws like `compile`. */
export function compileNow(packaged: () => WasmSource): WebAssembly.Module | undefined {
  const given = packaged();
  if (isModule(given)) return given as WebAssembly.Module;
  // Some bundlers replace the import of a WebAssembly file by its URL.
  if (!ArrayBuffer.isView(given)) return undefined;
  try {
    return new WebAssembly.Module(given as BufferSource);
  } catch (cause) {
    throw explained(cause);
  }
}

function locate(packaged: () => WasmSource, { file, remedy }: Expected): WasmSource {
  try {
    return packaged();
  } catch (cause) {
    // The URL of the file is relative to `import.meta.url`, which bundles in other formats do not have.
    throw new WasmFault(`${file} cannot be found, because import.meta.url is no URL in this bundle. ${remedy}`, {
      cause,
    });
  }
}

async function request(url: string | URL, { remedy }: Expected): Promise<Response> {
  try {
    return await fetch(url);
  } catch (cause) {
    throw new WasmFault(`${unreadable(String(url), cause)}. ${remedy}`, { cause });
  }
}

/** Says why a URL could not be fetched, as far as the error tells. */
function unreadable(url: string, cause: unknown): string {
  // Deno names the permission, by an error of one of these names.
  if (/^(NotCapable|PermissionDenied)$/.test((cause as Error | null)?.name ?? '')) {
    return `this process has no permission to read ${url}; run Deno with --allow-read or --allow-net for it`;
  }
  if (url.startsWith('file:')) {
    return (
      `${url} is a file, which this runtime cannot fetch: a bundler has taken the entry for browsers, so set its platform ` +
      `or its conditions to the runtime, such as \`node\``
    );
  }
  return `${url} could not be fetched; the network failed, or the connect-src of a Content Security Policy refuses it`;
}

async function compileResponse(response: Response, { remedy }: Expected): Promise<WebAssembly.Module> {
  const { url, status } = response;
  const place = url || 'the response';
  if (!response.ok)
    throw new WasmFault(`${place} has status ${status}. ${remedy}`, { cause: new Error(`status ${status}`) });
  const type = response.headers.get('content-type') ?? '';
  // Compiles while the file arrives. Servers that do not know the type are no reason to fail.
  const isStreamed = /^application\/wasm\b/i.test(type) && typeof WebAssembly.compileStreaming === 'function';
  if (isStreamed) return WebAssembly.compileStreaming(response).catch((cause) => Promise.reject(explained(cause)));
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new WasmFault(`${place} could not be read to its end`, { cause });
  }
  if (bytes[0] === 0 && bytes[1] === 0x61) return compileBytes(bytes);
  const what = /html/i.test(type) || bytes[0] === 0x3c ? 'a page' : `content of the type ${type || 'unknown'}`;
  throw new WasmFault(`${place} is ${what} in place of the WebAssembly. ${remedy}`, {
    cause: new Error(`content-type: ${type}`),
  });
}

async function compileBytes(given: unknown): Promise<WebAssembly.Module> {
  if (isModule(given)) return given as WebAssembly.Module;
  try {
    return await WebAssembly.compile(given as BufferSource);
  } catch (cause) {
    throw explained(cause);
  }
}

/** Says why WebAssembly does not compile: engines name a policy in the message only. */
function explained(cause: unknown): Error {
  const text = String((cause as Error | null)?.message ?? cause);
  if (typeof WebAssembly === 'undefined') {
    return new WasmFault('this runtime has no WebAssembly; Node has none with --jitless', { cause });
  }
  if (/content security policy|\bCSP\b|unsafe-eval/i.test(text)) {
    return new WasmFault(
      "the Content Security Policy of this page allows no WebAssembly; add 'wasm-unsafe-eval' to its script-src",
      { cause },
    );
  }
  if (/embedder|code generation/i.test(text)) {
    return new WasmFault(
      'this runtime compiles no WebAssembly from bytes; import the file (`import wasm from ' +
        "'wix-oauth-apps/core.wasm'`, or 'wix-oauth-apps/core.wasm?module') and pass the module as { wasm }",
      { cause },
    );
  }
  return cause as Error;
}

/** Returns the class of a platform object, across realms: `Module` for `[object WebAssembly.Module]`. */
const tagOf = (value: unknown) => /(\w+)\]$/.exec(Object.prototype.toString.call(value))?.[1];
