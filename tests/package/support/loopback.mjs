// A real web server on loopback, whose faults are real ones.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * Answers each request with `handler(request, response)`. `requests` holds `{method, url, headers, body}` of each; the
 * headers are as they arrived, their names in lower case.
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

/** A handler that answers with JSON, or with the text as it is. */
export const respond =
  (body, { status = 200, headers = {} } = {}) =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
