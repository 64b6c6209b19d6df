# The formats of posted notifications: the two dumps, lengths, identities, the events log. Sourced by self-check.sh.
step 'posted notifications'
hidden='dumpsys notification --dump-priority CRITICAL'
shown="$hidden --noredact"
check 'no notification: an empty answer' same '[]' "[$(shell PWRL1A0001 "$shown")]"
(become_user /usr/bin/adb -s PWRL1A0001 shell \
    'logcat -b radio -b events -v epoch -T 1 -s notification_enqueue:D RILJ:D GsmInboundSmsHandler:D') >/run/both.log 2>&1 &
sleep 1

bank_notification 1
shell PWRL1A0001 "$hidden" >/run/hidden
shell PWRL1A0001 "$shown" >/run/shown
check 'a list, its records, a line of two blanks' same '  Notification List:|  ' "$(sed -n '1p; $p' /run/shown | paste -s -d '|')"
check 'title and text of the bank, in clear' same "                android.title=String (Example Bank 👍🏽)
                android.text=String ($bank_text)" "$(grep -E 'android\.(title|text)=' /run/shown)"
check 'redacted: their lengths in UTF-16 units' same \
    '                android.title=String [length=17]|                android.text=String [length=67]' \
    "$(grep -E 'android\.(title|text)=' /run/hidden | paste -s -d '|')"
differing() { # the lines in which the dumps differ, with their numbers
    awk 'NR == FNR { line[FNR] = $0; next } line[FNR] != $0 { print FNR }' /run/hidden /run/shown | wc -l
}
check 'and nothing else differs between the two dumps' same 2 "$(differing)"
check 'the key, then what the system says of it' same '      key=0|com.example.bank|4|null|10799|      seen=false' \
    "$(grep -A 1 '^      key=' /run/shown | paste -s -d '|')"
identity() { sed -n "s/^    NotificationRecord(\\(0x[0-9a-f]*\\): pkg=$1 .*/\\1/p"; }
first=$(identity com.example.bank </run/shown)
check 'both dumps name the record by the same identity' same "$first" "$(identity com.example.bank </run/hidden)"
created() { shell PWRL1A0001 "$hidden" | sed -n "s/^      $1=//p"; }
created_first=$(created mCreationTimeMs) updated_first=$(created mUpdateTimeMs)
bank_notification 1
check 'posted again: another identity' differs "$first" "$(shell PWRL1A0001 "$hidden" | identity com.example.bank)"
check 'the same time of creation' same "$created_first" "$(created mCreationTimeMs)"
check 'another time of update' differs "$updated_first" "$(created mUpdateTimeMs)"
check 'and no news, for it says the same' same 1 "$(sqlite3 /phones/1/notifications.db 'SELECT count(*) FROM announced')"

forged_notification 1
shell PWRL1A0001 "$hidden" >/run/hidden
shell PWRL1A0001 "$shown" >/run/shown
heads() { grep -c '^    NotificationRecord(0x[0-9a-f]*: pkg=com.example.bank ' "$1"; }
check 'the forged text makes records in the dump of texts' same 3 "$(heads /run/shown)"
check 'and none in the redacted one' same 1 "$(heads /run/hidden)"
length=$(sqlite3 /phones/1/notifications.db "SELECT length(content) FROM announced WHERE title = 'Mallory'")
# Two characters of it are outside the first plane: the title of the bank, twice as two UTF-16 units each.
check 'whose length is exact' same "$((length + 2))" "$(sed -n 's/.*android\.bigText=String \[length=\([0-9]*\)\]$/\1/p' /run/hidden)"

step 'WhatsApp chats'
chats 1
shell PWRL1A0001 "$hidden" >/run/hidden
shell PWRL1A0001 "$shown" >/run/shown
check 'a key with a line feed in its tag' same \
    '      key=0|com.whatsapp|1|31323033363330323030303030303030303140672E7=%|10342%      seen=false' \
    "$(grep -A 2 '^      key=0|com.whatsapp|1|3132' /run/hidden | paste -s -d '%')"
check 'its header has it twice, over three lines' same '|10342: Notification(channel=group_chat_defaults_2 shortcut=120363020000000001@g.us' \
    "$(sed -n '/pkg=com.whatsapp .* tag=3132/{n;n;s/ contentView.*//p;}' /run/hidden)"
check 'two chats and a summary' same 3 "$(grep -c '^    NotificationRecord(0x[0-9a-f]*: pkg=com.whatsapp ' /run/hidden)"
check 'the summary counts' same 1 "$(grep -c 'android\.text=String (6 messages from 2 chats)$' /run/shown)"
check 'a group is titled by group and sender' same 1 "$(grep -c 'android\.title=String (Família (casa) (4 messages): Marta)$' /run/shown)"
check 'its messages, with their history' same \
    '[0] Bundle[{extras=Bundle[{}], sender_person=android.app.Person@f4242, sender=Marta, text=The same, twice 👨‍👩‍👧‍👦, time=' \
    "$(sed -n '/android.title=String (Fam/,/^            }/s/^ *\(\[0\] Bundle.* time=\).*/\1/p' /run/shown)"
check 'redacted: their number alone' same '                android.messages=Bundle[] (4)|                android.showWhen=Boolean (true)' \
    "$(grep -A 1 'android.messages=Bundle\[\] (4)' /run/hidden | paste -s -d '|')"
# Extras are in ascending order of Java's hash of their keys; these two stand at the ends of the list.
check 'extras begin with the title and end with the group flag' same \
    'android.title=String [length=34]|android.isGroupConversation=Boolean (true)' \
    "$(sed -n '/tag=3132/,/^      publicNotification/{/^                [a-z]/{s/^ *//;p;};}' /run/hidden | sed -n '1p;$p' | paste -s -d '|')"
check 'the full dump has the head, and the list' same 'Current Notification Manager state:|  Notification List:' \
    "$(shell PWRL1A0001 'dumpsys notification' | sed -n 1,2p | paste -s -d '|')"

enqueued() { # lines of the open stream, without time and end
    tr -d '\r' </run/both.log | sed -n 's/^ *[0-9]*\.[0-9][0-9][0-9]  1508  1508 I notification_enqueue: \(.*\)/\1/p' | sed 's/Notification(.*)/N/'
}
check 'the log of a post' same '[10799,20799,com.example.bank,4,NULL,0,N,0]' "$(enqueued | sed -n 1p)"
check 'of an update' same '[10799,20799,com.example.bank,4,NULL,0,N,1]' "$(enqueued | sed -n 2p)"
check 'a line feed in a tag makes two lines' same '[10342,20342,com.whatsapp,1,34343737303039303037303140732E7768617473617=|,0,N,0]' \
    "$(enqueued | sed -n '5,6p' | paste -s -d '|')"
printf 'radio and events in one stream' | message 1 1 +447700900321
both() { grep -q 'D RILJ    : \[UNSL\]< UNSOL_RESPONSE_NEW_SMS \[PHONE0\]' /run/both.log; }
check 'the same open stream has the radio log' wait_for 10 both
check 'each buffer is named once' same '--------- beginning of events|--------- beginning of radio' \
    "$(grep '^-----' /run/both.log | tr -d '\r' | sort | paste -s -d '|')"
