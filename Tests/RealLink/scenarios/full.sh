# The quick scenario's beginning, then the hard ends: adbd killed under the host's feet, the daemon killed while
# messages arrive, both at once. A killed daemon may repeat a request, but only with the same id and bytes.
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
check 'phone 2 left the bus' wait_for 10 gone PWRL2B0002
phone-plug 2
must 'phone 2 is online again' wait_for 120 state_is online PWRL2B0002
wait "$burst"
check 'all were received' wait_for 120 all_received

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
phone-plug 1
phone-plug 2
must 'phone 1 is online again' wait_for 120 state_is online PWRL1A0001
must 'phone 2 is online again' wait_for 120 state_is online PWRL2B0002
wait "$burst"

judge 180
step "requests repeated by the killed daemon: $(verdict 'SELECT count(*) FROM repeated;')"
check 'the daemon ends on SIGTERM with exit code 0' stop_daemon
kill "$receiver"
finish
