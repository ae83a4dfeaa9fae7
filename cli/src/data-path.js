// Checks the path of a data file. Separate from the store, which loads SQLite.

/**
 * Why a text cannot be the path of a data file; undefined where it can. SQLite would take such a name for something else
 * than a file.
 *
 * @param {string} path
 */
export function faultOfDataPath(path) {
  if (path === '') return 'is no file; give its path';
  if (/^:memory:$/i.test(path)) return 'is no file; leave it out: without a data file the state is in memory';
  if (/^file:/i.test(path)) return 'is a URL; give the path of the file, such as ./emulator.db';
  if (path.includes('\0')) return 'holds a NUL character; give the path of a file';
  return undefined;
}
