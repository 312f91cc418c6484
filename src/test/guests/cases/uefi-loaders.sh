#!/usr/bin/env bash
# Guests with EFI system partitions. Usage: uefi-loaders.sh OUTDIR VARIANT
#   unfixed   a loader in a folder of its own alone, and no fix of it asked for
#   full      such a loader, on a partition that has no space for a copy
#   fallback  what RHEL has: shim and its fallback program, and the list of what to start; names in
#             other cases than usual, no row of fstab
#   bios      an empty partition on a machine that starts by BIOS, as some installers leave it
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
variant=${2:?usage: uefi-loaders.sh OUTDIR VARIANT}

tree=$work/t esp=$work/e fix=$BOTH row='UUID=C0FF-EE11 /boot/efi vfat umask=0077 0 1'
mkdir -p "$esp/EFI"
case $variant in
  unfixed | full)
    guest "$tree" debian 12 "Debian GNU/Linux"
    pe "$esp/EFI/debian/shimx64.efi" 900 grubx64.efi fbx64.efi mmx64.efi
    pe "$esp/EFI/debian/grubx64.efi" 4000
    [ "$variant" = full ] || fix=$FSTAB
    [ "$variant" = unfixed ] || head -c 32M /dev/zero >"$esp/recovery.img"
    ;;
  fallback)
    guest "$tree" rhel 9.4 "Red Hat Enterprise Linux"
    pe "$esp/EFI/redhat/shimx64.efi" 900 grubx64.efi fbx64.efi mmx64.efi
    pe "$esp/EFI/redhat/grubx64.efi" 2000
    mkdir "$esp/EFI/boot"
    cp "$esp/EFI/redhat/shimx64.efi" "$esp/EFI/boot/bootx64.efi"
    pe "$esp/EFI/boot/fbx64.efi" 80
    printf '\ufeffshimx64.efi,Red Hat Enterprise Linux,,This is the boot entry\n' |
      iconv -f UTF-8 -t UTF-16LE >"$esp/EFI/redhat/bootx64.csv"
    row=''
    ;;
  bios) guest "$tree" ubuntu 20.04 Ubuntu ;;
  *) echo "no variant $variant" >&2; exit 1 ;;
esac
printf 'UUID=11111111-2222-4333-8444-000000000001 / ext4 errors=remount-ro 0 1\n%s\n' "$row" |
  put "$tree" /etc/fstab
mkdir -p "$tree/boot/efi"
kernel=6.1.0-18-amd64
echo x >"$tree/boot/vmlinuz-$kernel"
echo x >"$tree/boot/initrd.img-$kernel"
printf "menuentry 'Linux' {\n\tlinux /boot/vmlinuz-%s root=UUID=11111111-2222-4333-8444-000000000001 ro\n\tinitrd /boot/initrd.img-%s\n}\n" \
  $kernel $kernel | put "$tree" /boot/grub/grub.cfg
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$tree"
vfat "$work/esp" 40 C0FFEE11 EFISYS "$esp"
if [ "$variant" = bios ]; then
  disk "$out/disk.img" dos "$work/esp:ef" "$work/root.fs:83"
else
  disk "$out/disk.img" gpt "$work/esp:U" "$work/root.fs:L"
fi
manifest raw "$out/disk.img" "$fix"
