# A phone whose store holds fifty thousand messages: it is enrolled, new messages are read and forwarded at once, everything is
# checked, and what comes while the cable is out is found among them.
set -u
. /tests/machine/checks.sh
. /tests/machine/forwarding.sh

rows=50000
fill() { # PHONE: received and sent messages of the last months, on both cards, with all a long text can hold
    sqlite3 -batch -bail "/phones/$1/telephony.db" "
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $rows)
        INSERT INTO sms (thread_id, address, date, date_sent, protocol, type, reply_path_present, body, service_center, sub_id)
        SELECT n % 200, '+4477009' || (10000 + n % 200), now - ($rows - n) * 60000, now - ($rows - n) * 60000 - 2000, 0,
            1 + (n % 5 = 4), 0, 'earlier: ' || n || char(10) || 'Row: 0 _id=' || n || ', type=1 '
                || substr('ждём вас завтра, parcel 482913, date=1, ', 1, n % 40), '+447700900001', card
        FROM numbers, (SELECT unixepoch('now') * 1000 - 3600000 AS now),
            (SELECT $(sed -n 's/^0|\([0-9]*\)|.*/\1/p' "/phones/$1/sims") AS card);
        SELECT count(*) FROM sms;"
}
step 'filling the store of phone 1'
must 'it holds fifty thousand messages' same "$rows" "$(fill 1)"

. /tests/scenarios/beginning.sh

# The verdict goes through all rows, which keeps the machine from everything else: it is asked once the receiver has as many requests.
has_received() { [ "$(grep -c . "$received")" -ge "$1" ]; }
since() { read -r uptime _ </proc/uptime; echo $((${uptime%.*} - $1)); }
step 'new messages'
stream 8 'among fifty thousand'
check 'they are received' wait_for 180 has_received 8

step 'everything is compared'
read -r begin _ </proc/uptime
check 'reconcile finds that all is there' phonewire devices reconcile PWRL1A0001
step "it took $(since "${begin%.*}") s"
phonewire devices reconcile PWRL1A0001 --json >/run/ledger.json 2>/run/ledger.err
counted() { # KEY: its sum over the cards
    sqlite3 -batch :memory: "SELECT sum(value) FROM json_tree(readfile('/run/ledger.json')) WHERE key = '$1'"
    cat /run/ledger.err
}
check 'the phone holds four since its enrolment' same 4 "$(counted held)"
check 'four became events' same 4 "$(counted events)"
check 'four were forwarded' same 4 "$(counted forwarded)"

step 'the cable of phone 1 is pulled, messages come'
phone-unplug 1
check 'the daemon says so' wait_for 30 offline PWRL1A0001
printf 'while the cable was out' | message 1 1 +447700900401
printf 'while the cable was out, on the other card' | message 1 2 +447700900402
phone-plug 1
must 'phone 1 is online again' wait_for 180 state_is online PWRL1A0001
check 'they are received' wait_for 180 has_received 10
judge 60
finish
