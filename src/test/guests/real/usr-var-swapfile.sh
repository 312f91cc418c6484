# shellcheck shell=bash
# shellcheck disable=SC2034
# /usr and /var apart, a swap file to resume from, two kernels; the network by networkd alone.
release=trixie
packages=(linux-image-rt-amd64 grub-pc)
distribution='Debian 13'
storage='ext4, /usr and /var apart, swap file'
boot='BIOS, GRUB 2, two kernels'
network='networkd, match by MAC'
cards=('00:0c:29:5e:13:c1 10.77.7.20')
shows=('ens160=10.77.7.20')
disk_mib=(3584)
readonly ROOT_UUID=5b8e0c13-6c7e-4c9f-8a63-2f0c1f7ab2d4
grub_volumes=("/ /dev/sda1 $ROOT_UUID ext2 hd0,msdos1 msdos")

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=896MiB, type=83, bootable' \
    'size=2048MiB, type=83' 'type=83'
}

volumes() {
  cat <<VOLUMES
mkfs ext4 DISKa1
set-uuid DISKa1 $ROOT_UUID
mkfs ext4 DISKa2
mkfs ext4 DISKa3
mount DISKa1 /
mkdir /usr
mkdir /var
mount DISKa2 /usr
mount DISKa3 /var
VOLUMES
}

# Where the swap file lies is known only now.
filled() {
  cat >"$SCRATCH/offset.sh" <<'OFFSET'
set -e
offset=$(filefrag -v /sysroot/swapfile | sed -n -E 's/^ *0: *[0-9]+[.][.] *[0-9]+: *([0-9]+)[.][.].*/\1/p')
test -n "$offset"
sed -i "s/RESUME-OFFSET/$offset/" /sysroot/boot/grub/grub.cfg /sysroot/etc/default/grub
OFFSET
  cat <<FILLED
fallocate64 /swapfile 67108864
chmod 0600 /swapfile
mkswap-file /swapfile
upload $SCRATCH/offset.sh /offset.sh
debug sh "sh /sysroot/offset.sh"
rm /offset.sh
FILLED
}

write_files() {
  local tree=$1
  cat >"$tree/etc/fstab" <<'FSTAB'
/dev/sda1 / ext4 errors=remount-ro 0 1
/dev/sda2 /usr ext4 defaults 0 2
/dev/sda3 /var ext4 defaults 0 2
/swapfile none swap sw 0 0
FSTAB
  printf 'RESUME=/dev/sda1\n' >"$tree/etc/initramfs-tools/conf.d/resume"
  printf '[Match]\nMACAddress=00:0c:29:5e:13:c1\n\n[Link]\nName=ens160\n' \
    >"$tree/etc/systemd/network/10-ens160.link"
  printf '[Match]\nMACAddress=00:0c:29:5e:13:c1\n\n[Network]\nAddress=10.77.7.20/24\nGateway=10.77.7.2\n' \
    >"$tree/etc/systemd/network/20-ens160.network"
  chroot "$tree" systemctl --quiet enable systemd-networkd.service
}

install_loader() {
  grub_default=$'GRUB_DISABLE_LINUX_UUID=true\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX resume=/dev/sda1 resume_offset=RESUME-OFFSET"'
  write_grub_cfg "$1"
  make_grub_pc "$1" "$ROOT_UUID" /boot/grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
