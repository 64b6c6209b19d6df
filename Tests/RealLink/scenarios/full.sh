# The quick scenario's beginning, then the hard ends: adbd killed under the host's feet, a phone that hangs, the daemon
# killed while messages arrive, everything at once. A killed daemon may repeat a request, but only with the same id and bytes.
set -u
. /tests/machine/checks.sh
. /tests/machine/forwarding.sh
. /tests/scenarios/beginning.sh
. /tests/scenarios/difficult-messages.sh

difficult_messages
must 'the difficult messages were all received' wait_for 120 all_received

step 'adbd of phone 2 is killed while messages arrive'
stream 8 'around the death of adbd' &
burst=$!
sleep 2
phone-kill 2
check 'the daemon says that phone 2 is away' wait_for 30 offline PWRL2B0002
must 'phone 2 is online again' wait_for 120 state_is online PWRL2B0002
wait "$burst"
check 'all were received' wait_for 120 all_received

step 'phone 1 hangs for a while, without leaving the bus'
kill -STOP "$(cat /run/phone-1/adbd.pid)"
printf 'while phone 1 hangs' | message 1 1 +447700900301
printf 'while phone 1 hangs, on the other' | message 2 2 +447700900302
check 'the daemon says so' wait_for 60 offline PWRL1A0001
check 'the other phone goes on being served' wait_for 60 arrived +447700900302
kill -CONT "$(cat /run/phone-1/adbd.pid)"
must 'phone 1 is online again' wait_for 120 state_is online PWRL1A0001
must 'its message was received' wait_for 60 arrived +447700900301

for round in 1 2 3; do
    step "the daemon is killed while messages arrive, round $round"
    stream 8 "around the death of the daemon $round" &
    burst=$!
    sleep "$round"
    kill -9 "$daemon"
    wait "$daemon" 2>/dev/null || true
    sleep 1
    must 'the daemon starts again' start_daemon
    wait "$burst"
done

step 'both at once, and a cable pulled'
stream 8 'around everything' &
burst=$!
sleep 1
kill -9 "$daemon"
wait "$daemon" 2>/dev/null || true
phone-kill 1
phone-unplug 2
sleep 1
must 'the daemon starts without phones' start_daemon
phone-plug 2
must 'phone 1 is online again' wait_for 120 state_is online PWRL1A0001
must 'phone 2 is online again' wait_for 120 state_is online PWRL2B0002
wait "$burst"

judge 180
step "requests repeated by the killed daemon: $(verdict 'SELECT count(*) FROM repeated;')"
check 'the daemon ends on SIGTERM with exit code 0' stop_daemon
kill "$receiver"
finish
