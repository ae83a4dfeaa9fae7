import * as library from 'wix-oauth-apps';
import * as emulator from 'wix-oauth-apps/emulator';
import { report } from './journey.mjs';

test('journey', async () => {
  const { checks, failures } = JSON.parse(await report(library, emulator));
  expect(failures).toEqual([]);
  expect(checks).toBe(13);
});
