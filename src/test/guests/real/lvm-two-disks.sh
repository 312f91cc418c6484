# shellcheck shell=bash
# shellcheck disable=SC2034
# Root is a logical volume over two disks; the machine starts from the second, where /boot is.
release=bookworm
packages=(lvm2 ifupdown grub-pc)
distribution='Debian 12'
storage='LVM over two disks, /boot apart (ext4)'
boot='BIOS, GRUB 2 on the second disk'
network='ifupdown, named by .link'
cards=('00:0c:29:5e:15:e1 10.77.10.20')
shows=('ens192=10.77.10.20')
disk_mib=(512 2560)
boot_disk=2
readonly BOOT_UUID=2b7f1a90-5c8e-4d13-9b62-7f0c4e1d8a36 ROOT_UUID=8e4d2c17-a96b-4f5e-8d30-1b5c7f29e065
grub_volumes=(
  "/ /dev/mapper/vg0-root $ROOT_UUID ext2 lvm/vg0-root msdos lvm"
  "/boot /dev/sdb1 $BOOT_UUID ext2 hd0,msdos1 msdos"
)

partitions() {
  case $1 in
    1) printf '%s\n' 'label: dos' 'start=1MiB, type=8e' ;;
    2) printf '%s\n' 'label: dos' 'start=1MiB, size=256MiB, type=83, bootable' 'type=8e' ;;
  esac
}

# The first 500 MiB of root are on the first disk.
volumes() {
  cat <<VOLUMES
pvcreate DISKa1
pvcreate DISKb2
vgcreate vg0 "DISKa1 DISKb2"
debug sh "lvm lvcreate -q -y -Wn -n root -l 125 vg0 DISKa1"
debug sh "lvm lvextend -q -l +449 vg0/root DISKb2"
debug sh "lvm lvcreate -q -y -Wn -n swap -l 60 vg0 DISKb2"
mkswap /dev/vg0/swap
mkfs ext4 DISKb1
set-uuid DISKb1 $BOOT_UUID
mkfs ext4 /dev/vg0/root
set-uuid /dev/vg0/root $ROOT_UUID
mount /dev/vg0/root /
mkdir /boot
mount DISKb1 /boot
VOLUMES
}

write_files() {
  local tree=$1
  cat >"$tree/etc/fstab" <<'FSTAB'
/dev/mapper/vg0-root /     ext4 errors=remount-ro 0 1
/dev/sdb1            /boot ext4 defaults          0 2
/dev/mapper/vg0-swap none  swap sw                0 0
FSTAB
  printf 'RESUME=/dev/mapper/vg0-swap\n' >"$tree/etc/initramfs-tools/conf.d/resume"
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
    address 10.77.10.20/24
    gateway 10.77.10.2
INTERFACES
  printf '[Match]\nMACAddress=00:0c:29:5e:15:e1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$BOOT_UUID" /grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 2)"
}
