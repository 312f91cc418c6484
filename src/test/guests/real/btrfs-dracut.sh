# shellcheck shell=bash
# shellcheck disable=SC2034
# Root and /home on subvolumes of a btrfs, as Debian's installer makes them, with a snapshot of the
# root; the initramfs by dracut; NetworkManager with the card pinned to its old address.
release=trixie
# Dracut without the package that conflicts with the tree's initramfs-tools, which goes below.
packages=(btrfs-progs dracut-core network-manager grub-pc)
distribution='Debian 13' storage='btrfs, root and /home on subvolumes' boot='BIOS, GRUB 2' network='NetworkManager, MAC pinned, named by .link'
cards=('00:0c:29:5e:17:a1 10.77.17.20')
shows=('ens192=10.77.17.20')
disk_mib=(3072)
mounted_by+=('mount-options subvol=@rootfs /dev/sda1 /')
readonly ROOT_UUID=5b1d9c57-3a0e-4f5e-9d5b-7a54e1f0c217
grub_volumes=("/ /dev/sda1 $ROOT_UUID btrfs hd0,msdos1 msdos")

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, type=83, bootable'
}

volumes() {
  cat <<VOLUMES
mkfs btrfs DISKa1
set-uuid DISKa1 $ROOT_UUID
mount DISKa1 /
btrfs-subvolume-create /@rootfs
btrfs-subvolume-create /@home
umount-all
mount-options compress=zstd,subvol=@rootfs DISKa1 /
mkdir /home
mount-options compress=zstd,subvol=@home DISKa1 /home
VOLUMES
}

filled() {
  cat <<'FILLED'
mkdir-p /.snapshots/1
btrfs-subvolume-snapshot / /.snapshots/1/snapshot ro:true
FILLED
}

write_files() {
  local tree=$1 connection=$1/etc/NetworkManager/system-connections/ens192.nmconnection
  chroot "$tree" dpkg --purge --force-depends initramfs-tools initramfs-tools-core >&2
  cat >"$tree/etc/fstab" <<'FSTAB'
/dev/sda1 /     btrfs defaults,subvol=@rootfs 0 0
/dev/sda1 /home btrfs defaults,subvol=@home   0 0
FSTAB
  cat >"$connection" <<'CONNECTION'
[connection]
id=ens192
uuid=0d0f1a5e-66d2-4c0a-9f40-1f5d1c2b7a17
type=ethernet
interface-name=ens192

[ethernet]
mac-address=00:0C:29:5E:17:A1

[ipv4]
method=manual
address1=10.77.17.20/24,10.77.17.2

[ipv6]
method=disabled
CONNECTION
  chmod 600 "$connection"
  printf '[Match]\nMACAddress=00:0c:29:5e:17:a1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
  chroot "$tree" systemctl --quiet enable NetworkManager.service
}

# Dracut's own choice of drivers would follow the machine that builds the guest.
make_initramfs() {
  local tree=$1 kernel
  for kernel in $(cd "$tree/lib/modules" && ls); do
    chroot "$tree" depmod "$kernel"
    chroot "$tree" dracut --force --no-hostonly --no-hostonly-cmdline --no-early-microcode \
      --omit 'qemu qemu-net virtiofs virtfs' --omit-drivers 'virtio_blk virtio_scsi virtio_net virtio_pci' \
      --drivers 'vmw_pvscsi mptspi ahci ata_piix sd_mod btrfs crc32c_generic vmxnet3' \
      "/boot/initrd.img-$kernel" "$kernel" >&2
    check_initramfs "$tree/boot/initrd.img-$kernel"
  done
}

# Nothing is mounted while the configuration is written, so its paths lack the subvolume.
install_loader() {
  write_grub_cfg "$1"
  sed -i -E -e 's#([[:space:]])/boot/(vmlinuz|initrd\.img)#\1/@rootfs/boot/\2#' \
    -e 's#^([[:space:]]linux[[:space:]].* root=[^ ]+)#\1 rootflags=subvol=@rootfs#' "$1/boot/grub/grub.cfg"
  make_grub_pc "$1" "$ROOT_UUID" /@rootfs/boot/grub btrfs
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
