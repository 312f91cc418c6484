#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Debian whose root is an XFS that was in use when its machine went off: the last fstab is in the journal only. /srv is
# a btrfs subvolume in LUKS 2, which crypttab names as VMware showed it; its key is OUTDIR/text.key.
t=$work/t; guest "$t" debian 12 "Debian GNU/Linux"
u=11111111-2222-4333-8444-0000000000
mkdir -p "$t/srv"
printf 'srv_crypt /dev/sda2 none luks\n' | put "$t" /etc/crypttab
printf '/dev/sda1 / xfs defaults 0 1\n' | put "$t" /etc/fstab
printf '/dev/sda1 / xfs noatime 0 1\n/dev/mapper/srv_crypt /srv btrfs subvol=@srv 0 0\n' >"$work/fstab"
tar -C "$t" --owner=0 --group=0 -cf "$work/root.tar" .
printf 'a-long-passphrase-of-a-test\n' >"$out/text.key"
chmod 600 "$out/text.key"
truncate -s 320M "$work/root"; truncate -s 160M "$work/luks"
mkfs.xfs -q -m "uuid=${u}e1" "$work/root"
disk "$out/disk.img" dos "$work/root:83" "$work/luks:83"
# The appliance goes off while the root is mounted: what was written last is in the file system's log.
cat >"$work/script" <<X
add $out/disk.img format:raw label:diska
run
debug-upload $out/text.key /run/text 0400
debug sh "cryptsetup luksFormat -q --pbkdf-force-iterations 1000 --type luks2 --pbkdf pbkdf2 --uuid ${u}e2 --key-file /run/text --keyfile-size 27 /dev/disk/guestfs/diska2"
debug sh "cryptsetup open --key-file /run/text --keyfile-size 27 /dev/disk/guestfs/diska2 inside"
debug sh "mkfs.btrfs -q -f -U ${u}e3 /dev/mapper/inside 2>&1"
mount /dev/mapper/inside /
btrfs-subvolume-create /@srv
write /@srv/file data
umount-all
debug sh "cryptsetup close inside"
mount /dev/sda1 /
tar-in $work/root.tar /
sync
upload $work/fstab /etc/fstab.new
mv /etc/fstab.new /etc/fstab
sync
-debug sh "echo b >/proc/sysrq-trigger"
X
guestfish <"$work/script" >"$work/log" 2>&1 || true
grep -q 'appliance closed the connection\|qemu exited' "$work/log" || { cat "$work/log" >&2; exit 1; }
manifest raw "$out/disk.img" "$FSTAB"
