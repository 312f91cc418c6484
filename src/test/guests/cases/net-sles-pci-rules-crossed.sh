#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# SLES 12 with wicked; udev names the cards by their place on the bus, and the names cross it.
t=$work/t; guest "$t" sles 12.5 "SUSE Linux Enterprise Server"; echo "$ROOTROW" | put "$t" /etc/fstab
put "$t" /etc/udev/rules.d/70-persistent-net.rules <<'X'
# PCI device 0x15ad:0x07b0 (vmxnet3)
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="vmxnet3", ATTR{dev_id}=="0x0", KERNELS=="0000:0b:00.0", ATTR{type}=="1", KERNEL=="eth*", NAME="eth0"

# PCI device 0x15ad:0x07b0 (vmxnet3)
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="vmxnet3", ATTR{dev_id}=="0x0", KERNELS=="0000:03:00.0", ATTR{type}=="1", KERNEL=="eth*", NAME="eth1"
X
put "$t" /etc/sysconfig/network/ifcfg-eth0 <<'X'
BOOTPROTO='static'
IPADDR='10.77.3.20/24'
STARTMODE='auto'
X
put "$t" /etc/sysconfig/network/ifcfg-eth1 <<'X'
BOOTPROTO='static'
IPADDR='10.88.3.20/24'
STARTMODE='auto'
X
echo 'default 10.77.3.1 - eth0' | put "$t" /etc/sysconfig/network/routes
root1 "$t"; cp "$work/root.img" "$out/disk.img"; manifest raw "$out/disk.img" "$NET"
