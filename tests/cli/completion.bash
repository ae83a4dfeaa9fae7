# bash completion for wix-oauth-apps
_wix_oauth_apps() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=''
  COMPREPLY=()
  # The value of an option.
  case $previous in
    --sites|--report|--env-file|--from|--secret-file|--env-file-out|--keep|--out|--file|--backup|--data|--profile|--apps|--webhook-key) compopt -o default 2>/dev/null; return ;;
    --application-type) words='WEB_APP MOBILE OTHER' ;;
    --technology) words='JAVASCRIPT ANGULAR VUE REACT REACT_NATIVE IOS ANDROID OTHER_TECHNOLOGY' ;;
    --after) words='authentication other' ;;
    --name|--sites|--shard|--concurrency|--report|--site|--base-url|--env-file|--timeout|--retries|--redirect-uri|--redirect-domain|--description|--login-url|--logout-url|--application-type|--technology|--from|--secret-file|--clear|--env-file-out|--env-name|--uri|--domain|--both|--after|--callback|--pattern|--keep|--out|--file|--backup|--app|--url|--port|--host|--allow-host|--allow-origin|--data|--profile|--apps|--login|--api-key|--site-id|--permission|--access-token|--member|--seed|--now|--latency|--rate-limit|--stale-for|--max-page-limit|--mask-path|--account-header|--copy-allowed-domains|--max-allowed-domains|--max-origin-length|--duplicate-redirects|--domain-ports|--logout-redirects|--wix-pages-url|--dead-domain|--unknown-client-status|--webhook|--webhook-key) return ;;
  esac
  if [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  local command="${COMP_WORDS[1]}"
  case $command in preview) [[ $COMP_CWORD -gt 2 ]] && command="$command ${COMP_WORDS[2]}" ;; esac
  if [[ $COMP_CWORD -eq 1 ]]; then
    words='list get create update delete secret ensure allow disallow check lint preview export plan apply doctor probe emulate mcp completion --help --version'
  else
    case $command in
    'preview') words='add remove prune' ;;
    'list') words='--name --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'get') words='--sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'create') words='--name --redirect-uri --redirect-domain --description --login-url --logout-url --application-type --technology --from --secret-file --force --reveal --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'update') words='--name --redirect-uri --redirect-domain --description --login-url --logout-url --application-type --technology --from --clear --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'delete') words='--yes --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'secret') words='--secret-file --force --reveal --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'ensure') words='--name --redirect-uri --redirect-domain --description --login-url --logout-url --application-type --technology --from --secret-file --force --reveal --env-file-out --env-name --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'allow') words='--uri --domain --both --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'disallow') words='--uri --domain --both --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'check') words='--after --fix --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'lint') words='--from --probe --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'preview add') words='--callback --evict-oldest --pattern --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'preview remove') words='--callback --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'preview prune') words='--pattern --keep --gone --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'export') words='--out --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'plan') words='--file --out --exit-code --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'apply') words='--file --backup --yes --dry-run --sites --shard --concurrency --report --resume --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'doctor') words='--app --url --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'probe') words='--out --yes --dry-run --site --base-url --env-file --timeout --retries --verbose --json --no-color --help --version' ;;
    'emulate') words='--port --host --allow-host --allow-origin --data --quiet --profile --apps --app --login --api-key --site-id --permission --access-token --member --seed --now --latency --rate-limit --no-retry-after --stale-for --max-page-limit --no-secret-on-create --mask-path --account-header --copy-allowed-domains --max-allowed-domains --max-origin-length --normalize-redirects --duplicate-redirects --no-custom-schemes --no-wildcard-redirects --subdomain-redirects --domain-ports --logout-redirects --no-honor-login-url --no-honor-logout-url --wix-pages-url --dead-domain --unknown-client-status --webhook --webhook-key --help --version' ;;
    'mcp') words='--allow-write --allow-delete --site --base-url --env-file --timeout --retries --verbose --help --version' ;;
    'completion') words='--json --no-color --help --version bash zsh fish powershell' ;;
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _wix_oauth_apps wix-oauth-apps
