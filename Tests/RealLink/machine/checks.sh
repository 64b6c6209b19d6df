# For scenarios: checks that count, waiting with a limit, running programs on the host's side. Sourced.
# shellcheck shell=sh
set -u
checks_passed=0
checks_failed=0

# Counts one check: check "what must hold" COMMAND... ; the command's output is shown when it fails.
check() {
    check_name=$1
    shift
    if "$@" >/run/check.out 2>&1; then
        checks_passed=$((checks_passed + 1))
        printf 'ok    %s\n' "$check_name"
    else
        checks_failed=$((checks_failed + 1))
        printf 'FAIL  %s\n' "$check_name"
        tail -n 40 /run/check.out | cut -c 1-300 | sed 's/^/      | /'
        return 1
    fi
}

# A check without which the rest makes no sense: the scenario ends when it fails.
must() {
    check "$@" || finish
}

# Shows what the scenario does, with the seconds since the machine's start.
step() {
    read -r uptime _ </proc/uptime
    printf '%6.1f s  %s\n' "$uptime" "$*"
}

# Repeats a command until it succeeds, at most so many seconds: wait_for SECONDS COMMAND...
wait_for() {
    read -r wait_now _ </proc/uptime
    wait_until=$((${wait_now%.*} + $1))
    shift
    until "$@"; do
        read -r wait_now _ </proc/uptime
        [ "${wait_now%.*}" -lt "$wait_until" ] || return 1
        sleep 0.5
    done
}

# Two texts are equal, byte for byte but for the line feeds at their end.
same() { # EXPECTED FOUND
    [ "$1" = "$2" ] || { printf 'expected: %s\nfound:    %s\n' "$1" "$2"; return 1; }
}
differs() { # EXPECTED-NOT FOUND, which is not empty
    if [ "$1" = "$2" ] || [ -z "$2" ]; then
        printf 'not expected: %s\nfound:        %s\n' "$1" "$2"
        return 1
    fi
}

# Runs a program of the host: as root, or as the unprivileged user whose only extra group is plugdev.
on_host() { chroot /host "$@"; }
as_user() { (become_user "$@"); }
# The same without coming back, so that in `(become_user PROGRAM) &` the process is the program and `$!` its id.
become_user() {
    plugdev=$(sed -n 's/^plugdev:[^:]*:\([0-9]*\):.*/\1/p' /host/etc/group)
    exec chroot /host /usr/bin/setpriv --reuid=64990 --regid=64990 --groups="${plugdev:?}" --no-new-privs \
        --inh-caps=-all /usr/bin/env -i PATH=/usr/bin:/bin HOME=/var/lib/phonewire LANG=C.UTF-8 "$@"
}

# The phones as the host's kernel and udev show them, by USB serial.
sysfs_of() { # the device's folder in /sys
    for sysfs_device in /sys/bus/usb/devices/*; do
        if [ "$(cat "$sysfs_device/serial" 2>/dev/null)" = "$1" ]; then
            printf '%s\n' "$sysfs_device"
            return 0
        fi
    done
    return 1
}
node_of() { # the device node
    sysfs_folder=$(sysfs_of "$1") || return 1
    printf '/dev/bus/usb/%03d/%03d\n' "$(cat "$sysfs_folder/busnum")" "$(cat "$sysfs_folder/devnum")"
}
on_bus() { sysfs_of "$1" >/dev/null; }
gone() { ! on_bus "$1"; }
rights_are() { # EXPECTED SERIAL: "group mode", the group by the host's own group file
    same "$1" "$(on_host stat -c '%G %a' "$(node_of "$2")")"
}

# The last line of every scenario, also of one that `must` ends early. Passing needs at least one check and no failure.
finish() {
    printf '%d passed, %d failed\n' "$checks_passed" "$checks_failed"
    if [ "$checks_failed" = 0 ] && [ "$checks_passed" -gt 0 ]; then
        : >/run/scenario-passed
        exit 0
    fi
    exit 1
}
