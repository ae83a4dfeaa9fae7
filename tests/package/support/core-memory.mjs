// Finds the memory of the core's WebAssembly. Import this module before the package.
let memory;

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, [module, imports]) {
    const instance = new Instance(module, imports);
    if ('validateOAuthApp' in instance.exports) memory = instance.exports.memory;
    return instance;
  },
});

/** Returns the memory of the core, which the import of the package has loaded. */
export const coreMemory = () => memory;
