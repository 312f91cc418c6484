#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# RHEL 8 whose /boot cannot be mounted (an unknown feature of ext4); its entries name /dev/sda2.
t=$work/t; guest "$t" rhel 8.6 "Red Hat Enterprise Linux"; mkdir -p "$t/boot"
printf '%s\nUUID=11111111-2222-4333-8444-0000000000b1 /boot ext4 defaults 0 0\n' "$ROOTROW" | put "$t" /etc/fstab
mkdir -p "$work/b/grub2" "$work/b/loader/entries"; printf 'title x\nlinux /vmlinuz\ninitrd /i\noptions root=/dev/sda2 ro\n' >"$work/b/loader/entries/a.conf"
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"; ext4 "$work/boot.fs" 48 11111111-2222-4333-8444-0000000000b1 boot "$work/b"
# A bit of an incompatible feature that no kernel knows: the file system cannot be mounted, and blkid
# still names it.
printf '\100' | dd of="$work/boot.fs" bs=1 seek=$((1024 + 0x63)) conv=notrunc status=none
disk "$out/disk.img" dos "$work/boot.fs:83" "$work/root.fs:83"
manifest raw "$out/disk.img" "$BOTH"
