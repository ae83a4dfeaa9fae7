// Requests as text, with their responses.
import { exchange, requestText } from './raw.mjs';

/** Sends the text of a request unchanged, and parses the response. */
export async function ask({ url }, method, path, headers, body = '') {
  const length = body && { 'content-length': String(body.length) };
  const { status, head, body: text } = await exchange(url, requestText(method, path, { ...headers, ...length }, body));
  const names = new Map(
    [...head.matchAll(/^([\w-]+): (.*?)\r?$/gm)].map(([, name, value]) => [name.toLowerCase(), value]),
  );
  return { status, headers: names, text, message: text.startsWith('{') ? JSON.parse(text).message : undefined };
}

/** Returns whether the response may be read by a page of another origin. */
export const isShared = ({ headers }) => [...headers.keys()].some((name) => name.startsWith('access-control-'));
