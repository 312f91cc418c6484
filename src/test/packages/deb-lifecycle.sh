#!/usr/bin/env bash
# Installs the Debian package in a clean root of a Debian release, upgrades it with a changed
# configuration, a route and manifests in place, removes it, installs it again and purges it, and checks
# after each step what must be there and what not.
# Needs root, mmdebstrap, dpkg-deb.
#
# Usage: deb-lifecycle.sh RELEASE DEB     e.g. deb-lifecycle.sh trixie target/dist/hyper2kvm.deb
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
esac
release=$1
deb=$(realpath -e "$2")
[ "$(id -u)" = 0 ] || die 'root is needed for a clean root'
need dpkg-deb mmdebstrap unshare
mkdir -p "$GUEST_CACHE"
scratch_dir
require_package_tree "$release"

root=$SCRATCH/root
unpack_package_tree "$root"
etc=$root/etc/hyper2kvm
archive=$root/var/cache/hyper2kvm-java/hyper2kvm.jsa
program=$root/usr/share/hyper2kvm
unit=hyper2kvm-manifest.service

# newer DEB TARGET : the package as a later version whose configuration has another line.
newer() {
  local tree=$SCRATCH/newer
  rm -rf "$tree"
  dpkg-deb -R "$1" "$tree"
  sed -i 's/^Version: .*/Version: 99.0/' "$tree/DEBIAN/control"
  printf '# A line of the later version.\n' >>"$tree/etc/hyper2kvm/manifest-daemon.yaml"
  printf 'later\n' >"$tree/usr/share/hyper2kvm/later"
  (cd "$tree" && find etc usr -type f -exec md5sum {} + >DEBIAN/md5sums)
  dpkg-deb -Znone --root-owner-group -b "$tree" "$2" >/dev/null
}

dpkg_in() {
  in_root "$root" dpkg "$@"
}

# as_service COMMAND... : as the daemon's user.
as_service() {
  in_root "$root" setpriv --reuid=hyper2kvm --regid=hyper2kvm --init-groups "$@"
}



# owned MODE PATH : user by the root's own password file.
owned() {
  local expected=$1 path=$2 uid
  uid=$(sed -n "s/^${expected%%:*}:[^:]*:\([0-9]*\):.*/\1/p" "$root/etc/passwd")
  [ "$(stat -L -c '%u:%a' "$path")" = "$uid:${expected#*:}" ]
}

uses_archive() {
  in_root "$root" env HYPER2KVM_JAVA_OPTS='-Xshare:on' hyper2kvm --version &&
    in_root "$root" env HYPER2KVM_JAVA_OPTS='-Xlog:class+load:file=/root/loaded' hyper2kvm --version &&
    grep -q 'io.hyper2kvm.cli.Hyper2Kvm source: shared objects file' "$root/root/loaded"
}

run_daemon() {
  local out=$SCRATCH/daemon
  in_root "$root" setpriv --reuid=hyper2kvm --regid=hyper2kvm --init-groups \
    timeout 120 env HYPER2KVM_KVM=off hyper2kvm --config /etc/hyper2kvm/manifest-daemon.yaml >"$out" 2>&1 &
  local pid=$! waited=0
  until grep -q 'Started manifest-intake' "$out"; do
    kill -0 "$pid" 2>/dev/null && [ "$waited" -lt 300 ] || { cat "$out"; return 1; }
    sleep 0.4
    waited=$((waited + 1))
  done
  pkill -TERM -P "$pid" || kill -TERM "$pid"
  wait "$pid" || true
}

say "installing on $release"
cp "$deb" "$root/root/first.deb"
newer "$deb" "$root/root/newer.deb"
ok 'installs with its dependencies alone' dpkg_in -i /root/first.deb
ok 'the user is there' in_root "$root" id hyper2kvm
ok 'the user is in the group kvm' in_root "$root" sh -c 'id -nG hyper2kvm | grep -qw kvm'
ok 'the user cannot log in' grep -q '^hyper2kvm:.*:/usr/sbin/nologin$' "$root/etc/passwd"
ok 'the state belongs to the user alone' owned hyper2kvm:750 "$root/var/lib/hyper2kvm"
ok 'the log belongs to the user alone' owned hyper2kvm:750 "$root/var/log/hyper2kvm"
ok 'the configuration belongs to root' owned root:644 "$etc/manifest-daemon.yaml"
ok 'routes.d belongs to root' owned root:755 "$etc/routes.d"
ok 'lib.d belongs to root' owned root:755 "$etc/lib.d"
ok 'the configuration is kept at upgrades' in_root "$root" sh -c 'dpkg-query -W -f "\${Conffiles}" hyper2kvm | grep -q manifest-daemon.yaml'
ok 'the program runs' in_root "$root" hyper2kvm --version
ok 'the program has the archive' owned root:644 "$archive"
ok 'the archive is in a folder of root' owned root:755 "$(dirname "$archive")"
ok 'Java takes the archive' uses_archive
ok 'the configuration suits the user' as_service hyper2kvm daemon --config /etc/hyper2kvm/manifest-daemon.yaml --print-config
ok 'the unit is enabled' in_root "$root" systemctl is-enabled "$unit"
ok 'systemd takes the unit' in_root "$root" systemd-analyze verify --man=no "/usr/lib/systemd/system/$unit"
ok 'the completion of bash is readable' bash -n "$root/usr/share/bash-completion/completions/hyper2kvm"
ok 'the man pages are there' test -f "$root/usr/share/man/man1/hyper2kvm-submit.1.gz"
ok 'the list of components is there' grep -q '"bomFormat"' "$root/usr/share/doc/hyper2kvm/bom.json"
ok 'no file differs from the package' in_root "$root" dpkg --verify hyper2kvm
ok 'the daemon runs as the user' run_daemon

