# shellcheck shell=bash
# shellcheck disable=SC2034
# Started by OpenRC, which the init of System V starts; systemd is installed beside them, and
# starts nothing. For the tests of the first boot: it has no network.
release=bookworm
packages=(openrc sysvinit-core initscripts bsdutils grub-pc)
distribution='Debian 12' storage='ext4' boot='BIOS, GRUB 2' network='none'
cards=('00:0c:29:5e:71:b2 -')
shows=()
disk_mib=(2560)
readonly ROOT_UUID=3c1d0d55-4a1e-4b7d-8a0f-8f0f6d1f7d22
grub_volumes=("/ /dev/sda1 $ROOT_UUID ext2 hd0,msdos1 msdos")

# systemd-sysv gives way.
mmdebstrap() {
  command mmdebstrap --aptopt='APT::Get::Allow-Remove-Essential "true"' "$@"
}

write_common_files() {
  local tree=$1
  printf '%s\n' "$name" >"$tree/etc/hostname"
  printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$name" >"$tree/etc/hosts"
  echo 'root:hyper2kvm' | chroot "$tree" chpasswd
}

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=2558MiB, type=83, bootable'
}

volumes() {
  cat <<VOLUMES
mkfs ext4 DISKa1
set-uuid DISKa1 $ROOT_UUID
mount DISKa1 /
VOLUMES
}

write_files() {
  local tree=$1
  echo '/dev/sda1 / ext4 errors=remount-ro 0 1' >"$tree/etc/fstab"
  [ -f "$tree/etc/inittab" ] || die "the guest has no inittab"
  [ ! -L "$tree/sbin/init" ] || die "the guest's init is $(readlink "$tree/sbin/init")"
  [ -n "$(ls -A "$tree/etc/runlevels/default")" ] || die "the guest has no runlevels of OpenRC"
  echo 'T0:23:respawn:/sbin/getty -L ttyS0 115200 vt100' >>"$tree/etc/inittab"
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$ROOT_UUID" /boot/grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
