/** Two modules that the bundler writes for each entry (`../bundle.mjs`): how its runtime gets the WebAssembly. */
declare module 'packaged:core' {
  /** True if `wasm` returns a module, or bytes that can be compiled at once. */
  export const isImmediate: boolean;
  export const wasm: () => object;
  /** True if the module keeps the calls of concurrent requests of a Worker apart. */
  export const isForWorkers: boolean;
  /** The name of the file of the module. */
  export const name: string;
}

declare module 'packaged:emulator' {
  export { isImmediate, wasm } from 'packaged:core';
}
