# The verdict of forwarding scenarios can fail: what a perfect receiver would have written passes, and each kind of
# fault is found. Sourced by self-check.sh; needs no phonewire.
. /tests/machine/forwarding.sh
. /tests/scenarios/difficult-messages.sh

step 'the verdict over what was received'
printf 'earlier: not to be forwarded' | message 2 1 +447700900001
difficult_messages
: >"$received"
rows=$(verdict 'SELECT count(*) FROM stored;')
check 'all messages but the earlier one are to be forwarded' same 13 "$rows"

# One line per stored message, as `phonewire listen --json` writes it.
verdict "SELECT json_object('secret', 'right', 'body', json_object('secret', '***', 'type', 'sms', 'data', json_object(
    'id', row_number() OVER (), 'rid', rid, 'sim', slot, 'device', device, 'phone', sender, 'message', text,
    'timestamp', seconds))) FROM stored;" >/run/perfect.jsonl
found() { # COUNT-OF-EACH-KIND: missing different unknown doubled altered unsigned repeated
    same "$1" "$(verdict "SELECT (SELECT count(*) FROM missing) || ' ' || (SELECT count(*) FROM different) || ' '
        || (SELECT count(*) FROM unknown) || ' ' || (SELECT count(*) FROM doubled) || ' ' || (SELECT count(*) FROM altered)
        || ' ' || (SELECT count(*) FROM unsigned) || ' ' || (SELECT count(*) FROM repeated);")"
}
with_line() { # SQL over the last line's body as `b`, added to the perfect file; what became of the secret
    cp /run/perfect.jsonl "$received"
    tail -n 1 /run/perfect.jsonl >/run/last.jsonl
    sqlite3 -batch -list :memory: "SELECT json_object('secret', '${2-right}', 'body', $1)
        FROM (SELECT rtrim(CAST(readfile('/run/last.jsonl') AS TEXT), char(10))->>'body' AS b);" >>"$received"
}
: >"$received"
check 'nothing received: everything is missing' found "$rows 0 0 0 0 0 0"
cp /run/perfect.jsonl "$received"
check 'a perfect receiver: no fault' found '0 0 0 0 0 0 0'
sed 1d /run/perfect.jsonl >"$received"
check 'one message less' found '1 0 0 0 0 0 0'
with_line b
check 'a request repeated' found '0 0 0 0 0 0 1'
with_line "json_replace(b, '$.data.id', 9999)"
check 'a message that became two events' found '0 0 0 1 0 0 0'
with_line "json_replace(b, '$.data.timestamp', 1)"
check 'a repeated request with other bytes' found '0 1 0 0 1 0 1'
with_line "json_replace(b, '$.data.id', 9999, '$.data.rid', 999)"
check 'a message that no phone stored' found '0 0 1 0 0 0 0'
with_line "json_replace(b, '$.data.rid', 999, '$.data.id', 9999)" wrong
check 'and one without the secret' found '0 0 1 0 0 1 0'
for field in sim phone message; do
    sed '$d' /run/perfect.jsonl >/run/others.jsonl
    with_line "json_replace(b, '$.data.$field', '?')"
    tail -n 1 "$received" >>/run/others.jsonl
    cp /run/others.jsonl "$received"
    check "a wrong $field" found '0 1 0 0 0 0 0'
done
