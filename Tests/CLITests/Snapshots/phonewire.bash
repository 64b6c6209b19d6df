# bash completion for phonewire, made by "phonewire completion bash"
_phonewire() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local words=() word index
    for ((index = 1; index < COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        case $word in
            --log|--connect|--since|--to|--key-file|--device|--label|--number|--format|--events|--packages|--secret-file|--limit|--before|--type|--last|--count|--webhook|--status|--sim|--answer|--answers-file|--port|--socket|--state) ((index++)) ;;
            -*) ;;
            *) words+=("$word") ;;
        esac
    done
    case $previous in
        --log) COMPREPLY=($(compgen -W 'error warning notice info debug' -- "$current")); return ;;
        --connect) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --since) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --to) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --key-file) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --device) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --label) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --number) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --format) COMPREPLY=($(compgen -W 'smsnotif smsnotif-json' -- "$current")); return ;;
        --events) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --packages) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --secret-file) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --limit) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --before) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --type) COMPREPLY=($(compgen -W 'sms ussd notification whatsapp call device sim' -- "$current")); return ;;
        --last) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --count) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --webhook) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --status) COMPREPLY=($(compgen -W 'pending delivered dead removed' -- "$current")); return ;;
        --sim) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --answer) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --answers-file) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --port) COMPREPLY=($(compgen -W '' -- "$current")); return ;;
        --socket) COMPREPLY=($(compgen -f -- "$current")); return ;;
        --state) COMPREPLY=($(compgen -d -- "$current")); return ;;
    esac
    case "${words[*]}" in
        "") COMPREPLY=($(compgen -W 'demo run status doctor devices sims webhooks events deliveries ussd listen completion version help --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "demo") COMPREPLY=($(compgen -W '--keep --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "run") COMPREPLY=($(compgen -W '--log --no-usb --connect --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "status") COMPREPLY=($(compgen -W '--watch --check --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "doctor") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices") COMPREPLY=($(compgen -W 'list show name id enable disable reconcile backfill repair trust connect disconnect --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices list") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices show") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices name") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices id") COMPREPLY=($(compgen -W '--default --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices enable") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices disable") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices reconcile") COMPREPLY=($(compgen -W '--check --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices backfill") COMPREPLY=($(compgen -W '--since --to --detach --stop --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices repair") COMPREPLY=($(compgen -W '--yes --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices trust") COMPREPLY=($(compgen -W '--key-file --vendor-keys --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices connect") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices disconnect") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "sims") COMPREPLY=($(compgen -W 'list set --device --history --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "sims list") COMPREPLY=($(compgen -W '--device --history --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "sims set") COMPREPLY=($(compgen -W '--label --number --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks") COMPREPLY=($(compgen -W 'list add show remove test enable disable --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks list") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks add") COMPREPLY=($(compgen -W '--format --events --packages --secret-file --secret-stdin --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks show") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks remove") COMPREPLY=($(compgen -W '--yes --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks test") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks enable") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks disable") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "events") COMPREPLY=($(compgen -W 'list show tail --limit --before --device --type --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "events list") COMPREPLY=($(compgen -W '--limit --before --device --type --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "events show") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "events tail") COMPREPLY=($(compgen -W '--last --count --device --type --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "deliveries") COMPREPLY=($(compgen -W 'list show --limit --before --webhook --status --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "deliveries list") COMPREPLY=($(compgen -W '--limit --before --webhook --status --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "deliveries show") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "ussd") COMPREPLY=($(compgen -W 'run --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "ussd run") COMPREPLY=($(compgen -W '--device --sim --answer --answers-file --yes --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "listen") COMPREPLY=($(compgen -W '--port --secret-file --status --count --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "completion") COMPREPLY=($(compgen -W 'bash zsh fish --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "version") COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "help") COMPREPLY=($(compgen -W '--markdown --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "demo "*) COMPREPLY=($(compgen -W '--keep --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "run "*) COMPREPLY=($(compgen -W '--log --no-usb --connect --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "status "*) COMPREPLY=($(compgen -W '--watch --check --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices show "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices name "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices id "*) COMPREPLY=($(compgen -W '--default --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices enable "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices disable "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices reconcile "*) COMPREPLY=($(compgen -W '--check --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices backfill "*) COMPREPLY=($(compgen -W '--since --to --detach --stop --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices repair "*) COMPREPLY=($(compgen -W '--yes --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices trust "*) COMPREPLY=($(compgen -W '--key-file --vendor-keys --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices connect "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "devices disconnect "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "sims list "*) COMPREPLY=($(compgen -W '--device --history --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "sims set "*) COMPREPLY=($(compgen -W '--label --number --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks add "*) COMPREPLY=($(compgen -W '--format --events --packages --secret-file --secret-stdin --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks show "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks remove "*) COMPREPLY=($(compgen -W '--yes --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks test "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks enable "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "webhooks disable "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "events list "*) COMPREPLY=($(compgen -W '--limit --before --device --type --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "events show "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "events tail "*) COMPREPLY=($(compgen -W '--last --count --device --type --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "deliveries list "*) COMPREPLY=($(compgen -W '--limit --before --webhook --status --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "deliveries show "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "ussd run "*) COMPREPLY=($(compgen -W '--device --sim --answer --answers-file --yes --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "listen "*) COMPREPLY=($(compgen -W '--port --secret-file --status --count --socket --state --json --no-color --help --version' -- "$current")); return ;;
        "completion "*) COMPREPLY=($(compgen -W '--socket --state --json --no-color --help --version' -- "$current")); return ;;
        "help "*) COMPREPLY=($(compgen -W '--markdown --socket --state --json --no-color --help --version' -- "$current")); return ;;
    esac
}
complete -F _phonewire phonewire
