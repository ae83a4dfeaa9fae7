// GET /apps: the names and client IDs of the site's OAuth apps. GET /active/CLIENT-ID: whether the client is still admitted.
import { createClient, isOAuthAppsError } from 'wix-oauth-apps';

export default {
  async fetch(request, env) {
    // The secrets of a Worker come with each request.
    const client = createClient({ auth: { apiKey: env.WIX_API_KEY }, siteId: env.WIX_SITE_ID });
    const { pathname } = new URL(request.url);
    try {
      if (pathname === '/apps') {
        const apps = [];
        for await (const { id, name } of client.listOAuthApps()) apps.push({ id, name });
        return Response.json(apps);
      }
      const [, clientId] = /^\/active\/([^/]+)$/.exec(pathname) ?? [];
      if (clientId) return Response.json({ active: await client.isClientActive(clientId) });
      return new Response('Not found', { status: 404 });
    } catch (error) {
      if (!isOAuthAppsError(error)) throw error;
      return Response.json({ error: error.code, message: error.message }, { status: 502 });
    }
  },
};
