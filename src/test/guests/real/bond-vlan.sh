# shellcheck shell=bash
# shellcheck disable=SC2034
# Two cards in a bond with a VLAN on it, by systemd-networkd; the cards get their names by their
# addresses, and one port of the bond is told by its address, the other one by its name. The bond
# has its active port's address, since a virtual switch may refuse others.
release=trixie
packages=(grub-pc)
distribution='Debian 13' storage='ext4' boot='BIOS, GRUB 2' network='systemd-networkd, bond of two cards, VLAN'
cards=('00:0c:29:5e:21:a1 10.77.9.20' '00:0c:29:5e:21:a2 -')
shows=('bond0=10.77.9.20' 'bond0.100=10.77.109.20')
disk_mib=(3072)
readonly ROOT_UUID=5b1d7c3e-90ab-4a64-8a55-2f0e7b9d6c21
grub_volumes=("/ /dev/sda1 $ROOT_UUID ext2 hd0,msdos1 msdos")

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=3071MiB, type=83, bootable'
}

volumes() {
  cat <<VOLUMES
mkfs ext4 DISKa1
set-uuid DISKa1 $ROOT_UUID
mount DISKa1 /
VOLUMES
}

# networkd TREE FILE <TEXT : a file of systemd-networkd.
networkd() { cat >"$1/etc/systemd/network/$2"; }

write_files() {
  local tree=$1
  printf '/dev/sda1 / ext4 errors=remount-ro 0 1\n' >"$tree/etc/fstab"
  networkd "$tree" 10-ens192.link <<'X'
[Match]
MACAddress=00:0c:29:5e:21:a1

[Link]
Name=ens192
X
  networkd "$tree" 10-ens224.link <<'X'
[Match]
MACAddress=00:0c:29:5e:21:a2

[Link]
Name=ens224
X
  networkd "$tree" bond0.netdev <<'X'
[NetDev]
Name=bond0
Kind=bond

[Bond]
Mode=active-backup
FailOverMACPolicy=active
MIIMonitorSec=100ms
X
  networkd "$tree" bond0.100.netdev <<'X'
[NetDev]
Name=bond0.100
Kind=vlan

[VLAN]
Id=100
X
  networkd "$tree" 20-first.network <<'X'
[Match]
PermanentMACAddress=00:0c:29:5e:21:a1

[Network]
Bond=bond0
PrimarySlave=true
X
  networkd "$tree" 20-second.network <<'X'
[Match]
Name=ens224

[Network]
Bond=bond0
X
  networkd "$tree" 30-bond0.network <<'X'
[Match]
Name=bond0

[Network]
VLAN=bond0.100
Address=10.77.9.20/24
Gateway=10.77.9.2
X
  networkd "$tree" 40-vlan.network <<'X'
[Match]
Name=bond0.100

[Network]
Address=10.77.109.20/24
X
  chroot "$tree" systemctl --quiet enable systemd-networkd.service
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$ROOT_UUID" /boot/grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
