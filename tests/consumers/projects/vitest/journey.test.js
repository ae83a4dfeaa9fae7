import { expect, test } from 'vitest';
import * as library from 'wix-oauth-apps';
import * as emulator from 'wix-oauth-apps/emulator';
import { report } from './journey.mjs';
import server from './server.mjs';

test('journey', async () => {
  const { document } = globalThis;
  // A page of this environment has an origin that the server does not allow.
  const { checks, failures } = JSON.parse(await report(library, emulator, document ? undefined : server));
  expect(failures).toEqual([]);
  expect(checks).toBe(document ? 13 : 23);
});
