#!/usr/bin/env bash
# Builds a real Debian 12 guest on two disks, as vSphere exports it: an OVA with the disk that holds
# only a part of a volume group first, and the disk to boot from second. Root is a logical volume that
# spans both disks, swap is another one, /boot is /dev/sdb1; the initramfs has no virtio, the
# network card is pinned to a VMware MAC address.
# Needs root, mmdebstrap, sfdisk, mke2fs, mkswap, guestfish, qemu-img; no loop device, no mount.
#
# Usage: build-debian12-lvm.sh
# Prints three paths: the OVA, and the VMDKs in it, in its order. Treat them as read-only.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=debian12-base.sh
. "$here/debian12-base.sh"
# shellcheck source=debian12-guest.sh
. "$here/debian12-guest.sh"

readonly BOOT_UUID=2b7f1a90-5c8e-4d13-9b62-7f0c4e1d8a35
readonly ROOT_UUID=8e4d2c17-a96b-4f5e-8d30-1b5c7f29e064
readonly SWAP_UUID=c3a9e5f8-0b4d-4716-a2e8-9d6f1c7b3052
readonly DATA_DISK_ID=0x5a1e0d01 BOOT_DISK_ID=0x5a1e0d02
readonly DATA_DISK_MIB=512 BOOT_DISK_MIB=2560 BOOT_MIB=256
# In extents of 4 MiB. The first physical volume has 127 of them, the second 575.
readonly EXTENT_MIB=4 ROOT_ON_DATA=127 ROOT_ON_BOOT=449 SWAP_EXTENTS=64
readonly ROOT_MIB=$(((ROOT_ON_DATA + ROOT_ON_BOOT) * EXTENT_MIB))

case ${1:-} in
  '') ;;
  -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
  *) die "unknown argument $1" ;;
esac

key=debian12-lvm-$(digest '' "$here"/{lib,debian12-base,debian12-guest,build-debian12-lvm}.sh)
base_key=base-debian12-k1-$(digest 1 "$here/debian12-base.sh")

write_guest_files() {
  local tree=$1
  write_identity "$tree" db01 564d8c2e5f7a4b1d9e3c6a0b5d2f7e91
  cat >"$tree/etc/fstab" <<'FSTAB'
# /etc/fstab: static file system information.
/dev/mapper/vg0-root /     ext4 errors=remount-ro 0 1
/dev/sdb1            /boot ext4 defaults          0 2
/dev/mapper/vg0-swap none  swap sw                0 0
FSTAB
  printf 'RESUME=/dev/mapper/vg0-swap\n' >"$tree/etc/initramfs-tools/conf.d/resume"
}

write_boot_files() {
  local tree=$1 probe
  probe=$(cat <<PROBE
#!/bin/sh
case "\$*" in
  *--target=device*/boot*) echo /dev/sdb1; exit ;;
  *--target=device*) echo /dev/mapper/vg0-root; exit ;;
esac
case "\$*" in
  *vg0-root*) lvm=yes ;;
  *) lvm= ;;
esac
for word; do
  case \$word in
    --target=fs_uuid) [ \$lvm ] && echo $ROOT_UUID || echo $BOOT_UUID; exit ;;
    --target=partuuid) [ \$lvm ] || echo ${BOOT_DISK_ID#0x}-01; exit ;;
    --target=fs) echo ext2; exit ;;
    --target=partmap) echo msdos; exit ;;
    --target=abstraction) [ \$lvm ] && echo lvm; exit 0 ;;
    --target=drive) echo "(hd0,msdos1)"; exit ;;
    --target=compatibility_hint) echo "hd0,msdos1"; exit ;;
    --target=hints_string) echo "--hint-bios=hd0,msdos1"; exit ;;
  esac
