/** The requests of this page, as they happened. Credentials are redacted before anything is kept. */
import type { Signal } from '@preact/signals';
import { tabSignal } from '../storage';
import { redactBody, redactHeaders, redactUrl } from './redact';

export interface RequestRecord {
  id: number;
  /** Milliseconds since 1970. */
  at: number;
  method: string;
  origin: string;
  /** Path and query. */
  path: string;
  headers: [string, string][];
  body: string;
  /** Milliseconds until the response was read, or the request failed. */
  duration: number;
  response?: { status: number; headers: [string, string][]; body: string };
  /** Why there is no response. */
  failure?: string;
}

/** How many requests are kept. */
const KEPT = 100;
/** How many characters of a body are kept. */
const MAX_BODY = 20_000;

/** The last requests, newest first. */
export const records: Signal<RequestRecord[]> = tabSignal<RequestRecord[]>('requests', []);

export function clearRecords(): void {
  records.value = [];
}

/** Wraps a `fetch` so that each request and its response is recorded. */
export function recording(send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const body = typeof init?.body === 'string' ? init.body : '';
    const started = performance.now();
    const seen = {
      at: Date.now(),
      method: request.method,
      origin: url.origin,
      path: redactUrl(url),
      headers: redactHeaders(request.headers),
      body: shorten(redactBody(body)),
    };
    const keep = (outcome: Pick<RequestRecord, 'response' | 'failure'>) => {
      const id = (records.value[0]?.id ?? 0) + 1;
      const record = { id, ...seen, duration: performance.now() - started, ...outcome };
      records.value = [record, ...records.value].slice(0, KEPT);
    };
    let response: Response;
    try {
      response = await send(input, init);
    } catch (error) {
      keep({ failure: error instanceof Error ? error.message : String(error) });
      throw error;
    }
    // The caller reads the response itself; the copy is read beside it.
    const copy = response.clone();
    const { status } = copy;
    const headers = redactHeaders(copy.headers);
    copy.text().then(
      (text) => keep({ response: { status, headers, body: shorten(redactBody(text)) } }),
      (error: unknown) => keep({ response: { status, headers, body: `The body broke off: ${String(error)}` } }),
    );
    return response;
  };
}

const shorten = (text: string) =>
  text.length > MAX_BODY ? `${text.slice(0, MAX_BODY)}\n… ${text.length - MAX_BODY} more characters` : text;
