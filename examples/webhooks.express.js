// Express. The handler reads the body itself: no body parser may come before it.
// Requires: npm install express
import { Readable } from 'node:stream';
import express from 'express';
import { createWebhookHandler } from 'wix-oauth-apps';

const handle = createWebhookHandler({
  publicKey: process.env.WIX_WEBHOOK_PUBLIC_KEY,
  onCreated: ({ oAuthApp }) => console.log('created', oAuthApp.id, oAuthApp.name),
  onUpdated: ({ oAuthApp }) => console.log('updated', oAuthApp.id, oAuthApp.name),
  onDeleted: ({ appId }) => console.log('deleted', appId),
  onError: (fault) => console.error(fault),
});

const app = express();
app.post('/webhooks', async (request, response) => {
  const body = Readable.toWeb(request);
  const { status } = await handle(new Request('http://localhost', { method: 'POST', body, duplex: 'half' }));
  response.sendStatus(status);
});
const server = app.listen(process.env.PORT ?? 3000, () => console.log('listening on port', server.address().port));
