#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# RHEL 9 with a data volume group on its own partition; /etc/lvm/devices/system.devices names VMware's disk by its WWID.
t=$work/t; guest "$t" rhel 9.4 "Red Hat Enterprise Linux"
printf '%s\n/dev/mapper/datavg-data /srv ext4 defaults 0 2\n' "$ROOTROW" | put "$t" /etc/fstab; mkdir -p "$t/srv" "$t/etc/lvm/devices"
printf 'devices {\n\t# use_devicesfile = 1\n}\n' | put "$t" /etc/lvm/lvm.conf
mkdir "$work/d"; echo data >"$work/d/file"; ext4 "$work/data.fs" 32 11111111-2222-4333-8444-0000000000d1 data "$work/d"
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"; truncate -s 48M "$work/pv"
disk "$out/disk.img" dos "$work/root.fs:83" "$work/pv:8e"
eval "$(guestfish --listen)"; g() { guestfish --remote -- "$@"; }
g add "$out/disk.img" format:raw; g run
g pvcreate /dev/sda2; g vgcreate datavg /dev/sda2; g lvcreate data datavg 32; g upload "$work/data.fs" /dev/datavg/data
id=$(g pvuuid /dev/sda2 | tr -d -)
printf '# LVM uses devices listed in this file.\nVERSION=1.1.3\nIDTYPE=sys_wwid IDNAME=naa.6000c290000000000000000000000abc DEVNAME=/dev/sda2 PVID=%s PART=2\n' "$id" >"$work/devices"
g mount /dev/sda1 /; g upload "$work/devices" /etc/lvm/devices/system.devices; g umount-all; g exit
manifest raw "$out/disk.img" "$BOTH"
