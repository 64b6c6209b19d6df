# The phone side of a USSD run, from the choice of the SIM to the answer in the log. Sourced by self-check.sh.
step 'USSD'
networks
printf 'Main menu\n1 Balance\n2 Offers' | phone-network 1 1 '*100#' menu
printf 'Balance: 3.20' | phone-network 1 1 '*100#,1' final
component=com.android.phone/com.android.services.telephony.TelephonyConnectionService
choose="telecom set-user-selected-outgoing-phone-account"
chosen() { shell "$1" 'settings get global multi_sim_voice_call'; }
focus() { shell "$1" 'dumpsys window' | sed -n 's/^  mCurrentFocus=Window{8f2e1cd u0 \(.*\)}$/\1/p'; }
focus_is() { same "$2" "$(focus "$1")"; }
dial() { # PHONE CODE-IN-URI
    shell "$1" "am start -a android.intent.action.CALL -n com.android.server.telecom/.components.UserCallActivity -d 'tel:$2'"
}
since=$(date +%s).000
ussd_log() { # PHONE, without times
    shell "$1" "logcat -d -b main -b system -b radio -v epoch -T $since -s phonewire-ussd:I RILJ:D PhoneUtils:D GsmMmiCode:D Telecom:W" |
        sed 's/^ *[0-9]*\.[0-9][0-9][0-9] //; s/\[[0-9]\{4\}\]/[N]/'
}
answered() { [ "$(ussd_log "$1" | grep -c 'has finished running')" = "$2" ]; } # PHONE COUNT

check 'pidof of the telephony process' same 2120 "$(shell PWRL1A0001 'pidof com.android.phone')"
check 'pidof of another: nothing, exit code 1' same '[]1' "[$(shell PWRL1A0001 'pidof no.such'; printf ']%s' $?)"
check 'no call is up' same 'mCallState=0|mCallState=0' \
    "$(shell PWRL1A0001 'dumpsys telephony.registry' | grep -o 'mCallState=.*' | paste -s -d '|')"
check 'the launcher has the focus' focus_is PWRL1A0001 \
    com.google.android.apps.nexuslauncher/com.google.android.apps.nexuslauncher.NexusLauncherActivity
check 'phone 1 calls through its first slot' same 2 "$(chosen PWRL1A0001)"
check 'phone 2 asks every time' same -1 "$(chosen PWRL2B0002)"
shell PWRL1A0001 "log -p i -t phonewire-ussd 0123456789abcdef"
check 'am start masks the number' same \
    'Starting: Intent { act=android.intent.action.CALL dat=tel:xxxxx cmp=com.android.server.telecom/.components.UserCallActivity }' \
    "$(dial PWRL1A0001 '*143%23')"
check 'the answer is in the log' wait_for 20 answered PWRL1A0001 1
ussd_log PWRL1A0001 >/run/ussd.log
check 'behind the mark: sent, taken, answered' same '  I phonewire-ussd: 0123456789abcdef
 2120  2120 D RILJ    : [N]> SEND_USSD ussd = ******* [PHONE0]
 2120  2288 D RILJ    : [N]< SEND_USSD  [PHONE0]
 2120  2288 D RILJ    : [UNSL]< UNSOL_ON_USSD 0 [PHONE0]' "$(sed -n '/ RILJ /p; s/^.*\(  *I phonewire-ussd\)/ \1/p' /run/ussd.log)"
check 'text by the phone process, prefix on each line, also empty ones' same \
    " 2120  2120 D PhoneUtils: displayMMIComplete: state=COMPLETE
 2120  2120 D PhoneUtils: displayMMIComplete (failed): using text from MMI message: 'Balance: 152.40
 2120  2120 D PhoneUtils: 
 2120  2120 D PhoneUtils: Bonus: 10 SMS & 300 MB
 2120  2120 D PhoneUtils: More: <*110*9#>'
 2120  2120 D PhoneUtils: displayMMIComplete: MMI code has finished running." \
    "$(sed -n '/state=COMPLETE/,/finished running/p' /run/ussd.log)"
check 'text by the radio' same ' 2120  2120 D GsmMmiCode: onUssdFinished: ussdMessage=Balance: 152.40' \
    "$(grep 'D GsmMmiCode' /run/ussd.log | sed -n 1p)"
