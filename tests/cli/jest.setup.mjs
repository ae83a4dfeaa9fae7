// jest.setup.mjs
import { startServer } from 'wix-oauth-apps-cli';

export default async function setup() {
  const server = await startServer();
  globalThis.wixServer = server;
  process.env.WIX_EMULATOR = JSON.stringify({ url: server.url, ...server.credentials });
}
