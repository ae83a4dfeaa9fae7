/** The commands that help with everything else. */
import type { CommandDefinition } from '../definition.js';
import { EMULATE } from '../emulate/definition.js';
import { MCP } from '../mcp/definition.js';
import { PROBE } from '../probe/definition.js';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export const TOOL_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'doctor',
    summary: 'Find out why something does not work',
    description:
      'Checks Node, the proxy, the clock, the credentials, the site and the permissions; with --app whether this client ' +
      'ID belongs to this site and still authenticates; with --url whether the app takes this URL. Exit code 3 means ' +
      'that a check failed.',
    options: [
      { name: 'app', value: 'APP', help: 'a client ID, name:NAME, or url:URL' },
      { name: 'url', value: 'URL', help: 'the redirect URI that a login is to use; without --app, of any app' },
    ],
    isOnline: true,
    examples: [
      'wix-oauth-apps doctor',
      'wix-oauth-apps doctor --app name:Storefront --url https://shop.example.com/cb',
    ],
    load: async () => (await import('./doctor.js')).doctor,
  },
  PROBE,
  EMULATE,
  MCP,
  {
    name: 'completion',
    summary: 'Print a script that completes commands and options in a shell',
    description:
      'bash: add `source <(wix-oauth-apps completion bash)` to ~/.bashrc. zsh: write it to a file _wix-oauth-apps in a ' +
      'folder of $fpath. fish: write it to ~/.config/fish/completions/wix-oauth-apps.fish. PowerShell: add ' +
      '`wix-oauth-apps completion powershell | Out-String | Invoke-Expression` to $PROFILE.',
    arguments: [{ name: 'shell', help: 'the shell', choices: SHELLS }],
    examples: ['wix-oauth-apps completion bash', 'wix-oauth-apps completion zsh'],
    load: async () => (await import('./completion.js')).completion,
  },
];
