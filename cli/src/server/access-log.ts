/**
 * The access log: one line for each request, with its time, method, path, outcome and duration, and the reason if it was
 * refused. It contains no headers, bodies and queries, and so no credentials.
 */
import type { LoggedRequest } from './request-log.js';

const FLUSH_AFTER = 20; // milliseconds
const MAX_REASON = 500; // characters

const BUFFER = 262_144; // bytes

/**
 * Collects lines for a moment and writes them together: a write for each would cost more than the response. They are
 * collected as bytes, which the garbage collector does not copy as it does strings.
 */
export class AccessLog {
  readonly #buffer = Buffer.allocUnsafe(BUFFER);
  /** The number of bytes that are not written yet. */
  #length = 0;
  /** The date of the last line, in milliseconds since 1970 and as text. Many requests arrive within a millisecond. */
  #milliseconds = -1;
  #date = '';
  #timer: NodeJS.Timeout | undefined;
  readonly #write: (lines: string) => void;

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  /** Adds a request. */
  add({ time, method, path, outcome, tenths, reason }: LoggedRequest): void {
    const milliseconds = Math.floor(time / 1_000);
    if (milliseconds !== this.#milliseconds) this.#date = new Date(milliseconds).toISOString();
    this.#milliseconds = milliseconds;
    const end = reason ? ` ${printable(reason)}` : '';
    const line = `${this.#date} ${method} ${encodePath(path)} ${outcome} ${tenths / 10} ms${end}\n`;
    const longest = 3 * line.length; // bytes: a UTF-16 unit has at most three in UTF-8
    if (this.#length + longest > BUFFER) this.flush();
    if (longest > BUFFER) {
      this.#write(line);
      return;
    }
    // Only a reason can contain other characters than ASCII, which is written faster as Latin-1.
    this.#length += this.#buffer.write(line, this.#length, reason ? 'utf8' : 'latin1');
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER);
  }

  /** Writes the collected lines now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const length = this.#length;
    this.#length = 0;
    if (length > 0) this.#write(this.#buffer.toString('utf8', 0, length));
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
