// A folder for the files of one test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder, removed when the test ends. */
export function folder(test) {
  const path = mkdtempSync(join(tmpdir(), 'wix-oauth-apps-cli-'));
  test.after(() => rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  return path;
}
