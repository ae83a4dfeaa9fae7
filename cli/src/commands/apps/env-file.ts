/** The dotenv file of `--env-file-out`. */
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CommandError, UsageError } from '../../errors.js';

export class EnvFile {
  readonly path: string;
  /** The name of the variable. */
  readonly name: string;

  /** Throws a `UsageError` if the file cannot be written, or the name is none. */
  constructor(path: string, name: string) {
    this.path = path;
    this.name = name;
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new UsageError(`--env-name: ${JSON.stringify(name)} is no name of a variable; use letters, digits and _`);
    }
    try {
      const exists = existsSync(path);
      if (exists && !statSync(path).isFile()) throw new Error('it is no regular file');
      accessSync(exists ? path : dirname(resolve(path)), constants.W_OK);
    } catch (error) {
      throw new UsageError(`--env-file-out: ${path} cannot be written: ${(error as Error).message}; give another file`);
    }
  }

  /** Sets the variable, and keeps the other lines. Returns whether the file has changed. */
  write(value: string): boolean {
    try {
      const before = existsSync(this.path) ? readFileSync(this.path, 'utf8') : '';
      const after = setVariable(before, this.name, value);
      if (after !== before) writeFileSync(this.path, after);
      return after !== before;
    } catch (error) {
      throw new CommandError(
        'ENV_FILE',
        `the app is there, but ${this.path} could not be written: ${(error as Error).message}; write ${this.name}=${value} into it`,
      );
    }
  }
}

/** Returns the text of a dotenv file in which the variable has the value. */
export function setVariable(text: string, name: string, value: string): string {
  const line = new RegExp(`^([ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=).*?(\\r?)$`, 'gm');
  if (line.test(text)) return text.replace(line, (_, start: string, end: string) => `${start}${value}${end}`);
  const feed = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : feed;
  return `${text}${gap}${name}=${value}${feed}`;
}