say 'Java changes'
printf 'another Java\n' >"$archive.of"
before=$(stat -c %i "$archive")
ok 'a trigger of Java is taken' in_root "$root" dpkg-trigger --by-package=hyper2kvm /usr/lib/jvm
ok 'the trigger is worked on' dpkg_in --configure -a
ok 'the archive was made anew' test "$(stat -c %i "$archive")" != "$before"
ok 'Java takes the new archive' uses_archive
mv "$root/usr/bin/java" "$root/usr/bin/java.away"
printf 'another Java\n' >"$archive.of"
in_root "$root" dpkg-trigger --by-package=hyper2kvm /usr/lib/jvm
ok 'a Java that is gone is no failure' dpkg_in --configure -a
mv "$root/usr/bin/java.away" "$root/usr/bin/java"
ok 'the program runs without an archive' in_root "$root" hyper2kvm --version

say 'upgrading'
printf 'log_level: DEBUG\n' >>"$etc/manifest-daemon.yaml"
printf -- '- route:\n    id: own\n' >"$etc/routes.d/own.camel.yaml"
printf 'jar\n' >"$etc/lib.d/own.jar.off"
as_service sh -c 'mkdir -p /var/lib/hyper2kvm/output && echo disk >/var/lib/hyper2kvm/output/web.qcow2'
echo '{}' >"$root/var/lib/hyper2kvm/manifest-workflow/to_be_processed/waiting.json"
ok 'upgrades, and a changed configuration is kept' dpkg_in --force-confdef --force-confold -i /root/newer.deb
ok 'the later version is there' test -f "$program/later"
ok 'the change is kept' grep -q '^log_level: DEBUG$' "$etc/manifest-daemon.yaml"
not 'the configuration is not mixed' grep -q 'later version' "$etc/manifest-daemon.yaml"
ok 'the later configuration is beside it' grep -q 'later version' "$etc/manifest-daemon.yaml.dpkg-dist"
ok 'the route is kept' test -f "$etc/routes.d/own.camel.yaml"
ok 'the jar is kept' test -f "$etc/lib.d/own.jar.off"
ok 'the manifest waits' test -f "$root/var/lib/hyper2kvm/manifest-workflow/to_be_processed/waiting.json"
ok 'Java takes the archive of the later version' uses_archive

say 'removing'
ok 'is removed' dpkg_in -r hyper2kvm
not 'the program is gone' test -e "$program"
not 'the command is gone' test -e "$root/usr/bin/hyper2kvm"
not 'the archive is gone' test -e "$root/var/cache/hyper2kvm-java"
not 'the unit is gone' test -e "$root/usr/lib/systemd/system/$unit"
ok 'the configuration stays' grep -q '^log_level: DEBUG$' "$etc/manifest-daemon.yaml"
ok 'the route stays' test -f "$etc/routes.d/own.camel.yaml"
ok 'the disk stays' test -f "$root/var/lib/hyper2kvm/output/web.qcow2"
ok 'is installed again' dpkg_in --force-confdef --force-confold -i /root/newer.deb
ok 'the configuration is the same again' grep -q '^log_level: DEBUG$' "$etc/manifest-daemon.yaml"
ok 'the unit is enabled again' in_root "$root" systemctl is-enabled "$unit"

say 'purging'
ok 'is purged' dpkg_in -P hyper2kvm
not 'the configuration is gone' test -e "$etc/manifest-daemon.yaml"
not 'the log is gone' test -e "$root/var/log/hyper2kvm"
ok 'the disk of the administrator stays' test -f "$root/var/lib/hyper2kvm/output/web.qcow2"
ok 'the route of the administrator stays' test -f "$etc/routes.d/own.camel.yaml"
not 'no link of the unit is left' sh -c "find '$root/etc/systemd' -name '$unit' | grep ."
rm -rf "$root/var/lib/hyper2kvm/output" "$root/var/lib/hyper2kvm/manifest-workflow/to_be_processed/waiting.json" "$etc/routes.d/own.camel.yaml" "$etc/lib.d/own.jar.off"
ok 'is installed once more' dpkg_in -i /root/first.deb
ok 'and purged at once' dpkg_in -P hyper2kvm
not 'nothing is left of its state' test -e "$root/var/lib/hyper2kvm"
not 'nothing is left of its configuration' test -e "$etc"
printf '%s: %d checks passed\n' "$release" "$checks"
