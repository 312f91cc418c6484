#!/usr/bin/env bash
# Runs as root under the systemd that unit-boot.sh has started, and prints a line for each check.
set -uo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

unit=hyper2kvm-manifest
flow=/var/lib/hyper2kvm/manifest-workflow
output=/var/lib/hyper2kvm/output
configuration=/etc/hyper2kvm/manifest-daemon.yaml
log=/var/log/hyper2kvm/manifest-daemon.log

# within SECONDS COMMAND... : the command succeeds in that time.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { systemctl status --no-pager -n 30 "$unit"; ls -R "$flow"; return 1; }
    sleep 0.5
  done
}
main_pid() { systemctl show -p MainPID --value "$unit"; }
shows() { local value; value=$(systemctl show -p "$1" --value "$unit"); [ "$value" = "$2" ] || { echo "$1=$value"; false; }; }
runs() { systemctl -q is-active "$unit" && hyper2kvm status | grep '^daemon: running'; }
processed() { ls "$flow"/processed/*/"$1.json.report.json" || ls "$flow"/processed/*/"$1.report.json"; }
boots_on() { test -e "$flow/processing/endless.json" && pgrep -u hyper2kvm -f '^[^ ]*qemu-system-x86_64'; }
drop() { printf '%s\n' "$2" >"$flow/to_be_processed/.$1.tmp" && mv "$flow/to_be_processed/.$1.tmp" "$flow/to_be_processed/$1.json"; }
ended_in_log() { grep -c 'daemon-stopped.* exit=0' "$log"; }
quiet() { ! grep -E ' (WARN|ERROR) ' "$log"; }
# What systemd says about the unit.
journal_is_quiet() { ! journalctl -q --no-pager -b -p warning -u "$unit" | grep .; }
page_answers() {
  exec 3<>/dev/tcp/127.0.0.1/8480 && printf 'GET / HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 && head -n 1 <&3 | grep ' 200 '
}

ok 'the service takes manifests after the installation alone' within 300 runs
ok 'it is enabled' systemctl is-enabled "$unit"
ok 'systemd finds no fault with the unit' sh -c "! systemd-analyze verify --man=no $unit.service 2>&1 | grep ."
systemd-analyze security --no-pager "$unit" | tail -n 1
exposure=$(systemd-analyze security --no-pager "$unit" | sed -n 's/.*Overall exposure level.*: \([0-9]*\)\..*/\1/p')
ok 'its exposure is below 2' test "${exposure:-9}" -lt 2
pid=$(main_pid)
ok 'it runs as its user' test "$(ps -o user= -p "$pid")" = hyper2kvm
ok 'it has no capability' grep -q '^CapEff:.0*$' "/proc/$pid/status"
ok 'it gets no rights' grep -q '^NoNewPrivs:.1$' "/proc/$pid/status"
ok 'its system calls are filtered' grep -q '^Seccomp:.2$' "/proc/$pid/status"
ok 'Java has taken the archive' grep -q hyper2kvm.jsa "/proc/$pid/maps"
ok 'the page answers' within 60 page_answers
grep -E '^(VmRSS|VmHWM):' "/proc/$pid/status"

drop small '{"version": "1.0", "pipeline": {"load": {"source_type": "raw", "source_path": "/srv/import/small.raw"}, "convert": {"output_format": "qcow2"}}}'
ok 'a manifest that is dropped is converted' within 300 processed small
ok 'the output is the same disk' qemu-img compare /srv/import/small.raw "$output/small-converted.qcow2"
ok 'the output is the daemon'\''s' test "$(stat -c %U:%a "$output/small-converted.qcow2")" = hyper2kvm:640
cat >/srv/tiny.json <<'MANIFEST'
{"version": "1.0", "pipeline": {"load": {"source_type": "raw", "source_path": "/srv/import/tiny.raw"},
  "inspect": {"enabled": true}, "fix": {"fstab": {}, "network": {}}, "convert": {"compress": true}, "validate": {}}}
MANIFEST
ok 'a manifest is submitted' runuser -u hyper2kvm -- hyper2kvm submit /srv/tiny.json
ok 'its guest is inspected and fixed by libguestfs' within 900 processed tiny
ok 'the fix is in its report' sh -c "grep -A 12 '\"file\" : \"/etc/fstab\"' $flow/processed/*/tiny.json.report.json | grep UUID="
ok 'the status is shown' runuser -u hyper2kvm -- hyper2kvm status
ok 'the log has no warning' quiet
ok 'the journal has no warning' journal_is_quiet

