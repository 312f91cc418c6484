# shellcheck shell=bash
# shellcheck disable=SC2034
# The layout of the RHEL family, made of Debian's packages: GRUB 2.14 with BLS entries in a separate
# /boot, a host-only dracut, NetworkManager's keyfile. The initramfs has arguments of its own that
# name disks, and waits for a disk by its old name, as dracut's host-only mode makes it.
release=forky
# Dracut without the package that conflicts with the tree's initramfs-tools, which goes below.
packages=(dracut-core grub-pc network-manager)
distribution='Debian forky, laid out as Rocky Linux 9' storage='ext4, /boot apart (ext4)' boot='BIOS, GRUB 2.14, BLS'
warnings+=('grub.cfg was corrected in place: /usr/sbin/grub2-mkconfig: the guest does not have it')
network='NetworkManager keyfile, named by a udev rule'
cards=('00:0c:29:5e:11:b7 10.77.9.30')
shows=('ens192=10.77.9.30')
disk_mib=(4096)
readonly BOOT_UUID=7f1f0a52-5a0c-4f0e-b6a3-2f4a2a3f9d11 ROOT_UUID=c7a1b8de-91d3-4a55-8d6f-1f0d5f6f7a92

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=512MiB, type=83, bootable' 'start=513MiB, size=3583MiB, type=83'
}

volumes() {
  cat <<VOLUMES
mkfs ext4 DISKa1
set-uuid DISKa1 $BOOT_UUID
mkfs ext4 DISKa2
set-uuid DISKa2 $ROOT_UUID
mount DISKa2 /
mkdir /boot
mount DISKa1 /boot
VOLUMES
}

write_files() {
  local tree=$1
  chroot "$tree" dpkg --purge --force-depends initramfs-tools initramfs-tools-core >&2
  rm -f "$tree/etc/os-release" "$tree/etc/debian_version"
  cat >"$tree/etc/os-release" <<'RELEASE'
NAME="Rocky Linux"
VERSION="9.4 (Blue Onyx)"
ID="rocky"
ID_LIKE="rhel centos fedora"
VERSION_ID="9.4"
PLATFORM_ID="platform:el9"
PRETTY_NAME="Rocky Linux 9.4 (Blue Onyx)"
RELEASE
  printf 'Rocky Linux release 9.4 (Blue Onyx)\n' >"$tree/etc/redhat-release"
  printf '/dev/sda2 / ext4 defaults 0 0\n/dev/sda1 /boot ext4 defaults,x-systemd.device-timeout=600 0 0\n' >"$tree/etc/fstab"
  cat >"$tree/etc/NetworkManager/system-connections/ens192.nmconnection" <<'KEYFILE'
[connection]
id=ens192
uuid=5e1e3c1a-6a3f-4d0f-9d2a-3f6b8c1d2e90
type=ethernet
interface-name=ens192

[ipv4]
method=manual
address1=10.77.9.30/24,10.77.9.2

[ipv6]
method=disabled
KEYFILE
  chmod 600 "$tree/etc/NetworkManager/system-connections/ens192.nmconnection"
  printf '%s, %s, %s, %s\n' 'SUBSYSTEM=="net"' 'ACTION=="add"' 'ATTR{address}=="00:0c:29:5e:11:b7"' 'NAME="ens192"' \
    >"$tree/etc/udev/rules.d/70-persistent-net.rules"
  chroot "$tree" systemctl --quiet enable NetworkManager.service
}

# What host-only dracut finds of the machine is written down here: the drivers, and the names of disks.
make_initramfs() {
  local tree=$1 kernel hooks=$1/tmp/hostonly/usr/lib/dracut/hooks
  mkdir -p "$tree/etc/dracut.conf.d" "$hooks/initqueue/finished"
  printf 'hostonly="yes"\nkernel_cmdline="root=/dev/sda2 rd.retry=20"\n' >"$tree/etc/dracut.conf.d/50-host.conf"
  printf '[ -e "/dev/sda1" ]\n' >"$hooks/initqueue/finished/devexists-\\x2fdev\\x2fsda1.sh"
  for kernel in $(cd "$tree/lib/modules" && ls); do
    chroot "$tree" depmod "$kernel"
    chroot "$tree" dracut --force --no-hostonly --no-hostonly-cmdline --no-early-microcode \
      --omit 'qemu qemu-net virtiofs' --omit-drivers 'virtio_blk virtio_scsi virtio_net virtio_pci' \
      --drivers 'vmw_pvscsi mptspi ahci ata_piix sd_mod ext4 e1000 vmxnet3' \
      --include /tmp/hostonly / "/boot/initramfs-$kernel.img" "$kernel" >&2
    check_initramfs "$tree/boot/initramfs-$kernel.img"
    rm -f "$tree/boot/initrd.img-$kernel"
  done
  rm -rf "$tree/tmp/hostonly"
}

install_loader() {
  local tree=$1 kernel id file
  # The kernel's files are hard links into /usr/lib/modules, and /boot is another file system.
  for file in "$tree"/boot/*; do
    [ ! -f "$file" ] || { cp -p "$file" "$file.copy" && mv "$file.copy" "$file"; }
  done
  id=$(cat "$tree/etc/machine-id")
  make_grub_pc "$tree" "$BOOT_UUID" /grub2 ext2
  mv "$tree/boot/grub" "$tree/boot/grub2"
  chroot "$tree" grub-editenv /boot/grub2/grubenv create
  mkdir -p "$tree/boot/loader/entries"
  for kernel in $(cd "$tree/lib/modules" && ls); do
    cat >"$tree/boot/loader/entries/$id-$kernel.conf" <<ENTRY
title Rocky Linux ($kernel) 9.4 (Blue Onyx)
version $kernel
linux /vmlinuz-$kernel
initrd /initramfs-$kernel.img
options root=/dev/sda2 ro console=tty0 console=ttyS0,115200n8
grub_users \$grub_users
grub_arg --unrestricted
grub_class rocky
ENTRY
  done
  cat >"$tree/boot/grub2/grub.cfg" <<GRUB
set timeout=1
insmod part_msdos
insmod ext2
search --no-floppy --fs-uuid --set=root $BOOT_UUID
insmod blscfg
blscfg
GRUB
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
