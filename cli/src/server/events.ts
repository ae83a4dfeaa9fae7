/** Sends the requests of the log as server-sent events (the HTML standard, section 9.2), for as long as the client listens. */
import type { ServerResponse } from 'node:http';
import { toJson, toText, type RequestLog } from './request-log.js';

/** The time between two comments, which keep proxies from closing the connection. */
const HEARTBEAT = 15_000; // milliseconds
/** The bytes that may wait for the client. A client that reads more slowly is disconnected, and can connect again. */
const MAX_BUFFERED = 4 * 1_048_576;

/**
 * Sends the requests after a time, then each further one. The ID of an event is the request's time, so that a client that
 * connects again gets what it has missed.
 */
export function sendEvents(requests: RequestLog, since: number, response: ServerResponse): void {
  let last = since;
  const send = () => {
    const entries = requests.after(last);
    last = entries.at(-1)?.time ?? last;
    const events = entries.map((entry) => `id: ${toText(entry.time)}\ndata: ${JSON.stringify(toJson(entry))}\n\n`);
    if (events.length > 0) response.write(events.join(''));
    if (response.writableLength > MAX_BUFFERED) response.destroy();
  };
  response.write(': the requests of the emulator\n\n');
  send();
  const unfollow = requests.follow(send);
  const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT).unref();
  response.once('close', () => {
    unfollow();
    clearInterval(heartbeat);
  });
}
