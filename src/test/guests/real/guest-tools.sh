# shellcheck shell=bash
# shellcheck disable=SC2034
# The tools of two hypervisors as packages, which the guest's own dpkg removes, and a service of the
# administrator's that waits for a device of Hyper-V, and so delays each boot.
release=bookworm
packages=(open-vm-tools hyperv-daemons ifupdown grub-pc)
distribution='Debian 12' storage='ext4' boot='BIOS, GRUB 2' network='ifupdown, named by .link; the guest tools removed'
cards=('00:0c:29:5e:71:a1 10.77.9.20')
shows=('ens192=10.77.9.20')
disk_mib=(3072)
readonly ROOT_UUID=3c1d0d55-4a1e-4b7d-8a0f-8f0f6d1f7c21
grub_volumes=("/ /dev/sda1 $ROOT_UUID ext2 hd0,msdos1 msdos")
fixes=('guest_tools: remove')

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=3070MiB, type=83, bootable'
}

volumes() {
  cat <<VOLUMES
mkfs ext4 DISKa1
set-uuid DISKa1 $ROOT_UUID
mount DISKa1 /
VOLUMES
}

write_files() {
  local tree=$1 service=hv-own.service
  echo '/dev/sda1 / ext4 errors=remount-ro 0 1' >"$tree/etc/fstab"
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback
auto ens192
iface ens192 inet static
  address 10.77.9.20/24
  gateway 10.77.9.2
INTERFACES
  cat >"$tree/etc/systemd/system/$service" <<'SERVICE'
[Unit]
BindsTo=sys-devices-virtual-misc-vmbus\x21hv_kvp.device
After=sys-devices-virtual-misc-vmbus\x21hv_kvp.device

[Service]
ExecStart=/bin/true

[Install]
WantedBy=multi-user.target
SERVICE
  printf '[Match]\nMACAddress=00:0c:29:5e:71:a1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
  chroot "$tree" systemctl --quiet enable "$service"
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$ROOT_UUID" /boot/grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
