/**
 * The access log: one line for each request, with its time, method, path, outcome and duration, and the reason if it was
 * refused. It contains no headers, bodies and queries, and so no credentials.
 */

const FLUSH_AFTER = 20; // milliseconds
const MAX_REASON = 300; // characters

/** A request that has ended, as the log keeps it until it writes the line. */
interface Entry {
  time: number;
  method: string;
  path: string;
  outcome: number | string;
  tenths: number;
  reason: string;
}

/**
 * Collects requests for a moment and writes their lines together: a write for each would cost more than the response.
 * The lines are composed when they are written: strings that live until then would be copied by the garbage collector.
 */
export class AccessLog {
  #entries: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #write: (lines: string) => void;

  constructor(write: (lines: string) => void) {
    this.#write = write;
  }

  /**
   * Adds a request.
   *
   * @param path Without the query, which may contain a credential.
   * @param outcome The status, or the kind of failure of a request without a response.
   * @param start When the request arrived, by `performance.now()`.
   * @param reason Why it was refused, if it was.
   */
  add(method: string, path: string, outcome: number | string, start: number, reason = ''): void {
    const tenths = Math.round((performance.now() - start) * 10);
    this.#entries.push({ time: Date.now(), method, path, outcome, tenths, reason });
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
      if (time !== dated) date = new Date(time).toISOString();
      dated = time;
      const end = reason ? ` ${printable(reason)}` : '';
      lines += `${date} ${method} ${encodePath(path)} ${outcome} ${tenths / 10} ms${end}\n`;
    }
    this.#write(lines);
  }
}

/** Returns the reason in a response of the emulator that refuses a request: the message in its JSON, or its page's title. */
export function reasonOf(body: string): string {
  if (!body.startsWith('{')) return /<title>([^<]*)/.exec(body)?.[1] ?? '';
  try {
    const { message, error, error_description: description } = JSON.parse(body);
    return String(message ?? (description === undefined ? (error ?? '') : `${error}: ${description}`));
  } catch {
    return ''; // the body of a fault, which may be any text
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
