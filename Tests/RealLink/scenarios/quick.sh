# SMS end to end: both phones, all slots, difficult texts, one phone unplugged in the middle and plugged in again.
set -u
. /tests/machine/checks.sh
. /tests/machine/forwarding.sh
. /tests/scenarios/beginning.sh
. /tests/scenarios/difficult-messages.sh

step 'difficult messages on all slots'
difficult_messages
must 'they were all received' wait_for 120 all_received

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
printf 'on the other phone meanwhile' | message 2 1 +447700900203
check 'the other phone goes on being served' wait_for 60 arrived +447700900203
check 'nothing came from the phone that is away' same 0 \
    "$(verdict "SELECT count(*) FROM requests WHERE text LIKE 'while unplugged%';")"

step 'phone 1 is plugged in again'
phone-plug 1
must 'phone 1 is online again' wait_for 120 state_is online PWRL1A0001
stream 4 'after the return'

judge 120
check 'no request was repeated' same '' "$(verdict 'SELECT * FROM repeated;')"
check 'the daemon ends on SIGTERM with exit code 0' stop_daemon
kill "$receiver"
finish
