const library = require('wix-oauth-apps');
const emulator = require('wix-oauth-apps/emulator');
const { report } = require('./journey.cjs');

test('journey', async () => {
  const { checks, failures } = JSON.parse(await report(library, emulator));
  expect(failures).toEqual([]);
  expect(checks).toBe(13);
});
