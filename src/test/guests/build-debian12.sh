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

readonly MAC=00:0c:29:3e:5f:a1
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
key=$name-$(digest "$modules $kernels $serial" "$here"/{lib,debian12-base,build-debian12}.sh)
base_key=base-debian12-k$kernels-$(digest "$kernels" "$here/debian12-base.sh")

# --- the guest's tree ---------------------------------------------------------------------------

write_guest_files() {
  local tree=$1
  printf 'web01\n' >"$tree/etc/hostname"
  printf '127.0.0.1\tlocalhost\n127.0.1.1\tweb01\n' >"$tree/etc/hosts"
  printf '564d3f1c8a2b4e0f9d6c5b7a3e5fa112\n' >"$tree/etc/machine-id"
  cat >"$tree/etc/fstab" <<'FSTAB'
# /etc/fstab: static file system information.
#
# <file system> <mount point>   <type>  <options>       <dump>  <pass>
/dev/sda1       /               ext4    errors=remount-ro 0       1
/dev/sda2       none            swap    sw              0       0
FSTAB
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
# The loopback network interface
auto lo
iface lo inet loopback

# The primary network interface
auto ens192
iface ens192 inet dhcp
INTERFACES
  mkdir -p "$tree/etc/systemd/network" "$tree/etc/udev/rules.d"
  printf '[Match]\nMACAddress=%s\n\n[Link]\nName=ens192\n' "$MAC" \
    >"$tree/etc/systemd/network/10-ens192.link"
  printf 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="%s", ATTR{dev_id}=="0x0", ATTR{type}=="1", NAME="ens192"\n' \
    "$MAC" >"$tree/etc/udev/rules.d/70-persistent-net.rules"
  printf 'RESUME=/dev/sda2\n' >"$tree/etc/initramfs-tools/conf.d/resume"
  echo 'root:hyper2kvm' | chroot "$tree" chpasswd
  chroot "$tree" systemctl --quiet enable ssh.service
  compgen -G "$tree/etc/ssh/ssh_host_*_key" >/dev/null || die "the guest has no SSH host keys"
}

# MODULES=dep asks the running machine, which here is not the guest: that variant is built from the
# list of what dep would have found on VMware, and configured as dep afterwards.
build_initramfs() {
  local tree=$1 kernel conf=$1/etc/initramfs-tools build_as=$modules
  [ "$modules" != dep ] || build_as=list
  cp "$conf/modules" "$SCRATCH/modules.dist"
  sed -i "s/^MODULES=.*/MODULES=$build_as/" "$conf/initramfs.conf"
  if [ "$build_as" = list ]; then
    printf '%s\n' vmw_pvscsi mptspi ata_piix ahci sd_mod ext4 crc32c_generic e1000 vmxnet3 \
      >>"$conf/modules"
  fi
  for kernel in $(cd "$tree/lib/modules" && ls); do
    chroot "$tree" depmod "$kernel"
    chroot "$tree" update-initramfs -c -k "$kernel" >&2
    lsinitramfs "$tree/boot/initrd.img-$kernel" >"$SCRATCH/initrd.lst"
    grep -q '/vmw_pvscsi\.ko' "$SCRATCH/initrd.lst" || die "initramfs of $kernel lacks vmw_pvscsi"
    grep -q '/ext4\.ko' "$SCRATCH/initrd.lst" || die "initramfs of $kernel lacks ext4"
    if [ "$build_as" = list ] && grep -q '/virtio_\(blk\|scsi\|net\|pci\)\.ko' "$SCRATCH/initrd.lst"; then
      die "initramfs of $kernel has virtio drivers, the guest would prove nothing"
    fi
  done
  if [ "$modules" = dep ]; then
    sed -i 's/^MODULES=.*/MODULES=dep/' "$conf/initramfs.conf"
    cp "$SCRATCH/modules.dist" "$conf/modules"
  fi
}

# The guest's own grub-mkconfig writes grub.cfg. Nothing is mounted here, so grub-probe, which it
# asks where / is, answers from a stand-in that knows the disk to be made.
write_grub_config() {
  local tree=$1 console='console=tty0'
  [ "$serial" = no ] || console+=' console=ttyS0,115200n8'
  cat >"$tree/etc/default/grub" <<DEFAULT
GRUB_DEFAULT=0
GRUB_TIMEOUT=1
GRUB_DISTRIBUTOR=\`lsb_release -i -s 2> /dev/null || echo Debian\`
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="$console"
GRUB_TERMINAL=console
GRUB_DISABLE_LINUX_UUID=true
DEFAULT
  mkdir -p "$tree/boot/grub/i386-pc"
  cp "$tree"/usr/lib/grub/i386-pc/*.{mod,lst} "$tree/boot/grub/i386-pc/"
  chroot "$tree" grub-editenv /boot/grub/grubenv create
  printf '(hd0)\t/dev/sda\n' >"$tree/boot/grub/device.map"
  mv "$tree/usr/sbin/grub-probe" "$tree/usr/sbin/grub-probe.real"
  cat >"$tree/usr/sbin/grub-probe" <<PROBE
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
  chmod 755 "$tree/usr/sbin/grub-probe"
  chroot "$tree" grub-mkconfig -o /boot/grub/grub.cfg >&2
  mv "$tree/usr/sbin/grub-probe.real" "$tree/usr/sbin/grub-probe"
  grep -q 'linux.*/boot/vmlinuz-.* root=/dev/sda1 ro' "$tree/boot/grub/grub.cfg" ||
    die "grub.cfg does not boot root=/dev/sda1"
}

# --- the disk -----------------------------------------------------------------------------------

make_disk() {
  local tree=$1 disk=$2 core=$SCRATCH/core.img
  chroot "$tree" grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -o /tmp/core.img \
    biosdisk part_msdos ext2
  mv "$tree/tmp/core.img" "$core"
  [ "$(stat -c %s "$core")" -le $(((2048 - 1) * 512)) ] || die "core.img does not fit before partition 1"
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
  # Boot code without the partition table behind it, then core.img in the gap.
  dd if="$tree/usr/lib/grub/i386-pc/boot.img" of="$disk" bs=1 count=440 conv=notrunc status=none
  dd if="$core" of="$disk" bs=512 seek=1 conv=notrunc status=none
}

build_variant() {
  local tree=$SCRATCH/tree out=$SCRATCH/out base=$GUEST_CACHE/$base_key/tree.tar
  if [ ! -f "$base" ]; then
    say "bootstrapping Debian 12, about two minutes"
    mkdir "$SCRATCH/base"
    build_base_tree "$kernels" "$SCRATCH/base/tree.tar"
    publish "$SCRATCH/base" "$base_key"
  fi
  say "building $name"
  mkdir "$tree" "$out"
  tar -C "$tree" --numeric-owner --xattrs --xattrs-include='*' -xf "$base"
  write_guest_files "$tree"
  build_initramfs "$tree"
  write_grub_config "$tree"
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
