/** Completion scripts made from the definitions, so that completing starts no process. The build writes them to files. */
import { optionsOf } from '../commands/common.js';
import type { CommandDefinition, OptionDefinition } from '../commands/definition.js';
import { PREFIXES, loadCommands } from '../commands/definitions.js';

/** Returns the script for a shell. */
export async function completionScript(shell: string): Promise<string> {
  const commands = await loadCommands();
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return zsh(commands);
    case 'fish':
      return fish(commands);
    default:
      return powershell(commands);
  }
}

type Commands = readonly CommandDefinition[];

/** The options that every command has. */
const SHARED: readonly OptionDefinition[] = [
  { name: 'help', help: 'print the help' },
  { name: 'version', help: 'print the version' },
];

const options = (command: CommandDefinition): OptionDefinition[] => [...optionsOf(command), ...SHARED];
const flag = ({ name }: OptionDefinition): string => `--${name}`;

/** The first words of the commands, with their summaries. */
function firstWords(commands: Commands): [string, string][] {
  const words = commands.map(({ name, summary }): [string, string] => {
    const [first = ''] = name.split(' ');
    return [first, first === name ? summary : (PREFIXES[first] ?? '')];
  });
  return [...new Map(words).entries()];
}

/** The second words of a group of commands, with their summaries. */
const secondWords = (commands: Commands, prefix: string): [string, string][] =>
  commands
    .filter(({ name }) => name.startsWith(`${prefix} `))
    .map(({ name, summary }) => [name.slice(prefix.length + 1), summary]);

const prefixes = (commands: Commands): string[] =>
  Object.keys(PREFIXES).filter((prefix) => secondWords(commands, prefix).length);

/** The values of the arguments of a command that are words. */
const argumentWords = (command: CommandDefinition): readonly string[] =>
  (command.arguments ?? []).flatMap(({ choices = [] }) => [...choices]);

/** Options whose value is a file, in the help too. */
const isFile = ({ value = '' }: OptionDefinition): boolean => /FILE|PLAN|PROFILE/.test(value);

function bash(commands: Commands): string {
  const cases = commands.map((command) => {
    const words = [...options(command).map(flag), ...argumentWords(command)];
    return `    '${command.name}') words='${words.join(' ')}' ;;`;
  });
  const groups = prefixes(commands).map(
    (prefix) =>
      `    '${prefix}') words='${secondWords(commands, prefix)
        .map(([word]) => word)
        .join(' ')}' ;;`,
  );
  const values = valueOptions(commands).map(([name, choices]) => `    ${name}) words='${choices.join(' ')}' ;;`);
  const files = [...new Set(commands.flatMap(options).filter(isFile).map(flag))];
  const taking = [
    ...new Set(
      commands
        .flatMap(options)
        .filter(({ value }) => value !== undefined)
        .map(flag),
    ),
  ];
  return `# bash completion for wix-oauth-apps
_wix_oauth_apps() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} words=''
  COMPREPLY=()
  # The value of an option.
  case $previous in
    ${files.join('|')}) compopt -o default 2>/dev/null; return ;;
${values.join('\n')}
    ${taking.join('|')}) return ;;
  esac
  if [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  local command="\${COMP_WORDS[1]}"
  case $command in ${prefixes(commands).join('|') || '-'}) [[ $COMP_CWORD -gt 2 ]] && command="$command \${COMP_WORDS[2]}" ;; esac
  if [[ $COMP_CWORD -eq 1 ]]; then
    words='${[...firstWords(commands).map(([word]) => word), ...SHARED.map(flag)].join(' ')}'
  else
    case $command in
${[...groups, ...cases].join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _wix_oauth_apps wix-oauth-apps
`;
}

/** The options whose values are words, with these. The same name has the same values in every command. */
function valueOptions(commands: Commands): [string, readonly string[]][] {
  const found = commands
    .flatMap(options)
    .flatMap((option): [string, readonly string[]][] => (option.choices ? [[flag(option), option.choices]] : []));
  return [...new Map(found).entries()];
}

/** Quotes a text for zsh, fish and PowerShell: in single quotes, with the quotes in it doubled or escaped. */
const quoted = (text: string, escape: string): string => `'${text.replaceAll("'", escape)}'`;

