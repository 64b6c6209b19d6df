# The machine proves itself, without phonewire: both phones on the bus, the rule's rights, and every phone-side
# command through Google's adb client over libusb, run by the unprivileged user.
set -u
. /tests/machine/checks.sh
. /tests/machine/forwarding.sh
. /tests/scenarios/difficult-messages.sh
. /tests/scenarios/difficult-notifications.sh

adb() { as_user /usr/bin/adb "$@"; }
shell() { # PHONE-SERIAL COMMAND, output without the last line feeds
    adb -s "$1" shell "$2"
}

step 'plugging both phones in'
phone-plug 1
phone-plug 2
check 'phone 1 is on the bus' wait_for 20 on_bus PWRL1A0001
check 'phone 2 is on the bus' wait_for 20 on_bus PWRL2B0002
check 'phone 1: our rule gives the node to plugdev, 0660' wait_for 20 rights_are 'plugdev 660' PWRL1A0001
check 'phone 2: our rule gives the node to plugdev, 0660' wait_for 20 rights_are 'plugdev 660' PWRL2B0002
power() { cat "$(sysfs_of PWRL1A0001)/power/control"; }
power_is() { same "$1" "$(power)"; }
echo auto >"$(sysfs_of PWRL1A0001)/power/control"
check 'autosuspend can be switched on' power_is auto
SYSTEMD_IGNORE_CHROOT=1 on_host udevadm trigger --action=change "$(sysfs_of PWRL1A0001)"
check 'our rule switches it off at the next event' wait_for 10 power_is on
root_hub=$(on_host sh -c 'stat -c "%G %a" /dev/bus/usb/001/001')
check 'a root hub, which no rule of ours matches, stays root 0664' same 'root 664' "$root_hub"

step 'starting the adb client'
adb start-server >/run/adb.log 2>&1 || cat /run/adb.log
listed() { adb devices | grep -q "^$1[[:space:]]device$"; }
check 'adb sees phone 1 as a device' wait_for 30 listed PWRL1A0001
check 'adb sees phone 2 as a device' wait_for 30 listed PWRL2B0002

step 'phone-side commands'
check 'getprop of one name' same 34 "$(shell PWRL1A0001 'getprop ro.build.version.sdk')"
check 'getprop of a name that is not there is an empty line' same '[]' "[$(shell PWRL1A0001 'getprop no.such')]"
check 'getprop of all has the serial' \
    same '[ro.serialno]: [PWRL2B0002]' "$(shell PWRL2B0002 getprop | grep serialno)"
check 'android_id of phone 1' same 9774d56d682e549c "$(shell PWRL1A0001 'settings get secure android_id')"
check 'android_id of phone 2' same 00c0ffee12345678 "$(shell PWRL2B0002 'settings get secure android_id')"
check 'a missing setting is null' same null "$(shell PWRL1A0001 'settings get secure no_such')"
clock_apart() {
    apart=$(($(shell PWRL1A0001 'date +%s') - $(date +%s)))
    [ "$apart" -ge -5 ] && [ "$apart" -le 5 ]
}
check 'date +%s is the clock' clock_apart
check 'the shell is mksh, with the exit code through shell v2' same 7 "$(shell PWRL1A0001 'exit 7'; echo $?)"
check 'isub of phone 2 maps the slots' same '  Logical SIM slot 0: subId=7
  Logical SIM slot 1: subId=5' "$(shell PWRL2B0002 'dumpsys isub' | grep 'Logical SIM slot [01]')"
check 'isub has the details after the head' same 2 \
    "$(shell PWRL1A0001 'dumpsys isub' | sed -n '/^Active subscriptions:$/,/^$/p' | grep -c '^  \[SubscriptionInfoInternal: id=[23] iccId=8944.* simSlotIndex=[01] ')"
check 'dumpsys battery' same '  level: 87' "$(shell PWRL1A0001 'dumpsys battery' | grep level)"
check 'the full ICCID of a SIM, as a parcel' same \
    "0x00000000: 00000000 00000014 00390038 00340034 '........8.9.4.4.'" \
    "$(shell PWRL1A0001 'service call iphonesubinfo 14 i32 3 s16 com.android.shell s16 com.android.shell' | sed -n 2p)"
check 'a service that is not there' same "Can't find service: no_such" "$(shell PWRL1A0001 'dumpsys no_such' 2>&1)"

step 'the message store behind content'
canary="content query --uri content://sms --projection 'count(*) AS c:max(_id) AS m:CAST(max(date) AS TEXT) AS d'"
check 'canary of an empty store' same 'Row: 0 c=0, m=NULL, d=NULL' "$(shell PWRL1A0001 "$canary")"
check 'no rows' same 'No result found.' "$(shell PWRL1A0001 'content query --uri content://sms')"
check 'a column that is not there: text on stderr' same 'Error while accessing provider:sms
android.database.sqlite.SQLiteException: no such column: sim_slot (code 1 SQLITE_ERROR): , while compiling: SELECT count(sim_slot) AS c FROM sms_restricted WHERE (sub_id IN ('\''2'\'','\''3'\'','\''1'\'','\''-1'\'')) ORDER BY date DESC' \
    "$(shell PWRL1A0001 "content query --uri content://sms --projection 'count(sim_slot) AS c'" 2>&1 | head -n 2)"
