/** A configuration as the text of a file. */
import { stringify } from 'yaml';
import { version } from '../../version.js';

/** Returns the address of the JSON Schema of this version, which the package ships. */
const schemaUrl = (): string => `https://unpkg.com/wix-oauth-apps-cli@${version()}/config.schema.json`;

/**
 * Returns a configuration as YAML, with the line by which editors find the schema, or as JSON.
 *
 * @param path The name of the file, whose ending decides.
 * @param comments Further comments for YAML, a line each.
 */
export function formatConfig(
  config: Record<string, unknown>,
  path: string | undefined,
  comments: readonly string[] = [],
): string {
  if (path?.toLowerCase().endsWith('.json')) {
    return `${JSON.stringify({ $schema: schemaUrl(), ...config }, null, 2)}\n`;
  }
  const head = [`yaml-language-server: $schema=${schemaUrl()}`, ...comments].map((line) => `# ${line}\n`).join('');
  // Long values are not folded, so that they can be searched for.
  return `${head}${stringify(config, { lineWidth: 0 })}`;
}
