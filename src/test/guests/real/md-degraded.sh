# shellcheck shell=bash
# shellcheck disable=SC2034
# Root on a RAID 1 of which one disk has gone; AHCI; the network by ifupdown.
release=bookworm
packages=(mdadm ifupdown grub-pc)
distribution='Debian 12'
storage='md RAID 1, one disk missing'
boot='BIOS, GRUB 2'
network='ifupdown, named by .link'
disk_bus=ahci card_model=e1000
cards=('00:0c:29:5e:12:b1 10.77.6.20')
shows=('ens33=10.77.6.20')
disk_mib=(2560 2560)
kept_disks=(1)
warnings+=('the array md-degraded:0 \(raid1\) has 1 of its 2 members and was started without the others')
mounted_by+=('debug sh "mdadm --run /dev/md127"')
mounted_by+=('mount /dev/md127 /')
initramfs_modules=(raid1)
readonly ROOT_UUID=7d1b7a5e-0f5c-4d7c-9a57-5b0b4f0e6c21
readonly ARRAY_UUID=5c1d9be2:8f6a4e13:9b7d2c50:e3a1f864
grub_volumes=(
  "/ /dev/md0 $ROOT_UUID ext2 mduuid/${ARRAY_UUID//:/} msdos diskfilter mdraid1x"
)

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, type=fd, bootable'
}

# The appliance is not the host of the array: the name says whose it is.
volumes() {
  cat <<VOLUMES
debug sh "mdadm --create /dev/md0 --run --assume-clean --metadata=1.2 --homehost=$name --name=0 --uuid=$ARRAY_UUID --level=1 --raid-devices=2 DISKa1 DISKb1 2>&1"
mkfs ext4 /dev/md0
set-uuid /dev/md0 $ROOT_UUID
mount /dev/md0 /
VOLUMES
}

write_files() {
  local tree=$1
  printf '/dev/md0 / ext4 errors=remount-ro 0 1\n' >"$tree/etc/fstab"
  printf 'HOMEHOST <system>\nMAILADDR root\nARRAY /dev/md/0 metadata=1.2 UUID=%s name=%s:0\n' \
    "$ARRAY_UUID" "$name" >"$tree/etc/mdadm/mdadm.conf"
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

auto ens33
iface ens33 inet static
    address 10.77.6.20/24
    gateway 10.77.6.2
INTERFACES
  printf '[Match]\nMACAddress=00:0c:29:5e:12:b1\n\n[Link]\nName=ens33\n' \
    >"$tree/etc/systemd/network/10-ens33.link"
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$ROOT_UUID" /boot/grub mdraid1x diskfilter ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
