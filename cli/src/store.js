// The data file of `--data`: records, key to text, in an SQLite database that one process holds for itself.
//
// A write is on the disk when `write` returns (rollback journal, synchronous=FULL), whole or not at all. A file that
// lost or changed anything is refused, and refused before anything is written to it: SQLite's own check finds a broken
// structure, a checksum in each record a changed one, and the checksum of them all one that is missing.
import { createHash } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, linkSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';

/** @typedef {import('wix-oauth-apps/emulator').EmulatorRecord} EmulatorRecord */
/** @typedef {import('wix-oauth-apps/emulator').EmulatorChange} EmulatorChange */

// SQLite keeps both in the file's header. The first says whose file it is: the bytes of `WOAE`.
const APPLICATION_ID = 0x574f4145;
const FORMAT = 1;

const MAGIC = 'SQLite format 3\0';
const HEADER = { size: 100, format: 60, applicationId: 68 };
const SUM_SIZE = 16;

/** A record over a quarter of a page takes pages of its own. An app has about 1,100 bytes: more than 4,096 / 4. */
const PAGE_SIZE = 8_192;

/** The file holds what an app is allowed to do and who may log in: its owner alone may read and write it. */
const MODE = 0o600;

/** Why a data file cannot be used; the message names the file, the fault and the way out. */
export class StoreError extends Error {
  name = 'StoreError';
}

export class Store {
  /** @type {string} */ #path;
  /** @type {InstanceType<typeof DatabaseSync>} */ #database;
  /** @type {Map<string, Uint8Array>} The checksum of each record. */ #sums = new Map();
  /** The checksum of them all: their sums, combined in a way that knows no order. */
  #total = new Uint8Array(SUM_SIZE);
  /** @type {EmulatorRecord[]} */ #found = [];

  /**
   * Opens the data file, or makes it where there is none.
   *
   * @param {string} path
   */
  constructor(path) {
    this.#path = path;
    checkFile(path);
    // An absolute path, since SQLite takes some names for something else than a file.
    this.#database = new DatabaseSync(resolve(path));
    try {
      this.#lock();
      this.#verify();
      // What is removed is not to be found in the file any more, be it a secret's.
      this.#database.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
    } catch (error) {
      this.close();
      throw error instanceof StoreError ? error : damaged(path, String(/** @type {Error} */ (error).message));
    }
    const put =
      'INSERT INTO record VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, sum = excluded.sum';
    this.#put = this.#database.prepare(put);
    this.#remove = this.#database.prepare('DELETE FROM record WHERE key = ?');
    this.#seal = this.#database.prepare('UPDATE seal SET total = ?');
    try {
      this.#probe();
    } catch (error) {
      this.close();
      throw unusable(path, error);
    }
  }

  #put;
  #remove;
  #seal;

  /** What the file held when it was opened; given once. */
  take() {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  /**
   * Keeps the changes, all or none. They are on the disk when it returns.
   *
   * @param {readonly EmulatorChange[]} changes
   */
  write(changes) {
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
      // What is in memory is ahead of the file now; the file itself is whole, as it was before.
      throw new StoreError(`${this.#path} cannot be written: ${/** @type {Error} */ (error).message}`);
    }
  }

  // The driver keeps what it has prepared, and with it the connection, until that is collected; the lock is given up here.
  close() {
    try {
      this.#database.exec('PRAGMA locking_mode = NORMAL; BEGIN; SELECT count(*) FROM sqlite_schema; COMMIT');
    } catch {
      // A file that cannot be read has no lock to give up.
    }
    this.#database.close();
  }

