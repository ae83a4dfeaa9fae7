/**
 * The SQLite driver: `node:sqlite` where Node has it (22.13 and newer), otherwise the optional peer dependency
 * `@photostructure/sqlite`, which has the same interface.
 */

/** The part of `DatabaseSync` that the data file uses. Node 20 has no types for `node:sqlite`. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** A prepared statement. */
export interface Statement {
  run(...values: (string | Uint8Array)[]): unknown;
  all(...values: (string | Uint8Array)[]): Record<string, unknown>[];
}

/** The constructor that both drivers export as `DatabaseSync`. */
export type DatabaseConstructor = new (path: string) => Database;

/** Thrown if there is no SQLite driver; the message says how to get one. */
export class MissingDriverError extends Error {
  override name = 'MissingDriverError';
}

const PEER = '@photostructure/sqlite';

/** Loads the SQLite driver. Throws a `MissingDriverError` if there is none. */
export async function loadSqlite(): Promise<DatabaseConstructor> {
  const builtin = loadBuiltin();
  if (builtin) return builtin.DatabaseSync;
  try {
    const { DatabaseSync } = (await import(PEER)) as { DatabaseSync: DatabaseConstructor };
    return DatabaseSync;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const fault = code === 'ERR_MODULE_NOT_FOUND' ? 'which is not installed' : `which cannot be loaded (${message})`;
    throw new MissingDriverError(
      `a data file needs Node 22.13 or newer, or the package ${PEER}, ${fault}; this is Node ${process.versions.node}. ` +
        `Install it with: npm install --save-dev ${PEER}. Or leave the data file out: the state is then in memory`,
    );
  }
}

/**
 * Returns `node:sqlite`, or undefined if this Node does not have it. Loading it prints an ExperimentalWarning to standard
 * error in Node 22 and 24; that one warning is suppressed.
 */
function loadBuiltin(): { DatabaseSync: DatabaseConstructor } | undefined {
  const { emitWarning } = process;
  const isExpected = (warning: unknown, type: unknown) =>
    type === 'ExperimentalWarning' && String(warning).includes('SQLite');
  process.emitWarning = (...args: unknown[]) => {
    if (!isExpected(args[0], args[1])) Reflect.apply(emitWarning, process, args);
  };
  try {
    return process.getBuiltinModule('node:sqlite') as unknown as { DatabaseSync: DatabaseConstructor } | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
