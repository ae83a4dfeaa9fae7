/**
 * The data file of `--data`: records, each a key and a text, in an SQLite database that one process locks.
 *
 * A write is on the disk when `write` returns (rollback journal, synchronous=FULL), completely or not at all. A file that
 * has lost or changed anything is refused before anything is written to it: SQLite's integrity check finds a broken
 * structure, the checksum of each record finds a changed record, and the checksum of all records finds a missing one.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EmulatorChange, EmulatorRecord } from 'wix-oauth-apps/emulator';
import { DataFileError, SUM_SIZE, prepareFile, unusable } from './data-file-format.js';
import type { Database, DatabaseConstructor, Statement } from './sqlite.js';

export { DataFileError };

export class DataFile {
  readonly #path: string;
  readonly #database: Database;
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #seal: Statement;
  /** The checksum of each record, by key. */
  readonly #sums = new Map<string, Uint8Array>();
  /** The checksum of all records: the XOR of their checksums, which does not depend on their order. */
  #total = new Uint8Array(SUM_SIZE);
  #records: EmulatorRecord[] = [];

  /** Opens the data file and locks it; creates it if it does not exist. Throws a `DataFileError` if it cannot be used. */
  constructor(path: string, DatabaseSync: DatabaseConstructor) {
    this.#path = path;
    prepareFile(path, DatabaseSync);
    // An absolute path, since SQLite takes some names for something other than a file.
    this.#database = new DatabaseSync(resolve(path));
    try {
      this.#lock();
      this.#verify();
      // secure_delete: removed data, such as the hash of a secret, must not stay in the file.
      this.#database.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    } catch (error) {
      this.close();
      throw error instanceof DataFileError ? error : damaged(path, (error as Error).message);
    }
    try {
      this.#put = this.#database.prepare(
        'INSERT INTO record VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, sum = excluded.sum',
      );
      this.#remove = this.#database.prepare('DELETE FROM record WHERE key = ?');
      this.#seal = this.#database.prepare('UPDATE seal SET total = ?');
      this.#probe();
    } catch (error) {
      this.close();
      throw unusable(path, error);
    }
  }

  /** Returns the records that the file had when it was opened, and frees them. */
  takeRecords(): EmulatorRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  /** Writes the changes in one transaction. They are on the disk when it returns. */
  write(changes: readonly EmulatorChange[]): void {
    if (!changes.length) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const { key, value } of changes) {
        this.#toggle(this.#sums.get(key));
        if (value === null) {
          this.#sums.delete(key);
          this.#remove.run(key);
        } else {
          const sum = checksum(key, value);
          this.#sums.set(key, sum);
          this.#toggle(sum);
          this.#put.run(key, value, sum);
        }
      }
      this.#seal.run(this.#total);
      this.#database.exec('COMMIT');
    } catch (error) {
      // The checksums in memory are ahead of the file now. The file itself is complete, as it was before.
      throw new DataFileError(`${this.#path} cannot be written: ${(error as Error).message}`);
    }
  }

  /** Gives up the lock and closes the file. */
  close(): void {
    try {
      // A driver may keep the connection open until its prepared statements are collected: the lock must not wait for that.
      this.#database.exec('PRAGMA locking_mode = NORMAL; BEGIN; SELECT count(*) FROM sqlite_schema; COMMIT');
    } catch {
      // A file that cannot be read has no lock to give up.
    }
    this.#database.close();
  }

  /** Locks the file for this process. The operating system releases the lock when the process ends, in any way. */
  #lock(): void {
    try {
      this.#database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    } catch (error) {
      if (!/locked/.test((error as Error).message)) throw error;
      throw new DataFileError(
        `${this.#path} is in use by another process: stop the server that uses it, or choose another data file`,
      );
    }
  }

  /**
   * Writes a record and removes it in one transaction, so that a disk, file or folder that cannot be written is reported
   * before the server is ready and not at the first request.
   */
  #probe(): void {
    this.#database.exec('BEGIN IMMEDIATE');
    this.#put.run('', '', checksum('', ''));
    this.#remove.run('');
    this.#database.exec('COMMIT');
  }

  /** Reads all records and compares their checksums. Throws a `DataFileError` if the file is damaged. */
  #verify(): void {
    const [check] = this.#database.prepare('PRAGMA integrity_check(1)').all();
    const verdict = check?.['integrity_check'];
    if (verdict !== 'ok') throw damaged(this.#path, String(verdict));
    // SQLite reads the rest of a truncated last page as zeros.
    const [pages] = this.#database
      .prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size')
      .all();
    if (pages?.['size'] !== statSync(this.#path).size) throw damaged(this.#path, 'its size is not as it was written');
    for (const row of this.#database.prepare('SELECT key, value, sum FROM record').all()) {
      const key = String(row['key']);
      const value = String(row['value']);
      const sum = checksum(key, value);
      if (!isSame(sum, row['sum']))
        throw damaged(this.#path, `the record ${JSON.stringify(key)} is not as it was written`);
      this.#sums.set(key, sum);
      this.#toggle(sum);
      this.#records.push({ key, value });
    }
    const seals = this.#database.prepare('SELECT total FROM seal').all();
    if (seals.length !== 1 || !isSame(this.#total, seals[0]?.['total'])) {
      throw damaged(this.#path, 'records are missing, or there are more than were written');
    }
  }

  /** Adds a checksum to the total, or removes it: XOR does both. */
  #toggle(sum: Uint8Array | undefined): void {
    if (sum) this.#total = this.#total.map((byte, at) => byte ^ (sum[at] ?? 0));
  }
}

function checksum(key: string, value: string): Uint8Array {
  const sum = createHash('sha256').update(`${key.length} ${key}${value}`).digest();
  return new Uint8Array(sum.subarray(0, SUM_SIZE));
}

/**
 * Compares a checksum with a stored one. `instanceof` would fail in a test runner with a realm of its own, where the
 * driver's arrays belong to another realm.
 */
function isSame(sum: Uint8Array, stored: unknown): boolean {
  if (!ArrayBuffer.isView(stored)) return false;
  return Buffer.compare(sum, new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength)) === 0;
}

function damaged(path: string, fault: string): DataFileError {
  return new DataFileError(
    `${path} is damaged and was left as it is (${fault.replace(/\s+/g, ' ')}): ` +
      'replace it by a copy that is intact, or move it away to start with an empty one',
  );
}
