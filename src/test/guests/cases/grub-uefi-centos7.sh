#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# CentOS 7 on UEFI: its grub.cfg lies on the EFI system partition alone; fstab and root= were changed to /dev/sda names.
t=$work/t; guest "$t" centos 7 "CentOS Linux"; mkdir -p "$t/boot/efi" "$t/etc/default"
printf '/dev/sda3 / ext4 defaults 1 1\n/dev/sda2 /boot ext4 defaults 1 2\n/dev/sda1 /boot/efi vfat umask=0077,shortname=winnt 0 0\n' | put "$t" /etc/fstab
put "$t" /etc/default/grub <<'X'
GRUB_TIMEOUT=5
GRUB_DEFAULT=saved
GRUB_DISABLE_LINUX_UUID=true
GRUB_CMDLINE_LINUX="crashkernel=auto root=/dev/sda3 rhgb quiet"
X
ln -s ../boot/efi/EFI/centos/grub.cfg "$t/etc/grub2-efi.cfg"
mkdir -p "$work/b/grub2" "$work/b/efi" "$work/e/EFI/centos" "$work/e/EFI/BOOT"
ln -s ../efi/EFI/centos/grubenv "$work/b/grub2/grubenv"
k=3.10.0-1160.el7.x86_64; echo x >"$work/b/vmlinuz-$k"; echo x >"$work/b/initramfs-$k.img"
for f in centos/shimx64.efi centos/grubx64.efi BOOT/BOOTX64.EFI BOOT/fbx64.efi; do echo MZ >"$work/e/EFI/$f"; done
cat >"$work/e/EFI/centos/grub.cfg" <<X
set default="\${saved_entry}"
menuentry 'CentOS Linux ($k) 7 (Core)' --class centos --unrestricted {
	insmod part_gpt
	insmod ext2
	set root='hd0,gpt2'
	search --no-floppy --fs-uuid --set=root 11111111-2222-4333-8444-0000000000b1
	linuxefi /vmlinuz-$k root=/dev/sda3 ro crashkernel=auto rhgb quiet
	initrdefi /initramfs-$k.img
}
X
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"; ext4 "$work/boot.fs" 48 11111111-2222-4333-8444-0000000000b1 boot "$work/b"
vfat "$work/esp" 40 C0FFEE11 EFISYS "$work/e"
disk "$out/disk.img" gpt "$work/esp:U" "$work/boot.fs:L" "$work/root.fs:L"
manifest raw "$out/disk.img" "$BOTH"
