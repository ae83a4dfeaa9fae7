// The access log: one line for each request, with its time, method, path, outcome and duration, and with the reason where
// it was refused. Headers, bodies and queries are not in it, so that no credential is.

const FLUSH_AFTER = 20; // milliseconds
const MAX_REASON = 300; // characters

/** Gathers lines for a moment and writes them together: writing each would cost more than answering the request. */
export class AccessLog {
  #lines = '';
  /** @type {NodeJS.Timeout | undefined} */ #timer;
  #write;
  #now = 0;
  #time = '';

  /** @param {(text: string) => void} write */
  constructor(write) {
    this.#write = write;
  }

  /**
   * @param {string} method
   * @param {string} path Without the query, which may hold a credential.
   * @param {number | string} outcome The status, or how a request ended that was not answered.
   * @param {number} start When it arrived, by `performance.now()`.
   * @param {string} [reason] Why it was refused.
   */
  add(method, path, outcome, start, reason) {
    const took = Math.round((performance.now() - start) * 10) / 10;
    const end = reason ? ` ${printable(reason)}` : '';
    this.#lines += `${this.#clock()} ${method} ${path.replace(/[^!-~]/gu, encodeURIComponent)} ${outcome} ${took} ms${end}\n`;
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    if (lines) this.#write(lines);
  }

  // Many requests arrive within a millisecond.
  #clock() {
    const now = Date.now();
    if (now !== this.#now) {
      this.#now = now;
      this.#time = new Date(now).toISOString();
    }
    return this.#time;
  }
}

/**
 * Why an answer of the emulator refuses a request: the message of its JSON, or the title of its page.
 *
 * @param {string} body
 */
export function reasonOf(body) {
  if (!body.startsWith('{')) return /<title>([^<]*)/.exec(body)?.[1] ?? '';
  try {
    const { message, error, error_description: description } = JSON.parse(body);
    return String(message ?? (description === undefined ? (error ?? '') : `${error}: ${description}`));
  } catch {
    return ''; // the body of a fault, which may be anything
  }
}

/** @param {string} reason In one line, and in printable characters. */
function printable(reason) {
  const text = reason.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}…` : text;
}
