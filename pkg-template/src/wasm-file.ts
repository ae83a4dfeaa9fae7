/** The declaration of the WebAssembly files: a compiled `WebAssembly.Module`, or what a bundler makes of the import. */
declare const wasm: object;
export default wasm;
