/** The file of `--secret-file`. It is reserved before the secret exists, because the service shows a secret only once. */
import {
  closeSync,
  existsSync,
  fchmodSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Secret } from 'wix-oauth-apps';
import { CommandError, ConfigError, UsageError } from '../../errors.js';
import { pathOfSite } from '../../files/site-path.js';
import type { SiteContext } from '../../run/site.js';
import type { Input } from '../../run/input.js';

/** Only the owner may read a secret. */
const MODE = 0o600;

/** The options for a secret: the file to write, and whether to print it. */
export interface SecretTarget {
  file: string | undefined;
  force: boolean;
  reveal: boolean;
}

/** Reads the options about the secret. Throws if the file cannot be written. */
export function readSecretTarget({ options }: Input): SecretTarget {
  const file = options['secretFile'] as string | undefined;
  const target = { file, force: options['force'] === true, reveal: options['reveal'] === true };
  if (file === undefined) {
    if (target.force)
      throw new UsageError('--force: overwrites a secret file; give --secret-file too, or leave it out');
    return target;
  }
  if (existsSync(file)) {
    if (!statSync(file).isFile())
      throw new UsageError(`--secret-file: ${file} is no regular file; give the path of one`);
    if (!target.force) {
      throw new UsageError(`--secret-file: ${file} exists; give another file, or --force to overwrite it`);
    }
  }
  return target;
}

/** A file that is ready to take a secret. */
export class SecretFile {
  readonly #path: string;
  readonly #draft: string;
  readonly #force: boolean;
  readonly #descriptor: number;

  /** Creates the file under another name: nothing is lost if no secret comes. Throws a `ConfigError` if it cannot. */
  constructor(path: string, force: boolean) {
    this.#path = path;
    this.#draft = `${path}.${process.pid}.new`;
    this.#force = force;
    if (!force && existsSync(path))
      throw new ConfigError(`--secret-file: ${path} exists; give --force to overwrite it`);
    try {
      this.#descriptor = openSync(this.#draft, 'wx', MODE);
      fchmodSync(this.#descriptor, MODE); // whatever the umask
    } catch (error) {
      const folder = dirname(resolve(path));
      throw new ConfigError(`--secret-file: no file can be made in ${folder}: ${(error as Error).message}`);
    }
  }

  /** Writes the secret, and gives the file its name. */
  write(secret: Secret): void {
    try {
      writeSync(this.#descriptor, `${secret.reveal()}\n`);
      closeSync(this.#descriptor);
      if (this.#force) return renameSync(this.#draft, this.#path);
      try {
        // Unlike a rename, a link does not replace a file that has come meanwhile.
        linkSync(this.#draft, this.#path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
        return renameSync(this.#draft, this.#path); // a file system without links
      }
      rmSync(this.#draft);
    } catch (error) {
      throw new CommandError(
        'SECRET_FILE',
        `the secret is in ${this.#draft}, which could not be renamed to ${this.#path}: ${(error as Error).message}`,
      );
    }
  }

  /** Removes the file: there is no secret. */
  discard(): void {
    closeSync(this.#descriptor);
    rmSync(this.#draft, { force: true });
  }
}

/** Runs an action that may give a secret, with the secret file ready. Returns its result, and writes the secret. */
export async function withSecretFile<Result>(
  target: SecretTarget,
  site: SiteContext,
  action: () => Promise<Result>,
  secretOf: (result: Result) => Secret | undefined | Promise<Secret | undefined>,
): Promise<Result> {
  const path = target.file === undefined ? undefined : pathOfSite(target.file, site);
  const file = path === undefined || site.isDryRun ? undefined : new SecretFile(path, target.force);
  let secret: Secret | undefined;
  try {
    const result = await action();
    secret = await secretOf(result);
    if (file && secret) {
      file.write(secret);
      site.run.output.notify(`The client secret is in ${path}.`);
    }
    return result;
  } finally {
    if (file && !secret) file.discard();
  }
}