check 'the result has the focus' focus_is PWRL1A0001 com.android.phone
shell PWRL1A0001 'input keyevent 4'
check 'BACK closes it' focus_is PWRL1A0001 "$(cat /phones/1/home)"

check 'another SIM is chosen' same \
    "Success - ComponentInfo{$component}, ***, UserHandle{0} set as default outgoing account." \
    "$(shell PWRL1A0001 "$choose $component 3 0")"
check 'the setting shows it' same 3 "$(chosen PWRL1A0001)"
shell PWRL1A0001 "$choose $component 99 0" >/run/choice
check 'one that is not there: Success too' same 1 "$(grep -c '^Success - ' /run/choice)"
check 'but nothing changed' same 3 "$(chosen PWRL1A0001)"
check 'and Telecom says so in the log' same 1 "$(ussd_log PWRL1A0001 | grep -c 'W Telecom : .*nonexistent default outgoing')"
dial PWRL1A0001 '*143%23' >/dev/null
check 'the other slot answers' wait_for 20 answered PWRL1A0001 2
check 'as the radio says' same 1 "$(ussd_log PWRL1A0001 | grep -c 'UNSOL_ON_USSD 0 \[PHONE1\]')"
dial PWRL1A0001 '*999%23' >/dev/null
check 'a code that the network does not know fails' wait_for 20 answered PWRL1A0001 3
check 'with an error of the radio' same 1 "$(ussd_log PWRL1A0001 | grep -c '\[N\]< SEND_USSD error 2 \[PHONE1\]$')"
check 'and a state' same ' 2120  2120 D PhoneUtils: displayMMIComplete: state=FAILED' \
    "$(ussd_log PWRL1A0001 | grep -B 1 "message: 'Connection problem or invalid MMI code.'$" | sed -n 1p)"
check 'a text may hold the words of the log' same 4 "$(ussd_log PWRL1A0001 | grep -c ' displayMMIComplete: state=FAILED$')"

shell PWRL1A0001 "$choose $component 2 0" >/dev/null
dial PWRL1A0001 '*100%23' >/dev/null
menu() { ussd_log PWRL1A0001 | grep -q 'Constructing input dialog'; }
check 'a menu asks' wait_for 20 menu
check 'with its text' same 1 "$(ussd_log PWRL1A0001 | grep -c "using text from PENDING MMI message: 'Main menu$")"
shell PWRL1A0001 'input keyevent 4'
check 'BACK does not close it' focus_is PWRL1A0001 com.android.phone
: >/phones/1/keyguard
check 'a locked screen has the focus' focus_is PWRL1A0001 NotificationShade
shell PWRL1A0001 "input text '1'"
check 'and gets what is typed' same 'text 1' "$(cat /phones/1/typed-at-keyguard)"
rm /phones/1/keyguard
shell PWRL1A0001 "input text '1'"
shell PWRL1A0001 'input keyevent 66'
check 'an answer is sent' wait_for 20 answered PWRL1A0001 4
check 'and answered' same 1 "$(ussd_log PWRL1A0001 | grep -c "MMI message: 'Balance: 3.20'$")"

check 'asking every time is a choice too' same 'Success - null set as default outgoing account.' "$(shell PWRL1A0001 "$choose")"
check 'then the setting is -1' same -1 "$(chosen PWRL1A0001)"
dial PWRL1A0001 '*143%23' >/dev/null
check 'and the dialer asks' wait_for 10 focus_is PWRL1A0001 com.google.android.dialer/com.android.incallui.InCallActivity
check 'a # that is not escaped cuts the number off' same 'Starting: Intent { act=android.intent.action.CALL dat=tel:xxxx }' \
    "$(shell PWRL1A0001 "am start -a android.intent.action.CALL -d 'tel:*143#'")"
check 'what was dialled, with its slot' same '0|*143#|ussd
1|*143#|ussd
1|*999#|ussd
0|*100#|ussd' "$(cut -d '|' -f 1-3 /phones/1/dialled)"
check 'and every choice of a SIM' same '3 2 -1' "$(paste -s -d ' ' /phones/1/voice-choices)"
