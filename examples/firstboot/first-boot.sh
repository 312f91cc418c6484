#!/bin/sh
# Run once by the converted guest, as root. What it prints is in /var/log/hyper2kvm-firstboot.log.
set -eu

uname -a
echo "converted; first boot on $(cat /sys/class/dmi/id/sys_vendor 2>/dev/null || echo unknown)" >>/etc/motd

# The guest agent, where a repository can be reached.
if command -v apt-get >/dev/null 2>&1; then
  apt-get -y install qemu-guest-agent
elif command -v dnf >/dev/null 2>&1; then
  dnf -y install qemu-guest-agent
fi