done
echo "grub-probe stand-in: unexpected: \$*" >&2
exit 1
PROBE
  )
  write_grub_config "$tree" 'console=tty0' "$probe"
  # /boot is a file system of its own, which nothing here knows.
  sed -i -E 's#([[:space:]])/boot/(vmlinuz|initrd\.img)#\1/\2#' "$tree/boot/grub/grub.cfg"
  printf '(hd0)\t/dev/sdb\n' >"$tree/boot/grub/device.map"
  grep -q 'linux[[:space:]]*/vmlinuz-.* root=/dev/mapper/vg0-root ro' "$tree/boot/grub/grub.cfg" ||
    die "grub.cfg does not boot root=/dev/mapper/vg0-root"
}

# extents FILE SKIP COUNT DISK START_MIB FIRST : writes extents of a volume to where LVM has them.
extents() {
  local file=$1 skip=$2 count=$3 disk=$4 start=$5 first=$6
  dd if="$file" of="$disk" bs=1M skip=$((skip * EXTENT_MIB)) count=$((count * EXTENT_MIB)) \
    seek=$((start + 1 + first * EXTENT_MIB)) conv=notrunc,sparse status=none
}

# Only LVM can write its metadata, so it does, in the appliance; the volumes' content is then put
# where LVM says that it is, which is many times faster than through the appliance.
make_disks() {
  local tree=$1 data=$2 boot=$3 layout expected
  grub_core "$tree" '(hd0,msdos1)/grub'
  rm -rf "${tree:?}"/tmp/* "${tree:?}"/var/tmp/*
  truncate -s "${DATA_DISK_MIB}M" "$data"
  truncate -s "${BOOT_DISK_MIB}M" "$boot"
  sfdisk --quiet "$data" <<TABLE
label: dos
label-id: $DATA_DISK_ID
start=1MiB, type=8e
TABLE
  sfdisk --quiet "$boot" <<TABLE
label: dos
label-id: $BOOT_DISK_ID
start=1MiB, size=${BOOT_MIB}MiB, type=83, bootable
start=$((1 + BOOT_MIB))MiB, type=8e
TABLE
  # Without KVM it takes 15 s instead of 5, and works everywhere.
  layout=$(LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg guestfish --format=raw -a "$data" --format=raw -a "$boot" <<GUESTFISH
run
pvcreate /dev/sda1
pvcreate /dev/sdb2
vgcreate vg0 "/dev/sda1 /dev/sdb2"
debug sh "lvm lvcreate -q -y -Wn -n root -l $ROOT_ON_DATA vg0 /dev/sda1:0-$((ROOT_ON_DATA - 1))"
debug sh "lvm lvextend -q -l +$ROOT_ON_BOOT vg0/root /dev/sdb2:0-$((ROOT_ON_BOOT - 1))"
debug sh "lvm lvcreate -q -y -Wn -n swap -l $SWAP_EXTENTS vg0 /dev/sdb2:$ROOT_ON_BOOT-$((ROOT_ON_BOOT + SWAP_EXTENTS - 1))"
debug sh "lvm pvs --noheadings --units m -o pv_name,pe_start"
debug sh "lvm lvs --noheadings --segments -o lv_name,seg_start_pe,seg_pe_ranges"
GUESTFISH
  )
  expected="/dev/sda1 1.00m /dev/sdb2 1.00m"
  expected+=" root 0 /dev/sda1:0-$((ROOT_ON_DATA - 1)) root $ROOT_ON_DATA /dev/sdb2:0-$((ROOT_ON_BOOT - 1))"
  expected+=" swap 0 /dev/sdb2:$ROOT_ON_BOOT-$((ROOT_ON_BOOT + SWAP_EXTENTS - 1))"
  layout=$(grep -E '^ +(/dev/|root |swap )' <<<"$layout" | xargs)
  [ "$layout" = "$expected" ] || die "LVM laid the volumes out as $layout, not $expected"

  mv "$tree/boot" "$SCRATCH/boot"
  mkdir "$tree/boot"
  # Features that GRUB and older appliances cannot read stay off.
  mke2fs -q -F -t ext4 -O '^metadata_csum_seed,^orphan_file' -U "$BOOT_UUID" -m 1 \
    -E "offset=1048576,lazy_itable_init=1,nodiscard" -d "$SCRATCH/boot" "$boot" "${BOOT_MIB}M" >&2
  mke2fs -q -F -t ext4 -O '^metadata_csum_seed,^orphan_file' -U "$ROOT_UUID" -m 1 \
    -E "lazy_itable_init=1,nodiscard" -d "$tree" "$SCRATCH/root.img" "${ROOT_MIB}M" >&2
  truncate -s "$((SWAP_EXTENTS * EXTENT_MIB))M" "$SCRATCH/swap.img"
  mkswap --quiet -U "$SWAP_UUID" "$SCRATCH/swap.img"
  extents "$SCRATCH/root.img" 0 "$ROOT_ON_DATA" "$data" 1 0
  extents "$SCRATCH/root.img" "$ROOT_ON_DATA" "$ROOT_ON_BOOT" "$boot" $((1 + BOOT_MIB)) 0
  extents "$SCRATCH/swap.img" 0 "$SWAP_EXTENTS" "$boot" $((1 + BOOT_MIB)) "$ROOT_ON_BOOT"
  install_grub "$tree" "$boot"
}

# --- the OVA ------------------------------------------------------------------------------------

ovf_disk() {
  local number=$1 mib=$2 file=$3
  printf '    <Disk ovf:capacity="%d" ovf:capacityAllocationUnits="byte * 2^20" ovf:diskId="vmdisk%d" ovf:fileRef="file%d" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized" ovf:populatedSize="%d"/>\n' \
    "$mib" "$number" "$number" "$(stat -c %s "$file")"
}

write_ovf() {
  local ovf=$1 first=$2 second=$3
  cat >"$ovf" <<OVF
<?xml version="1.0" encoding="UTF-8"?>
<Envelope vmw:buildId="build-0" xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData">
  <References>
    <File ovf:href="${first##*/}" ovf:id="file1" ovf:size="$(stat -c %s "$first")"/>
    <File ovf:href="${second##*/}" ovf:id="file2" ovf:size="$(stat -c %s "$second")"/>
  </References>
  <DiskSection>
    <Info>Virtual disk information</Info>
