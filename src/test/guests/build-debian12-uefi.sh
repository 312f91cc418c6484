#!/usr/bin/env bash
# Builds a real Debian 12 guest that boots by UEFI as VMware would have left it: its boot loader lies
# in a folder of its own on the EFI system partition, and only the old machine's NVRAM named it;
# there is no \EFI\BOOT. GPT, ext4 on /dev/sda2, an initramfs without virtio, the network card pinned
# to a VMware MAC address.
# Needs root, mmdebstrap, dpkg-deb, sfdisk, mke2fs, mkfs.vfat, mcopy, qemu-img; no loop device, no
# mount, no KVM.
#
# Usage: build-debian12-uefi.sh [OPTION...]
#   --loader shim|systemd-boot   shim with the signed GRUB in EFI/debian (default), or systemd-boot
#                                in EFI/systemd with the kernel beside it on the partition
#   --format raw,vmdk,vhd,vhdx   images to make (default vmdk)
# Prints one path per image. Treat them as read-only.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=debian12-base.sh
. "$here/debian12-base.sh"
# shellcheck source=debian12-guest.sh
. "$here/debian12-guest.sh"

readonly ROOT_UUID=3c0d5f7e-91ab-4a26-8c44-6be2f0d719a3
readonly ESP_ID=7A4E21C9
readonly DISK_GUID=5D0E7A61-2C4B-4E0F-9A3D-81F6C2B7E504
readonly ESP_MIB=128 ROOT_MIB=2302
readonly DISK_MIB=$((1 + ESP_MIB + ROOT_MIB + 1))

loader=shim formats=vmdk
while [ $# -gt 0 ]; do
  case $1 in
    --loader) loader=${2:?--loader needs a value}; shift ;;
    --format) formats=${2:?--format needs a value}; shift ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    *) die "unknown argument $1" ;;
  esac
  shift
done
case $loader in shim | systemd-boot) ;; *) die "--loader is shim or systemd-boot, not $loader" ;; esac
IFS=, read -r -a wanted <<<"$formats"
check_formats "${wanted[@]}"

name=debian12-uefi-$loader
key=$name-$(digest "$loader" "$here"/{lib,debian12-base,debian12-guest,build-debian12-uefi}.sh)
base_key=base-debian12-k1-$(digest 1 "$here/debian12-base.sh")

# --- the boot loaders ---------------------------------------------------------------------------

# The packages with UEFI loaders conflict with grub-pc, which the base has: they are unpacked only.
readonly LOADER_PACKAGES='shim-signed shim-signed-common shim-helpers-amd64-signed grub-efi-amd64-signed systemd-boot-efi'
loaders_key=loaders-debian12-uefi-$(digest "$LOADER_PACKAGES" /dev/null)

require_loaders() {
  local out=$SCRATCH/loaders
  [ ! -f "$GUEST_CACHE/$loaders_key/loaders.tar" ] || return 0
  say "getting the boot loaders' packages"
  mkdir "$out" "$SCRATCH/packages"
  mmdebstrap --mode=root --variant=custom --format=directory --quiet \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --customize-hook="cd '$SCRATCH/packages' && APT_CONFIG=\$MMDEBSTRAP_APT_CONFIG apt-get -q download $LOADER_PACKAGES" \
    --skip=cleanup/apt \
    bookworm "$SCRATCH/apt" \
    'deb http://deb.debian.org/debian bookworm main' \
    'deb http://deb.debian.org/debian bookworm-updates main' \
    'deb http://deb.debian.org/debian-security bookworm-security main' >&2
  mkdir "$SCRATCH/unpacked"
  for package in "$SCRATCH"/packages/*.deb; do
    dpkg-deb -x "$package" "$SCRATCH/unpacked"
  done
  tar -C "$SCRATCH/unpacked" -cf "$out/loaders.tar" usr/lib/shim usr/lib/grub usr/lib/systemd/boot/efi
  publish "$out" "$loaders_key"
}

# --- the guest's tree ---------------------------------------------------------------------------

write_guest_files() {
  local tree=$1 esp_point=/boot/efi
  [ "$loader" = shim ] || esp_point=/boot
  write_identity "$tree" uefi01 564d0b7f4e6c4a11b2f7d85a93c1e6f4
  cat >"$tree/etc/fstab" <<FSTAB
# /etc/fstab: static file system information.
/dev/sda2 /          ext4 errors=remount-ro 0 1
/dev/sda1 $esp_point vfat umask=0077        0 1
FSTAB
}

# What grub-install leaves on the partition on a Debian with shim, without the removable-media path.
fill_esp_with_shim() {
  local tree=$1 esp=$2 signed=$SCRATCH/signed probe
  mkdir -p "$esp/EFI/debian" "$tree/boot/efi"
  cp "$signed/usr/lib/shim/shimx64.efi.signed" "$esp/EFI/debian/shimx64.efi"
  cp "$signed/usr/lib/shim/mmx64.efi.signed" "$esp/EFI/debian/mmx64.efi"
  cp "$signed/usr/lib/shim/fbx64.efi.signed" "$esp/EFI/debian/fbx64.efi"
  cp "$signed/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$esp/EFI/debian/grubx64.efi"
  printf 'search.fs_uuid %s root \nset prefix=($root)'"'/boot/grub'"'\nconfigfile $prefix/grub.cfg\n' \
    "$ROOT_UUID" >"$esp/EFI/debian/grub.cfg"
  probe=$(cat <<PROBE
#!/bin/sh
for word; do
  case \$word in
    --target=device) echo /dev/sda2; exit ;;
    --target=fs_uuid) echo $ROOT_UUID; exit ;;
    --target=partuuid) exit ;;
    --target=fs) echo ext2; exit ;;
    --target=partmap) echo gpt; exit ;;
    --target=abstraction) exit ;;
    --target=drive) echo "(hd0,gpt2)"; exit ;;
    --target=compatibility_hint) echo "hd0,gpt2"; exit ;;
    --target=hints_string) echo "--hint-efi=hd0,gpt2"; exit ;;
  esac
done
echo "grub-probe stand-in: unexpected: \$*" >&2
exit 1
PROBE
  )
  write_grub_config "$tree" 'console=tty0' "$probe"
  grep -q 'linux.*/boot/vmlinuz-.* root=/dev/sda2 ro' "$tree/boot/grub/grub.cfg" ||
    die "grub.cfg does not boot root=/dev/sda2"
}

