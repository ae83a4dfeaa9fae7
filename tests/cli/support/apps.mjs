// Reads and changes the apps of a running server over HTTP.
import assert from 'node:assert/strict';
import { APPS } from './emulate.mjs';

/** Returns every app, by ID. */
export async function allApps(server) {
  const apps = new Map();
  let paging = { limit: 100 };
  while (paging) {
    const { oAuthApps, pagingMetadata } = await call(server, 'POST', `${APPS}/query`, {
      query: { cursorPaging: paging },
    });
    for (const app of oAuthApps) apps.set(app.id, app);
    paging = pagingMetadata.hasNext && { limit: 100, cursor: pagingMetadata.cursors.next };
  }
  return apps;
}

/** Creates an app. Returns it without its secret, which no other call returns. */
export async function create(server, fields) {
  const { secret: _, ...app } = (await call(server, 'POST', APPS, { oAuthApp: fields })).oAuthApp;
  return app;
}

export const update = async (server, id, fields) =>
  (await call(server, 'PATCH', `${APPS}/${id}`, { oAuthApp: { id, ...fields }, mask: Object.keys(fields).join() }))
    .oAuthApp;

export const remove = (server, id) => call(server, 'DELETE', `${APPS}/${id}`);

export const generateSecret = async (server, id) =>
  (await call(server, 'POST', `${APPS}/${id}/generate-secret`, {})).oAuthAppSecret;

async function call(server, method, path, body) {
  const response = await server.request(path, { method, ...(body && { body: JSON.stringify(body) }) });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}
