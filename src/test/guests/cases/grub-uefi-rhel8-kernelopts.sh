#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# RHEL 8 on UEFI: the entries on /boot name $kernelopts, which grubenv on the EFI system partition and the fallback in
# grub.cfg there set; both name /dev/sda3.
t=$work/t; guest "$t" rhel 8.6 "Red Hat Enterprise Linux"; mkdir -p "$t/boot/efi" "$t/etc/default"
printf '%s\nUUID=11111111-2222-4333-8444-0000000000b1 /boot ext4 defaults 0 0\nUUID=C0FF-EE11 /boot/efi vfat umask=0077 0 2\n' "$ROOTROW" | put "$t" /etc/fstab
printf 'GRUB_CMDLINE_LINUX="crashkernel=auto"\nGRUB_ENABLE_BLSCFG=true\n' | put "$t" /etc/default/grub
ln -s ../boot/efi/EFI/redhat/grub.cfg "$t/etc/grub2-efi.cfg"
k=4.18.0-372.el8.x86_64
mkdir -p "$work/b/grub2" "$work/b/efi" "$work/b/loader/entries" "$work/e/EFI/redhat" "$work/e/EFI/BOOT"
ln -s ../efi/EFI/redhat/grubenv "$work/b/grub2/grubenv"
echo x >"$work/b/vmlinuz-$k"; echo x >"$work/b/initramfs-$k.img"
printf 'title RHEL\nversion %s\nlinux /vmlinuz-%s\ninitrd /initramfs-%s.img $tuned_initrd\noptions $kernelopts $tuned_params\ngrub_class kernel\n' $k $k $k >"$work/b/loader/entries/0123-$k.conf"
for f in redhat/shimx64.efi redhat/grubx64.efi BOOT/BOOTX64.EFI; do echo MZ >"$work/e/EFI/$f"; done
{ printf '# GRUB Environment Block\nsaved_entry=0123-%s\nkernelopts=root=/dev/sda3 ro crashkernel=auto\nboot_success=0\n' $k; head -c 1024 /dev/zero | tr '\0' '#'; } | head -c 1024 >"$work/e/EFI/redhat/grubenv"
cat >"$work/e/EFI/redhat/grub.cfg" <<'X2'
load_env -f ${config_directory}/grubenv
set default="${saved_entry}"
search --no-floppy --fs-uuid --set=root 11111111-2222-4333-8444-0000000000b1
if [ -z "${kernelopts}" ]; then
  set kernelopts="root=/dev/sda3 ro crashkernel=auto "
fi
insmod blscfg
blscfg
X2
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"; ext4 "$work/boot.fs" 48 11111111-2222-4333-8444-0000000000b1 boot "$work/b"
vfat "$work/esp" 40 C0FFEE11 EFISYS "$work/e"
disk "$out/disk.img" gpt "$work/esp:U" "$work/boot.fs:L" "$work/root.fs:L"
manifest raw "$out/disk.img" "$BOTH"
