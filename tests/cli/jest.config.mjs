// jest.config.mjs
export default {
  testMatch: ['**/*.jest.mjs'],
  moduleFileExtensions: ['mjs', 'js'],
  transform: {},
  globalSetup: './jest.setup.mjs',
  globalTeardown: './jest.teardown.mjs',
};
