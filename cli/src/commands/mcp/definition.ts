/** The definition of `mcp`. */
import type { CommandDefinition } from '../definition.js';

export const MCP: CommandDefinition = {
  name: 'mcp',
  summary: 'Serve the apps to agents over the Model Context Protocol',
  description:
    'The protocol runs on standard input and output. The tools list, get, check and lint only read. --allow-write adds ensure, allow, disallow and update; --allow-delete ' +
    'adds delete. A tool that is not allowed is not listed, and a call of it is refused. No result contains a secret: ' +
    'generate one with `wix-oauth-apps secret`. The credentials come from the environment or from --env-file, so an ' +
    'agent does not see them. The results of list, get and so on are those of the commands with --json. The server ends ' +
    'when its standard input ends. The configuration of an agent names the command: `{"mcpServers":{"wix-oauth-apps":' +
    '{"command":"npx","args":["-y","wix-oauth-apps-cli","mcp","--env-file","/path/to/.env"]}}}`.',
  options: [
    { name: 'allow-write', help: 'offer the tools that create and change apps' },
    { name: 'allow-delete', help: 'offer the tool that deletes apps' },
  ],
  isOnline: true,
  isServer: true,
  hasNoJson: true,
  examples: ['wix-oauth-apps mcp --env-file .env', 'wix-oauth-apps mcp --allow-write --allow-delete'],
  load: async () => (await import('./command.js')).mcp,
};
