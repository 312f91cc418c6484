#!/usr/bin/env bash
# Builds two small disks that look like a Debian guest without a kernel that could run: /boot on a
# RAID 1 over both disks, root and /usr on logical volumes of which root spans both, data on a plain
# partition of the second. The tables name the volumes as guests do and the appliance does not:
# /dev/md0, and hyphens in LVM's names. For tests that inspect and rewrite and never boot.
# Needs sfdisk, guestfish and qemu-img, but not root.
#
# Usage: build-volumes.sh
# Prints two paths: the VMDKs in the guest's order. Treat them as read-only.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"

[ $# -eq 0 ] || die "unknown argument $1"
key=volumes-$(digest '' "$here"/{lib,build-volumes}.sh)

write_tree() {
  local tree=$1
  mkdir -p "$tree"/{boot,dev,etc,proc,srv,sys,tmp,var/lib/dpkg,usr/bin,usr/lib/modules/6.1.0}
  ln -s usr/bin "$tree/bin"
  ln -s usr/lib "$tree/lib"
  printf '%s\n' 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"' 'VERSION_ID="12"' 'ID=debian' \
    >"$tree/etc/os-release"
  printf '12.11\n' >"$tree/etc/debian_version"
  printf 'db02\n' >"$tree/etc/hostname"
  cat >"$tree/etc/fstab" <<'FSTAB'
# kept as it is written
/dev/mapper/vg--0-root  /      ext4  errors=remount-ro  0 1
/dev/md0                /boot  ext4  defaults           0 2
/dev/mapper/vg--0-usr   /usr   ext4  defaults           0 2
/dev/sdb3               /srv   ext4  defaults           0 2
FSTAB
  printf 'kernel\n' >"$tree/boot/vmlinuz-6.1.0"
  printf '' >"$tree/usr/lib/modules/6.1.0/modules.dep"
}

build() {
  local tree=$SCRATCH/tree out=$SCRATCH/out disk
  say "building volumes"
  mkdir "$tree" "$out"
  write_tree "$tree"
  tar -C "$tree" --owner=0 --group=0 --numeric-owner -cf "$SCRATCH/tree.tar" .
  for disk in 1 2; do
    truncate -s 160M "$SCRATCH/disk$disk.raw"
    sfdisk --quiet "$SCRATCH/disk$disk.raw" <<TABLE
label: dos
label-id: 0x6d640d0$disk
start=1MiB, size=40MiB, type=fd, bootable
size=64MiB, type=8e
type=83
TABLE
  done
  # The appliance is not the host of the array: it counts it as md127, as a rescue system does.
  LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg guestfish \
    --format=raw -a "$SCRATCH/disk1.raw" --format=raw -a "$SCRATCH/disk2.raw" >&2 <<GUESTFISH
run
debug sh "mdadm --create /dev/md0 --run --assume-clean --metadata=1.2 --homehost=db02 --name=0 --level=1 --raid-devices=2 /dev/sda1 /dev/sdb1 2>&1"
mkfs ext4 /dev/md0
vgcreate vg-0 "/dev/sda2 /dev/sdb2"
lvcreate root vg-0 80
lvcreate usr vg-0 32
mkfs ext4 /dev/vg-0/root
mkfs ext4 /dev/vg-0/usr
mkfs ext4 /dev/sdb3
mount /dev/vg-0/root /
mkdir /boot
mkdir /usr
mount /dev/md0 /boot
mount /dev/vg-0/usr /usr
tar-in $SCRATCH/tree.tar /
umount-all
GUESTFISH
  for disk in 1 2; do
    convert_disk "$SCRATCH/disk$disk.raw" vmdk "$out/db02-disk$disk.vmdk"
  done
  publish "$out" "$key"
}

need flock
if [ ! -f "$GUEST_CACHE/$key/db02-disk2.vmdk" ]; then
  lock_cache
  scratch_dir
  if [ ! -f "$GUEST_CACHE/$key/db02-disk2.vmdk" ]; then
    need sfdisk guestfish qemu-img
    build
  fi
fi
hand_out "$key" '' db02-disk1.vmdk db02-disk2.vmdk
