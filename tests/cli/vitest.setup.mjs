// vitest.setup.mjs
import { startServer } from 'wix-oauth-apps-cli';

export default async function setup(project) {
  const server = await startServer();
  project.provide('wix', { url: server.url, ...server.credentials });
  return () => server.stop();
}
