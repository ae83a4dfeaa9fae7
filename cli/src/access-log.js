// The access log: a line a request, with its time, method, path, outcome and milliseconds. Neither headers nor bodies nor
// queries are in it, so that no credential can be.

const FLUSH_AFTER = 20; // milliseconds

/** Lines are written together a moment later: to write each would cost more than to answer. */
export class AccessLog {
  /** @type {string[]} */ #lines = [];
  /** @type {NodeJS.Timeout | undefined} */ #timer;
  #write;

  /** @param {(text: string) => void} write */
  constructor(write) {
    this.#write = write;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {number | string} outcome The status, or what became of a request that was not answered.
   * @param {number} start When it arrived, by `performance.now()`.
   */
  add({ method, url = '' }, outcome, start) {
    const query = url.indexOf('?');
    const path = (query < 0 ? url : url.slice(0, query)).replace(/[^!-~]/g, encodeURIComponent);
    const took = (performance.now() - start).toFixed(1);
    this.#lines.push(`${new Date().toISOString()} ${method} ${path} ${outcome} ${took} ms\n`);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_AFTER);
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines.length) this.#write(this.#lines.join(''));
    this.#lines = [];
  }
}
