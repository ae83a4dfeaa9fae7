// A web server on loopback.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Starts a server with this handler. `requests` has the `{method, url, headers, body}` of each request, with header names
 * in lower case.
 */
export async function listen(handler) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: await text(request) });
    await handler(request, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

/** Returns a handler that responds with JSON, or with a text. */
export const respond =
  (body, { status = 200, headers = {} } = {}) =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
