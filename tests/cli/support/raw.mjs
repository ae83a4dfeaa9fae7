// A client that sends raw bytes, for requests that no HTTP library would send.
import { connect } from 'node:net';

/** Opens a connection: `received` grows, `closed` resolves when it is closed, `until(pattern)` waits for text. */
export function open(url) {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port, allowHalfOpen: true });
  socket.setEncoding('latin1').on('data', (text) => (connection.received += text));
  const closed = new Promise((resolve) =>
    socket
      .on('error', () => {})
      .on('end', resolve)
      .on('close', resolve),
  );
  const connection = {
    socket,
    received: '',
    closed,
    send: (bytes) => new Promise((resolve) => socket.write(bytes, resolve)),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => pattern.test(connection.received) && resolve(connection.received);
        socket.on('data', look);
        setTimeout(reject, 10_000, new Error(`no ${pattern} in ${JSON.stringify(connection.received)}`)).unref();
        closed.then(() => reject(new Error(`it closed after ${JSON.stringify(connection.received)}`)));
        look();
      }),
    close: () => socket.destroy(),
  };
  return connection;
}

/** Returns the bytes of a request. */
export const requestText = (method, path, headers = {}, body = '') =>
  [
    `${method} ${path} HTTP/1.1`,
    ...Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');

/**
 * Sends bytes on a new connection, ends its side, and reads until the server ends the other side. Returns as `status` the
 * status of the last response other than 1xx, undefined without any.
 */
export async function exchange(url, bytes) {
  const connection = open(url);
  connection.socket.end(bytes);
  const late = setTimeout(() => connection.close(), 5_000);
  await connection.closed;
  clearTimeout(late);
  connection.close();
  const statuses = [...connection.received.matchAll(/HTTP\/1\.1 ([2-5]\d\d) /g)].map(([, status]) => Number(status));
  const [, head = '', body = ''] = /^(HTTP\/1\.1 [2-5][^]*?)\r\n\r\n([^]*)$/m.exec(connection.received) ?? [];
  return { status: statuses.at(-1), head, body, received: connection.received };
}
