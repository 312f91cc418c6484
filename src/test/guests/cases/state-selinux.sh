#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# An enforcing guest whose root file system is marked as having errors, and whose /var was in use. Its fstab has further
# attributes and another mode. The network's fix adds a file in a folder that is not there yet.
# HIBERNATED=1: the swap partition holds a saved memory. DAMAGED=1: the root cannot be repaired.
label() { # PATH TYPE
  printf 'system_u:object_r:%s:s0\0' "$2" >"$work/label-$2"
  echo "ea_set -f $work/label-$2 $1 security.selinux"
}
t=$work/t; guest "$t" rocky 9.4 "Rocky Linux"
mkdir -p "$t/etc/sysconfig/network-scripts" "$t/usr/lib/systemd/network" "$t/usr/lib/udev/rules.d"
echo x >"$t/usr/lib/systemd/network/99-default.link"
echo x >"$t/usr/lib/udev/rules.d/80-net-setup-link.rules"
printf '/dev/sda1 / ext4 defaults 1 1\n/dev/sda2 /var ext4 defaults 1 2\n/dev/sda3 none swap defaults 0 0\n' | put "$t" /etc/fstab 640
printf 'SELINUX=enforcing\nSELINUXTYPE=targeted\n' | put "$t" /etc/selinux/config
put "$t" /etc/selinux/targeted/contexts/files/file_contexts <<'X'
/.*	system_u:object_r:default_t:s0
/etc/.*	system_u:object_r:etc_t:s0
/etc	-d	system_u:object_r:etc_t:s0
/etc/udev/rules\.d(/.*)?	system_u:object_r:udev_rules_t:s0
/etc/sysconfig/network-scripts(/.*)?	system_u:object_r:net_conf_t:s0
X
printf 'TYPE=Ethernet\nBOOTPROTO=none\nIPADDR=192.0.2.9\nPREFIX=24\nNAME=ens192\nDEVICE=ens192\nONBOOT=yes\n' |
  put "$t" /etc/sysconfig/network-scripts/ifcfg-ens192
mv "$t/var" "$work/v"; mkdir "$t/var"
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"
ext4 "$work/var.fs" 40 11111111-2222-4333-8444-000000000002 var "$work/v"
swap "$work/swap.fs" 8 11111111-2222-4333-8444-000000000003
{
  label / root_t
  for path in /etc /etc/systemd /etc/sysconfig; do label $path etc_t; done
  label /etc/fstab my_t
  label /etc/sysconfig/network-scripts net_conf_t
  label /etc/sysconfig/network-scripts/ifcfg-ens192 net_conf_t
  label /boot boot_t
  echo 'ea_set /etc/fstab user.note kept'
  echo 'sif /etc/fstab gid 5'
  [ -z "${DAMAGED:-}" ] || echo 'clri <2>'
  echo 'set_super_value state 3'
} >"$work/commands"
debugfs -w -f "$work/commands" "$work/root.fs" >/dev/null 2>"$work/debugfs"
debugfs -w -R 'feature needs_recovery' "$work/var.fs" >/dev/null 2>&1
[ -z "${HIBERNATED:-}" ] || printf 'S1SUSPEND\0' | dd of="$work/swap.fs" bs=1 seek=4086 conv=notrunc status=none
disk "$out/disk.img" dos "$work/root.fs:83" "$work/var.fs:83" "$work/swap.fs:82"
manifest raw "$out/disk.img" '{"fstab":{"enabled":true,"mode":"stabilize-all"},"network":{"enabled":true,"fix_level":"full"}}'
