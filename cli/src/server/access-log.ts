/**
 * The access log: one line for each request, with its time, method, path, outcome and duration, and the reason if it was
 * refused. It contains no headers, bodies and queries, and so no credentials.
 */
import type { LoggedRequest } from './request-log.js';

const FLUSH_AFTER = 20; // milliseconds
const MAX_REASON = 500; // characters

/**
 * Collects requests for a moment and writes their lines together: a write for each would cost more than the response.
 * The lines are composed when they are written: strings that live until then would be copied by the garbage collector.
 */
export class AccessLog {
  #entries: LoggedRequest[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #write: (lines: string) => void;

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  /** Adds a request. */
  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER);
  }

  /** Writes the collected lines now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#entries;
    if (entries.length === 0) return;
    this.#entries = [];
    let lines = '';
    let date = '';
    let dated = -1;
    for (const { time, method, path, outcome, tenths, reason } of entries) {
      // Many requests arrive within a millisecond.
      const milliseconds = Math.floor(time / 1_000);
      if (milliseconds !== dated) date = new Date(milliseconds).toISOString();
      dated = milliseconds;
      const end = reason ? ` ${printable(reason)}` : '';
      lines += `${date} ${method} ${encodePath(path)} ${outcome} ${tenths / 10} ms${end}\n`;
    }
    this.#write(lines);
  }
}

function encodePath(path: string): string {
  return /[^!-~]/.test(path) ? path.replace(/[^!-~]/gu, encodeURIComponent) : path;
}

/** Returns a reason on one line, in printable characters. */
function printable(reason: string): string {
  const text = reason.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}…` : text;
}
