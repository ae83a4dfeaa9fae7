/** The type of credentials that refuse to be printed. */
const REDACTED = '[redacted]';

/**
 * A client secret. Printing, inspecting or serialising it yields `[redacted]`; only `reveal()` returns the text. A `Secret`
 * is equal only to itself. It cannot be cloned: `structuredClone` and `postMessage` throw a `DataCloneError` for it and for
 * an app that contains it, because the clone would have lost the text.
 */
export class Secret {
  readonly #text: string;
  /** Enumerable, so that deep equality and structured clones see it: symbols are unique and cannot be cloned. */
  protected readonly uncloneable = Symbol('a Secret cannot be cloned; pass the text of secret.reveal()');

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text. Pass it to the place where it is stored; do not log it. */
  reveal(): string {
    return this.#text;
  }

  toString(): '[redacted]' {
    return REDACTED;
  }

  toJSON(): '[redacted]' {
    return REDACTED;
  }

  /** The text that Node's `util.inspect` and `console.log` show. */
  [Symbol.for('nodejs.util.inspect.custom')](): '[redacted]' {
    return REDACTED;
  }
}
