#!/usr/bin/env bash
# Builds the container image by buildah from the Containerfile beside the Debian package, on a minimal Debian
# from its archive under the name of the base image, and runs its command in it: a manifest is dropped,
# converted, and the daemon stopped. Processes are isolated by chroot alone, which works in containers, too;
# podman and docker are not tried.
# Prints a line for each check. Needs root, mmdebstrap, buildah, jq, and a way to Debian's archive.
#
# Usage: container.sh FOLDER     e.g. container.sh target/dist
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
esac
own_mounts "$0" "$@"
folder=$(realpath -e "$1")
need mmdebstrap buildah jq
roots_dir
base=$(sed -n 's/^FROM //p' "$folder/Containerfile")
release=${base##*:}
require_clean_tree "${release%-slim}"

# A store of its own, in memory where that is plenty.
buildah_in() {
  buildah --root "$ROOTS/store" --runroot "$ROOTS/run" --storage-driver vfs "$@"
}
mkdir -p "$SCRATCH/context" "$ROOTS/vm" "$ROOTS/import" "$ROOTS/temporary"
export TMPDIR=$ROOTS/temporary BUILDAH_ISOLATION=chroot
cp "$folder"/{Containerfile,hyper2kvm.deb} "$SCRATCH/context"

within() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { tail -n 30 "$SCRATCH/daemon"; return 1; }
    sleep 1
  done
}
# in_image COMMAND... : as the image's user, in its folder, with its environment.
in_image() {
  buildah_in run -v "$ROOTS/vm:/var/lib/hyper2kvm" -v "$ROOTS/import:/srv/import:ro" "$image" -- "$@"
}
configured() { buildah_in inspect --type image hyper2kvm | jq -r ".OCIv1.config.$1 // .Docker.config.$1 | if type == \"array\" then join(\" \") else . end"; }
says() { local value; value=$(configured "$1"); [ "$value" = "$2" ] || { echo "$1 is $value"; false; }; }
built() { buildah_in bud --pull-never --format docker -t hyper2kvm "$SCRATCH/context" >"$SCRATCH/build" 2>&1 || { tail -n 30 "$SCRATCH/build"; return 1; }; }
healthy() { local test; test=$(buildah_in inspect --type image hyper2kvm | jq -r '.Docker.config.Healthcheck.Test[1]'); in_image sh -c "$test"; }
converted() { ls "$ROOTS"/vm/manifest-workflow/processed/*/small.json.report.json; }

from=$(buildah_in from scratch)
buildah_in add -q "$from" "$CLEAN_TREE" / >/dev/null
buildah_in commit -q --rm "$from" "$base" >/dev/null
ok 'the image is built' built
ok 'its user is the daemon'\''s' says User hyper2kvm
ok 'SIGTERM stops it' says StopSignal SIGTERM
image=$(buildah_in from --pull-never hyper2kvm)
number=$(in_image id -u)
ok 'its user is not root' test "$number" -gt 0
ok 'nothing of the build is left in it' in_image sh -c '! ls -A /tmp /var/lib/apt/lists | grep -v : | grep .'
ok 'Java takes the archive' in_image sh -c 'HYPER2KVM_JAVA_OPTS=-Xlog:class+load hyper2kvm --version | grep "cli.Hyper2Kvm source: shared objects file"'
chown "$number" "$ROOTS/vm"
head -c 8M /dev/urandom >"$ROOTS/import/small.raw"
# shellcheck disable=SC2046
in_image env HYPER2KVM_WEB_PORT=0 HYPER2KVM_KVM=off $(configured Entrypoint) $(configured Cmd) >"$SCRATCH/daemon" 2>&1 &
daemon=$!
ok 'its command is a healthy daemon' within 300 healthy
ok 'a manifest is dropped' sh -c "printf '%s' '{\"version\": \"1.0\", \"pipeline\": {\"load\": {\"source_type\": \"raw\", \"source_path\": \"/srv/import/small.raw\"}, \"convert\": {}}}' >'$ROOTS/vm/manifest-workflow/to_be_processed/small.json'"
ok 'it is converted' within 300 converted
ok 'the output is the same disk' in_image qemu-img compare /srv/import/small.raw /var/lib/hyper2kvm/output/small-converted.qcow2
ok 'doctor finds nothing missing' in_image hyper2kvm doctor --quick --config /etc/hyper2kvm/manifest-daemon.yaml
# The number of its process is in there; this isolation has no numbers of its own.
pid=$(tr -dc 0-9 <"$ROOTS/vm/manifest-workflow/.hyper2kvm.lock")
ok 'the daemon is told to end' kill -TERM "$pid"
ok 'it ends' within 60 sh -c "! kill -0 $pid"
ok 'it has ended by itself' grep 'daemon-stopped' "$SCRATCH/daemon"
wait "$daemon" || true
finish 'container'
