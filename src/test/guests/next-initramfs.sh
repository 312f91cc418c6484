#!/usr/bin/env bash
# What the next kernel update makes of a converted guest's initramfs: the guest's own tool builds it
# anew in an appliance, for every kernel, on an overlay. The disks stay as they are.
#
# Usage: next-initramfs.sh FOLDER [--key PASSPHRASE] [--by COMMAND]... DISK...
#   --by   guestfish's commands that mount the guest, if it cannot find the root itself: it takes a
#          snapshot for a second guest, and leaves an array stopped that lacks members
# FOLDER gets, for each kernel, a folder of its version with "initramfs" and the modules.* files.
# The appliance has virtio-scsi alone: a host-only tool that finds virtio_blk has it from its
# configuration. Without KVM: 1 to 5 minutes, and at most 25.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/lib.sh"
folder=$1
shift
keys=() mounts=(-i) start=''
if [ "$1" = --key ]; then
  keys=(--key "all:key:$2")
  shift 2
fi
while [ "$1" = --by ]; do
  mounts=() start=${start:-run}$'\n'$2
  shift 2
done
scratch_dir
mkdir -p "$folder"
number=0 drives=()
for disk; do
  qemu-img create -q -f qcow2 -F "${disk##*.}" -b "$(realpath "$disk")" "$SCRATCH/$number.qcow2"
  drives+=(--format=qcow2 -a "$SCRATCH/$number.qcow2")
  number=$((number + 1))
done

# Runs in the guest, with its own programs. The names are those that the kernels have there now.
cat >"$SCRATCH/update.sh" <<'UPDATE'
set -e
for modules in /lib/modules/*; do
  kernel=${modules##*/}
  for image in "/boot/initrd.img-$kernel" "/boot/initramfs-$kernel.img" "/boot/initrd-$kernel"; do
    [ -f "$image" ] || continue
    cp -p "$image" /tmp/h2k-before
    if [ -x /usr/sbin/update-initramfs ]; then
      update-initramfs -u -k "$kernel"
    else
      dracut --force "$image" "$kernel"
    fi
    cmp -s /tmp/h2k-before "$image" && { echo "h2k: $image is the same as before"; exit 1; }
    mkdir -p "/tmp/h2k-modules/$kernel"
    cp "$modules"/modules.dep "$modules"/modules.builtin "$modules"/modules.softdep "$modules"/modules.alias \
      "/tmp/h2k-modules/$kernel"
    echo "h2k: $kernel $image"
  done
done >/tmp/h2k-log 2>&1 || { tail -n 40 /tmp/h2k-log; echo 'h2k: failed'; exit 1; }
grep '^h2k: ' /tmp/h2k-log
UPDATE
{
  printf '%s\n' "$start"
  printf 'upload %s /tmp/h2k-update.sh\n' "$SCRATCH/update.sh"
  printf 'sh "sh /tmp/h2k-update.sh 2>&1"\n'
  printf 'copy-out /boot %s\n' "$SCRATCH"
  printf 'copy-out /tmp/h2k-modules %s\n' "$SCRATCH"
} >"$SCRATCH/script"
LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=${LIBGUESTFS_BACKEND_SETTINGS-force_tcg} \
  timeout 1500 guestfish --rw "${keys[@]}" "${drives[@]}" "${mounts[@]}" <"$SCRATCH/script" >"$SCRATCH/log" ||
  die "the guest's own tool failed: $(tail -n 40 "$SCRATCH/log")"
while read -r _ kernel image; do
  cp -r "$SCRATCH/h2k-modules/$kernel" "$folder/$kernel"
  cp "$SCRATCH$image" "$folder/$kernel/initramfs"
  built=yes
done < <(grep '^h2k: [0-9]' "$SCRATCH/log")
[ "${built-}" ] || die "no initramfs was built: $(tail -n 40 "$SCRATCH/log")"
printf '%s\n' "$folder"
