# For scenarios about forwarding: the receiver, the daemon, messages that arrive, and the verdict over what the phones
# stored and what the receiver got. Sourced after checks.sh.
# shellcheck shell=sh
program=$(cat /results/job/program)
control=/run/phonewire/control.sock
state=/var/lib/phonewire
receiver_port=8090
received=/results/received.jsonl

# The phonewire program as the unprivileged user, talking to the daemon.
phonewire() { as_user "$program" --socket "$control" "$@"; }

listens() { grep -q "^ *[0-9]*: 0100007F:$(printf '%04X' "$1") [0-9A-F:]* 0A " /proc/net/tcp; }

start_receiver() {
    : >>"$received"
    printf 'b7f1d7a2c0e94f3c8a51' >/host/run/phonewire/secret
    chown 64990:64990 /host/run/phonewire/secret
    (become_user "$program" listen --port "$receiver_port" --secret-file /run/phonewire/secret --json) >>"$received" 2>>/results/listen.log &
    receiver=$!
    must 'phonewire listen has its port open' wait_for 60 listens "$receiver_port"
}

start_daemon() {
    (become_user "$program" run --state "$state" --socket "$control") >>/results/phonewire.log 2>&1 &
    daemon=$!
    wait_for 60 phonewire status >/run/status.out 2>&1
}

stop_daemon() { # with the exit code of a graceful end
    kill -TERM "$daemon"
    stopped=0
    wait "$daemon" || stopped=$?
    return "$stopped"
}

add_webhook() { # with the secret that the receiver compares with
    phonewire webhooks add receiver "http://127.0.0.1:$receiver_port/sms" --format smsnotif-json \
        --secret-file /run/phonewire/secret
}

# State of a phone as the daemon reports it: state_of SERIAL
# (a phone that is being greeted and was known before is listed twice, for it could be another with the same serial)
state_of() {
    phonewire devices --json >/run/devices.json 2>/run/devices.err || return 1
    sqlite3 -batch :memory: "SELECT value->>'state' FROM json_each(readfile('/run/devices.json'), '\$.devices')
        WHERE value->>'serial' = '$1'" 2>/dev/null
}
state_is() { # STATE SERIAL
    [ "$(state_of "$2")" = "$1" ] || { cat /run/devices.json /run/devices.err; return 1; }
}
offline() { ! state_is online "$1" >/dev/null; }

# A message arrives: message PHONE SLOT SENDER, its text on standard input, every byte of it.
message() {
    message_file=$(mktemp /run/message.XXXXXX)
    cat >"$message_file.body"
    printf '%s' "$3" >"$message_file.sender"
    phone-receive-sms "$1" "$2" "$message_file.sender" "$message_file.body" >>/run/message.ids
    rm -f "$message_file" "$message_file.body" "$message_file.sender"
}

# An app posts a notification: notification PHONE PACKAGE ID TITLE, its text on standard input.
notification() {
    note_file=$(mktemp /run/note.XXXXXX)
    cat >"$note_file.text"
    printf '%s' "$4" >"$note_file.title"
    phone-notify "$1" "$2" "$3" "$note_file.title" "$note_file.text"
    rm -f "$note_file" "$note_file.text" "$note_file.title"
}

# A WhatsApp message: chat PHONE CHAT NAME SENDER, its text on standard input (see machine/phone-whatsapp).
chat() {
    chat_file=$(mktemp /run/chat.XXXXXX)
    cat >"$chat_file.text"
    printf '%s' "$3" >"$chat_file.name"
    printf '%s' "$4" >"$chat_file.sender"
    phone-whatsapp "$1" "$2" "$chat_file.name" "$chat_file.sender" "$chat_file.text"
    rm -f "$chat_file" "$chat_file.text" "$chat_file.name" "$chat_file.sender"
}

# Messages on both phones and all slots in turn: stream COUNT LABEL
stream() {
    stream_number=0
    while [ "$stream_number" -lt "$1" ]; do
        stream_number=$((stream_number + 1))
        printf '%s %d' "$2" "$stream_number" |
            message "$((stream_number % 2 + 1))" "$((stream_number / 2 % 2 + 1))" "+44770090$((1000 + stream_number))"
    done
}

# What is compared: what the phones stored, posted and answered against every request of the receiver, as SQL tables.
verdict() { # SQL
    sqlite3 -batch -bail -list <<SQL
.timeout 10000
ATTACH '/phones/1/telephony.db' AS phone1;
ATTACH '/phones/2/telephony.db' AS phone2;
ATTACH '/phones/1/notifications.db' AS notes1;
ATTACH '/phones/2/notifications.db' AS notes2;
.read /tests/scenarios/verdict.sql
$1
SQL
}
# A verdict costs the machine as much as a message does, so between two of them it gets time for these.
all_received() { [ "$(verdict 'SELECT count(*) FROM missing;' 2>&1)" = 0 ] || { sleep 2; return 1; }; }
arrived() { [ "$(verdict "SELECT count(*) FROM requests WHERE sender = '$1';")" = 1 ]; } # SENDER

# The checks that end a forwarding scenario: judge SECONDS-TO-WAIT
judge() {
    step 'waiting for the last messages'
    wait_for "$1" all_received || true
    # Whatever would be sent twice gets the time to be sent twice.
    sleep "${settle_s:-8}"
    step "to be received:       $(verdict 'SELECT * FROM expected_of_each;' | paste -s -d ' ')"
    step "requests of the daemon: $(verdict 'SELECT * FROM requests_of_each;' | paste -s -d ' ')"
    check 'everything that phones got was received' same '' "$(verdict 'SELECT * FROM missing;')"
    check 'messages with the right device, slot, sender, text and time' same '' "$(verdict 'SELECT * FROM different;')"
    check 'nothing else was received' same '' "$(verdict 'SELECT * FROM unknown;')"
    check 'nothing became two events' same '' "$(verdict 'SELECT * FROM doubled;')"
    check 'a repeated request repeats its bytes' same '' "$(verdict 'SELECT * FROM altered;')"
    check 'every request carried the secret and a known type' same '' "$(verdict 'SELECT * FROM unsigned;')"
    check 'answers came with the time of their run' same '' "$(verdict 'SELECT * FROM untimely;')"
}
