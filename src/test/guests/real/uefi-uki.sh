# shellcheck shell=bash
# shellcheck disable=SC2034
# UEFI with a unified kernel image that systemd's ukify built and that the old machine's NVRAM named;
# the command line and the initramfs inside it are the old machine's.
release=trixie
packages=(systemd-ukify systemd-boot-efi)
distribution='Debian 13'
storage='ext4'
boot='UEFI, unified kernel image in NVRAM only'
network='networkd, named by .link'
firmware=uefi disk_bus=ahci nvram_loader='\EFI\Linux\debian.efi' nvram_label='Debian'
cards=('00:0c:29:5e:1c:a1 10.77.21.20')
shows=('ens192=10.77.21.20')
disk_mib=(3072)
readonly ROOT_UUID=3c1e5d77-92ab-4a0e-b1f6-5f3d8e2c9a10
warnings+=('is a kernel: the copy at the removable-media path stays at this version')

partitions() {
  printf '%s\n' 'label: gpt' 'start=1MiB, size=512MiB, type=U' 'type=L'
}

volumes() {
  cat <<VOLUMES
mkfs vfat DISKa1
mkfs ext4 DISKa2
set-uuid DISKa2 $ROOT_UUID
mount DISKa2 /
mkdir-p /boot/efi
mount-options quiet DISKa1 /boot/efi
VOLUMES
}

write_files() {
  local tree=$1
  printf '%s\n' '/dev/sda2 / ext4 errors=remount-ro 0 1' '/dev/sda1 /boot/efi vfat umask=0077 0 1' \
    >"$tree/etc/fstab"
  mkdir -p "$tree/etc/kernel"
  echo 'root=/dev/sda2 ro console=tty0 console=ttyS0,115200n8' >"$tree/etc/kernel/cmdline"
  printf 'layout=uki\n' >"$tree/etc/kernel/install.conf"
  printf '[Match]\nMACAddress=00:0c:29:5e:1c:a1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
  printf '[Match]\nName=ens192\n\n[Network]\nAddress=10.77.21.20/24\nGateway=10.77.21.2\n' \
    >"$tree/etc/systemd/network/20-ens192.network"
  chroot "$tree" systemctl --quiet enable systemd-networkd.service
}

install_loader() {
  local tree=$1 kernel
  kernel=$(cd "$tree/lib/modules" && ls)
  mkdir -p "$tree/boot/efi/EFI/Linux"
  chroot "$tree" ukify build --linux="/boot/vmlinuz-$kernel" --initrd="/boot/initrd.img-$kernel" \
    --cmdline=@/etc/kernel/cmdline --os-release=@/etc/os-release --uname="$kernel" \
    --output=/boot/efi/EFI/Linux/debian.efi >&2
}
