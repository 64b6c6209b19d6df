# All kinds of event end to end: SMS on both phones and all slots, notifications, WhatsApp chats, a USSD run on each SIM;
# difficult texts; one phone unplugged in the middle and plugged in again.
set -u
. /tests/machine/checks.sh
. /tests/machine/forwarding.sh
. /tests/scenarios/beginning.sh
. /tests/scenarios/difficult-messages.sh
. /tests/scenarios/difficult-notifications.sh

step 'difficult messages on all slots, notifications, chats'
difficult_messages &
messages=$!
bank_notification 1
forged_notification 1
chats 1
printf 'On the other phone' | chat 2 447700900702@s.whatsapp.net Ben Ben
wait "$messages"
must 'they were all received' wait_for 120 all_received
bank_notification 1
printf 'Card ending 1234: 3.00 EUR' | notification 1 com.example.bank 4 'Example Bank 👍🏽'
printf 'one more' | chat 1 120363020000000001@g.us 'Família (casa)' Marta
groups() {
    phonewire events --limit 100 --json >/run/events.json || return 1
    sqlite3 -batch :memory: "SELECT value->>'$.data.group', count(*) FROM json_each(readfile('/run/events.json'), '$.events')
        WHERE value->>'type' = 'whatsapp' GROUP BY 1 ORDER BY 1;" | paste -s -d ' '
}
groups_are() { same "$1" "$(groups)"; }
check 'the events know their group' wait_for 60 groups_are '|3 Família (casa)|5'

step 'a balance query on each SIM'
networks
query() { # PHONE SERIAL: on both SIMs
    for slot in 1 2; do
        phonewire ussd run '*143#' --device "$2" --sim "$slot" --yes --json >"/run/answer-$1-$slot" 2>&1
        echo $? >"/run/answer-$1-$slot.code"
    done
}
# One phone after the other: a run has limits in seconds of the phone, which both together are too slow for on a busy host.
query 1 PWRL1A0001
query 2 PWRL2B0002
printed() { # PHONE SLOT: the run ended well and printed the network's text, all of it
    cat "/run/answer-$1-$2"
    same "0 $2 $(cat "/phones/$1/network/$(($2 - 1))/*143#.final")" "$(cat "/run/answer-$1-$2.code") $(sqlite3 -batch :memory: \
        "SELECT answer->>'$.slot' || ' ' || (answer->>'$.response') FROM (SELECT CAST(readfile('/run/answer-$1-$2') AS TEXT) AS answer);")"
}
for phone in 1 2; do
    for slot in 1 2; do
        check "phone $phone, SIM $slot: ussd run prints the answer" printed "$phone" "$slot"
    done
done
dials() { cut -d '|' -f 1-3 "/phones/$1/dialled" | paste -s -d ' '; }
check 'phone 1 dialled once on each SIM, nothing else' same '0|*143#|ussd 1|*143#|ussd' "$(dials 1)"
check 'phone 2 too' same '0|*143#|ussd 1|*143#|ussd' "$(dials 2)"
voice_sim() { sed -n 's/^global\/multi_sim_voice_call=//p' "/phones/$1/settings"; }
check 'phone 1 calls through its first slot, as before' same 2 "$(voice_sim 1)"
check 'after one change and back' same '3 2' "$(paste -s -d ' ' /phones/1/voice-choices)"
check 'phone 2 asks every time, as before' same -1 "$(voice_sim 2)"
check 'after two changes and back' same '7 -1 5 -1' "$(paste -s -d ' ' /phones/2/voice-choices)"
check 'the answers were received' wait_for 60 all_received
for phone in 1 2; do
    check "nothing was typed on phone $phone" same '' "$(cat "/phones/$phone"/typed* 2>/dev/null)"
done

step 'phone 1 is unplugged while messages arrive'
stream 6 'around the unplug' &
burst=$!
sleep 1
phone-unplug 1
check 'phone 1 left the bus' wait_for 10 gone PWRL1A0001
check 'the daemon says so' wait_for 30 offline PWRL1A0001
wait "$burst"
printf 'while unplugged' | message 1 1 +447700900201
printf 'while unplugged, slot 2' | message 1 2 +447700900202
printf 'posted while unplugged' | notification 1 com.example.mail 10 'New mail'
printf 'while unplugged' | chat 1 447700900701@s.whatsapp.net Ana Ana
printf 'on the other phone meanwhile' | message 2 1 +447700900203
check 'the other phone goes on being served' wait_for 60 arrived +447700900203
check 'nothing came from the phone that is away' same 0 \
    "$(verdict "SELECT count(*) FROM requests WHERE body LIKE '%while unplugged%';")"

step 'phone 1 is plugged in again'
phone-plug 1
must 'phone 1 is online again' wait_for 120 state_is online PWRL1A0001
stream 4 'after the return'

judge 120
check 'no request was repeated' same '' "$(verdict 'SELECT * FROM repeated;')"
check 'the daemon ends on SIGTERM with exit code 0' stop_daemon
kill "$receiver"
finish
