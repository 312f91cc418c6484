#!/usr/bin/env bash
# A guest that was VMware's after Hyper-V: services that wait for Hyper-V's devices, a shared folder
# that must be mounted, modules that do not load, and a cloud-init that VMware started. Its programs
# do not run, so that tools can only be removed at the first boot. A script is to run then, too.
. "$(dirname "$0")/lib.sh"
tree=$work/tree
guest "$tree" debian 12 Debian
chmod 755 "$tree/usr/bin/sh"
put "$tree" /etc/fstab <<'X'
UUID=5b7a0d6e-52a7-4d0c-9a0b-000000000001 / ext4 defaults 0 1
.host:/ /mnt/hgfs fuse.vmhgfs-fuse allow_other 0 0
X
put "$tree" /etc/network/interfaces <<'X'
auto lo
iface lo inet loopback
X
put "$tree" /usr/bin/vmtoolsd 755 <<<x
put "$tree" /usr/sbin/hv_kvp_daemon 755 <<<x
put "$tree" /usr/lib/systemd/system/open-vm-tools.service <<'X'
[Unit]
ConditionVirtualization=vmware
[Service]
ExecStart=/usr/bin/vmtoolsd
X
put "$tree" /usr/lib/systemd/system/hv-kvp-daemon.service <<'X'
[Unit]
ConditionVirtualization=microsoft
BindsTo=sys-devices-virtual-misc-vmbus\x21hv_kvp.device
After=sys-devices-virtual-misc-vmbus\x21hv_kvp.device
[Service]
ExecStart=/usr/sbin/hv_kvp_daemon -n
X
mkdir -p "$tree/etc/systemd/system/multi-user.target.wants"
for unit in open-vm-tools hv-kvp-daemon; do
  ln -s "/usr/lib/systemd/system/$unit.service" "$tree/etc/systemd/system/multi-user.target.wants/$unit.service"
done
put "$tree" /etc/modules-load.d/hyperv.conf <<'X'
hv_utils
loop
X
put "$tree" /usr/bin/dpkg 755 <<<x
put "$tree" /usr/bin/cloud-init 755 <<<x
put "$tree" /etc/cloud/cloud.cfg <<'X'
users:
  - default
datasource_list: [VMware, None]
X
mkdir -p "$tree/var/lib/cloud/instances/iid-vm-7" "$tree/var/lib/cloud/data"
ln -s /var/lib/cloud/instances/iid-vm-7 "$tree/var/lib/cloud/instance"
put "$tree" /var/lib/cloud/instances/iid-vm-7/datasource <<<'DataSourceVMware: DataSourceVMware [seed=guestinfo]'
put "$tree" /var/lib/cloud/instances/iid-vm-7/obj.pkl <<<x
put "$tree" /var/lib/cloud/data/instance-id <<<iid-vm-7
ext4 "$work/root" 48 5b7a0d6e-52a7-4d0c-9a0b-000000000001 root "$tree"
disk "$out/disk.img" dos "$work/root:83"
manifest raw "$out/disk.img" '{"fstab":{},"network":{},"guest_tools":"remove"}'
printf '#!/bin/sh\necho first\n' >"$out/first.sh"
sed -i 's|"convert":|"firstboot":{"script":"first.sh"},&|' "$out/manifest.json"
