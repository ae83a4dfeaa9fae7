/** The help text, composed from the table of options. */
import { OPTIONS, type Option } from '../commands/options.js';

export const HELP = `\
Usage: wix-oauth-apps emulate [options]

Serves an emulator of the Wix Headless OAuth Apps API on this machine.

Options, with their defaults in parentheses:
${Object.entries(OPTIONS)
  .map(([name, option]) => helpLine(`--${name}`, option))
  .join('\n')}
${helpLine('-h, --help', { help: 'print this text' })}
${helpLine('-v, --version', { help: 'print the version' })}

The ready line shows the address and the credentials that the server accepts. SIGINT or SIGTERM stops it. GET /healthz
tells whether it is up, GET /openapi.json describes the API, GET /webhooks/public-key returns the key that verifies
webhooks.
`;

function helpLine(name: string, { value, help }: Pick<Option, 'value' | 'help'>): string {
  return `  ${(value ? `${name} ${value}` : name).padEnd(30)} ${help}`;
}
