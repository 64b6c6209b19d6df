#compdef phonewire
# zsh completion for phonewire, made by "phonewire completion zsh"
_phonewire() {
    local -a plain choices
    plain=(${${words[2,CURRENT-1]}:#-*})
    case ${words[CURRENT-1]} in
        --log) compadd -- error warning notice info debug; return ;;
        --connect) _message value; return ;;
        --since) _message value; return ;;
        --to) _message value; return ;;
        --key-file) _files; return ;;
        --device) _message value; return ;;
        --label) _message value; return ;;
        --number) _message value; return ;;
        --format) compadd -- smsnotif smsnotif-json; return ;;
        --events) _message value; return ;;
        --packages) _message value; return ;;
        --secret-file) _files; return ;;
        --limit) _message value; return ;;
        --before) _message value; return ;;
        --type) compadd -- sms ussd notification whatsapp call device sim; return ;;
        --last) _message value; return ;;
        --count) _message value; return ;;
        --webhook) _message value; return ;;
        --status) compadd -- pending delivered dead removed; return ;;
        --sim) _message value; return ;;
        --answer) _message value; return ;;
        --answers-file) _files; return ;;
        --port) _message value; return ;;
        --socket) _files; return ;;
        --state) _files -/; return ;;
    esac
    case "${plain[*]}" in
        '')
            choices=('demo:the whole thing on virtual phones and a local receiver' 'run:run the daemon in the foreground' 'status:phones, SIMs, queues and problems at a glance' 'doctor:find out what is wrong and what to do' 'devices:phones' 'sims:SIM cards' 'webhooks:destinations' 'events:what happened on the phones' 'deliveries:one event to one webhook' 'ussd:codes that ask the network, such as *143#' 'listen:receive webhooks on this computer and print them' 'completion:print a completion script for a shell' 'version:print the version of this program' 'help:print help on a command' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'demo')
            choices=('--keep:leave it running for playing' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'run')
            choices=('--log:least important log lines shown' '--no-usb:serve no phones on USB' '--connect:serve the phone at HOST\:PORT too, for this run' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'status')
            choices=('--watch:look again every 2 seconds until interrupted' '--check:exit with 7 when something needs attention' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'doctor')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices')
            choices=('list:the phones that are known or attached' 'show:all about one phone' 'name:give a phone another name' 'id:print or set the id that receivers see for a phone' 'enable:switch a phone on again' 'disable:switch a phone off\: nothing is read from it until it is switched on' 'reconcile:check every message on a phone against what was recorded, now' 'backfill:read older messages from a phone and forward them' 'repair:try to let phonewire read the SMS of a phone that refuses it' 'trust:trust a phone that phonewire has not met before\: keys may sign for it' 'connect:serve a phone over TCP, now and after restarts' 'disconnect:stop serving a phone over TCP' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices list')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices show')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices name')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices id')
            choices=('--default:the id that is made from what the phone itself says' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices enable')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices disable')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices reconcile')
            choices=('--check:exit with 7 when messages are dead or unwanted' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices backfill')
            choices=('--since:messages of this date and newer' '--to:only for this webhook' '--detach:begin and return at once' '--stop:end the one under way; what was forwarded stays so' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices repair')
            choices=('--yes:do not ask' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices trust')
            choices=('--key-file:a private key such as ~/.android/adbkey' '--vendor-keys:the keys that $ADB_VENDOR_KEYS names' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices connect')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices disconnect')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'sims')
            choices=('list:the SIM cards in the phones' 'set:set what a SIM card is called, and its phone number' '--device:only this phone, by name, id or serial' '--history:also the cards that were in its slots before, newest first' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'sims list')
            choices=('--device:only this phone, by name, id or serial' '--history:also the cards that were in its slots before, newest first' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'sims set')
            choices=('--label:what to call the card' '--number:its phone number' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks')
            choices=('list:the webhooks and how they fare' 'add:forward events to a URL' 'show:all about one webhook' 'remove:remove a webhook; what is still pending for it ends' 'test:send a webhook one sample event now' 'enable:switch a webhook on again, or end its pause' 'disable:switch a webhook off\: no deliveries are made for it' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks list')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks add')
            choices=('--format:layout of the body' '--events:what it gets, with commas between\: sms ussd notification whatsapp call device sim' '--packages:take notifications of these apps only, by package name' '--secret-file:the secret is the first line of this file' '--secret-stdin:the secret is the first line of standard input' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks show')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks remove')
            choices=('--yes:give up its pending deliveries' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks test')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks enable')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks disable')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'events')
            choices=('list:recorded events, newest first' 'show:one event'\''s whole story, from the phone to the last attempt' 'tail:print events as they come, until interrupted' '--limit:most rows, 1 to 500, 50 when not said' '--before:only what is older than this id' '--device:only this phone, by name, id or serial' '--type:only this kind' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'events list')
            choices=('--limit:most rows, 1 to 500, 50 when not said' '--before:only what is older than this id' '--device:only this phone, by name, id or serial' '--type:only this kind' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'events show')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'events tail')
            choices=('--last:begin with the N newest, 0 to 500, 10 when not said' '--count:end after N events' '--device:only this phone, by name, id or serial' '--type:only this kind' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'deliveries')
            choices=('list:deliveries, newest first' 'show:one delivery with every attempt and the stored body' '--limit:most rows, 1 to 500, 50 when not said' '--before:only what is older than this id' '--webhook:only to this webhook' '--status:only those that are so' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'deliveries list')
            choices=('--limit:most rows, 1 to 500, 50 when not said' '--before:only what is older than this id' '--webhook:only to this webhook' '--status:only those that are so' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'deliveries show')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'ussd')
            choices=('run:dial a USSD code on a SIM card and print the network'\''s answer' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'ussd run')
            choices=('--device:the phone, by name, id or serial' '--sim:the SIM slot, counted from 1' '--answer:type this into the next menu; may be given again' '--answers-file:more answers, one a line' '--yes:dial without asking' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'listen')
            choices=('--port:port, 8787 when not said, 0 for any free one' '--secret-file:check the secret against the first line of this file' '--status:answer with this status, 200 to 599' '--count:end after N requests' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'completion')
            choices=('bash:' 'zsh:' 'fish:' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'version')
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'help')
            choices=('--markdown:print the table of commands as Markdown' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'demo '*)
            choices=('--keep:leave it running for playing' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'run '*)
            choices=('--log:least important log lines shown' '--no-usb:serve no phones on USB' '--connect:serve the phone at HOST\:PORT too, for this run' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'status '*)
            choices=('--watch:look again every 2 seconds until interrupted' '--check:exit with 7 when something needs attention' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices show '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices name '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices id '*)
            choices=('--default:the id that is made from what the phone itself says' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices enable '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices disable '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices reconcile '*)
            choices=('--check:exit with 7 when messages are dead or unwanted' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices backfill '*)
            choices=('--since:messages of this date and newer' '--to:only for this webhook' '--detach:begin and return at once' '--stop:end the one under way; what was forwarded stays so' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices repair '*)
            choices=('--yes:do not ask' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices trust '*)
            choices=('--key-file:a private key such as ~/.android/adbkey' '--vendor-keys:the keys that $ADB_VENDOR_KEYS names' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices connect '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'devices disconnect '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'sims list '*)
            choices=('--device:only this phone, by name, id or serial' '--history:also the cards that were in its slots before, newest first' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'sims set '*)
            choices=('--label:what to call the card' '--number:its phone number' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks add '*)
            choices=('--format:layout of the body' '--events:what it gets, with commas between\: sms ussd notification whatsapp call device sim' '--packages:take notifications of these apps only, by package name' '--secret-file:the secret is the first line of this file' '--secret-stdin:the secret is the first line of standard input' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks show '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks remove '*)
            choices=('--yes:give up its pending deliveries' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks test '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks enable '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'webhooks disable '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'events list '*)
            choices=('--limit:most rows, 1 to 500, 50 when not said' '--before:only what is older than this id' '--device:only this phone, by name, id or serial' '--type:only this kind' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'events show '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'events tail '*)
            choices=('--last:begin with the N newest, 0 to 500, 10 when not said' '--count:end after N events' '--device:only this phone, by name, id or serial' '--type:only this kind' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'deliveries list '*)
            choices=('--limit:most rows, 1 to 500, 50 when not said' '--before:only what is older than this id' '--webhook:only to this webhook' '--status:only those that are so' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'deliveries show '*)
            choices=('--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'ussd run '*)
            choices=('--device:the phone, by name, id or serial' '--sim:the SIM slot, counted from 1' '--answer:type this into the next menu; may be given again' '--answers-file:more answers, one a line' '--yes:dial without asking' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'listen '*)
            choices=('--port:port, 8787 when not said, 0 for any free one' '--secret-file:check the secret against the first line of this file' '--status:answer with this status, 200 to 599' '--count:end after N requests' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'completion '*)
            choices=('bash:' 'zsh:' 'fish:' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
        'help '*)
            choices=('--markdown:print the table of commands as Markdown' '--socket:control socket of the daemon' '--state:state folder of the daemon' '--json:print JSON, one documented schema per command' '--no-color:print no colours (as does NO_COLOR in the environment)' '--help:print help, also -h' '--version:print the version')
            _describe phonewire choices; return ;;
    esac
}
_phonewire "$@"