  // The lock is the operating system's, on the open file: it ends with the process, however that ends.
  #lock() {
    try {
      this.#database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
    } catch (error) {
      if (!/locked/.test(/** @type {Error} */ (error).message)) throw error;
      throw new StoreError(
        `${this.#path} is in use by another process: stop the server that uses it, or choose another data file`,
      );
    }
  }

  // Writes a record and removes it, in one transaction: whether the disk, the file and its folder take a write shows before
  // the server is ready, rather than at the first request.
  #probe() {
    this.#database.exec('BEGIN IMMEDIATE');
    this.#put.run('', '', checksum('', ''));
    this.#remove.run('');
    this.#database.exec('COMMIT');
  }

  #verify() {
    const [first] = this.#database.prepare('PRAGMA integrity_check(1)').all();
    if (first?.['integrity_check'] !== 'ok') throw damaged(this.#path, String(first?.['integrity_check']));
    // Of a file that is cut within its last page, SQLite reads the rest as zeros.
    const [pages] = this.#database
      .prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size')
      .all();
    if (pages?.['size'] !== statSync(this.#path).size) throw damaged(this.#path, 'it is not as long as it was written');
    for (const row of this.#database.prepare('SELECT key, value, sum FROM record').all()) {
      const key = String(row['key']);
      const value = String(row['value']);
      const sum = checksum(key, value);
      if (!same(sum, row['sum']))
        throw damaged(this.#path, `the record ${JSON.stringify(key)} is not as it was written`);
      this.#sums.set(key, sum);
      this.#toggle(sum);
      this.#found.push({ key, value });
    }
    const seals = this.#database.prepare('SELECT total FROM seal').all();
    if (seals.length !== 1 || !same(this.#total, seals[0]?.['total'])) {
      throw damaged(this.#path, 'records are missing, or there are more than were written');
    }
  }

  /** @param {Uint8Array | undefined} sum Adds it to the total, or takes it out. */
  #toggle(sum) {
    if (sum) this.#total = this.#total.map((byte, at) => byte ^ (sum[at] ?? 0));
  }
}

/** @param {string} key @param {string} value */
function checksum(key, value) {
  const sum = createHash('sha256').update(`${key.length} ${key}${value}`).digest();
  return new Uint8Array(sum.subarray(0, SUM_SIZE));
}

/** @param {Uint8Array} sum @param {unknown} stored */
const same = (sum, stored) => ArrayBuffer.isView(stored) && Buffer.compare(sum, bytesOf(stored)) === 0;

// Not by `instanceof`: in a test runner with a realm of its own, the driver's arrays are of another one.
/** @param {ArrayBufferView} view */
const bytesOf = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);

/** @param {string} path @param {string} what */
const damaged = (path, what) =>
  new StoreError(
    `${path} is damaged and was left as it is (${what.replace(/\s+/g, ' ')}): ` +
      'put a copy back that is whole, or move it away to start with an empty one',
  );

// Read by hand and before SQLite opens it: opening a file that belongs to another program may already change it.
/** @param {string} path */
function checkFile(path) {
  const header = Buffer.alloc(HEADER.size);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return create(path);
    if (!stats.isFile()) throw new StoreError(`${path} cannot be used as data file: ${kindOf(stats)}`);
    // For writing too, as the server will: a read-only file is of no use.
    const file = openSync(path, 'r+');
    try {
      readSync(file, header);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw error instanceof StoreError ? error : unusable(path, error);
  }
  if (
    header.toString('latin1', 0, MAGIC.length) !== MAGIC ||
    header.readInt32BE(HEADER.applicationId) !== APPLICATION_ID
  ) {
    throw new StoreError(
      `${path} is no data file of the emulator, or its beginning is damaged; it was left as it is: ` +
        'choose a file that does not exist yet, or move this one away',
    );
  }
  const format = header.readInt32BE(HEADER.format);
  if (format !== FORMAT) {
    throw new StoreError(
      `${path} has the format ${format}, and this version reads ${FORMAT}: use the version it is from`,
    );
  }
}

// Made beside its place and linked there when it is whole: there is no moment at which half a file has the name, and of
// two servers that start at once neither replaces the other's.
/** @param {string} path */
function create(path) {
  const draft = `${path}.${process.pid}.new`;
  try {
    rmSync(draft, { force: true });
    makeEmpty(draft);
    const database = new DatabaseSync(resolve(draft));
    try {
      database.exec(`
        PRAGMA page_size = ${PAGE_SIZE};
        PRAGMA synchronous = FULL;
        BEGIN;
        PRAGMA application_id = ${APPLICATION_ID};
        PRAGMA user_version = ${FORMAT};
        CREATE TABLE record (key TEXT PRIMARY KEY, value TEXT NOT NULL, sum BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE seal (total BLOB NOT NULL) STRICT;
        INSERT INTO seal VALUES (zeroblob(${SUM_SIZE}));
        COMMIT`);
    } finally {
      database.close();
    }
    linkSync(draft, path);
    syncFolder(dirname(path));
  } catch (error) {
    // Another server was faster, and the lock decides which of the two goes on; or the name is that of a broken link.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST' || !statSync(path, { throwIfNoEntry: false })) {
      throw unusable(path, error);
    }
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}-journal`, { force: true });
  }
}

// SQLite takes a file without content for an empty database, and gives its journal the same mode.
/** @param {string} path */
function makeEmpty(path) {
  const file = openSync(path, 'wx', MODE);
  try {
    fchmodSync(file, MODE); // whatever the umask
  } finally {
    closeSync(file);
  }
}

// Where a folder can't be opened, as on Windows, its entries need no such call.
/** @param {string} path */
function syncFolder(path) {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** @param {string} path @param {unknown} error */
function unusable(path, error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  // SQLite does not say which file it could not write.
  const remedy = 'check that this user may write the file, its -journal and its folder, and that the disk has room';
  return new StoreError(`${path} cannot be used as data file: ${remedyOf(code, path) ?? `${message}; ${remedy}`}`);
}

/** @param {string | undefined} code @param {string} path */
function remedyOf(code, path) {
  const folder = dirname(resolve(path));
  switch (code) {
    case 'ENOENT':
      return `the folder ${folder} does not exist; make it, or choose another file`;
    case 'ENOTDIR':
      return `${folder} is no folder; choose another file`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not write it (${code}); give them the right to write the file and its folder, or choose another file`;
    case 'EROFS':
      return 'its file system is read-only (EROFS); choose a file elsewhere';
    case 'ENOSPC':
      return 'the disk is full (ENOSPC); make room on it, or choose a file elsewhere';
    case 'EEXIST':
      return 'it is a link to a file that does not exist; remove the link, or give the path of the file';
    default:
      return undefined;
  }
}

/** @param {import('node:fs').Stats} stats */
const kindOf = (stats) =>
  stats.isDirectory()
    ? 'it is a folder; give the path of a file in it, such as emulator.db'
    : 'it is no regular file; choose a file that is, or one that does not exist yet';
