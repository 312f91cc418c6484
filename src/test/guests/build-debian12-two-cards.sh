#!/usr/bin/env bash
# Builds a real Debian 12 guest with two network cards on two networks, as an OVA. The first card of
# the machine is ens224 with 10.88.4.20, the second is ens192 with 10.77.4.20: neither the names nor
# the lines of the description tell that order. Both names are pinned to VMware MAC addresses.
# Needs what build-debian12.sh needs, and guestfish.
#
# Usage: build-debian12-two-cards.sh
# Prints the path of the OVA. Treat it as read-only.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"

readonly FIRST_MAC=00:0c:29:3e:5f:b2 SECOND_MAC=00:0c:29:3e:5f:a1

case ${1:-} in
  '') ;;
  -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
  *) die "unknown argument $1" ;;
esac

base=$("$here/build-debian12.sh" --modules most --serial --format raw)
key=debian12-two-cards-$(digest "$base" "$here"/{lib,build-debian12-two-cards}.sh)

write_files() {
  local files=$1
  cat >"$files/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
    address 10.77.4.20/24
    gateway 10.77.4.2

auto ens224
iface ens224 inet static
    address 10.88.4.20/24
INTERFACES
  printf '[Match]\nMACAddress=%s\n\n[Link]\nName=ens192\n' "$SECOND_MAC" >"$files/10-ens192.link"
  printf '[Match]\nMACAddress=%s\n\n[Link]\nName=ens224\n' "$FIRST_MAC" >"$files/10-ens224.link"
  printf 'SUBSYSTEM=="net", ACTION=="add", DRIVERS=="?*", ATTR{address}=="%s", ATTR{type}=="1", NAME="%s"\n' \
    "$SECOND_MAC" ens192 "$FIRST_MAC" ens224 >"$files/70-persistent-net.rules"
}

card() { # card INSTANCE PLACE MAC NETWORK
  cat <<ITEM
      <Item>
        <rasd:Address>$3</rasd:Address>
        <rasd:AddressOnParent>$2</rasd:AddressOnParent>
        <rasd:AutomaticAllocation>true</rasd:AutomaticAllocation>
        <rasd:Connection>$4</rasd:Connection>
        <rasd:ElementName>Network adapter $1</rasd:ElementName>
        <rasd:InstanceID>$1</rasd:InstanceID>
        <rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType>
        <rasd:ResourceType>10</rasd:ResourceType>
      </Item>
ITEM
}

write_ovf() {
  local ovf=$1 disk=$2
  cat >"$ovf" <<OVF
<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData">
  <References>
    <File ovf:href="${disk##*/}" ovf:id="file1" ovf:size="$(stat -c %s "$disk")"/>
  </References>
  <DiskSection>
    <Info>Virtual disk information</Info>
    <Disk ovf:capacity="$(stat -c %s "$base")" ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/>
  </DiskSection>
  <NetworkSection>
    <Info>The list of logical networks</Info>
    <Network ovf:name="office"/>
    <Network ovf:name="backup"/>
  </NetworkSection>
  <VirtualSystem ovf:id="two01">
    <Info>A virtual machine</Info>
    <Name>two01</Name>
    <VirtualHardwareSection>
      <Info>Virtual hardware requirements</Info>
      <System>
        <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
        <vssd:InstanceID>0</vssd:InstanceID>
        <vssd:VirtualSystemIdentifier>two01</vssd:VirtualSystemIdentifier>
        <vssd:VirtualSystemType>vmx-19</vssd:VirtualSystemType>
      </System>
      <Item>
        <rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits>
        <rasd:ElementName>512MB of memory</rasd:ElementName>
        <rasd:InstanceID>2</rasd:InstanceID>
        <rasd:ResourceType>4</rasd:ResourceType>
        <rasd:VirtualQuantity>512</rasd:VirtualQuantity>
      </Item>
      <Item>
        <rasd:Address>0</rasd:Address>
        <rasd:ElementName>SCSI Controller 0</rasd:ElementName>
        <rasd:InstanceID>3</rasd:InstanceID>
        <rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType>
        <rasd:ResourceType>6</rasd:ResourceType>
      </Item>
      <Item>
        <rasd:AddressOnParent>0</rasd:AddressOnParent>
        <rasd:ElementName>Hard Disk 1</rasd:ElementName>
        <rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource>
        <rasd:InstanceID>4</rasd:InstanceID>
        <rasd:Parent>3</rasd:Parent>
        <rasd:ResourceType>17</rasd:ResourceType>
      </Item>
$(card 6 8 "$SECOND_MAC" office)
$(card 5 7 "$FIRST_MAC" backup)
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>
OVF
}

build() {
  local out=$SCRATCH/out disk=$SCRATCH/two01.qcow2
  say "building debian12-two-cards"
  mkdir "$out"
  write_files "$SCRATCH"
  qemu-img create -q -f qcow2 -F raw -b "$base" "$disk"
  # Without KVM it takes a few seconds more, and works everywhere.
  LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg guestfish --format=qcow2 -a "$disk" <<GUESTFISH
run
mount /dev/sda1 /
upload $SCRATCH/interfaces /etc/network/interfaces
upload $SCRATCH/10-ens192.link /etc/systemd/network/10-ens192.link
upload $SCRATCH/10-ens224.link /etc/systemd/network/10-ens224.link
upload $SCRATCH/70-persistent-net.rules /etc/udev/rules.d/70-persistent-net.rules
umount-all
GUESTFISH
  qemu-img convert -f qcow2 -O vmdk -o subformat=streamOptimized "$disk" "$SCRATCH/two01-disk1.vmdk"
  write_ovf "$SCRATCH/two01.ovf" "$SCRATCH/two01-disk1.vmdk"
  tar --format=ustar -cf "$out/two01.ova" -C "$SCRATCH" two01.ovf two01-disk1.vmdk
  publish "$out" "$key"
}

need flock
if [ ! -f "$GUEST_CACHE/$key/two01.ova" ]; then
  lock_cache
  scratch_dir
  if [ ! -f "$GUEST_CACHE/$key/two01.ova" ]; then
    need guestfish qemu-img
    build
  fi
fi
hand_out "$key" '' two01.ova
