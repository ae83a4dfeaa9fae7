/** The configuration file: `wix-oauth-apps.yaml`, or the file of an option. */
import { existsSync } from 'node:fs';
import type { Config, Core } from '../core.js';
import { ConfigError } from '../errors.js';
import type { RunContext } from '../run/context.js';
import { readDocument, withPlaces, type ParsedFile } from './document.js';

/** The names that are looked for in the working directory. */
export const CONFIG_FILES = ['wix-oauth-apps.yaml', 'wix-oauth-apps.yml', 'wix-oauth-apps.json'] as const;

/** Returns the path of the configuration file. Throws a `ConfigError` if none is given and none is found. */
export function findConfigFile(path: string | undefined): string {
  const found = path ?? CONFIG_FILES.find((name) => existsSync(name));
  if (found !== undefined) return found;
  throw new ConfigError(
    `there is no ${CONFIG_FILES[0]} in this folder; give the file with -f, or write one with \`wix-oauth-apps export\``,
  );
}

/**
 * Reads a parsed configuration for one site.
 *
 * @param columns The columns of the sites file, for `${site.COLUMN}`.
 * @param warn Receives each warning with its place; standard error unless given.
 */
export function readConfig(
  file: ParsedFile,
  core: Core,
  run: RunContext,
  columns?: Record<string, string>,
  warn = (text: string) => run.output.warn(text),
): Config {
  const variables = { env: run.variables, ...(columns && { site: columns }) };
  const { config, warnings } = withPlaces(file, () => core.readConfig({ value: file.value, variables }));
  for (const warning of warnings) warn(`${file.place(warning)}${warning.text}`);
  return config;
}

/** Reads the configuration file of an option for a site. */
export async function loadConfig(path: string | undefined, run: RunContext): Promise<Config> {
  const file = readDocument(findConfigFile(path));
  return readConfig(file, await run.core(), run);
}
