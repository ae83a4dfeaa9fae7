const library = require('wix-oauth-apps');
const emulator = require('wix-oauth-apps/emulator');
const { report } = require('./journey.cjs');

test('the functions without network', async () => {
  expect(JSON.parse(await report(library))).toEqual({ checks: 3, failures: [] });
});

test('the emulator names what is missing', async () => {
  const { failures } = JSON.parse(await report(library, emulator));
  expect(failures.length).toBe(1);
  expect(failures[0]).toMatch(/needs the global Request.*jest-fixed-jsdom/);
});
