# shellcheck shell=bash
# shellcheck disable=SC2034
# UEFI with shim and the signed GRUB in EFI/debian, which only the old machine's NVRAM named.
release=bookworm
packages=(ifupdown shim-signed grub-efi-amd64 grub-efi-amd64-signed)
distribution='Debian 12'
storage='ext4'
boot='UEFI, shim and GRUB in NVRAM only'
network='ifupdown, named by .link'
firmware=uefi disk_bus=ahci nvram_loader='\EFI\debian\shimx64.efi'
cards=('00:0c:29:5e:17:a1 10.77.11.20')
shows=('ens192=10.77.11.20')
disk_mib=(2816)
readonly ROOT_UUID=3c0d5f7e-91ab-4a26-8c44-6be2f0d719a4
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
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
    address 10.77.11.20/24
    gateway 10.77.11.2
INTERFACES
  printf '[Match]\nMACAddress=00:0c:29:5e:17:a1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
}

# What grub-install leaves on the partition on a Debian with shim, without the removable-media path.
install_loader() {
  local tree=$1 esp=$1/boot/efi/EFI/debian
  write_grub_cfg "$tree"
  mkdir -p "$esp"
  cp "$tree/usr/lib/shim/shimx64.efi.signed" "$esp/shimx64.efi"
  cp "$tree/usr/lib/shim/mmx64.efi.signed" "$esp/mmx64.efi"
  cp "$tree/usr/lib/shim/fbx64.efi.signed" "$esp/fbx64.efi"
  cp "$tree/usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed" "$esp/grubx64.efi"
  { grub_load_cfg "$ROOT_UUID" /boot/grub; printf 'configfile $prefix/grub.cfg\n'; } >"$esp/grub.cfg"
}