function zsh(commands: Commands): string {
  const text = (value: string) => value.replace(/[\\:[\]]/g, '\\$&');
  const q = (value: string) => quoted(value, `'\\''`);
  const specification = (option: OptionDefinition) => {
    const { value, help, choices, many } = option;
    const action = choices ? `(${choices.join(' ')})` : isFile(option) ? '_files' : ' ';
    const argument = value === undefined ? '' : `:${text(value)}:${action}`;
    return `      ${q(`${many ? '*' : ''}${flag(option)}[${text(help)}]${argument}`)}`;
  };
  const words = (pairs: readonly [string, string][]) =>
    pairs.map(([word, help]) => `      ${q(`${text(word)}:${text(help)}`)}`).join(' \\\n');
  const cases = commands.map((command) => {
    const positional = argumentWords(command);
    const rest = positional.length ? ` \\\n      ${q(`1:value:(${positional.join(' ')})`)}` : '';
    return `    ${q(command.name)})\n      _arguments -s \\\n${options(command).map(specification).join(' \\\n')}${rest} ;;`;
  });
  const groups = prefixes(commands).map(
    (prefix) =>
      `    ${q(prefix)})\n      local -a second=(\n${words(secondWords(commands, prefix))}\n      )\n      _describe command second ;;`,
  );
  return `#compdef wix-oauth-apps
_wix_oauth_apps() {
  local command=$words[2]
  if (( CURRENT == 2 )); then
    local -a first=(
${words(firstWords(commands))}
    )
    _describe command first
    return
  fi
  case $command in ${prefixes(commands).join('|') || '-'}) (( CURRENT > 3 )) && { command="$command $words[3]"; shift words; (( CURRENT-- )) } ;; esac
  shift words
  (( CURRENT-- ))
  case $command in
${[...groups, ...cases].join('\n')}
  esac
}
if [ "$funcstack[1]" = _wix_oauth_apps ]; then _wix_oauth_apps "$@"; else compdef _wix_oauth_apps wix-oauth-apps; fi
`;
}

function fish(commands: Commands): string {
  const q = (value: string) => quoted(value.replaceAll('\\', '\\\\'), `\\'`);
  const lines = firstWords(commands).map(
    ([word, help]) => `complete -c wix-oauth-apps -f -n __fish_use_subcommand -a ${word} -d ${q(help)}`,
  );
  for (const prefix of prefixes(commands)) {
    for (const [word, help] of secondWords(commands, prefix)) {
      const condition = q(`__fish_seen_subcommand_from ${prefix}`);
      lines.push(`complete -c wix-oauth-apps -f -n ${condition} -a ${word} -d ${q(help)}`);
    }
  }
  for (const command of commands) {
    const seen = command.name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
    const condition = q(seen.join('; and '));
    for (const option of options(command)) {
      const values = option.choices ? ` -xa ${q(option.choices.join(' '))}` : isFile(option) ? ' -rF' : ' -x';
      const value = option.value === undefined ? '' : values;
      lines.push(`complete -c wix-oauth-apps -f -n ${condition} -l ${option.name}${value} -d ${q(option.help)}`);
    }
    const words = argumentWords(command);
    if (words.length) lines.push(`complete -c wix-oauth-apps -f -n ${condition} -a ${q(words.join(' '))}`);
  }
  return ['# fish completion for wix-oauth-apps', ...lines, ''].join('\n');
}

function powershell(commands: Commands): string {
  const q = (value: string) => quoted(value, "''");
  const list = (words: readonly string[]) => `@(${words.map(q).join(', ')})`;
  const entries = [
    ...prefixes(commands).map((prefix) => [prefix, secondWords(commands, prefix).map(([word]) => word)] as const),
    ...commands.map((command) => [command.name, [...options(command).map(flag), ...argumentWords(command)]] as const),
  ];
  return `# PowerShell completion for wix-oauth-apps
Register-ArgumentCompleter -Native -CommandName wix-oauth-apps -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${entries.map(([name, words]) => `    ${q(name)} = ${list(words)}`).join('\n')}
  }
  $first = ${list([...firstWords(commands).map(([word]) => word), ...SHARED.map(flag)])}
  $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $candidates = $first
  if ($before.Count -ge 2) {
    $candidates = $words[$before[1]]
    if ($before.Count -ge 3 -and $words.ContainsKey("$($before[1]) $($before[2])")) { $candidates = $words["$($before[1]) $($before[2])"] }
  }
  $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
