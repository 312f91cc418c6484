#!/usr/bin/env bash
# Installs the Debian package by apt in a clean root of a Debian release, upgrades it with a changed
# configuration, a route, a jar and manifests in place, goes back to the older version, removes it, installs
# it again, purges it and installs it again, and checks after each step what must be there and what not.
# Prints a line for each check. Needs root, mmdebstrap, dpkg-deb, and a way to Debian's archive.
#
# Usage: deb-lifecycle.sh RELEASE DEB     e.g. deb-lifecycle.sh trixie target/dist/hyper2kvm.deb
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
esac
own_mounts "$0" "$@"
release=$1
deb=$(realpath -e "$2")
need dpkg-deb mmdebstrap unshare
roots_dir
clean_root "$release" root

readonly KEEP=-oDpkg::Options::=--force-confold REPLACE=-oDpkg::Options::=--force-confnew
etc=$ROOT/etc/hyper2kvm
configuration=$etc/manifest-daemon.yaml
state=$ROOT/var/lib/hyper2kvm
waiting=$state/manifest-workflow/to_be_processed/waiting.json
archive=$ROOT/var/cache/hyper2kvm-java/hyper2kvm.jsa
program=$ROOT/usr/share/hyper2kvm
unit=hyper2kvm-manifest.service

# is USER:MODE PATH : by the root's own list of users.
is() {
  local uid
  uid=$(sed -n "s/^${1%%:*}:[^:]*:\([0-9]*\):.*/\1/p" "$ROOT/etc/passwd")
  [ "$(stat -c '%u:%a' "$2")" = "$uid:${1#*:}" ] || { stat -c '%U:%a %n' "$2"; false; }
}

# uses_archive : Java takes the archive for the program's classes.
uses_archive() {
  rm -f "$ROOT/root/loaded"
  in_root env HYPER2KVM_JAVA_OPTS=-Xlog:class+load:file=/root/loaded hyper2kvm --version &&
    grep -m 1 'io.hyper2kvm.cli.Hyper2Kvm source: shared objects file' "$ROOT/root/loaded"
}

# Those of folders, programs and other files, each of root.
modes_are_usual() {
  local path
  while IFS= read -r path; do
    [ -L "$ROOT$path" ] || case $(stat -c '%F:%u:%a' "$ROOT$path") in
      directory:0:755 | 'regular file:0:644') ;;
      'regular file:0:755') [[ $path = */bin/hyper2kvm* ]] || { echo "$path is a program"; return 1; } ;;
      *) stat -c '%U:%a %n' "$ROOT$path"; return 1 ;;
    esac
  done < <(in_root dpkg -L hyper2kvm | grep -v '^/\.$')
}

# daemon_runs : the daemon starts as its user, with the installed configuration, and stops when told.
daemon_runs() {
  as_service sh -c '
    cd /tmp
    HYPER2KVM_KVM=off HYPER2KVM_WEB_PORT=0 hyper2kvm --config /etc/hyper2kvm/manifest-daemon.yaml >out 2>&1 &
    waited=0
    until grep -q "Started manifest-intake" out; do
      kill -0 $! && [ $waited -lt 300 ] || { cat out; exit 1; }
      sleep 0.4
      waited=$((waited + 1))
    done
    kill -TERM $!
    wait $! || code=$?
    if [ "${code:-0}" != 143 ] || ! grep -q "daemon-stopped" out || grep -E " (WARN|ERROR) " out; then
      cat out
      echo "exit code ${code:-0}"
      exit 1
    fi'
}

conffiles_are() {
  local listed
  listed=$(in_root dpkg-query -W -f '${Conffiles}\n' hyper2kvm | awk 'NF { print $1 }')
  [ "$listed" = "$1" ] || { printf '%s\n' "$listed"; false; }
}

# install WHAT ARGUMENT... : apt installs, and none of the package's own scripts complains.
install() {
  local what=$1
  shift
  ok "$what" installed "$@"
}
installed() {
  apt_in install "$@" >"$SCRATCH/apt" 2>&1 || { tail -n 30 "$SCRATCH/apt"; return 1; }
  ! grep -E '^(hyper2kvm|dpkg: |E: )' "$SCRATCH/apt" | grep -v 'dpkg: warning: downgrading hyper2kvm '
}

