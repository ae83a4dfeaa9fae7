/** A credential that refuses to be printed. */
const REDACTED = '[redacted]';

/**
 * A secret of the service. Printing, inspecting or serialising it gives `[redacted]`; only `reveal()` returns the text. A
 * `Secret` equals itself alone, and it cannot be cloned: `structuredClone` and `postMessage` throw a `DataCloneError` for
 * it and for an app that holds it, rather than lose the text.
 */
export class Secret {
  readonly #text: string;
  /** Enumerable, so that deep equality and structured clones meet it: no other symbol is equal, and none can be cloned. */
  protected readonly uncloneable = Symbol('a Secret cannot be cloned; pass the text of secret.reveal()');

  constructor(text: string) {
    this.#text = text;
  }

  /** The text. Hand it on to where it is kept; do not log it. */
  reveal(): string {
    return this.#text;
  }

  toString(): '[redacted]' {
    return REDACTED;
  }

  toJSON(): '[redacted]' {
    return REDACTED;
  }

  /** What Node's `util.inspect` and `console.log` show. */
  [Symbol.for('nodejs.util.inspect.custom')](): '[redacted]' {
    return REDACTED;
  }
}