$(ovf_disk 1 "$DATA_DISK_MIB" "$first")
$(ovf_disk 2 "$BOOT_DISK_MIB" "$second")
  </DiskSection>
  <NetworkSection>
    <Info>The list of logical networks</Info>
    <Network ovf:name="VM Network"><Description>The VM Network network</Description></Network>
  </NetworkSection>
  <VirtualSystem ovf:id="db01">
    <Info>A virtual machine</Info>
    <Name>db01</Name>
    <OperatingSystemSection ovf:id="96" vmw:osType="debian11_64Guest"><Info>The kind of installed guest operating system</Info></OperatingSystemSection>
    <VirtualHardwareSection>
      <Info>Virtual hardware requirements</Info>
      <System>
        <vssd:ElementName>Virtual Hardware Family</vssd:ElementName>
        <vssd:InstanceID>0</vssd:InstanceID>
        <vssd:VirtualSystemIdentifier>db01</vssd:VirtualSystemIdentifier>
        <vssd:VirtualSystemType>vmx-19</vssd:VirtualSystemType>
      </System>
      <Item>
        <rasd:AllocationUnits>hertz * 10^6</rasd:AllocationUnits>
        <rasd:ElementName>2 virtual CPU(s)</rasd:ElementName>
        <rasd:InstanceID>1</rasd:InstanceID>
        <rasd:ResourceType>3</rasd:ResourceType>
        <rasd:VirtualQuantity>2</rasd:VirtualQuantity>
        <vmw:CoresPerSocket ovf:required="false">2</vmw:CoresPerSocket>
      </Item>
      <Item>
        <rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits>
        <rasd:ElementName>1024MB of memory</rasd:ElementName>
        <rasd:InstanceID>2</rasd:InstanceID>
        <rasd:ResourceType>4</rasd:ResourceType>
        <rasd:VirtualQuantity>1024</rasd:VirtualQuantity>
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
      <Item>
        <rasd:AddressOnParent>1</rasd:AddressOnParent>
        <rasd:ElementName>Hard Disk 2</rasd:ElementName>
        <rasd:HostResource>ovf:/disk/vmdisk2</rasd:HostResource>
        <rasd:InstanceID>5</rasd:InstanceID>
        <rasd:Parent>3</rasd:Parent>
        <rasd:ResourceType>17</rasd:ResourceType>
      </Item>
      <Item>
        <rasd:Address>$GUEST_MAC</rasd:Address>
        <rasd:AddressOnParent>7</rasd:AddressOnParent>
        <rasd:AutomaticAllocation>true</rasd:AutomaticAllocation>
        <rasd:Connection>VM Network</rasd:Connection>
        <rasd:ElementName>Network adapter 1</rasd:ElementName>
        <rasd:InstanceID>6</rasd:InstanceID>
        <rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType>
        <rasd:ResourceType>10</rasd:ResourceType>
      </Item>
      <vmw:Config ovf:required="false" vmw:key="firmware" vmw:value="bios"/>
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>
OVF
}

