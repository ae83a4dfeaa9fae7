/** The profile of `emulate --profile`: the answers of a probed service. */
import { readFileSync } from 'node:fs';
import type { EmulatorOptions } from 'wix-oauth-apps/emulator';
import { CommandError, ConfigError } from '../../errors.js';
import type { RunContext } from '../../run/context.js';

/** Returns the options of the emulator that behaves as a profile says. Throws a `ConfigError` if the file is none. */
export async function optionsOfProfile(path: string, run: RunContext): Promise<EmulatorOptions> {
  let profile: unknown;
  try {
    profile = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const fault =
      error instanceof SyntaxError
        ? `is no valid JSON: ${error.message}`
        : `cannot be read: ${(error as Error).message}`;
    throw new ConfigError(`--profile: ${path} ${fault}; make a profile with \`wix-oauth-apps probe --out FILE\``);
  }
  const core = await run.core();
  try {
    return core.emulatorOptions({ profile });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new ConfigError(`--profile: ${path}: ${error.message}`, error.details);
  }
}
