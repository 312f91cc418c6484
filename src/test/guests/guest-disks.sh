# shellcheck shell=bash
# The disks of a real guest, made without loop devices: partitioned by sfdisk, filled in an appliance.
# Sourced by build-guest.sh.

# disk_file NUMBER : the raw image of disk 1, 2, … while it is built.
disk_file() {
  printf '%s/disk%s.raw\n' "$SCRATCH" "$1"
}

# guest_mkfs TREE NUMBER START_MIB SIZE_MIB COMMAND... : makes a file system on a disk by the guest's own
# COMMAND, which gets an image's name as its last argument: for what the appliance has no tool for.
guest_mkfs() {
  local tree=$1 number=$2 start=$3 size=$4
  shift 4
  truncate -s "${size}M" "$tree/tmp/fs.img"
  chroot "$tree" "$@" /tmp/fs.img >&2
  dd if="$tree/tmp/fs.img" of="$(disk_file "$number")" bs=1M seek="$start" conv=notrunc,sparse status=none
  rm "$tree/tmp/fs.img"
}

# make_disks TREE : all disks, with the tree in the file systems that the specification's function
# "volumes" makes and mounts. There the disks are DISKa, DISKb, …, their partitions DISKa1, …
make_disks() {
  local tree=$1 number=0 size disk letters=abcdefgh
  rm -rf "${tree:?}"/tmp/* "${tree:?}"/var/tmp/*
  : >"$SCRATCH/script"
  for size in "${disk_mib[@]}"; do
    disk=$(disk_file $((number + 1)))
    truncate -s "${size}M" "$disk"
    partitions $((number + 1)) >"$SCRATCH/partitions"
    [ ! -s "$SCRATCH/partitions" ] || sfdisk --quiet "$disk" <"$SCRATCH/partitions"
    # A label names a disk in the appliance, where the order of the drives is not certain.
    printf 'add %s format:raw label:disk%s\n' "$disk" "${letters:number:1}" >>"$SCRATCH/script"
    number=$((number + 1))
  done
  ! declare -F prepare_disks >/dev/null || prepare_disks "$tree"
  tar -C "$tree" --numeric-owner --xattrs --xattrs-include='*' -cf "$SCRATCH/tree.tar" .
  {
    echo run
    volumes | sed 's#DISK\([a-h]\)#/dev/disk/guestfs/disk\1#g'
    printf 'tar-in %s / xattrs:true\n' "$SCRATCH/tree.tar"
    ! declare -F filled >/dev/null || filled | sed 's#DISK\([a-h]\)#/dev/disk/guestfs/disk\1#g'
    echo sync
    echo umount-all
  } >>"$SCRATCH/script"
  # Without KVM it takes some seconds more, and works everywhere.
  LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg \
    timeout 1200 guestfish <"$SCRATCH/script" >&2 || die "the appliance could not fill the disks"
  rm "$SCRATCH/tree.tar"
}
