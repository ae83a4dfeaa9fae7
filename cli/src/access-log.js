// The access log: a line a request, with its time, method, path, outcome and milliseconds. Neither headers nor bodies nor
// queries are in it, so that no credential can be.

const FLUSH_AFTER = 20; // milliseconds

/** Lines are written together a moment later: to write each would cost more than to answer. */
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
   * @param {number | string} outcome The status, or what became of a request that was not answered.
   * @param {number} start When it arrived, by `performance.now()`.
   */
  add(method, path, outcome, start) {
    const took = Math.round((performance.now() - start) * 10) / 10;
    this.#lines += `${this.#clock()} ${method} ${path.replace(/[^!-~]/g, encodeURIComponent)} ${outcome} ${took} ms\n`;
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines) this.#write(this.#lines);
    this.#lines = '';
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
