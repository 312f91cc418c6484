#!/usr/bin/env bash
# Builds a real Debian 12 guest as VMware would have left it: BIOS, MBR, GRUB, ext4 on /dev/sda1,
# swap on /dev/sda2, an initramfs without virtio, the network card pinned to a VMware MAC address.
# Needs root, mmdebstrap, sfdisk, mke2fs, qemu-img; no loop device, no mount, no KVM.
#
# Usage: build-debian12.sh [OPTION...] [OUTDIR]
#   --modules list|most|dep   what the guest's initramfs holds (default list: VMware drivers only)
#   --kernels 1|2             how many kernels are installed (default 1)
#   --serial                  the kernel also talks to ttyS0
#   --format raw,vmdk,vhd,vhdx   images to make (default vmdk)
#   --prune                   forget the cached variants of older scripts first
# Prints one path per image. Without OUTDIR the paths are those of the cache
# ($H2K_GUEST_CACHE, default ~/.cache/hyper2kvm/guests). Open the images read-only.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=debian12-base.sh
. "$here/debian12-base.sh"
# shellcheck source=debian12-guest.sh
. "$here/debian12-guest.sh"

readonly ROOT_UUID=6f1d7c8e-3b52-4f0a-9a44-2c7be1d0a512
readonly SWAP_UUID=0d5e9b1a-77c3-4a86-b0f2-91f4c3a6e7d8
readonly DISK_ID=0x3e5fa112
readonly ROOT_START_MIB=1 ROOT_MIB=2302 SWAP_MIB=256 DISK_MIB=2560

modules=list kernels=1 serial=no formats=vmdk outdir='' prune=no
while [ $# -gt 0 ]; do
  case $1 in
    --modules) modules=${2:?--modules needs a value}; shift ;;
    --kernels) kernels=${2:?--kernels needs a value}; shift ;;
    --format) formats=${2:?--format needs a value}; shift ;;
    --serial) serial=yes ;;
    --prune) prune=yes ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    -*) die "unknown option $1" ;;
    *) [ -z "$outdir" ] || die "more than one OUTDIR"; outdir=$1 ;;
  esac
  shift
done
case $modules in list | most | dep) ;; *) die "--modules is list, most or dep, not $modules" ;; esac
case $kernels in 1 | 2) ;; *) die "--kernels is 1 or 2, not $kernels" ;; esac
IFS=, read -r -a wanted <<<"$formats"
check_formats "${wanted[@]}"

name=debian12-$modules
[ "$kernels" = 1 ] || name+=-k$kernels
[ "$serial" = no ] || name+=-serial
key=$name-$(digest "$modules $kernels $serial" "$here"/{lib,debian12-base,debian12-guest,build-debian12}.sh)
base_key=base-debian12-k$kernels-$(digest "$kernels" "$here/debian12-base.sh")

# --- the guest's tree ---------------------------------------------------------------------------

write_guest_files() {
  local tree=$1
  write_identity "$tree" web01 564d3f1c8a2b4e0f9d6c5b7a3e5fa112
  cat >"$tree/etc/fstab" <<'FSTAB'
# /etc/fstab: static file system information.
#
# <file system> <mount point>   <type>  <options>       <dump>  <pass>
/dev/sda1       /               ext4    errors=remount-ro 0       1
/dev/sda2       none            swap    sw              0       0
FSTAB
  printf 'RESUME=/dev/sda2\n' >"$tree/etc/initramfs-tools/conf.d/resume"
}

write_boot_files() {
  local tree=$1 console='console=tty0' probe
  [ "$serial" = no ] || console+=' console=ttyS0,115200n8'
  probe=$(cat <<PROBE
#!/bin/sh
for word; do
  case \$word in
    --target=device) echo /dev/sda1; exit ;;
    --target=fs_uuid) echo $ROOT_UUID; exit ;;
    --target=partuuid) echo ${DISK_ID#0x}-01; exit ;;
    --target=fs) echo ext2; exit ;;
    --target=partmap) echo msdos; exit ;;
    --target=abstraction) exit ;;
    --target=drive) echo "(hd0,msdos1)"; exit ;;
    --target=compatibility_hint) echo "hd0,msdos1"; exit ;;
    --target=hints_string) echo "--hint-bios=hd0,msdos1"; exit ;;
  esac
done
echo "grub-probe stand-in: unexpected: \$*" >&2
exit 1
PROBE
  )
  write_grub_config "$tree" "$console" "$probe"
  printf '(hd0)\t/dev/sda\n' >"$tree/boot/grub/device.map"
  grep -q 'linux.*/boot/vmlinuz-.* root=/dev/sda1 ro' "$tree/boot/grub/grub.cfg" ||
    die "grub.cfg does not boot root=/dev/sda1"
}

# --- the disk -----------------------------------------------------------------------------------

make_disk() {
  local tree=$1 disk=$2
  grub_core "$tree" '(hd0,msdos1)/boot/grub'
  rm -rf "${tree:?}"/tmp/* "${tree:?}"/var/tmp/*

  truncate -s "${DISK_MIB}M" "$disk"
  sfdisk --quiet "$disk" <<TABLE
label: dos
label-id: $DISK_ID
start=${ROOT_START_MIB}MiB, size=${ROOT_MIB}MiB, type=83, bootable
start=$((ROOT_START_MIB + ROOT_MIB))MiB, size=${SWAP_MIB}MiB, type=82
TABLE
  # Features that GRUB and older appliances cannot read stay off.
  mke2fs -q -F -t ext4 -O '^metadata_csum_seed,^orphan_file' -U "$ROOT_UUID" -m 1 \
    -E "offset=$((ROOT_START_MIB << 20)),lazy_itable_init=1,nodiscard" -d "$tree" \
    "$disk" "${ROOT_MIB}M" >&2
  truncate -s "${SWAP_MIB}M" "$SCRATCH/swap.img"
  mkswap --quiet -U "$SWAP_UUID" "$SCRATCH/swap.img"
  dd if="$SCRATCH/swap.img" of="$disk" bs=1M seek=$((ROOT_START_MIB + ROOT_MIB)) \
    conv=notrunc,sparse status=none
  install_grub "$tree" "$disk"
}

build_variant() {
  local tree=$SCRATCH/tree out=$SCRATCH/out
  require_base_tree "$kernels" "$base_key"
  say "building $name"
  mkdir "$tree" "$out"
  tar -C "$tree" --numeric-owner --xattrs --xattrs-include='*' -xf "$GUEST_CACHE/$base_key/tree.tar"
  write_guest_files "$tree"
  build_initramfs "$tree" "$modules"
  write_boot_files "$tree"
  make_disk "$tree" "$out/$name.raw"
  publish "$out" "$key"
}

# Variants of older scripts, which nothing would ever ask for again.
prune_cache() {
  lock_cache
  find "$GUEST_CACHE" -mindepth 1 -maxdepth 1 -type d \
    \( -name "$name-????????????????" ! -name "$key" \
    -o -name "base-debian12-k$kernels-*" ! -name "$base_key" \) -exec rm -rf -- {} +
}

[ "$prune" = no ] || prune_cache
if [ ! -f "$GUEST_CACHE/$key/$name.raw" ]; then
  [ "$(id -u)" = 0 ] || die "root is needed to build the guest's tree"
  need mmdebstrap sfdisk mke2fs mkswap lsinitramfs chroot
fi
need qemu-img flock
serve_images "$key" "$name" build_variant "${wanted[@]}"
mapfile -t files < <(printf "$name.%s\n" "${wanted[@]}")
hand_out "$key" "$outdir" "${files[@]}"
