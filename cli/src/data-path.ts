/**
 * Returns the fault of a text that cannot be the path of a data file, and undefined for one that can. SQLite would take
 * such a name for something other than a file.
 */
export function faultOfDataPath(path: string): string | undefined {
  if (path === '') return 'is empty; give the path of a file';
  if (/^:memory:$/i.test(path)) return 'is no file; leave it out: without a data file the state is in memory';
  if (/^file:/i.test(path)) return 'is a URL; give the path of the file, such as ./emulator.db';
  if (path.includes('\0')) return 'contains a NUL character; give the path of a file';
  return undefined;
}
