/** The format of the data file: recognises one before SQLite opens it, and creates an empty one. */
import { closeSync, fchmodSync, fsyncSync, linkSync, openSync, readSync, rmSync, statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseConstructor } from './sqlite.js';

// SQLite keeps both in the header of the file. The application ID marks the file as the emulator's: the bytes of `WOAE`.
const APPLICATION_ID = 0x574f4145;
const FORMAT = 1;

const MAGIC = 'SQLite format 3\0';
const HEADER = { size: 100, format: 60, applicationId: 68 };

/** The size of a checksum, in bytes. */
export const SUM_SIZE = 16;

/** A record larger than a quarter of a page takes pages of its own. An app has about 1,100 bytes: more than 4,096 / 4. */
const PAGE_SIZE = 8_192;

/** The file contains who may log in and what an app may do: only its owner may read and write it. */
const MODE = 0o600;

/** Thrown if a data file cannot be used; the message names the file, the fault and the remedy. */
export class DataFileError extends Error {
  override name = 'DataFileError';
}

/** Creates the file if it does not exist. Throws a `DataFileError` if it is not a data file that this process may write. */
export function prepareFile(path: string, DatabaseSync: DatabaseConstructor): void {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) return create(path, DatabaseSync);
    if (!stats.isFile()) throw new DataFileError(`${path} cannot be used as data file: ${kindOf(stats)}`);
    checkHeader(path, readHeader(path));
  } catch (error) {
    throw error instanceof DataFileError ? error : unusable(path, error);
  }
}

/** Reads the header without SQLite, which may already change a file of another program by opening it. */
function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER.size);
  // Opened for writing too, so that a read-only file is refused here.
  const file = openSync(path, 'r+');
  try {
    readSync(file, header);
  } finally {
    closeSync(file);
  }
  return header;
}

function checkHeader(path: string, header: Buffer): void {
  if (
    header.toString('latin1', 0, MAGIC.length) !== MAGIC ||
    header.readInt32BE(HEADER.applicationId) !== APPLICATION_ID
  ) {
    throw new DataFileError(
      `${path} is no data file of the emulator, or its beginning is damaged; it was left as it is: ` +
        'choose a file that does not exist yet, or move this one away',
    );
  }
  const format = header.readInt32BE(HEADER.format);
  if (format !== FORMAT) {
    throw new DataFileError(
      `${path} has the format ${format}, and this version reads ${FORMAT}: use the version that wrote it`,
    );
  }
}

/**
 * Creates an empty data file under another name and links it to its own when it is complete: the name never refers to an
 * incomplete file, and of two servers that start at once neither replaces the file of the other.
 */
function create(path: string, DatabaseSync: DatabaseConstructor): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    rmSync(draft, { force: true });
    createEmpty(draft);
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
    // EEXIST: another server was faster, and the lock decides which of the two goes on; or the name is a broken link.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path, { throwIfNoEntry: false })) {
      throw unusable(path, error);
    }
  } finally {
    rmSync(draft, { force: true });
    rmSync(`${draft}-journal`, { force: true });
  }
}

/** Creates an empty file, which SQLite takes for an empty database. SQLite gives the journal the same mode. */
function createEmpty(path: string): void {
  const file = openSync(path, 'wx', MODE);
  try {
    fchmodSync(file, MODE); // whatever the umask
  } finally {
    closeSync(file);
  }
}

/** Writes a folder's entries to the disk. Windows cannot open a folder, and does not need this. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

/** Returns the error for a file that cannot be read or written. */
export function unusable(path: string, error: unknown): DataFileError {
  const { code, message } = error as NodeJS.ErrnoException;
  // SQLite does not say which file it could not write.
  const remedy = 'check that this user may write the file, its -journal and its folder, and that the disk has room';
  return new DataFileError(`${path} cannot be used as data file: ${remedyOf(code, path) ?? `${message}; ${remedy}`}`);
}

function remedyOf(code: string | undefined, path: string): string | undefined {
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

const kindOf = (stats: Stats): string =>
  stats.isDirectory()
    ? 'it is a folder; give the path of a file in it, such as emulator.db'
    : 'it is no regular file; choose a file that is, or one that does not exist yet';
