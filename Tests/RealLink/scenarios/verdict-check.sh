# The verdict of forwarding scenarios can fail: what a perfect receiver would have written passes, and each kind of
# fault is found. Sourced by self-check.sh, after messages, notifications, chats and USSD runs; needs no phonewire.
step 'the verdict over what was received'
printf 'earlier: not to be forwarded' | message 2 1 +447700900001
printf 'earlier: not to be forwarded' | notification 2 com.example.bank 4 'Example Bank'
printf 'earlier: not to be forwarded' | chat 2 447700900701@s.whatsapp.net Ana Ana
difficult_messages
: >"$received"
check 'what is to be forwarded' same '2 notification|14 sms|2 ussd|6 whatsapp' \
    "$(verdict 'SELECT * FROM expected_of_each;' | paste -s -d '|')"

# One line per fact, as `phonewire listen --json` writes it.
verdict "SELECT json_object('secret', 'right', 'body', json_object('secret', '***', 'type', type, 'data', json(data))) FROM (
    SELECT 'sms' AS type, json_object('id', row_number() OVER (), 'rid', rid, 'sim', slot, 'device', device,
        'phone', sender, 'message', text, 'timestamp', seconds) AS data FROM stored
    UNION ALL
    SELECT type, json(CASE type
        WHEN 'notification' THEN json_object('id', number, 'device', fact->>0, 'package', fact->>1, 'title', fact->>2,
            'content', fact->>3, 'timestamp', fact->>4)
        WHEN 'whatsapp' THEN json_object('id', number, 'wid', '', 'phone', fact->>0, 'message', fact->>1, 'timestamp', fact->>2)
        ELSE json_object('id', number, 'sim', fact->>1, 'device', fact->>0, 'code', fact->>2, 'response', fact->>3,
            'timestamp', (SELECT max(seconds) + 2 FROM dials WHERE slot + 1 = fact->>1)) END)
    FROM (SELECT *, 1000 + row_number() OVER () AS number FROM expected));" >/run/perfect.jsonl
found() { # COUNT-OF-EACH-KIND: missing different unknown doubled altered unsigned repeated untimely
    same "$1" "$(verdict "SELECT (SELECT count(*) FROM missing) || ' ' || (SELECT count(*) FROM different) || ' '
        || (SELECT count(*) FROM unknown) || ' ' || (SELECT count(*) FROM doubled) || ' ' || (SELECT count(*) FROM altered)
        || ' ' || (SELECT count(*) FROM unsigned) || ' ' || (SELECT count(*) FROM repeated)
        || ' ' || (SELECT count(*) FROM untimely);")"
}
last_is() { # TYPE: the perfect file with a line of this type at its end
    grep -v "\"type\":\"$1\"" /run/perfect.jsonl >/run/ordered.jsonl
    grep "\"type\":\"$1\"" /run/perfect.jsonl >>/run/ordered.jsonl
    mv /run/ordered.jsonl /run/perfect.jsonl
}
with_line() { # SQL over the last line's body as `b`, added to the perfect file; what became of the secret
    cp /run/perfect.jsonl "$received"
    tail -n 1 /run/perfect.jsonl >/run/last.jsonl
    sqlite3 -batch -list :memory: "SELECT json_object('secret', '${2-right}', 'body', $1)
        FROM (SELECT rtrim(CAST(readfile('/run/last.jsonl') AS TEXT), char(10))->>'body' AS b);" >>"$received"
}
with_field() { # FIELD: the perfect file, this field of the last line wrong
    sed '$d' /run/perfect.jsonl >/run/others.jsonl
    with_line "json_replace(b, '$.data.$1', '?')"
    tail -n 1 "$received" >>/run/others.jsonl
    cp /run/others.jsonl "$received"
}
: >"$received"
check 'nothing received: everything is missing' found '24 0 0 0 0 0 0 0'
cp /run/perfect.jsonl "$received"
check 'a perfect receiver: no fault' found '0 0 0 0 0 0 0 0'
last_is sms
sed '$d' /run/perfect.jsonl >"$received"
check 'one message less' found '1 0 0 0 0 0 0 0'
with_line b
check 'a request repeated' found '0 0 0 0 0 0 1 0'
with_line "json_replace(b, '$.data.id', 9999)"
check 'a message that became two events' found '0 0 0 1 0 0 0 0'
with_line "json_replace(b, '$.data.timestamp', 1)"
check 'a repeated request with other bytes' found '0 1 0 0 1 0 1 0'
with_line "json_replace(b, '$.data.id', 9999, '$.data.rid', 999)"
check 'a message that no phone stored' found '0 0 1 0 0 0 0 0'
with_line "json_replace(b, '$.data.rid', 999, '$.data.id', 9999)" wrong
check 'and one without the secret' found '0 0 1 0 0 1 0 0'
with_line "json_replace(b, '$.type', 'ping', '$.data.id', 9999)"
check 'a request of another type' found '0 0 1 0 0 1 0 0'
for field in sim phone message; do
    with_field "$field"
    check "a wrong $field" found '0 1 0 0 0 0 0 0'
done
for type in notification whatsapp ussd; do
    last_is "$type"
    sed '$d' /run/perfect.jsonl >"$received"
    check "one $type less" found '1 0 0 0 0 0 0 0'
    with_line "json_replace(b, '$.data.id', 9999)"
    check "a $type that became two events" found '0 0 0 1 0 0 0 0'
    case $type in
        notification) fields='device package title content timestamp' ;;
        whatsapp) fields='phone message timestamp' ;;
        ussd) fields='code response' ;;
    esac
    for field in $fields; do
        with_field "$field"
        check "a $type with a wrong $field" found '1 0 1 0 0 0 0 0'
    done
done
for field in device sim; do
    with_field "$field"
    check "an answer of another $field" found '1 0 1 0 0 0 0 1'
done
with_field timestamp
check 'an answer of another time' found '0 0 0 0 0 0 0 1'