fill() {
  printf 'log_level: DEBUG\n' >>"$configuration"
  printf -- '- route:\n    id: own\n    from: {uri: "direct:own"}\n' >"$etc/routes.d/own.camel.yaml"
  printf 'jar\n' >"$etc/lib.d/own.jar.off"
  as_service sh -ec 'cd /var/lib/hyper2kvm && mkdir -p output manifest-workflow/to_be_processed manifest-workflow/.recovery &&
    echo disk >output/web.qcow2 && echo "{}" >manifest-workflow/to_be_processed/waiting.json'
}
own_files_are_there() {
  local file
  for file in "$etc/routes.d/own.camel.yaml" "$etc/lib.d/own.jar.off" "$waiting" "$state/output/web.qcow2"; do
    [ -s "$file" ] || { echo "missing: $file"; return 1; }
  done
  is hyper2kvm:644 "$waiting" && is hyper2kvm:750 "$state"
}
changed() { grep -q '^log_level: DEBUG$' "$configuration"; }

say "installing on $release"
cp "$deb" "$ROOT/srv/first.deb"
newer "$deb" 98.0 "$ROOT/srv/98.deb"
newer "$deb" 99.0 "$ROOT/srv/99.deb"
install 'apt installs it and what it depends on' /srv/first.deb
sed -n 's/^Fetched/Fetched/p; s/^[0-9]* upgraded.*/&/p' "$SCRATCH/apt"
case $release in
  bookworm) java=17 ;;
  *) java=21 ;;
esac
ok "the program runs, with Java $java" sh -c "[ \"\$1\" != \"\${1%(Java $java.*}\" ] || { echo \"\$1\"; false; }" - "$(in_root hyper2kvm --version 2>&1)"
ok 'the user is there' in_root id hyper2kvm
ok 'the user is in the group kvm' in_root sh -c 'id -nG hyper2kvm | grep -qw kvm'
ok 'the user is one of the system' in_root sh -c '[ "$(id -u hyper2kvm)" -lt 1000 ]'
ok 'the user cannot log in' grep -q '^hyper2kvm:.*:/usr/sbin/nologin$' "$ROOT/etc/passwd"
ok 'the state belongs to the user alone' is hyper2kvm:750 "$state"
ok 'the log belongs to the user alone' is hyper2kvm:750 "$ROOT/var/log/hyper2kvm"
ok 'all files are of root, with the usual modes' modes_are_usual
ok 'the configuration alone is kept at upgrades' conffiles_are /etc/hyper2kvm/manifest-daemon.yaml
ok 'Java takes the archive' uses_archive
ok 'the archive is of root' is root:644 "$archive"
ok 'the folder of the archive is of root' is root:755 "$(dirname "$archive")"
ok 'the configuration suits the user' as_service hyper2kvm daemon --config /etc/hyper2kvm/manifest-daemon.yaml --print-config
ok 'the unit is enabled' in_root systemctl is-enabled "$unit"
ok 'systemd takes the unit' in_root sh -c "! systemd-analyze verify --man=no /usr/lib/systemd/system/$unit 2>&1 | grep ."
ok 'no file differs from the package' in_root sh -c '! dpkg --verify hyper2kvm | grep .'
ok 'the shipped routes are sound' as_service hyper2kvm routes check
ok 'the man page is read' in_root sh -c 'zcat /usr/share/man/man1/hyper2kvm-submit.1.gz | grep -q "^.SH .*NAME"'
ok 'the list of components is there' grep -q '"bomFormat"' "$ROOT/usr/share/doc/hyper2kvm/bom.json"
ok 'the daemon runs as its user' daemon_runs
# Without a kernel, and without the programs that are only recommended, doctor must find just that.
ok 'doctor finds fault with nothing but the kernel' sh -c '
  test "$(printf "%s\n" "$1" | sed -n "s/^ *✘ \([^ ]*\).*/\1/p")" = Kernel || { printf "%s\n" "$1"; false; }' - \
  "$(as_service hyper2kvm doctor --quick --config /etc/hyper2kvm/manifest-daemon.yaml 2>&1)"

