#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Debian with cards named lan0 and wan0 by address in udev rules, and .link files switched off by the usual mask.
t=$work/t; guest "$t" debian 10 "Debian GNU/Linux"; echo "$ROOTROW" | put "$t" /etc/fstab
put "$t" /etc/udev/rules.d/70-persistent-net.rules <<'X'
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:0c:29:4d:00:01", NAME="lan0"
SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="00:0c:29:4d:00:0b", NAME="wan0"
X
ln -s /dev/null "$t/etc/udev/rules.d/80-net-setup-link.rules"
put "$t" /etc/network/interfaces <<'X'
auto lo lan0 wan0
iface lo inet loopback

iface lan0 inet static
    address 10.77.6.20
    netmask 255.255.255.0

iface wan0 inet dhcp
X
root1 "$t"; cp "$work/root.img" "$out/disk.img"; manifest raw "$out/disk.img" "$NET"
