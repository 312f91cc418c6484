# shellcheck shell=bash
# shellcheck disable=SC2034
# UEFI with GRUB, which only the old machine's NVRAM named; the network by NetworkManager.
release=trixie
packages=(network-manager grub-efi-amd64)
distribution='Debian 13'
storage='ext4'
boot='UEFI, GRUB in NVRAM only'
network='NetworkManager, bound to the MAC'
firmware=uefi disk_bus=ahci nvram_loader='\EFI\debian\grubx64.efi'
card_model=e1000
cards=('00:0c:29:5e:14:d1 10.77.8.20')
shows=('ens192=10.77.8.20')
disk_mib=(3072)
readonly ROOT_UUID=0f7b5f0a-3f2e-4d52-a8c9-4c7b7de1b1f3
grub_volumes=("/ /dev/sda2 $ROOT_UUID ext2 hd0,gpt2 gpt")

partitions() {
  printf '%s\n' 'label: gpt' 'start=1MiB, size=128MiB, type=U' 'type=L'
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
  printf '[Match]\nMACAddress=00:0c:29:5e:14:d1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
  cat >"$tree/etc/NetworkManager/system-connections/office.nmconnection" <<'CONNECTION'
[connection]
id=office
uuid=3b4e0c5a-6d0f-4d6b-8d2b-6d5e3c7a9f10
type=ethernet
interface-name=ens192

[ethernet]
mac-address=00:0C:29:5E:14:D1

[ipv4]
method=manual
address1=10.77.8.20/24,10.77.8.2

[ipv6]
method=disabled
CONNECTION
  chmod 600 "$tree/etc/NetworkManager/system-connections/office.nmconnection"
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_efi "$1" "$ROOT_UUID" /boot/grub /boot/efi/EFI/debian/grubx64.efi ext2 normal
}
