# shellcheck shell=bash
# What the Debian 12 guests have in common besides their base: a name, a network card pinned to a
# VMware address, an initramfs for VMware's hardware, GRUB's files. Sourced by the builders.

readonly GUEST_MAC=00:0c:29:3e:5f:a1

# write_identity TREE NAME MACHINE_ID
write_identity() {
  local tree=$1 name=$2 machine_id=$3
  printf '%s\n' "$name" >"$tree/etc/hostname"
  printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$name" >"$tree/etc/hosts"
  printf '%s\n' "$machine_id" >"$tree/etc/machine-id"
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
# The loopback network interface
auto lo
iface lo inet loopback

# The primary network interface
auto ens192
iface ens192 inet dhcp
INTERFACES
  mkdir -p "$tree/etc/systemd/network" "$tree/etc/udev/rules.d"
  printf '[Match]\nMACAddress=%s\n\n[Link]\nName=ens192\n' "$GUEST_MAC" \
    >"$tree/etc/systemd/network/10-ens192.link"
  printf 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="%s", ATTR{dev_id}=="0x0", ATTR{type}=="1", NAME="ens192"\n' \
    "$GUEST_MAC" >"$tree/etc/udev/rules.d/70-persistent-net.rules"
  echo 'root:hyper2kvm' | chroot "$tree" chpasswd
  chroot "$tree" systemctl --quiet enable ssh.service
  compgen -G "$tree/etc/ssh/ssh_host_*_key" >/dev/null || die "the guest has no SSH host keys"
}

# build_initramfs TREE MODULES : of every kernel; MODULES is list, most or dep.
# MODULES=dep asks the running machine, which here is not the guest: that variant is built from the
# list of what dep would have found on VMware, and configured as dep afterwards.
build_initramfs() {
  local tree=$1 modules=$2 kernel conf=$1/etc/initramfs-tools build_as=$2
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

# write_grub_config TREE CONSOLE PROBE : the guest's own grub-mkconfig writes grub.cfg. Nothing is
# mounted here, so grub-probe, which it asks where / and /boot are, is PROBE, a stand-in that knows
# the disk to be made.
write_grub_config() {
  local tree=$1 console=$2 probe=$3
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
  mv "$tree/usr/sbin/grub-probe" "$tree/usr/sbin/grub-probe.real"
  printf '%s\n' "$probe" >"$tree/usr/sbin/grub-probe"
  chmod 755 "$tree/usr/sbin/grub-probe"
  chroot "$tree" grub-mkconfig -o /boot/grub/grub.cfg >&2
  mv "$tree/usr/sbin/grub-probe.real" "$tree/usr/sbin/grub-probe"
}

# grub_core TREE PREFIX : makes core.img for a disk with an MBR, in $SCRATCH.
grub_core() {
  local tree=$1 prefix=$2 core=$SCRATCH/core.img
  chroot "$tree" grub-mkimage -O i386-pc -p "$prefix" -o /tmp/core.img biosdisk part_msdos ext2
  mv "$tree/tmp/core.img" "$core"
  [ "$(stat -c %s "$core")" -le $(((2048 - 1) * 512)) ] || die "core.img does not fit before partition 1"
}

# install_grub TREE DISK : boot code without the partition table behind it, then core.img in the gap.
install_grub() {
  local tree=$1 disk=$2
  dd if="$tree/usr/lib/grub/i386-pc/boot.img" of="$disk" bs=1 count=440 conv=notrunc status=none
  dd if="$SCRATCH/core.img" of="$disk" bs=512 seek=1 conv=notrunc status=none
}

# require_base_tree KERNELS KEY : the tree that everything starts from is in the cache afterwards.
require_base_tree() {
  local kernels=$1 key=$2
  [ ! -f "$GUEST_CACHE/$key/tree.tar" ] || return 0
  say "bootstrapping Debian 12, about two minutes"
  mkdir "$SCRATCH/base"
  build_base_tree "$kernels" "$SCRATCH/base/tree.tar"
  publish "$SCRATCH/base" "$key"
}
