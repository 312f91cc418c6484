#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Ubuntu server with / and /usr on LVM, named by /dev/disk/by-id/dm-uuid-LVM-…, and /boot by-uuid (curtin's form).
# Volumes have random identifiers, so guestfish makes them and the fstab is written into the volume afterwards.
t=$work/t; guest "$t" ubuntu 22.04 Ubuntu
put "$t" /etc/netplan/00-installer-config.yaml <<'X'
network:
  version: 2
  ethernets:
    ens160:
      addresses: [10.77.10.20/24]
      routes: [{to: default, via: 10.77.10.1}]
X
mv "$t/usr" "$work/usr"; mkdir "$t/usr"; mv "$work/usr/lib" "$work/usr/lib.keep"; mkdir -p "$work/u"; mv "$work/usr/bin" "$work/usr/sbin" "$work/u/"; mv "$work/usr/lib.keep" "$work/u/lib"
mv "$t/etc/os-release" "$work/u/lib/os-release"; ln -s ../usr/lib/os-release "$t/etc/os-release"
mkdir -p "$work/b/grub"; echo x >"$work/b/vmlinuz"
ext4 "$work/boot.fs" 32 11111111-2222-4333-8444-0000000000b1 boot "$work/b"
ext4 "$work/root.fs" 64 11111111-2222-4333-8444-0000000000a1 "" "$t"
ext4 "$work/usr.fs" 64 11111111-2222-4333-8444-0000000000a2 "" "$work/u"
truncate -s 176M "$work/pv"
disk "$out/disk.img" dos "$work/boot.fs:83" "$work/pv:8e"
eval "$(guestfish --listen)"; g() { guestfish --remote -- "$@"; }
g add "$out/disk.img" format:raw; g run
g pvcreate /dev/sda2; g vgcreate ubuntu-vg /dev/sda2; g lvcreate root-lv ubuntu-vg 64; g lvcreate usr-lv ubuntu-vg 64
g upload "$work/root.fs" /dev/ubuntu-vg/root-lv; g upload "$work/usr.fs" /dev/ubuntu-vg/usr-lv
vg=$(g vgs-full | sed -n 's/^ *vg_uuid: *//p' | tr -d -); r=$(g lvuuid /dev/ubuntu-vg/root-lv | tr -d -); u=$(g lvuuid /dev/ubuntu-vg/usr-lv | tr -d -)
printf '# /etc/fstab\n/dev/disk/by-id/dm-uuid-LVM-%s%s / ext4 defaults 0 1\n/dev/disk/by-uuid/11111111-2222-4333-8444-0000000000b1 /boot ext4 defaults 0 1\n/dev/disk/by-id/dm-uuid-LVM-%s%s /usr ext4 defaults 0 1\n' "$vg" "$r" "$vg" "$u" >"$work/fstab"
g mount /dev/ubuntu-vg/root-lv /; g upload "$work/fstab" /etc/fstab; g umount-all; g exit
manifest raw "$out/disk.img" '{"fstab":{"enabled":true,"mode":"stabilize-all"},"network":{"enabled":true,"fix_level":"full"}}'
