#!/usr/bin/env bash
# Installs the RPM by Debian's rpm into a clean root of a Debian release that has Java, upgrades it with a
# changed configuration, a route and manifests in place, goes back, and erases it, and checks after each
# step what must be there and what not. Dependencies are only read: Debian has no packages of these names.
# Prints a line for each check. Needs root, mmdebstrap, rpm, and a way to Debian's archive.
#
# Usage: rpm-lifecycle.sh RELEASE RPM LATER     LATER: of version 99.0, made by build-version.sh
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
esac
own_mounts "$0" "$@"
release=$1
rpm=$(realpath -e "$2")
later=$(realpath -e "$3")
need mmdebstrap rpm unshare
roots_dir
clean_root "$release" root
# Where Fedora has them.
apt_in install default-jre-headless systemd-sysv procps >"$SCRATCH/apt" 2>&1 || { tail -n 30 "$SCRATCH/apt"; die 'apt does not install Java'; }

etc=$ROOT/etc/hyper2kvm
configuration=$etc/manifest-daemon.yaml
state=$ROOT/var/lib/hyper2kvm
archive=$ROOT/var/cache/hyper2kvm-java/hyper2kvm.jsa
unit=hyper2kvm-manifest.service

# rpm_in ARGUMENT... : with the root's list of packages; scripts run in the root.
rpm_in() {
  local root=$ROOT
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 unshare --mount --propagation=private -- sh -c '
    root=$1; shift
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs -o mode=0755 tmpfs "$root/run" &&
      exec rpm --root "$root" "$@"' rpm_in "$root" --dbpath /var/lib/rpm "$@"
}
# done_by WHAT ARGUMENT... : rpm does it, and says nothing.
done_by() {
  local what=$1
  shift
  ok "$what" silent rpm_in "$@"
}
# Debian's rpm says at each installation that it is not meant for that.
silent() { "$@" >"$SCRATCH/rpm" 2>&1 || { cat "$SCRATCH/rpm"; return 1; }; ! grep -Ev '^rpm: (RPM should not be used|However assuming)' "$SCRATCH/rpm"; }
is() {
  local uid
  uid=$(sed -n "s/^${1%%:*}:[^:]*:\([0-9]*\):.*/\1/p" "$ROOT/etc/passwd")
  [ "$(stat -c '%u:%a' "$2")" = "$uid:${1#*:}" ] || { stat -c '%U:%a %n' "$2"; false; }
}
uses_archive() {
  rm -f "$ROOT/root/loaded"
  in_root env HYPER2KVM_JAVA_OPTS=-Xlog:class+load:file=/root/loaded hyper2kvm --version &&
    grep -m 1 'io.hyper2kvm.cli.Hyper2Kvm source: shared objects file' "$ROOT/root/loaded"
}
version_is() { local v; v=$(rpm_in -q --qf '%{VERSION}' hyper2kvm); [ "$v" = "$1" ] || { echo "$v"; false; }; }
changed() { grep -q '^log_level: DEBUG$' "$configuration"; }
own_files_are_there() {
  local file
  for file in "$etc/routes.d/own.camel.yaml" "$etc/lib.d/own.jar.off" "$state/output/web.qcow2"; do
    [ -s "$file" ] || { echo "missing: $file"; return 1; }
  done
}
# What the packages of Fedora and RHEL bring; whether these are their names only a Fedora can tell.
requires() {
  local name
  for name in java-headless /usr/bin/guestfish /usr/bin/qemu-img /usr/bin/setpriv systemd; do
    rpm -qp --requires "$rpm" | cut -d' ' -f1 | grep -x "$name" >/dev/null || { echo "not required: $name"; return 1; }
  done
}

ok 'it requires what each conversion needs' requires
ok 'its content is whole' rpm -K --nosignature "$rpm"
done_by 'rpm makes its list' --initdb
done_by 'it is installed' -i --nodeps "$rpm"
ok 'no file differs from the package' rpm_in -V --nodeps hyper2kvm
ok 'the program runs' in_root hyper2kvm --version
ok 'the user is in the group kvm' in_root sh -c 'id -nG hyper2kvm | grep -qw kvm'
ok 'the user cannot log in' grep -q '^hyper2kvm:.*/nologin$' "$ROOT/etc/passwd"
ok 'the state belongs to the user alone' is hyper2kvm:750 "$state"
ok 'the log belongs to the user alone' is hyper2kvm:750 "$ROOT/var/log/hyper2kvm"
ok 'Java takes the archive' uses_archive
ok 'the archive is of root' is root:644 "$archive"
ok 'systemd takes the unit' in_root sh -c "! systemd-analyze verify --man=no /usr/lib/systemd/system/$unit 2>&1 | grep ."

printf 'log_level: DEBUG\n' >>"$configuration"
printf -- '- route:\n    id: own\n' >"$etc/routes.d/own.camel.yaml"
printf 'jar\n' >"$etc/lib.d/own.jar.off"
in_root setpriv --reuid=hyper2kvm --regid=hyper2kvm --init-groups sh -c 'mkdir /var/lib/hyper2kvm/output && echo disk >/var/lib/hyper2kvm/output/web.qcow2'
ok 'it is upgraded' rpm_in -U --nodeps "$later"
ok 'the later version is there' version_is 99.0
ok 'the change is kept' changed
ok 'the configuration of the package is beside it' grep -q 'line of version 99.0' "$configuration.rpmnew"
ok 'routes, jars and disks are kept' own_files_are_there
ok 'Java takes the archive of the later version' uses_archive
ok 'no other file differs from the later package' sh -c '! printf "%s\n" "$1" | grep -v manifest-daemon.yaml | grep .' - "$(rpm_in -V --nodeps hyper2kvm 2>&1)"
rm "$configuration.rpmnew"
ok 'it goes back to the older version' rpm_in -U --nodeps --oldpackage "$rpm"
ok 'the change is kept on the way back' changed
ok 'Java takes the archive of the older version' uses_archive
ok 'it is erased' rpm_in -e --nodeps hyper2kvm
not 'the program is gone' test -e "$ROOT/usr/share/hyper2kvm"
not 'the command is gone' test -L "$ROOT/usr/bin/hyper2kvm"
not 'the archive is gone' test -e "$ROOT/var/cache/hyper2kvm-java"
ok 'the changed configuration is kept as .rpmsave' grep -q '^log_level: DEBUG$' "$configuration.rpmsave"
ok 'routes, jars and disks stay' own_files_are_there
ok 'the state is the user'\''s still' is hyper2kvm:750 "$state"
done_by 'it is installed again' -i --nodeps "$later"
ok 'the configuration is the one of the package' grep -q 'line of version 99.0' "$configuration"
ok 'routes, jars and disks are as they were' own_files_are_there
rm -rf "$etc/routes.d/own.camel.yaml" "$etc/lib.d/own.jar.off" "$state/output" "$configuration".rpm*
done_by 'it is erased without files of the operator' -e --nodeps hyper2kvm
ok 'nothing is left but the user' sh -c "! find '$ROOT' -xdev -name '*hyper2kvm*' ! -path '*/tmp/*' | grep . && grep -q '^hyper2kvm:' '$ROOT/etc/passwd'"
finish "rpm in $release"
