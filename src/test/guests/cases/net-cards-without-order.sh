#!/bin/bash
. "$(dirname "$0")/lib.sh"
# Debian with cards named ens192 and eth1: nothing in the guest tells which of them comes first.
t=$work/t; guest "$t" debian 12 "Debian GNU/Linux"; echo "$ROOTROW" | put "$t" /etc/fstab
put "$t" /etc/network/interfaces <<'X'
auto lo ens192 eth1
iface lo inet loopback

iface ens192 inet static
    address 10.77.6.20
    netmask 255.255.255.0

iface eth1 inet dhcp
X
root1 "$t"; cp "$work/root.img" "$out/disk.img"; manifest raw "$out/disk.img" "$NET"
