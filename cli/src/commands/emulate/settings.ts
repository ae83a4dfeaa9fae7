/** The settings of `emulate`, from its options. */
import type { EmulatorOptions } from 'wix-oauth-apps/emulator';
import { UsageError } from '../../errors.js';
import { optionKey } from '../definition.js';
import { DEFAULTS, OPTIONS, type Settings } from './options.js';

/**
 * Returns the settings. Throws a `UsageError` for options that do not go together.
 *
 * @param profile The options of the emulator that the profile sets. Options of the command line override them.
 */
export function toSettings(options: Record<string, unknown>, profile: EmulatorOptions = {}): Settings {
  const settings: Settings = { ...DEFAULTS, emulator: { ...profile } };
  for (const { name, setting, emulator } of OPTIONS) {
    const value = options[optionKey(name)];
    if (value === undefined) continue;
    Reflect.set(emulator ? settings.emulator : settings, emulator ?? setting ?? name, value);
  }
  if (options['retryAfter'] === false) {
    const { rateLimit } = settings.emulator;
    if (!rateLimit) {
      throw new UsageError('--no-retry-after: has no effect without a limit; give --rate-limit too, or leave it out');
    }
    settings.emulator.rateLimit = { ...rateLimit, retryAfter: false };
  }
  return settings;
}

/**
 * Returns a message about an option of `startServer` with the name that the option has on the command line.
 *
 * @param fileApps The number of apps that came from the file of `--apps`, before those of `--app`.
 */
export function inArguments(message: string, appsFile?: string, fileApps = 0): string {
  const [, key = '', rest = ''] = /^options\.(\w+)([^]*)$/.exec(message) ?? [];
  const [, index, end = ''] = (key === 'apps' && /^\[(\d+)\]([^]*)$/.exec(rest)) || [];
  if (index !== undefined) {
    const at = Number(index);
    return at < fileApps ? `${appsFile}: apps[${at}]${end}` : `--app number ${at - fileApps + 1}${end}`;
  }
  const option = OPTIONS.find(({ name, setting, emulator }) => key === (emulator ?? setting ?? name));
  return option ? `--${option.name}${rest}` : message;
}
