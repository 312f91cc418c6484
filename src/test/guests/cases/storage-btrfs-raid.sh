#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Debian on a btrfs over two disks, its root, /home and /var on subvolumes of it, with a snapshot of the root beside them;
# /boot on a RAID 1 of the oldest format that lacks a disk. The tables name disks as the old hypervisor did.
t=$work/t; guest "$t" debian 13 Debian
mkdir -p "$t/swap" "$t/.snapshots"
u=11111111-2222-4333-8444-0000000000d1
cat >"$work/fstab" <<X
/dev/sda2 / btrfs noatime,compress=zstd,subvol=@rootfs 0 0
/dev/md0 /boot ext3 defaults 0 2
/dev/sdb2 /home btrfs subvol=/@home 0 0
UUID=$u /var btrfs subvol=data/@var 0 0
/swap/swapfile none swap sw 0 0
X
put "$t" /etc/fstab <"$work/fstab"
printf 'GRUB_CMDLINE_LINUX="root=/dev/sdb2 rootflags=subvol=@rootfs resume=/dev/sda2 resume_offset=12800"\n' | put "$t" /etc/default/grub
mv "$t/var" "$work/var"; mkdir "$t/var"
mkdir -p "$work/boot/grub"
printf 'menuentry Debian {\n linux /vmlinuz-6.12.0 root=/dev/sdb2 ro rootflags=subvol=@rootfs resume=/dev/sda2 resume_offset=12800\n initrd /initrd.img-6.12.0\n}\n' >"$work/boot/grub/grub.cfg"
echo kernel >"$work/boot/vmlinuz-6.12.0"; echo x >"$work/boot/initrd.img-6.12.0"
mkdir -p "$t/usr/lib/modules/6.12.0"; : >"$t/usr/lib/modules/6.12.0/modules.dep"
for tree in t var boot; do tar -C "$work/$tree" --owner=0 --group=0 -cf "$work/$tree.tar" .; done
for n in 1 2; do
  truncate -s 48M "$work/md$n"; truncate -s 192M "$work/bt$n"
  DISKID=c0ffee0$n disk "$out/disk$n.img" dos "$work/md$n:fd" "$work/bt$n:83"
done
# Names of the appliance's own commands: it does not always count its disks as they were added.
a=/dev/disk/guestfs/diska b=/dev/disk/guestfs/diskb
guestfish >"$work/log" <<X
add $out/disk1.img format:raw label:diska
add $out/disk2.img format:raw label:diskb
run
debug sh "mdadm --create /dev/md0 --run --assume-clean --metadata=0.90 --level=1 --raid-devices=2 ${a}1 missing 2>&1"
mkfs ext3 /dev/md0
mount /dev/md0 /
tar-in $work/boot.tar /
umount-all
debug sh "mkfs.btrfs -q -f -U $u -m raid1 -d raid1 ${a}2 ${b}2 2>&1"
mount /dev/sda2 /
btrfs-subvolume-create /@home
btrfs-subvolume-create /@rootfs
mkdir /data
btrfs-subvolume-create /data/@var
tar-in $work/t.tar /@rootfs
tar-in $work/var.tar /data/@var
btrfs-subvolume-snapshot /@rootfs /@rootfs/.snapshots/1 ro:true
btrfs-subvolume-create /@old
write /@old/fstab x
umount-all
X
manifest raw "$out/disk1.img" "$BOTH" "$out/disk2.img"
