# shellcheck shell=bash
# shellcheck disable=SC2034
# UEFI with systemd-boot, which only the old machine's NVRAM named; kernels and entries on the
# partition, which is /boot.
release=trixie
packages=(systemd-boot-efi)
distribution='Debian 13'
storage='ext4, /boot on the EFI partition'
boot='UEFI, systemd-boot in NVRAM only'
network='networkd, named by .link'
firmware=uefi disk_bus=ahci nvram_loader='\EFI\systemd\systemd-bootx64.efi' nvram_label='Linux Boot Manager'
cards=('00:0c:29:5e:18:a1 10.77.12.20')
shows=('ens192=10.77.12.20')
disk_mib=(3072)
readonly ROOT_UUID=9d7a6f21-4f0b-4b3a-8f0d-0d3c1a5b7e42

partitions() {
  printf '%s\n' 'label: gpt' 'start=1MiB, size=256MiB, type=U' 'type=L'
}

volumes() {
  cat <<VOLUMES
mkfs vfat DISKa1
mkfs ext4 DISKa2
set-uuid DISKa2 $ROOT_UUID
mount DISKa2 /
mkdir /boot
mount-options quiet DISKa1 /boot
VOLUMES
}

write_files() {
  local tree=$1
  printf '%s\n' '/dev/sda2 / ext4 errors=remount-ro 0 1' '/dev/sda1 /boot vfat umask=0077 0 1' \
    >"$tree/etc/fstab"
  printf '[Match]\nMACAddress=00:0c:29:5e:18:a1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
  printf '[Match]\nName=ens192\n\n[Network]\nAddress=10.77.12.20/24\nGateway=10.77.12.2\n' \
    >"$tree/etc/systemd/network/20-ens192.network"
  chroot "$tree" systemctl --quiet enable systemd-networkd.service
}

install_loader() {
  local tree=$1 kernel
  kernel=$(cd "$tree/lib/modules" && ls)
  mkdir -p "$tree/boot/EFI/systemd" "$tree/boot/loader/entries"
  cp "$tree/usr/lib/systemd/boot/efi/systemd-bootx64.efi" "$tree/boot/EFI/systemd/"
  printf 'timeout 1\ndefault debian.conf\n' >"$tree/boot/loader/loader.conf"
  printf 'title Debian\nlinux /vmlinuz-%s\ninitrd /initrd.img-%s\noptions root=/dev/sda2 ro console=tty0 console=ttyS0,115200n8\n' \
    "$kernel" "$kernel" >"$tree/boot/loader/entries/debian.conf"
}
