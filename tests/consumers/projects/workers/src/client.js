import * as library from 'wix-oauth-apps';
import { report } from './journey.mjs';
import server from './server.mjs';

export default { fetch: async () => new Response(await report(library, undefined, server)) };
