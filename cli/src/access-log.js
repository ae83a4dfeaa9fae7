// The access log: one line for each request, with its time, method, path, outcome and duration, and with the reason where
// it was refused. Headers, bodies and queries are not in it, so that no credential is.

const FLUSH_AFTER = 20; // milliseconds
const MAX_REASON = 300; // characters

/**
 * Collects requests for a moment and writes their lines together: writing each would cost more than answering the request.
 * The lines are composed when they are written: composed on arrival, they would live long enough to be copied by the
 * garbage collector, which took a tenth of the time of a request (node bench/server.mjs, with and without --quiet).
 */
export class AccessLog {
  /** @type {{ time: number, method: string, path: string, outcome: number | string, took: number, reason: string }[]} */
  #entries = [];
  /** @type {NodeJS.Timeout | undefined} */ #timer;
  #write;

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
  add(method, path, outcome, start, reason = '') {
    const took = Math.round((performance.now() - start) * 10); // tenths of a millisecond
    this.#entries.push({ time: Date.now(), method, path, outcome, took, reason });
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#entries;
    if (entries.length === 0) return;
    this.#entries = [];
    let lines = '';
    let date = '';
    let last = -1;
    for (const { time, method, path, outcome, took, reason } of entries) {
      // Many requests arrive within a millisecond.
      if (time !== last) date = new Date(time).toISOString();
      last = time;
      const end = reason ? ` ${printable(reason)}` : '';
      lines += `${date} ${method} ${visible(path)} ${outcome} ${took / 10} ms${end}\n`;
    }
    this.#write(lines);
  }
}

/** @param {string} path */
const visible = (path) => (/[^!-~]/.test(path) ? path.replace(/[^!-~]/gu, encodeURIComponent) : path);

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