# The partition is /boot itself: systemd-boot reads nothing but its own partition.
fill_esp_with_systemd_boot() {
  local tree=$1 esp=$2 kernel
  kernel=$(cd "$tree/lib/modules" && ls)
  mkdir -p "$esp/EFI/systemd" "$esp/loader/entries"
  cp "$SCRATCH/signed/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$esp/EFI/systemd/"
  mv "$tree"/boot/* "$esp/"
  rm -rf "$esp/grub"
  printf 'timeout 1\ndefault debian.conf\n' >"$esp/loader/loader.conf"
  printf 'title Debian\nlinux /vmlinuz-%s\ninitrd /initrd.img-%s\noptions root=/dev/sda2 ro console=tty0\n' \
    "$kernel" "$kernel" >"$esp/loader/entries/debian.conf"
}

# --- the disk -----------------------------------------------------------------------------------

make_disk() {
  local tree=$1 esp=$2 disk=$3 image=$SCRATCH/esp.img
  rm -rf "${tree:?}"/tmp/* "${tree:?}"/var/tmp/*
  truncate -s "${ESP_MIB}M" "$image"
  mkfs.vfat -F 32 -i "$ESP_ID" -n EFI "$image" >/dev/null
  (cd "$esp" && mcopy -s -i "$image" -- * ::/)
  truncate -s "${DISK_MIB}M" "$disk"
  sfdisk --quiet "$disk" <<TABLE
label: gpt
label-id: $DISK_GUID
start=1MiB, size=${ESP_MIB}MiB, type=U
start=$((1 + ESP_MIB))MiB, size=${ROOT_MIB}MiB, type=L
TABLE
  dd if="$image" of="$disk" bs=1M seek=1 conv=notrunc,sparse status=none
  # Features that GRUB and older appliances cannot read stay off.
  mke2fs -q -F -t ext4 -O '^metadata_csum_seed,^orphan_file' -U "$ROOT_UUID" -m 1 \
    -E "offset=$(((1 + ESP_MIB) << 20)),lazy_itable_init=1,nodiscard" -d "$tree" \
    "$disk" "${ROOT_MIB}M" >&2
}

build_variant() {
  local tree=$SCRATCH/tree esp=$SCRATCH/esp out=$SCRATCH/out
  require_base_tree 1 "$base_key"
  require_loaders
  say "building $name"
  mkdir "$tree" "$esp" "$out" "$SCRATCH/signed"
  tar -C "$tree" --numeric-owner --xattrs --xattrs-include='*' -xf "$GUEST_CACHE/$base_key/tree.tar"
  tar -C "$SCRATCH/signed" -xf "$GUEST_CACHE/$loaders_key/loaders.tar"
  write_guest_files "$tree"
  build_initramfs "$tree" list
  case $loader in
    shim) fill_esp_with_shim "$tree" "$esp" ;;
    systemd-boot) fill_esp_with_systemd_boot "$tree" "$esp" ;;
  esac
  make_disk "$tree" "$esp" "$out/$name.raw"
  publish "$out" "$key"
}

if [ ! -f "$GUEST_CACHE/$key/$name.raw" ]; then
  [ "$(id -u)" = 0 ] || die "root is needed to build the guest's tree"
  need mmdebstrap dpkg-deb sfdisk mke2fs mkfs.vfat mcopy lsinitramfs chroot
fi
need qemu-img flock
serve_images "$key" "$name" build_variant "${wanted[@]}"
mapfile -t files < <(printf "$name.%s\n" "${wanted[@]}")
hand_out "$key" '' "${files[@]}"