say 'Java changes'
printf 'another Java\n' >"$archive.of"
before=$(stat -c %i "$archive")
ok 'a trigger of Java is worked on' in_root sh -c 'dpkg-trigger --by-package=hyper2kvm /usr/lib/jvm && dpkg --configure -a'
ok 'the archive was made anew' test "$(stat -c %i "$archive")" != "$before"
ok 'Java takes the new archive' uses_archive
mv "$ROOT/usr/bin/java" "$ROOT/usr/bin/java.away"
printf 'another Java\n' >"$archive.of"
ok 'a Java that is gone is no failure' in_root sh -c 'dpkg-trigger --by-package=hyper2kvm /usr/lib/jvm && dpkg --configure -a'
mv "$ROOT/usr/bin/java.away" "$ROOT/usr/bin/java"
ok 'the program runs without an archive' in_root hyper2kvm --version

say 'upgrading'
fill
install 'upgrades, keeping the changed configuration' $KEEP /srv/98.deb
ok 'the later version is there' grep -q '^98.0$' "$program/later"
ok 'the change is kept' changed
not 'the configuration is not mixed' grep -q 'line of version' "$configuration"
ok 'the configuration of the package is beside it' grep -q 'line of version 98.0' "$configuration.dpkg-dist"
ok 'routes, jars, manifests and disks are kept' own_files_are_there
ok 'Java takes the archive of the later version' uses_archive
install 'upgrades, taking the configuration of the package' $REPLACE /srv/99.deb
ok 'the configuration is the one of the package' grep -q 'line of version 99.0' "$configuration"
ok 'the changed one is beside it' grep -q '^log_level: DEBUG$' "$configuration.dpkg-old"
ok 'routes, jars, manifests and disks are kept again' own_files_are_there
printf 'log_level: DEBUG\n' >>"$configuration"
install 'goes back to the older version' $KEEP --allow-downgrades /srv/first.deb
not 'nothing of the later version is left' test -e "$program/later"
ok 'the change is kept on the way back' changed
ok 'routes, jars, manifests and disks are kept on the way back' own_files_are_there
ok 'Java takes the archive of the older version' uses_archive

say 'removing'
ok 'is removed' apt_in remove hyper2kvm
not 'the program is gone' test -e "$program"
not 'the command is gone' test -L "$ROOT/usr/bin/hyper2kvm"
not 'the archive is gone' test -e "$ROOT/var/cache/hyper2kvm-java"
not 'the unit is gone' test -e "$ROOT/usr/lib/systemd/system/$unit"
ok 'the configuration stays' changed
ok 'routes, jars, manifests and disks stay' own_files_are_there
install 'is installed again' $KEEP /srv/first.deb
ok 'the configuration is the same again' changed
ok 'the unit is enabled again' in_root systemctl is-enabled "$unit"
ok 'Java takes the archive again' uses_archive

say 'purging'
as_service sh -c 'echo line >/var/log/hyper2kvm/manifest-daemon.log'
ok 'is purged' apt_in purge hyper2kvm
not 'the configuration is gone' sh -c "ls '$configuration'*"
not 'the log is gone' test -e "$ROOT/var/log/hyper2kvm"
ok 'routes, jars, manifests and disks of the operator stay' own_files_are_there
not 'no link of the unit is left' sh -c "find '$ROOT/etc/systemd' '$ROOT/var/lib/systemd' -name '*hyper2kvm*' | grep ."
install 'is installed after a purge' /srv/first.deb
not 'the configuration is the one of the package' changed
ok 'routes, jars, manifests and disks are as they were' own_files_are_there
ok 'the unit is enabled after a purge' in_root systemctl is-enabled "$unit"
rm -rf "$state/output" "$waiting" "$etc/routes.d/own.camel.yaml" "$etc/lib.d/own.jar.off"
ok 'is purged without files of the operator' apt_in purge hyper2kvm
ok 'nothing is left but the user' sh -c "! find '$ROOT' -xdev -name '*hyper2kvm*' ! -path '*/tmp/*' | grep . && grep -q '^hyper2kvm:' '$ROOT/etc/passwd'"
finish "$release"
