#!/usr/bin/env bash
# The real Debian 12 guest with a package open-vm-tools: a small one of that name, which its own dpkg
# installs in the appliance. It has a setting that only a purge takes out.
. "$(dirname "$0")/lib.sh"
image=$(bash "$(dirname "$0")/../build-debian12.sh" --format vmdk)
qemu-img convert -q -f vmdk -O raw "$image" "$out/disk.img"
package=$work/package
mkdir -p "$package/DEBIAN"
printf 'Package: open-vm-tools\nVersion: 2:12.2.0-1\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: tools\n' \
  >"$package/DEBIAN/control"
echo /etc/vmware-tools/tools.conf >"$package/DEBIAN/conffiles"
put "$package" /usr/bin/vmtoolsd 755 <<<'#!/bin/sh'
put "$package" /etc/vmware-tools/tools.conf <<<'[logging]'
dpkg-deb --root-owner-group -Zgzip -b "$package" "$work/tools.deb" >/dev/null
guestfish <<X
add $out/disk.img format:raw
run
mount /dev/sda1 /
upload $work/tools.deb /root/tools.deb
command "dpkg --install /root/tools.deb"
rm /root/tools.deb
X
manifest raw "$out/disk.img" '{"fstab":{},"guest_tools":"remove"}'
