// jest.teardown.mjs
export default () => globalThis.wixServer.stop();
