// A Cloudflare Worker. A key-value namespace remembers the delivered events of all instances; add it as SEEN to wrangler.toml.
import { createWebhookHandler } from 'wix-oauth-apps';

interface Env {
  WIX_WEBHOOK_PUBLIC_KEY: string;
  SEEN: { get(key: string): Promise<string | null>; put(key: string, value: string, options: object): Promise<void> };
}

let handle: ((request: Request) => Promise<Response>) | undefined;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    handle ??= createWebhookHandler({
      publicKey: env.WIX_WEBHOOK_PUBLIC_KEY,
      seen: {
        has: async (id) => (await env.SEEN.get(id)) !== null,
        add: (id) => env.SEEN.put(id, '', { expirationTtl: 7 * 86_400 }),
      },
      onCreated: ({ oAuthApp }) => console.log('created', oAuthApp.id, oAuthApp.name),
      onDeleted: ({ appId }) => console.log('deleted', appId),
      onError: (fault) => console.error(fault),
    });
    return handle(request);
  },
};
