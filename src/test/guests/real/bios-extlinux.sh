# shellcheck shell=bash
# shellcheck disable=SC2034
# BIOS with extlinux on an ext4 /boot of its own, ifupdown. extlinux needs its folder mounted to
# install itself: the appliance does that (extlinux of libguestfs).
release=bookworm
packages=(extlinux syslinux-common ifupdown)
distribution='Debian 12'
storage='ext4, /boot apart (ext4)'
boot='BIOS, extlinux'
network='ifupdown, named by .link'
cards=('00:0c:29:5e:1d:b1 10.77.22.20')
shows=('ens192=10.77.22.20')
disk_mib=(3072)
readonly BOOT_UUID=7d0b9c3e-1f52-4e8a-9c67-2a5d4b8f0e13 ROOT_UUID=51e8a6d4-70cb-4f29-8b3d-6e1f9a2c7d05

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=256MiB, type=83, bootable' 'type=83'
}

# The BIOS loader reads ext4 without 64-bit block numbers and metadata checksums.
volumes() {
  cat <<VOLUMES
debug sh "mke2fs -q -t ext4 -O ^64bit,^metadata_csum -U $BOOT_UUID DISKa1"
mkfs ext4 DISKa2
set-uuid DISKa2 $ROOT_UUID
mount DISKa2 /
mkdir /boot
mount DISKa1 /boot
VOLUMES
}

filled() {
  printf '%s\n' 'extlinux /boot/extlinux'
}

write_files() {
  local tree=$1
  printf '%s\n' '/dev/sda2 / ext4 errors=remount-ro 0 1' '/dev/sda1 /boot ext4 defaults 0 2' \
    >"$tree/etc/fstab"
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
    address 10.77.22.20/24
    gateway 10.77.22.2
INTERFACES
  printf '[Match]\nMACAddress=00:0c:29:5e:1d:b1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
}

install_loader() {
  local tree=$1 kernel
  kernel=$(cd "$tree/lib/modules" && ls)
  mkdir -p "$tree/boot/extlinux"
  cat >"$tree/boot/extlinux/extlinux.conf" <<CONF
default l0
prompt 0
timeout 10
label l0
	menu label Debian
	linux /vmlinuz-$kernel
	initrd /initrd.img-$kernel
	append root=/dev/sda2 ro console=tty0 console=ttyS0,115200n8
CONF
  cp "$tree/usr/lib/syslinux/mbr/mbr.bin" "$SCRATCH/mbr.bin" ||
    cp "$tree/usr/lib/EXTLINUX/mbr.bin" "$SCRATCH/mbr.bin"
}

finish_disks() {
  dd if="$SCRATCH/mbr.bin" of="$(disk_file 1)" bs=440 count=1 conv=notrunc status=none
}
