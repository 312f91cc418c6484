#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# systemd-boot with its entries on an EFI system partition that systemd mounts at /efi by the type of the partition.
# UKI=1: with a unified kernel image that has /dev/sda2 in its command line.
t=$work/t; guest "$t" arch rolling "Arch Linux"; mkdir -p "$t/efi" "$t/etc/kernel"
printf '/dev/sda2 / ext4 rw 0 1\n' | put "$t" /etc/fstab
printf 'root=/dev/sda2 rw\n' | put "$t" /etc/kernel/cmdline
mkdir -p "$work/e/EFI/systemd" "$work/e/EFI/BOOT" "$work/e/EFI/Linux" "$work/e/loader/entries"
for f in systemd/systemd-bootx64.efi BOOT/BOOTX64.EFI; do echo MZ >"$work/e/EFI/$f"; done
echo x >"$work/e/vmlinuz-linux"; echo x >"$work/e/initramfs-linux.img"
printf 'default arch.conf\n' >"$work/e/loader/loader.conf"
printf 'title Arch\nlinux /vmlinuz-linux\ninitrd /initramfs-linux.img\noptions root=/dev/sda2 rw\n' >"$work/e/loader/entries/arch.conf"
if [ -n "${UKI:-}" ]; then
  python3 - "$work/e/EFI/Linux/arch.efi" <<'P'
import struct, sys
text = b'root=/dev/sda2 rw\0'
b = bytearray(8192)
b[0:2] = b'MZ'; struct.pack_into('<I', b, 60, 128); b[128:132] = b'PE\0\0'
struct.pack_into('<H', b, 134, 2); struct.pack_into('<H', b, 148, 240)
for i, (name, content) in enumerate([(b'.osrel', b'ID=arch\n'), (b'.cmdline', text)]):
    at = 128 + 24 + 240 + 40 * i
    b[at:at + 8] = name.ljust(8, b'\0'); struct.pack_into('<IIII', b, at + 8, len(content), 0, 512, 4096 + 1024 * i)
    b[4096 + 1024 * i:4096 + 1024 * i + len(content)] = content
open(sys.argv[1], 'wb').write(b)
P
fi
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"; vfat "$work/esp" 40 C0FFEE11 EFISYS "$work/e"
disk "$out/disk.img" gpt "$work/esp:U" "$work/root.fs:L"
manifest raw "$out/disk.img" "$BOTH"
