/** The last requests with their outcomes, for the console and for the access log. It contains no header, body or query. */
/** The number of requests that are kept. */
const SIZE = 1_000;
/** The longest time until a follower is told of a request. */
const NOTIFY_AFTER = 20; // milliseconds

/** A request that has ended. */
export interface LoggedRequest {
  /** When it ended, in microseconds since 1970. No two requests have the same time. */
  time: number;
  method: string;
  path: string;
  /** The status, or the kind of failure of a request without a complete response. */
  outcome: number | string;
  /** The status that was sent; 0 if none was. */
  status: number;
  /** The duration in tenths of a millisecond. */
  tenths: number;
  /** Why it was refused, or which fault it met; empty if neither. */
  reason: string;
}

export class RequestLog {
  /**
   * A ring: the entry after the last one is the oldest. Its entries are reused, because the garbage collector copies objects
   * that live for a while: with new ones it takes 1.3 µs a request instead of 1.0 (`node --trace-gc` while
   * `bench/server.mjs` runs).
   */
  readonly #entries: LoggedRequest[] = [];
  #next = 0;
  #lastTime = 0;
  readonly #followers = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  readonly #accessLog: { add(request: LoggedRequest): void } | undefined;

  /** @param accessLog Gets each request too, and does not keep it. */
  constructor(accessLog: { add(request: LoggedRequest): void } | undefined) {
    this.#accessLog = accessLog;
  }

  /**
   * Adds a request.
   *
   * @param path Without the query, which may contain a credential.
   * @param start When the request arrived, by `performance.now()`.
   * @param status The status that was sent, if the outcome does not say it.
   * @param isOwn Set for a request of the console or of the control interface, which only the access log shows.
   */
  add(
    method: string,
    path: string,
    outcome: number | string,
    start: number,
    reason = '',
    status = typeof outcome === 'number' ? outcome : 0,
    isOwn = false,
  ): void {
    const entry = (!isOwn && this.#entries[this.#next]) || newEntry();
    this.#lastTime = Math.max(this.#lastTime + 1, Date.now() * 1_000);
    entry.time = this.#lastTime;
    entry.method = method;
    entry.path = path;
    entry.outcome = outcome;
    entry.status = status;
    entry.tenths = Math.round((performance.now() - start) * 10);
    entry.reason = reason;
    this.#accessLog?.add(entry);
    if (isOwn) return;
    this.#entries[this.#next] = entry;
    this.#next = (this.#next + 1) % SIZE;
    if (this.#followers.size > 0) this.#timer ??= setTimeout(() => this.#notify(), NOTIFY_AFTER).unref();
  }

  /** Returns the requests that ended after a time, oldest first. */
  after(time: number): LoggedRequest[] {
    const inOrder = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)];
    // Each is later than the one before.
    const start = inOrder.findIndex((entry) => entry.time > time);
    return start < 0 ? [] : inOrder.slice(start).map((entry) => ({ ...entry }));
  }

  /** Calls a function soon after requests have been added. Returns a function that ends this. */
  follow(notify: () => void): () => void {
    this.#followers.add(notify);
    return () => this.#followers.delete(notify);
  }

  /** Removes every request. */
  clear(): void {
    this.#entries.length = 0;
    this.#next = 0;
  }

  #notify(): void {
    this.#timer = undefined;
    for (const notify of this.#followers) notify();
  }
}

const newEntry = (): LoggedRequest => ({ time: 0, method: '', path: '', outcome: 0, status: 0, tenths: 0, reason: '' });

/** Returns a request as the control interface shows it. */
export function toJson(entry: LoggedRequest): Record<string, unknown> {
  const { time, method, path, outcome, status, tenths } = entry;
  const reason = entry.reason || (outcome === 'aborted' && 'the client closed the connection before the response');
  return { at: toText(time), method, path, status, duration: tenths / 10, ...(reason && { reason }) };
}

/** Returns a time in microseconds as an ISO 8601 date. */
export function toText(time: number): string {
  const microseconds = String(time % 1_000).padStart(3, '0');
  return new Date(Math.floor(time / 1_000)).toISOString().replace('Z', `${microseconds}Z`);
}

/** Reads a time: an ISO 8601 date in UTC, or milliseconds since 1970. Returns microseconds, or undefined for another text. */
export function readTime(text: string): number | undefined {
  if (/^\d{1,15}(\.\d+)?$/.test(text)) return Math.floor(Number(text) * 1_000);
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)(?:\.(\d+))?Z?$/.exec(text) ?? [];
  const milliseconds = Date.parse(seconds?.includes('T') ? `${seconds}Z` : (seconds ?? ''));
  return Number.isNaN(milliseconds) ? undefined : milliseconds * 1_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
}
