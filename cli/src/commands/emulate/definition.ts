/** The definition of `emulate`. */
import type { CommandDefinition } from '../definition.js';
import { OPTIONS } from './options.js';

export const EMULATE: CommandDefinition = {
  name: 'emulate',
  summary: 'Serve an emulator of the Wix Headless OAuth Apps API on this machine',
  description:
    'The ready line shows the address and the credentials that the server accepts. SIGINT or SIGTERM stops it. GET ' +
    '/healthz tells whether it is up, GET /openapi.json describes the API, GET /webhooks/public-key returns the key ' +
    'that verifies webhooks.',
  options: OPTIONS,
  isServer: true,
  hasNoJson: true,
  examples: [
    'wix-oauth-apps emulate --port 8787 --data emulator.db',
    'wix-oauth-apps emulate --rate-limit 200 --latency 50 --quiet',
  ],
  load: async () => (await import('./command.js')).emulate,
};
