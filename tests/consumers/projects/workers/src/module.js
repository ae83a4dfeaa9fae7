import * as library from 'wix-oauth-apps';
import wasm from 'wix-oauth-apps/core.wasm';
import { report } from './journey.mjs';
import server from './server.mjs';

export default {
  fetch: async () => {
    await library.init({ wasm });
    return new Response(await report(library, undefined, server));
  },
};
