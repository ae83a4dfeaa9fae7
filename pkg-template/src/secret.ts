/** A credential that refuses to be printed. */
const REDACTED = '[redacted]';

/** A secret of the service. Printing, inspecting or serialising it gives `[redacted]`; `reveal()` alone the text. */
export class Secret {
  readonly #text: string;

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
