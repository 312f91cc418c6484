#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# A VM's folder as Workstation has it: the second disk goes on from a snapshot, and what fstab needs is only there. Nothing
# but the slots tells which card is ens192: the first card is in slot 224.
t=$work/t; guest "$t" debian 12 "Debian GNU/Linux"; mkdir -p "$t/srv"
printf '/dev/sda1 / ext4 defaults 0 1\n/dev/sdb1 /srv ext4 defaults 0 2\n' | put "$t" /etc/fstab
put "$t" /usr/lib/udev/rules.d/80-net-setup-link.rules <<'X'
SUBSYSTEM!="net", GOTO="net_setup_link_end"
IMPORT{builtin}="path_id"
ACTION=="remove", GOTO="net_setup_link_end"
IMPORT{builtin}="net_setup_link"
NAME=="", ENV{ID_NET_NAME}!="", NAME="$env{ID_NET_NAME}"
LABEL="net_setup_link_end"
X
put "$t" /etc/network/interfaces <<'X'
auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
    address 10.77.4.20/24

auto ens224
iface ens224 inet static
    address 10.88.4.20/24
X
root1 "$t"
mkdir "$work/s"; echo srv >"$work/s/this-is-srv"
ext4 "$work/srv.fs" 32 11111111-2222-4333-8444-00000000000b "" "$work/s"; DISKID=c0ffee02 disk "$work/srv.img" dos "$work/srv.fs:83"
vm=$out/gate01; mkdir "$vm"
qemu-img convert -q -f raw -O vmdk -o subformat=monolithicFlat "$work/root.img" "$vm/gate01.vmdk"
truncate -s "$(stat -c %s "$work/srv.img")" "$work/blank.img"
qemu-img convert -q -f raw -O vmdk "$work/blank.img" "$vm/gate01_1.vmdk"
(cd "$vm" && qemu-img create -q -f vmdk -b gate01_1.vmdk -F vmdk gate01_1-000001.vmdk)
qemu-img convert -q -n -f raw -O vmdk "$work/srv.img" "$vm/gate01_1-000001.vmdk"
cat >"$vm/gate01.vmx" <<'X'
#!/usr/bin/vmware
.encoding = "UTF-8"
config.version = "8"
virtualHW.version = "19"
displayName = "gate 01"
guestOS = "debian12-64"
memsize = "1024"
numvcpus = "2"
cpuid.coresPerSocket = "2"
nvram = "gate01.nvram"
scsi0.present = "TRUE"
scsi0.virtualDev = "lsilogic"
scsi0:1.present = "TRUE"
scsi0:1.fileName = "gate01_1-000001.vmdk"
scsi0:0.present = "TRUE"
scsi0:0.fileName = "gate01.vmdk"
sata0.present = "TRUE"
sata0:1.present = "TRUE"
sata0:1.deviceType = "cdrom-image"
sata0:1.fileName = "/iso/debian-12.iso"
ethernet0.present = "TRUE"
ethernet0.virtualDev = "vmxnet3"
ethernet0.connectionType = "bridged"
ethernet0.addressType = "generated"
ethernet0.generatedAddress = "00:0c:29:5e:16:b2"
ethernet0.generatedAddressOffset = "0"
ethernet0.pciSlotNumber = "224"
ethernet1.present = "TRUE"
ethernet1.virtualDev = "vmxnet3"
ethernet1.connectionType = "custom"
ethernet1.vnet = "VMnet2"
ethernet1.addressType = "static"
ethernet1.address = "00:50:56:3e:16:a1"
ethernet1.pciSlotNumber = "192"
floppy0.present = "FALSE"
X
cat >"$vm/gate01.vmsd" <<'X'
.encoding = "UTF-8"
snapshot.lastUID = "1"
snapshot.current = "1"
snapshot0.uid = "1"
snapshot0.displayName = "fresh"
snapshot0.numDisks = "1"
snapshot0.disk0.fileName = "gate01_1.vmdk"
snapshot0.disk0.node = "scsi0:1"
snapshot.numSnapshots = "1"
X
manifest vmx "$vm" '{"fstab":{"enabled":true,"mode":"stabilize-all"},"network":{"enabled":true,"fix_level":"full"}}'
