// A folder for the files of a test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Returns the path of a new folder, which is removed after the given test or suite. */
export function folder(scope) {
  const path = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-cli-'));
  scope.after(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}
