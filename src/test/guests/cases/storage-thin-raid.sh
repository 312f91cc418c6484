#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Two of the three disks of a guest: its root and /var are thin volumes of a group on a RAID 5, /usr is an f2fs and /boot an
# ext2 on arrays of levels 1 and 10 that mdadm.conf names. Every array lacks the third disk.
t=$work/t; guest "$t" debian 12 Debian
cat >"$work/fstab" <<'X'
/dev/mapper/vg--t-root / ext4 defaults 0 1
/dev/md/usr /usr f2fs defaults 0 0
/dev/md/start /boot ext2 defaults 0 2
/dev/vg-t/var /var ext4 defaults 0 2
PARTLABEL=nowhere /srv ext4 nofail 0 2
PARTLABEL=extra\040data /more ext4 defaults 0 2
PARTLABEL=gone /data ext4 defaults 0 2
/dev/sdb4 /extra ext4 defaults 0 2
X
put "$t" /etc/fstab <"$work/fstab"
cp "$t/etc/os-release" "$t/usr/lib/os-release"
ln -sf ../usr/lib/os-release "$t/etc/os-release"
mkdir -p "$t/usr/lib/modules/6.1.0"; : >"$t/usr/lib/modules/6.1.0/modules.dep"
for part in usr var; do mv "$t/$part" "$work/$part"; mkdir "$t/$part"; done
mkdir -p "$t/etc/mdadm" "$t/extra" "$work/boot"
echo kernel >"$work/boot/vmlinuz-6.1.0"
for n in 1 2 3; do
  truncate -s 32M "$work/a$n"; truncate -s 64M "$work/b$n"; truncate -s 112M "$work/c$n"
  ext4 "$work/d$n" 8 11111111-2222-4333-8444-00000000000$n ""
  DISKNO=0$n disk "$out/disk$n.img" gpt "$work/a$n:R" "$work/b$n:R" "$work/c$n:R" "$work/d$n:L"
  [ $n != 1 ] || sfdisk -q --part-label "$out/disk$n.img" 4 'extra data'
done
eval "$(guestfish --listen)"; g() { guestfish --remote -- "$@"; }
# Labels name the disks in the appliance, which does not always count them as they were added.
g add "$out/disk1.img" format:raw label:diska
g add "$out/disk2.img" format:raw label:diskb
g add "$out/disk3.img" format:raw label:diskc
of() { printf '/dev/disk/guestfs/disk%s ' "a$1" "b$1" "c$1"; }
g run
g debug sh "mdadm --create /dev/md0 --run --assume-clean --metadata=1.0 --homehost=other --name=boot --level=10 --raid-devices=3 $(of 1)2>&1"
g debug sh "mdadm --create /dev/md1 --run --assume-clean --metadata=1.1 --homehost=other --name=u --level=1 --raid-devices=3 $(of 2)2>&1"
g debug sh "mdadm --create /dev/md2 --run --assume-clean --metadata=1.2 --homehost=other --name=2 --level=5 --raid-devices=3 $(of 3)2>&1"
printf 'ARRAY /dev/md/start UUID=%s\nARRAY usr UUID=%s\n' \
  "$(g md-detail /dev/md0 | sed -n 's/^uuid: //p')" "$(g md-detail /dev/md1 | sed -n 's/^uuid: //p')" >"$t/etc/mdadm/mdadm.conf"
for tree in t usr var boot; do tar -C "$work/$tree" --owner=0 --group=0 -cf "$work/$tree.tar" .; done
g pvcreate /dev/md2; g vgcreate vg-t /dev/md2
g debug sh "lvm lvcreate -q -L 160m -T vg-t/pool 2>&1"
for v in root var; do
  g debug sh "lvm lvcreate -q -V 400m -T vg-t/pool -n $v 2>&1"
  g mkfs ext4 /dev/vg-t/$v
done
g mkfs ext2 /dev/md0; g debug sh "mkfs.f2fs -q -f /dev/md1 2>&1"
g mount /dev/vg-t/root /; g tar-in "$work/t.tar" /
g mount /dev/vg-t/var /var; g tar-in "$work/var.tar" /var
g mount /dev/md0 /boot; g tar-in "$work/boot.tar" /boot
g mount /dev/md1 /usr; g tar-in "$work/usr.tar" /usr
# An array that is not closed is dirty, and a degraded RAID 5 that is dirty does not start.
g umount-all; g vg-activate-all false
for n in 0 1 2; do g md-stop /dev/md$n; done
g exit
rm "$out/disk3.img"
manifest raw "$out/disk1.img" "$FSTAB" "$out/disk2.img"
