// Next.js: app/api/webhooks/route.ts
import { createWebhookHandler } from 'wix-oauth-apps';

export const POST = createWebhookHandler({
  publicKey: process.env.WIX_WEBHOOK_PUBLIC_KEY!,
  onCreated: ({ oAuthApp }) => console.log('created', oAuthApp.id, oAuthApp.name),
  onUpdated: ({ oAuthApp }) => console.log('updated', oAuthApp.id, oAuthApp.name),
  onDeleted: ({ appId }) => console.log('deleted', appId),
  onError: (fault) => console.error(fault),
});
