# shellcheck shell=bash
# shellcheck disable=SC2034
# Root on XFS with a separate /boot; the network by netplan, which matches the card by its address
# and gives it its name; one row of fstab by path.
release=trixie
packages=(xfsprogs netplan.io grub-pc)
distribution='Debian 13'
storage='XFS, /boot apart (ext4)'
boot='BIOS, GRUB 2'
network='netplan, match by MAC, set-name'
cards=('00:0c:29:5e:11:a1 10.77.5.20')
shows=('ens192=10.77.5.20')
disk_mib=(3072)
initramfs_modules=(xfs)
readonly BOOT_UUID=0e1f6b70-2b0a-4c0d-9f6e-6a1f53a1c9b4 ROOT_UUID=a4a1d0c2-77a5-4a6f-8c0f-0b6ddc4a51e7
grub_volumes=(
  "/ /dev/sda2 $ROOT_UUID xfs hd0,msdos2 msdos"
  "/boot /dev/sda1 $BOOT_UUID ext2 hd0,msdos1 msdos"
)

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=256MiB, type=83, bootable' 'start=257MiB, size=2815MiB, type=83'
}

prepare_disks() {
  guest_mkfs "$1" 1 257 2815 mkfs.xfs -q -m "uuid=$ROOT_UUID"
}

volumes() {
  cat <<VOLUMES
mkfs ext4 DISKa1
set-uuid DISKa1 $BOOT_UUID
mount DISKa2 /
mkdir /boot
mount DISKa1 /boot
VOLUMES
}

write_files() {
  local tree=$1
  cat >"$tree/etc/fstab" <<'FSTAB'
/dev/sda2 / xfs defaults 0 0
/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:0:0-part1 /boot ext4 nofail,x-systemd.device-timeout=5 0 2
FSTAB
  cat >"$tree/etc/netplan/50-cloud-init.yaml" <<'NETPLAN'
network:
  version: 2
  renderer: networkd
  ethernets:
    ens192:
      match:
        macaddress: 00:0c:29:5e:11:a1
      set-name: ens192
      addresses: [10.77.5.20/24]
      routes:
        - to: default
          via: 10.77.5.2
NETPLAN
  chmod 600 "$tree/etc/netplan/50-cloud-init.yaml"
  chroot "$tree" systemctl --quiet enable systemd-networkd.service
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$BOOT_UUID" /grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
