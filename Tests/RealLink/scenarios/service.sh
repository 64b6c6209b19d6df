# The shipped unit under a real systemd: its sandbox lets the daemon reach the phones and nothing stops it, the watchdog
# works, and it ends cleanly. The unit is run as it is; only its log goes to a file.
set -u
. /tests/machine/checks.sh
. /tests/machine/forwarding.sh
units=/host/etc/systemd/system
log=/run/phonewire-service.log

step 'starting systemd'
mount -t cgroup2 cgroup2 /host/sys/fs/cgroup
# Only our unit: what the host has enabled, and what its boot wants, stays out.
mount -t tmpfs tmpfs "$units"
for wants in /host/usr/lib/systemd/system/*.target.wants; do mount -t tmpfs tmpfs "$wants"; done
mkdir "$units/phonewire.service.d"
cp "/host$(dirname "$(cat /results/job/rules)")/../systemd/phonewire.service" "$units/"
printf '[Service]\nStandardOutput=append:%s\nStandardError=append:%s\n' "$log" "$log" \
    >"$units/phonewire.service.d/log.conf"
touch /host/usr/bin/phonewire
mount --bind "/host$program" /host/usr/bin/phonewire
unshare --fork --pid --mount sh -c \
    'mount -t proc proc /host/proc && exec env -i container=phonewire-test chroot /host /lib/systemd/systemd --unit=phonewire.service' \
    >/results/systemd.log 2>&1 &
started=$!
# systemd answers only to processes that it can see, so systemctl runs in its process and mount namespaces.
control_unit() {
    nsenter -t "$(tr -d ' ' <"/proc/$started/task/$started/children")" -p -m \
        chroot /host /usr/bin/env SYSTEMD_IGNORE_CHROOT=1 systemctl --no-pager "$@"
}
show() { control_unit show --value --property="$1" phonewire.service; }
is() { same "$2" "$(show "$1")"; }
tell() { tail -n 20 "/host$log" /results/systemd.log 2>/dev/null; control_unit status phonewire.service; }
active() { is ActiveState active || { tell; return 1; }; }
check 'the service reports that it is ready' wait_for 90 active
check 'and was not restarted on the way' is NRestarts 0

step 'a phone through the sandbox'
phone-plug 1
check 'phone 1 is on the bus' wait_for 20 on_bus PWRL1A0001
check 'the service serves it' wait_for 90 state_is online PWRL1A0001
phone-unplug 1
check 'phone 1 left the bus' wait_for 10 gone PWRL1A0001
check 'the service says so' wait_for 30 offline PWRL1A0001
phone-plug 1
check 'hot-plug reaches the service' wait_for 90 state_is online PWRL1A0001
main_pid() { head -n 1 /host/sys/fs/cgroup/system.slice/phonewire.service/cgroup.procs; }
status_of() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$(main_pid)/status"; }
check 'it has no capability' same 0000000000000000 "$(status_of CapBnd)"
check 'and a system call filter' same 2 "$(status_of Seccomp)"
check 'state is for its own user alone' same '700 phonewire' "$(on_host stat -c '%a %U' /var/lib/phonewire)"
check 'the control socket is for the group' same '660 phonewire' "$(on_host stat -c '%a %G' "$control")"
check 'its folder too' same '750 phonewire' "$(on_host stat -c '%a %G' /run/phonewire)"

step 'the watchdog: the daemon is stopped as if it hung'
kill -STOP "$(main_pid)"
restarted() { is NRestarts 1; }
check 'systemd restarts it' wait_for 120 restarted
check 'it is ready again' wait_for 90 active
check 'and serves the phone again' wait_for 90 state_is online PWRL1A0001

step 'stopping it'
control_unit stop phonewire.service
check 'it ended by itself, with exit code 0' same 'success 0' "$(show Result) $(show ExecMainStatus)"
cp "/host$log" /results/phonewire-service.log
finish