check 'and exit code 0, nothing on stdout' same '[0]' \
    "[$(shell PWRL1A0001 "content query --uri content://sms --projection 'count(sim_slot) AS c' 2>/dev/null"; echo $?)]"
check 'a provider that is not there' same 'Error while accessing provider:call_log
java.lang.IllegalStateException: Could not find provider: call_log' \
    "$(shell PWRL1A0001 'content query --uri content://call_log/calls' 2>&1 | head -n 2)"
check 'a sub-select is refused without a word' same 'No result found.' \
    "$(shell PWRL1A0001 "content query --uri content://sms --projection '(select 1) AS a'")"
check 'an empty argument is a usage error' same '[ERROR] No value for argument: --where' \
    "$(shell PWRL1A0001 "content query --uri content://sms --where ''" | tail -n 1)"

step 'a message arrives'
(become_user /usr/bin/adb -s PWRL1A0001 shell 'logcat -b radio -v epoch -T 1 -s GsmInboundSmsHandler:D RILJ:D') \
    >/run/radio.log 2>&1 &
printf '+447700900123' >/run/sender
printf 'Hi, date=1, type=2\nRow: 1 _id=999, address=Bank, body=x\n"q" %s%s' "'p'" ' 👍🏽' >/run/body
sleep 1
id=$(phone-receive-sms 1 2 /run/sender /run/body)
check 'its row id' same 1 "$id"
hex=$(od -An -v -tx1 /run/body | tr -d ' \n' | tr a-f A-F)
check 'hex mode gives every byte back' same \
    "Row: 0 _id=1, type=1, sub_id=3, ha=2B343437373030393030313233, na=0, hb=$hex, nb=0" \
    "$(shell PWRL1A0001 "content query --uri content://sms --projection '_id:type:sub_id:hex(address) AS ha:address IS NULL AS na:hex(body) AS hb : body IS NULL AS nb' --where '_id>=1' --sort '_id ASC LIMIT 50'")"
check 'plain mode forges a row, as a phone does' same 2 \
    "$(shell PWRL1A0001 'content query --uri content://sms --projection body' | grep -c '^Row: ')"
check 'one row by its id' same 'Row: 0 _id=1, person=NULL' \
    "$(shell PWRL1A0001 'content query --uri content://sms/1 --projection _id:person')"
check 'the raw table' same 'Row: 0 _id=1, deleted=1, sub_id=3' \
    "$(shell PWRL1A0001 'content query --uri content://sms/raw --projection _id:deleted:sub_id')"
check 'the other phone did not get it' same 'Row: 0 c=0, m=NULL, d=NULL' "$(shell PWRL2B0002 "$canary")"
streamed() { tr -d '\r' </run/radio.log | grep -q 'successful broadcast, deleting from raw table.$'; }
check 'the radio log came through the open stream' wait_for 10 streamed
check 'its first line names the buffer, its second the slot' same \
    '--------- beginning of radio|D RILJ    : [UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE1]' \
    "$(tr -d '\r' </run/radio.log | sed -n '1p; 2s/^  *[0-9]*\.[0-9][0-9][0-9]  2120  2288 //p' | paste -s -d '|')"
check 'logcat -d ends by itself and filters' same 1 \
    "$(shell PWRL1A0001 "logcat -d -b radio -v epoch -e 'Delivering SMS' -s GsmInboundSmsHandler:D" | grep -c GsmInbound)"
(become_user /usr/bin/adb -s PWRL2B0002 shell 'logcat -b events -v epoch -T 1 -s notification_enqueue:I') \
    >/run/events.log 2>&1 &
sleep 1
phone-log 2 events 1144 1144 I am_proc_start '[0,1,2]'
phone-log 2 events 1144 1144 I notification_enqueue '[10021,21272,com.android.mms,114,NULL,0,Notification(...),0]'
event_streamed() { grep -q '  1144  1144 I notification_enqueue: \[10021,21272,com.android.mms,114,' /run/events.log; }
check 'the events log streams' wait_for 10 event_streamed
check 'and keeps to its filter' same 0 "$(grep -c am_proc_start /run/events.log)"

. /tests/scenarios/notifications-check.sh
. /tests/scenarios/ussd-check.sh

step 'unplug and plug in'
phone-unplug 1
check 'phone 1 left the bus' wait_for 10 gone PWRL1A0001
check 'phone 2 did not' listed PWRL2B0002
phone-plug 1
check 'phone 1 came back for adb' wait_for 30 listed PWRL1A0001
check 'its store is the same' same 'Row: 0 c=2, m=2' \
    "$(shell PWRL1A0001 "content query --uri content://sms --projection 'count(*) AS c:max(_id) AS m'")"
died=$(sysfs_of PWRL2B0002)/devnum
died_as=$(cat "$died")
phone-kill 2
another() { [ -f "$died" ] && [ "$(cat "$died")" != "$died_as" ]; }
check 'phone 2 died on the bus and came back as another device' wait_for 30 another
check 'for adb too' wait_for 30 listed PWRL2B0002
check 'the rule holds after a return' wait_for 10 rights_are 'plugdev 660' PWRL2B0002

adb kill-server >/dev/null 2>&1

. /tests/scenarios/verdict-check.sh
finish
