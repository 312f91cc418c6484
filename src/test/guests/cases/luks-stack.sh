#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Debian with /boot apart and LVM in LUKS 2, a LUKS 1 container on one of the volumes, and a third
# container whose key nobody has. crypttab names two of them as VMware showed them.
t=$work/t; guest "$t" debian 12 "Debian GNU/Linux"
u=11111111-2222-4333-8444-00000000000
printf 'root_crypt /dev/sda2 none luks\ndata_crypt /dev/mapper/vg-data none luks\nlost UUID=%s5 /etc/keys/lost luks,noauto\n' "$u" | put "$t" /etc/crypttab
printf '/dev/mapper/vg-root / ext4 defaults 0 1\n/dev/sda1 /boot ext4 defaults 0 2\n/dev/mapper/data_crypt /srv ext4 defaults 0 2\n/dev/mapper/lost /mnt ext4 noauto 0 2\n' | put "$t" /etc/fstab
mkdir -p "$t/srv" "$work/boot" "$work/srv"; echo data >"$work/srv/file"; echo b >"$work/boot/file"
printf 'a-long-passphrase-of-a-test\n' >"$out/text.key"
printf 'binary\n\001\377\376key\n' >"$out/binary.key"
chmod 600 "$out"/*.key
ext4 "$work/boot.fs" 32 ${u}1 boot "$work/boot"; ext4 "$work/root.fs" 96 ${u}2 root "$t"; ext4 "$work/data.fs" 24 ${u}3 data "$work/srv"
truncate -s 192M "$work/luks"; truncate -s 24M "$work/lost"
disk "$out/disk.img" dos "$work/boot.fs:83" "$work/luks:83" "$work/lost:83"
cat >"$work/script" <<X
add $out/disk.img format:raw label:diska
run
debug-upload $out/text.key /run/text 0400
debug-upload $out/binary.key /run/binary 0400
debug sh "cryptsetup luksFormat -q --pbkdf-force-iterations 1000 --type luks2 --pbkdf pbkdf2 --uuid ${u}4 --key-file /run/text --keyfile-size 27 /dev/disk/guestfs/diska2"
debug sh "cryptsetup luksFormat -q --pbkdf-force-iterations 1000 --type luks2 --pbkdf pbkdf2 --uuid ${u}5 --key-file /dev/urandom --keyfile-size 32 /dev/disk/guestfs/diska3"
debug sh "cryptsetup open --key-file /run/text --keyfile-size 27 /dev/disk/guestfs/diska2 inside"
pvcreate /dev/mapper/inside
vgcreate vg /dev/mapper/inside
lvcreate root vg 100
lvcreate data vg 40
debug sh "cryptsetup luksFormat -q --pbkdf-force-iterations 1000 --type luks1 --uuid ${u}6 --key-file /run/binary /dev/vg/data"
debug sh "cryptsetup open --key-file /run/binary /dev/vg/data data"
upload $work/root.fs /dev/vg/root
upload $work/data.fs /dev/mapper/data
X
guestfish <"$work/script"
manifest raw "$out/disk.img" '{"fstab":{"mode":"stabilize-all"}}'
