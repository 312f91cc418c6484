#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# A UEFI Debian in an OVA with its .nvram beside it; the ESP has \EFI\debian alone, no removable-media loader.
t=$work/t; guest "$t" debian 12 "Debian GNU/Linux"; mkdir -p "$t/boot/efi" "$t/boot/grub" "$t/etc/default"
printf 'UUID=11111111-2222-4333-8444-000000000001 / ext4 errors=remount-ro 0 1\nUUID=C0FF-EE11 /boot/efi vfat umask=0077 0 1\n' | put "$t" /etc/fstab
printf 'GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX=""\n' | put "$t" /etc/default/grub
k=6.1.0-18-amd64; echo x >"$t/boot/vmlinuz-$k"; echo x >"$t/boot/initrd.img-$k"
printf "menuentry 'Debian GNU/Linux' {\n\tsearch --no-floppy --fs-uuid --set=root 11111111-2222-4333-8444-000000000001\n\tlinux /boot/vmlinuz-%s root=UUID=11111111-2222-4333-8444-000000000001 ro quiet\n\tinitrd /boot/initrd.img-%s\n}\n" $k $k | put "$t" /boot/grub/grub.cfg
mkdir -p "$work/e/EFI/debian"; for f in shimx64.efi grubx64.efi mmx64.efi; do echo "MZ $f" >"$work/e/EFI/debian/$f"; done
printf "search.fs_uuid 11111111-2222-4333-8444-000000000001 root\nset prefix=(\$root)'/boot/grub'\nconfigfile \$prefix/grub.cfg\n" >"$work/e/EFI/debian/grub.cfg"
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"; vfat "$work/esp" 40 C0FFEE11 EFISYS "$work/e"
disk "$work/d.img" gpt "$work/esp:U" "$work/root.fs:L"
stream "$work/d.img" "$work/deb-disk1.vmdk"; head -c 8684 /dev/zero >"$work/deb.nvram"
ovf deb "<File ovf:href=\"deb-disk1.vmdk\" ovf:id=\"file1\"/><File ovf:href=\"deb.nvram\" ovf:id=\"file2\" ovf:size=\"8684\"/>" \
  "<Disk ovf:capacity=\"$(stat -c %s "$work/d.img")\" ovf:diskId=\"vmdisk1\" ovf:fileRef=\"file1\" ovf:format=\"http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized\"/>" \
  "$(scsi 3 0)$(drive 4 3 0 vmdisk1)$(nic 7 -)<vmw:Config ovf:required=\"false\" vmw:key=\"firmware\" vmw:value=\"efi\"/><vmw:ExtraConfig ovf:required=\"false\" vmw:key=\"nvram\" vmw:value=\"ovf:/file/file2\"/>" >"$work/deb.ovf"
tar -C "$work" --format=ustar -cf "$out/deb.ova" deb.ovf deb-disk1.vmdk deb.nvram
manifest ova "$out/deb.ova" "$BOTH"
