// POST /api/login-check with {"url": "…"}: whether Wix would send a visitor back to that URL after a login, and if not, why.
// Call it before a login starts, so that a wrong URL is a message in the log and not a login that hangs.
import { checkRedirect, createClient, isOAuthAppsError } from 'wix-oauth-apps';

// One client for all requests, so that they share its rate limit.
const client = createClient({ auth: { apiKey: process.env.WIX_API_KEY }, siteId: process.env.WIX_SITE_ID });

export async function POST(request) {
  const { url } = await request.json();
  try {
    const app = await client.getOAuthApp(process.env.WIX_CLIENT_ID, { signal: request.signal });
    const { allowed, reason, message } = checkRedirect(app, url, 'authentication');
    // Without `fix`: nobody may register a URL that came from a request.
    return Response.json({ allowed, reason, message });
  } catch (error) {
    if (!isOAuthAppsError(error)) throw error;
    console.error(error);
    return Response.json({ error: error.code }, { status: error.code === 'INVALID_ARGUMENT' ? 400 : 502 });
  }
}
