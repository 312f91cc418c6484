#!/usr/bin/env bash
# Unpacks the tar file into a clean root of a Debian release that has Java, upgrades it to a later version
# as docs/howto/upgrade.md says, and goes back. Prints a line for each check.
# Needs root, mmdebstrap, and a way to Debian's archive.
#
# Usage: tar-lifecycle.sh RELEASE TAR LATER     LATER: of version 99.0, made by build-version.sh
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
esac
own_mounts "$0" "$@"
release=$1
first=$(realpath -e "$2")
later=$(realpath -e "$3")
need mmdebstrap unshare
roots_dir
clean_root "$release" root
apt_in install default-jre-headless >"$SCRATCH/apt" 2>&1 || { tail -n 30 "$SCRATCH/apt"; die 'apt does not install Java'; }
cp "$first" "$ROOT/srv/first.tar.gz"
cp "$later" "$ROOT/srv/later.tar.gz"

# use FILE : what the document says.
use() {
  local folder
  folder=$(tar -tzf "$ROOT/srv/$1" | head -n 1 | cut -d/ -f1) || true
  in_root sh -ec 'tar -C /opt -xzf "/srv/$1" && ln -sfn "/opt/$2" /opt/hyper2kvm && /opt/hyper2kvm/bin/hyper2kvm-archive' - "$1" "$folder"
}
says_version() { in_root hyper2kvm --version | grep -F "hyper2kvm $1"; }
uses_archive() {
  in_root sh -c 'HYPER2KVM_JAVA_OPTS=-Xlog:class+load hyper2kvm --version | grep "cli.Hyper2Kvm source: shared objects file"'
}
own_files_are_there() { in_root sh -c 'grep -q "^log_level: DEBUG$" /etc/hyper2kvm/manifest-daemon.yaml && test -s /etc/hyper2kvm/routes.d/own.camel.yaml'; }

ok 'it is unpacked, linked, and gets its archive' use first.tar.gz
ln -s /opt/hyper2kvm/bin/hyper2kvm "$ROOT/usr/bin/hyper2kvm"
ok 'the program runs' in_root hyper2kvm --version
not 'it is not the later version' says_version 99.0
ok 'Java takes the archive' uses_archive
mkdir -p "$ROOT/etc/hyper2kvm/routes.d"
in_root cp /opt/hyper2kvm/config/manifest-daemon.yaml /etc/hyper2kvm/manifest-daemon.yaml
printf 'log_level: DEBUG\n' >>"$ROOT/etc/hyper2kvm/manifest-daemon.yaml"
printf -- '- route:\n    id: own\n    from:\n      uri: direct:own\n      steps:\n        - log: {message: own}\n' >"$ROOT/etc/hyper2kvm/routes.d/own.camel.yaml"
ok 'the later version is unpacked beside it' use later.tar.gz
ok 'the program is the later version' says_version 99.0
ok 'Java takes the archive of the later version' uses_archive
ok 'configuration and routes are kept' own_files_are_there
ok 'the configuration suits the later version' in_root hyper2kvm daemon --config /etc/hyper2kvm/manifest-daemon.yaml --print-config
ok 'the routes suit the later version' in_root hyper2kvm routes check
ok 'the older version is linked again' use first.tar.gz
not 'the program is the older version' says_version 99.0
ok 'Java takes the archive of the older version' uses_archive
ok 'configuration and routes are kept on the way back' own_files_are_there
finish "tar in $release"
