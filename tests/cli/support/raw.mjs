// A client that speaks bytes, for what no HTTP library would send.
import { connect } from 'node:net';

/** A connection: `received` grows, `closed` resolves when it is, `until(pattern)` waits for text. */
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

/** The bytes of a request. */
export const requestText = (method, path, headers = {}, body = '') =>
  [
    `${method} ${path} HTTP/1.1`,
    ...Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
