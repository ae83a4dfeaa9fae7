// Clients that live as long as the worker, and are used by requests that arrive together.
import { createClient } from 'wix-oauth-apps';
import { describe } from './journey.mjs';
import server from './server.mjs';

const API = { auth: { apiKey: 'IST.emulator.not-a-real-api-key' }, siteId: 'e3a1e3a1-0000-4000-8000-000000000001' };

const byKey = createClient({ ...API, baseUrl: server.url });
const limited = createClient({ ...API, baseUrl: server.url, rateLimit: { requests: 2, per: 250 } });
let app;
let byToken;

const USES = {
  '/token': async () => {
    await (byToken ??= createClient({
      auth: { getAccessToken: async () => (await scheduler.wait(100), 'IST.emulator.not-a-real-api-key') },
      siteId: API.siteId,
      baseUrl: server.url,
    })).queryOAuthApps();
  },
  '/create': async () => {
    app = await byKey.createOAuthApp({ name: 'Shared' });
  },
  '/app': async (number) => {
    await byKey.allowRedirects(app.id, { uris: [`https://preview-${number}.example.com/callback`] });
  },
  '/rate-limit': () => limited.queryOAuthApps(),
};

export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    try {
      await USES[pathname]?.(search.slice(1));
      return new Response('ok');
    } catch (error) {
      return new Response(describe(error));
    }
  },
};
