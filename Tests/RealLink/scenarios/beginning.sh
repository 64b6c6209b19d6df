# The beginning that forwarding scenarios share: phones with a past, receiver, daemon, webhook, both phones online.
# Sourced after forwarding.sh.
printf 'earlier: stored before phonewire knew this phone' | message 1 1 +447700900001
printf 'earlier: stored before phonewire knew this phone' | message 2 2 +447700900002
printf 'earlier: posted before phonewire knew this phone' | notification 1 com.example.mail 9 'Old mail'
printf 'earlier: posted before phonewire knew this phone' | chat 1 447700900701@s.whatsapp.net Ana Ana
phone-plug 1
phone-plug 2
start_receiver
step 'starting the daemon as an unprivileged user of group plugdev'
must 'phonewire run answers on its socket' start_daemon
must 'phonewire webhooks add' add_webhook
must 'phone 1 is online' wait_for 120 state_is online PWRL1A0001
must 'phone 2 is online' wait_for 60 state_is online PWRL2B0002
holds_usb() { # the daemon itself holds both nodes open, through the rights that the rule gave
    for open_file in /proc/"$daemon"/fd/*; do readlink "$open_file"; done >/run/open-files
    grep -q "$(node_of PWRL1A0001)\$" /run/open-files && grep -q "$(node_of PWRL2B0002)\$" /run/open-files
}
check 'the daemon has both USB nodes open' holds_usb
check 'and runs without rights of its own' same 'Uid: 64990 CapEff: 0000000000000000 ' \
    "$(sed -n 's/^\(Uid:\)\t\([0-9]*\).*/\1 \2 /p; s/^\(CapEff:\)\t\(.*\)/\1 \2 /p' "/proc/$daemon/status" | paste -s -d '')"
