/** The apps of `--apps`. The options of `emulate` do not import this module, because it loads the package `yaml`. */
import type { EmulatorApp } from 'wix-oauth-apps/emulator';
import { readConfig } from '../../files/config.js';
import { readDocument } from '../../files/document.js';
import type { RunContext } from '../../run/context.js';

/** Returns the apps of a configuration file. Throws a `ConfigError` with every fault and its place in the file. */
export async function appsOfFile(path: string, run: RunContext): Promise<EmulatorApp[]> {
  const { apps } = readConfig(readDocument(path), await run.core(), run);
  // How an entry is merged into an existing app has no meaning for a new one.
  return apps.map(({ redirects, ignore, ...app }) => app as unknown as EmulatorApp);
}