pack_ova() {
  local out=$1 file
  qemu-img convert -f raw -O vmdk -o subformat=streamOptimized "$SCRATCH/data.raw" "$out/db01-disk1.vmdk"
  qemu-img convert -f raw -O vmdk -o subformat=streamOptimized "$SCRATCH/boot.raw" "$out/db01-disk2.vmdk"
  write_ovf "$SCRATCH/db01.ovf" "$out/db01-disk1.vmdk" "$out/db01-disk2.vmdk"
  for file in "$SCRATCH/db01.ovf" "$out"/db01-disk{1,2}.vmdk; do
    printf 'SHA256(%s)= %s\n' "${file##*/}" "$(sha256sum <"$file" | cut -d' ' -f1)"
  done >"$SCRATCH/db01.mf"
  tar --format=ustar -cf "$out/db01.ova" -C "$SCRATCH" db01.ovf db01.mf \
    -C "$out" db01-disk1.vmdk db01-disk2.vmdk
}

build() {
  local tree=$SCRATCH/tree out=$SCRATCH/out
  require_base_tree 1 "$base_key"
  say "building debian12-lvm"
  mkdir "$out"
  # The base and LVM, without another bootstrap.
  INITRD=No DEBIAN_FRONTEND=noninteractive mmdebstrap --mode=root --variant=custom --format=directory --quiet \
    --skip=check/empty,essential/unlink \
    --setup-hook="tar -C \"\$1\" --numeric-owner --xattrs --xattrs-include='*' -xf '$GUEST_CACHE/$base_key/tree.tar'" \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
    --include=lvm2 \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/usr/share/locale/* "$1"/etc/apt/apt.conf.d/99mmdebstrap' \
    bookworm "$tree" 'deb http://deb.debian.org/debian bookworm main' >&2
  write_guest_files "$tree"
  build_initramfs "$tree" list
  grep -q '/sbin/lvm$' "$SCRATCH/initrd.lst" || die "the initramfs lacks LVM"
  write_boot_files "$tree"
  make_disks "$tree" "$SCRATCH/data.raw" "$SCRATCH/boot.raw"
  pack_ova "$out"
  publish "$out" "$key"
}

files=(db01.ova db01-disk1.vmdk db01-disk2.vmdk)
need flock
if [ ! -f "$GUEST_CACHE/$key/db01.ova" ]; then
  lock_cache
  scratch_dir
  if [ ! -f "$GUEST_CACHE/$key/db01.ova" ]; then
    [ "$(id -u)" = 0 ] || die "root is needed to build the guest's tree"
    need mmdebstrap sfdisk mke2fs mkswap lsinitramfs chroot guestfish qemu-img
    build
  fi
fi
hand_out "$key" '' "${files[@]}"
