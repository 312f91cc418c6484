#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# RHEL 6, a clone of a template: the only card is eth1, ifcfg-eth0 and its rule are the template's.
t=$work/t; guest "$t" rhel 6.9 "Red Hat Enterprise Linux Server" sysv; echo "$ROOTROW" | put "$t" /etc/fstab
put "$t" /etc/udev/rules.d/70-persistent-net.rules <<'X'
# PCI device 0x15ad:0x07b0 (vmxnet3)
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:50:56:9a:20:01", ATTR{type}=="1", KERNEL=="eth*", NAME="eth0"

# PCI device 0x15ad:0x07b0 (vmxnet3)
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:50:56:9a:20:77", ATTR{type}=="1", KERNEL=="eth*", NAME="eth1"
X
put "$t" /etc/sysconfig/network-scripts/ifcfg-eth0 <<'X'
DEVICE=eth0
TYPE=Ethernet
ONBOOT=yes
BOOTPROTO=dhcp
HWADDR=00:50:56:9A:20:01
X
put "$t" /etc/sysconfig/network-scripts/ifcfg-eth1 <<'X'
DEVICE=eth1
TYPE=Ethernet
ONBOOT=yes
BOOTPROTO=none
HWADDR=00:50:56:9A:20:77
IPADDR=10.77.4.20
NETMASK=255.255.255.0
GATEWAY=10.77.4.1
X
root1 "$t"; ova1 clone "$work/root.img" "$(nic 7 00:50:56:9a:20:77)"
manifest ova "$out/clone.ova" "$NET"