# A VM that runs long: the boot test of a disk whose boot sector jumps to itself.
truncate -s 64M /srv/import/endless.raw
printf '\353\376' | dd of=/srv/import/endless.raw conv=notrunc status=none
printf '\125\252' | dd of=/srv/import/endless.raw conv=notrunc bs=1 seek=510 status=none
printf 'shutdown_timeout: 5s\nboot_test_timeout: 120s\n' >>"$configuration"
ok 'the service is restarted' systemctl restart "$unit"
ok 'it runs with the changed configuration' within 300 runs
# Where the machine is slow, its boot test comes to a verdict before what it shall be at work for: then once more.
endless() {
  [ -e "$flow/processing/endless.json" ] || [ -e "$flow/to_be_processed/endless.json" ] ||
    drop endless '{"version": "1.0", "pipeline": {"load": {"source_type": "raw", "source_path": "/srv/import/endless.raw"}, "convert": {}, "validate": {"boot_test": true}}}'
}
endless
ok 'a VM is at work' within 300 boots_on
begin=$SECONDS
ok 'the service is stopped while the VM runs' systemctl stop "$unit"
echo "the stop took $((SECONDS - begin)) s with shutdown_timeout: 5s"
ok 'the stop is no failure' shows Result success
ok 'the daemon has ended by itself' test "$(ended_in_log)" = 2
not 'no process of its user is left' pgrep -u hyper2kvm
ok 'the manifest is back in the drop zone' test -f "$flow/to_be_processed/endless.json"
not 'nothing is left in processing' sh -c "ls $flow/processing | grep ."
not 'no part of an output is left' sh -c "find $output -name '*endless*' | grep ."
ok 'the service is started again' systemctl start "$unit"
ok 'the VM runs again' within 300 boots_on
pid=$(main_pid)
ok 'a later version is installed while the VM runs' env DEBIAN_FRONTEND=noninteractive dpkg --force-confold -i /srv/99.deb
ok 'the service runs after the upgrade' within 300 runs
ok 'it is another process' test "$(main_pid)" != "$pid"
ok 'the daemon has ended by itself at the upgrade' test "$(ended_in_log)" = 3
endless
ok 'the VM runs in the later version' within 300 boots_on
pid=$(main_pid)
kill -KILL "$pid"
ok 'systemd starts a killed daemon again' within 300 sh -c "systemctl -q is-active $unit && [ \"\$(systemctl show -p MainPID --value $unit)\" != $pid ]"
endless
ok 'the VM runs after the crash' within 300 boots_on
ok 'the manifest comes to its end' within 900 sh -c "ls $flow/failed/*/endless*.json.error.json"
ok 'its boot test has failed' sh -c "grep '\"code\" : \"BOOT_' $flow/failed/*/endless*.json.error.json"

sed -i 's/^manifest_workflow_dir: .*/manifest_workflow_dir: 7: 8/' "$configuration"
systemctl restart "$unit"
ok 'a wrong configuration is a failure' within 120 systemctl -q is-failed "$unit"
ok 'and is not tried again' shows NRestarts 0
ok 'the exit code is 2' shows ExecMainStatus 2
sed -i 's,^manifest_workflow_dir: .*,manifest_workflow_dir: /var/lib/hyper2kvm/manifest-workflow,' "$configuration"
systemctl start "$unit"
ok 'the service runs with the corrected one' within 300 runs
ok 'the package is removed while the service runs' env DEBIAN_FRONTEND=noninteractive dpkg -r hyper2kvm
not 'the service is stopped' systemctl -q is-active "$unit"
not 'no process of its user is left after the removal' pgrep -u hyper2kvm
ok 'the outputs are kept' test -s "$output/small-converted.qcow2"
ok 'the package is installed again' env DEBIAN_FRONTEND=noninteractive dpkg --force-confold -i /srv/99.deb
ok 'the service runs again' within 300 runs
ok 'the package is purged while the service runs' env DEBIAN_FRONTEND=noninteractive dpkg -P hyper2kvm
not 'the service is stopped by the purge' systemctl -q is-active "$unit"
ok 'the outputs are kept by the purge' test -s "$output/small-converted.qcow2"
finish unit
