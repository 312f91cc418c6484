# shellcheck shell=bash
# shellcheck disable=SC2034
# Two cards on two networks; neither the names nor the files tell the order of the cards.
release=bookworm
packages=(ifupdown grub-pc)
distribution='Debian 12'
storage='ext4'
boot='BIOS, GRUB 2'
network='ifupdown, two cards named by .link'
cards=('00:0c:29:5e:16:b2 10.88.4.20' '00:0c:29:5e:16:a1 10.77.4.20')
shows=('ens192=10.77.4.20' 'ens224=10.88.4.20')
disk_mib=(2560)
readonly ROOT_UUID=1c5d3a7e-9b20-4e8d-b6f4-0a7e2c9d5184
grub_volumes=("/ /dev/sda1 $ROOT_UUID ext2 hd0,msdos1 msdos")

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, type=83, bootable'
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
  printf '/dev/sda1 / ext4 errors=remount-ro 0 1\n' >"$tree/etc/fstab"
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
    address 10.77.4.20/24
    gateway 10.77.4.2

auto ens224
iface ens224 inet static
    address 10.88.4.20/24
INTERFACES
  printf '[Match]\nMACAddress=00:0c:29:5e:16:a1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
  printf '[Match]\nMACAddress=00:0c:29:5e:16:b2\n\n[Link]\nName=ens224\n' \
    >"$tree/etc/systemd/network/10-ens224.link"
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$ROOT_UUID" /boot/grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
