# shellcheck shell=bash
# shellcheck disable=SC2034
# The plain one: BIOS, ext4 on /dev/sda1, swap on /dev/sda2, ifupdown, the name pinned twice.
release=bookworm
packages=(ifupdown grub-pc)
distribution='Debian 12'
storage='ext4, swap partition'
boot='BIOS, GRUB 2'
network='ifupdown, named by .link and 70-persistent-net.rules'
cards=('00:0c:29:3e:5f:a1 10.77.9.20')
shows=('ens192=10.77.9.20')
disk_mib=(2560)
readonly ROOT_UUID=6f1d7c8e-3b52-4f0a-9a44-2c7be1d0a513
grub_volumes=("/ /dev/sda1 $ROOT_UUID ext2 hd0,msdos1 msdos")

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=2302MiB, type=83, bootable' 'type=82'
}

volumes() {
  cat <<VOLUMES
mkswap DISKa2
mkfs ext4 DISKa1
set-uuid DISKa1 $ROOT_UUID
mount DISKa1 /
VOLUMES
}

write_files() {
  local tree=$1
  printf '%s\n' '/dev/sda1 / ext4 errors=remount-ro 0 1' '/dev/sda2 none swap sw 0 0' >"$tree/etc/fstab"
  printf 'RESUME=/dev/sda2\n' >"$tree/etc/initramfs-tools/conf.d/resume"
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
    address 10.77.9.20/24
    gateway 10.77.9.2
INTERFACES
  printf '[Match]\nMACAddress=00:0c:29:3e:5f:a1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
  printf 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:0c:29:3e:5f:a1", ATTR{dev_id}=="0x0", ATTR{type}=="1", NAME="ens192"\n' \
    >"$tree/etc/udev/rules.d/70-persistent-net.rules"
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$ROOT_UUID" /boot/grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
