#!/usr/bin/env bash
# Installs the Debian package in a clean root of a Debian release, boots that by systemd-nspawn, with the
# release's systemd and the package's unit, and lets it check itself (unit-check.sh): the service starts,
# dropped manifests are converted, a stop and an upgrade while a VM runs lose nothing.
# Prints a line for each check. Needs root, mmdebstrap, systemd-nspawn, and a way to Debian's archive.
#
# Usage: unit-boot.sh RELEASE DEB     e.g. unit-boot.sh trixie target/dist/hyper2kvm.deb
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
esac
own_mounts "$0" "$@"
release=$1
deb=$(realpath -e "$2")
# In seconds, for guests in emulation on a busy machine.
readonly LIMIT=2400
need mmdebstrap unshare systemd-nspawn
roots_dir
clean_root "$release" root

say "installing on $release"
cp "$deb" "$ROOT/srv/first.deb"
newer "$deb" 99.0 "$ROOT/srv/99.deb"
# A kernel for libguestfs, QEMU for the boot test.
apt_in install systemd-sysv dbus procps linux-image-amd64 qemu-system-x86 /srv/first.deb >"$SCRATCH/apt" 2>&1 ||
  { tail -n 40 "$SCRATCH/apt"; die 'apt does not install it'; }

mkdir "$ROOT/srv/import" "$ROOT/srv/test"
head -c 8M /dev/urandom >"$ROOT/srv/import/small.raw"
"$guests/build-tiny.sh" --format raw "$SCRATCH/tiny" >/dev/null
cp "$SCRATCH/tiny/tiny.raw" "$ROOT/srv/import/tiny.raw"
cp "$here"/{checks,unit-check}.sh "$ROOT/srv/test"
cat >"$ROOT/etc/systemd/system/check.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/srv/test/unit-check.sh
ExecStopPost=/usr/bin/systemctl --no-block poweroff
StandardOutput=file:/srv/test/output
StandardError=inherit
TimeoutStartSec=infinity
[Install]
WantedBy=default.target
UNIT
# systemd-nspawn mounts another boot id over the kernel's, which a unit with ProtectKernelTunables does not
# see under each systemd: then the daemon and its commands would believe in different boots.
cat >"$ROOT/etc/systemd/system/boot-id.service" <<'UNIT'
[Unit]
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
ExecStart=/usr/bin/umount /proc/sys/kernel/random/boot_id
[Install]
WantedBy=sysinit.target
UNIT
in_root systemctl -q enable boot-id.service check.service

say 'booting it'
code=0
# The hierarchy of cgroups is the release's own, whatever this machine has.
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout -k 10 "$LIMIT" systemd-nspawn --quiet --register=no --keep-unit --machine="hyper2kvm-$$" \
  --private-network --resolv-conf=off --timezone=off --link-journal=no --console=pipe --boot -D "$ROOT" \
  </dev/null >"$SCRATCH/console" 2>&1 || code=$?
cat "$ROOT/srv/test/output" || true
if ! tail -n 1 "$ROOT/srv/test/output" | grep -q '^unit: [0-9]* checks passed$'; then
  tail -n 20 "$SCRATCH/console" >&2
  die "the unit does not do what it must on $release (exit code $code); see above"
fi
printf '%s: the unit does what it must\n' "$release"
