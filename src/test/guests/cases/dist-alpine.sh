#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Alpine 3.12 as setup-alpine leaves it: BIOS, /boot apart, extlinux, OpenRC and mdev; root= by the disk's name.
t=$work/t; guest "$t" alpine 3.12.3 "Alpine Linux" sysv; rmdir "$t/var/lib/rpm"
mkdir -p "$t/lib/apk/db" "$t/sbin"; echo P:alpine-base >"$t/lib/apk/db/installed"; echo x >"$t/usr/sbin/mkinitfs"
put "$t" /etc/fstab <<'X'
/dev/sda2 / ext4 rw,relatime 0 1
UUID=11111111-2222-4333-8444-0000000000b1	/boot	ext4	rw,relatime 0 2
UUID=11111111-2222-4333-8444-0000000000c1	swap	swap	defaults	0 0
/dev/cdrom	/media/cdrom	iso9660	noauto,ro 0 0
/dev/usbdisk	/media/usb	vfat	noauto	0 0
X
printf 'features="ata base cdrom ext4 keymap kms mmc raid scsi usb"\n' | put "$t" /etc/mkinitfs/mkinitfs.conf
printf 'overwrite=1\ndefault_kernel_opts="quiet rootfstype=ext4"\nmodules=sd-mod,usb-storage,ext4\nroot=/dev/sda2\ndefault=lts\n' | put "$t" /etc/update-extlinux.conf
printf 'auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet static\n\taddress 192.0.2.31\n\tnetmask 255.255.255.0\n\tgateway 192.0.2.1\n' | put "$t" /etc/network/interfaces
k=5.4.84-0-lts; modules "$t" $k; mkdir "$work/b"
echo x >"$work/b/vmlinuz-lts"; initramfs "$work/b/initramfs-lts" init sbin/nlplug-findfs "lib/modules/$k/modules.dep"
cat >"$work/b/extlinux.conf" <<'X'
DEFAULT menu.c32
TIMEOUT 30
LABEL lts
  MENU DEFAULT
  MENU LABEL Linux lts
  LINUX vmlinuz-lts
  INITRD initramfs-lts
  APPEND root=/dev/sda2 modules=sd-mod,usb-storage,ext4 quiet rootfstype=ext4
X
ext4 "$work/boot.fs" 48 11111111-2222-4333-8444-0000000000b1 boot "$work/b"
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"
swap "$work/swap.fs" 16 11111111-2222-4333-8444-0000000000c1
disk "$out/disk.img" dos "$work/boot.fs:83" "$work/root.fs:83" "$work/swap.fs:82"
manifest raw "$out/disk.img" "$ALL"
