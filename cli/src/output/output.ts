/** The output of a run: the result on standard output, everything else on standard error. */
import { CommandError, EXIT, remedyOf, type Failure, type Violation } from '../errors.js';
import { styleFor, type Style } from './style.js';
import { printable, wrap } from './text.js';

/** How a run prints. */
export interface OutputOptions {
  json: boolean;
  /** The value of `--no-color`. */
  color: boolean | undefined;
  verbose: boolean;
}

export class Output {
  readonly isJson: boolean;
  /** The style of standard output. */
  readonly style: Style;
  /** The style of standard error. */
  readonly errorStyle: Style;
  readonly #isVerbose: boolean;
  /** Notices that wait for the end of a run with `--json`: a failure must be the only document on standard error. */
  readonly #notices: string[] = [];
  /** The line that stays at the bottom of a terminal, such as a progress bar. */
  #status: string | undefined;

  constructor({ json, color, verbose }: OutputOptions) {
    this.isJson = json;
    this.#isVerbose = verbose;
    this.style = styleFor(process.stdout, color);
    this.errorStyle = styleFor(process.stderr, color);
  }

  /** Prints a text of several lines to standard output, with a line feed at its end. */
  print(text: string): void {
    if (text !== '') this.#write(process.stdout, text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Prints a value as one JSON document to standard output. */
  printJson(value: unknown): void {
    this.print(JSON.stringify(value, null, 2));
  }

  /** Prints a line about the run to standard error. With `--json` it is printed at the end, if the run succeeds. */
  notify(line: string): void {
    if (this.isJson && !this.#isVerbose) this.#notices.push(line);
    else this.#write(process.stderr, `${line}\n`);
  }

  /** Prints a line about the progress of a run to standard error. With `--json` only on a terminal or with `--verbose`. */
  progress(line: string): void {
    if (!this.isJson || this.#isVerbose || this.hasStatus) this.#write(process.stderr, `${line}\n`);
  }

  /** Set if standard error is a terminal that can show a status line. */
  get hasStatus(): boolean {
    return process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  }

  /** Shows a line below everything else, until it is set to undefined. */
  setStatus(text: string | undefined): void {
    if (!this.hasStatus) return;
    if (this.#status !== undefined || text !== undefined) process.stderr.write(`\r\x1b[2K${text ?? ''}`);
    this.#status = text;
  }

  #write(stream: NodeJS.WriteStream, text: string): void {
    if (this.#status === undefined) {
      stream.write(text);
      return;
    }
    process.stderr.write('\r\x1b[2K');
    stream.write(text);
    process.stderr.write(this.#status);
  }

  /** Prints a warning to standard error. */
  warn(text: string): void {
    this.notify(`${this.errorStyle.yellow('warning:')} ${printable(text)}`);
  }

  /** Prints a line about a request to standard error, with `--verbose`. */
  trace(line: string): void {
    if (this.#isVerbose) this.#write(process.stderr, `${this.errorStyle.dim(printable(line))}\n`);
  }

  /** Prints the notices that waited. */
  flush(): void {
    for (const line of this.#notices.splice(0)) process.stderr.write(`${line}\n`);
  }

  /**
   * Reports a failure on standard error: a JSON document, or lines.
   *
   * @param hasCode Whether the lines begin with the code.
   */
  fail({ content }: Failure, hasCode = true): void {
    if (this.isJson) {
      process.stderr.write(`${JSON.stringify({ error: content }, null, 2)}\n`);
      return;
    }
    const { red, dim, width } = this.errorStyle;
    const { code, message, violations, requestId } = content;
    const indented = (text: string) => wrap(text, width, '  ');
    const told = violations.map(describeViolation).filter((text) => !message.includes(text));
    const remedy = remedyOf(content);
    const lines = [
      `wix-oauth-apps: ${hasCode ? `${red(code)}: ` : ''}${message.split('\n').map(printable).join('\n  ')}`,
      ...told.map((text) => indented(printable(text))),
      ...(requestId ? [`  ${dim(`request ID: ${printable(requestId)}`)}`] : []),
      ...(remedy ? [indented(`remedy: ${remedy}`)] : []),
    ];
    process.stderr.write(`${lines.join('\n')}\n`);
  }
}

/** Returns the sentence about a violation. */
export function describeViolation({ field, message, suggestion, text }: Violation): string {
  if (text !== undefined) return text;
  const sentence = message.startsWith(field) ? message : `${field} ${message}`;
  return suggestion && !sentence.includes(suggestion) ? `${sentence}; use ${suggestion}` : sentence;
}

/** Ends the process quietly when the reader of standard output has gone, as `| head` does. */
export function endOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.done);
      throw new CommandError('OUTPUT', `the output cannot be written: ${error.message}`);
    });
  }
}
