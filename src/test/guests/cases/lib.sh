# shellcheck shell=bash
# What the small inputs share: skeletons of Linux guests on disks of a few MiB, made without root,
# loop devices or mounts, and descriptions of machines. Nothing in them starts.
#
# A maker in this folder sources this file and is called as: MAKER OUTDIR. It writes the input and
# OUTDIR/manifest.json, which asks only for the fixes that the case is about. All names, addresses
# and identifiers are made up.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg
out=$(realpath -m "${1:?usage: ${0##*/} OUTDIR}")
mkdir -p "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# guest TREE ID VERSION NAME [sysv] : the skeleton of a Linux root, with systemd unless sysv.
guest() {
  local tree=$1
  mkdir -p "$tree"/{boot,dev,etc,home,proc,root,run,sys,tmp,var/lib,var/log,usr/bin,usr/sbin,usr/lib,mnt}
  ln -s usr/bin "$tree/bin"
  ln -s usr/sbin "$tree/sbin"
  ln -s usr/lib "$tree/lib"
  printf 'ID=%s\nVERSION_ID="%s"\nNAME="%s"\nPRETTY_NAME="%s %s"\n' "$2" "$3" "$4" "$4" "$3" \
    >"$tree/etc/os-release"
  # An ELF header for x86-64.
  printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\76\0\1\0\0\0' >"$tree/usr/bin/sh"
  echo guest >"$tree/etc/hostname"
  if [ "${5:-}" != sysv ]; then
    mkdir -p "$tree/usr/lib/systemd"
    echo x >"$tree/usr/lib/systemd/systemd"
  fi
  case $2 in
    debian | ubuntu)
      mkdir -p "$tree/var/lib/dpkg"
      printf 'Package: base-files\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\n' \
        >"$tree/var/lib/dpkg/status"
      ;;
    *) mkdir -p "$tree/var/lib/rpm" ;;
  esac
}

# put TREE PATH [MODE] <CONTENT : a file of the guest.
put() {
  mkdir -p "$(dirname "$1$2")"
  cat >"$1$2"
  chmod "${3:-644}" "$1$2"
}

# ext4 FILE MIB UUID LABEL [TREE]
ext4() {
  truncate -s "$2M" "$1"
  mke2fs -q -F -t ext4 -E root_owner=0:0 -U "$3" -L "$4" ${5:+-d "$5"} "$1"
}

# vfat FILE MIB VOLUME-ID LABEL TREE : the identifier as 8 hexadecimal digits.
vfat() {
  truncate -s "$2M" "$1"
  mkfs.vfat -i "$3" -n "$4" "$1" >/dev/null
  (
    cd "$5"
    for entry in *; do mcopy -s -i "$1" "$entry" ::/; done
  )
}

# swap FILE MIB UUID
swap() {
  truncate -s "$2M" "$1"
  mkswap -q -U "$3" "$1" 2>/dev/null
}

# disk FILE dos|gpt PARTITION-FILE:TYPE... : partitions one after the other from 1 MiB. DISKID (8
# hexadecimal digits) and DISKNO (2 digits) choose the identifiers.
disk() {
  local file=$1 label=$2 at=1 number=0 spec script size
  script="label: $2"$'\n'
  shift 2
  if [ "$label" = dos ]; then
    script+="label-id: 0x${DISKID:-c0ffee01}"$'\n'
  else
    script+="label-id: 6A1B0000-0000-4000-8000-0000000000${DISKNO:-01}"$'\n'
  fi
  for spec; do
    size=$(($(stat -c %s "${spec%%:*}") >> 20))
    number=$((number + 1))
    script+="start=${at}MiB, size=${size}MiB, type=${spec#*:}"
    [ "$label" != gpt ] || script+=", uuid=6A1B0000-0000-4000-8000-0000000${DISKNO:-01}00$number"
    script+=$'\n'
    at=$((at + size))
  done
  rm -f "$file"
  truncate -s "$((at + 1))M" "$file"
  sfdisk -q "$file" <<<"$script"
  at=1
  for spec; do
    dd if="${spec%%:*}" of="$file" bs=1M seek=$at conv=notrunc,sparse status=none
    at=$((at + ($(stat -c %s "${spec%%:*}") >> 20)))
  done
  # The first bytes of GRUB's boot sector.
  [ "$label" != dos ] || printf '\353\143\220GRUB \0' | dd of="$file" conv=notrunc status=none
}

# modules TREE VERSION : a kernel's modules, of which virtio's have nothing but the header of a program.
modules() {
  local folder=$1/usr/lib/modules/$2 file
  mkdir -p "$folder"
  for file in virtio/virtio virtio/virtio_ring virtio/virtio_pci block/virtio_blk scsi/virtio_scsi scsi/sd_mod net/virtio_net; do
    mkdir -p "$folder/kernel/drivers/${file%/*}"
    printf '\177ELF\2\1\1\0' >"$folder/kernel/drivers/$file.ko"
    case $file in
      */sd_mod | */virtio | */virtio_ring) echo "kernel/drivers/$file.ko:" ;;
      *) echo "kernel/drivers/$file.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko" ;;
    esac
  done >"$folder/modules.dep"
  printf 'alias %s %s\n' 'pci:v00001AF4d*sv*sd*bc*sc*i*' virtio_pci 'virtio:d00000001v*' virtio_net \
    'virtio:d00000002v*' virtio_blk 'virtio:d00000008v*' virtio_scsi 'scsi:t-0x00*' sd_mod >"$folder/modules.alias"
}

# initramfs FILE PATH... : an archive with these files, which say nothing.
initramfs() {
  local file=$1 tree path
  shift
  tree=$(mktemp -d -p "$work")
  for path; do echo x | put "$tree" "/$path"; done
  (cd "$tree" && find . -mindepth 1 | LC_ALL=C sort | cpio -o -H newc --quiet | gzip -n) >"$file"
}

# pe FILE KIB [WORD...] : an EFI application for x86-64 that holds the words as UTF-16.
pe() {
  mkdir -p "$(dirname "$1")"
  python3 - "$@" <<'PYTHON'
import struct, sys
program = bytearray(int(sys.argv[2]) << 10)
program[0:2] = b'MZ'
struct.pack_into('<I', program, 60, 128)
struct.pack_into('<4sHH12xH', program, 128, b'PE\0\0', 0x8664, 0, 240)
struct.pack_into('<H', program, 152, 0x20b)
struct.pack_into('<H', program, 152 + 68, 10)
words = b''.join(('\\' + word + '\0').encode('utf-16le') for word in sys.argv[3:])
program[1024:1024 + len(words)] = words
with open(sys.argv[1], 'wb') as file:
    file.write(program)
PYTHON
}

# manifest TYPE SOURCE FIX [SECOND-SOURCE]
manifest() {
  local more=
  [ $# -le 3 ] || more=",\"additional_disks\":[\"$4\"]"
  printf '{"version":"1.0","pipeline":{"load":{"source_type":"%s","source_path":"%s"%s},"fix":%s,"convert":{"output_format":"qcow2"},"validate":{"boot_test":false}}}\n' \
    "$1" "$2" "$more" "$3" >"$out/manifest.json"
}

# nic INSTANCE MAC|- : the item of a network card.
nic() {
  printf '<Item><rasd:AddressOnParent>%s</rasd:AddressOnParent>' "$1"
  [ "$2" = - ] || printf '<rasd:Address>%s</rasd:Address>' "$2"
  printf '<rasd:AutomaticAllocation>true</rasd:AutomaticAllocation><rasd:Connection>net</rasd:Connection><rasd:ElementName>Ethernet %s</rasd:ElementName><rasd:InstanceID>%s</rasd:InstanceID><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>\n' \
    "$1" "$1"
}

# ovf NAME REFERENCES DISKS ITEMS : a description in VMware's form, on standard output.
ovf() {
  cat <<X
<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf">
<References>$2</References>
<DiskSection><Info>disks</Info>$3</DiskSection>
<NetworkSection><Info>networks</Info><Network ovf:name="net"/></NetworkSection>
<VirtualSystem ovf:id="$1"><Info>a machine</Info><Name>$1</Name>
<VirtualHardwareSection><Info>hardware</Info>
<System><vssd:ElementName>hw</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemIdentifier>$1</vssd:VirtualSystemIdentifier><vssd:VirtualSystemType>vmx-14</vssd:VirtualSystemType></System>
<Item><rasd:ElementName>1 cpu</rasd:ElementName><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>1</rasd:VirtualQuantity></Item>
<Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:ElementName>memory</rasd:ElementName><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>1024</rasd:VirtualQuantity></Item>
$4
</VirtualHardwareSection></VirtualSystem></Envelope>
X
}

# scsi INSTANCE ADDRESS : the item of a SCSI controller.
scsi() {
  printf '<Item><rasd:Address>%s</rasd:Address><rasd:ElementName>SCSI controller %s</rasd:ElementName><rasd:InstanceID>%s</rasd:InstanceID><rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>\n' \
    "$2" "$2" "$1"
}

# drive INSTANCE PARENT UNIT DISK-ID : the item of a disk.
drive() {
  printf '<Item><rasd:AddressOnParent>%s</rasd:AddressOnParent><rasd:ElementName>disk %s</rasd:ElementName><rasd:HostResource>ovf:/disk/%s</rasd:HostResource><rasd:InstanceID>%s</rasd:InstanceID><rasd:Parent>%s</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>\n' \
    "$3" "$4" "$4" "$1" "$2"
}

# stream RAW OUT.vmdk
stream() { qemu-img convert -q -f raw -O vmdk -o subformat=streamOptimized "$1" "$2"; }

# ova1 NAME RAW CARDS : an OVA with one disk.
ova1() {
  local name=$1 size
  size=$(stat -c %s "$2")
  stream "$2" "$work/$name-disk1.vmdk"
  ovf "$name" "<File ovf:href=\"$name-disk1.vmdk\" ovf:id=\"file1\" ovf:size=\"$(stat -c %s "$work/$name-disk1.vmdk")\"/>" \
    "<Disk ovf:capacity=\"$size\" ovf:diskId=\"vmdisk1\" ovf:fileRef=\"file1\" ovf:format=\"http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized\"/>" \
    "$(scsi 3 0)$(drive 4 3 0 vmdisk1)$3" >"$work/$name.ovf"
  tar -C "$work" --format=ustar -cf "$out/$name.ova" "$name.ovf" "$name-disk1.vmdk"
}

# root1 TREE [UUID] : the tree as the only partition of a BIOS disk, $work/root.img.
root1() {
  ext4 "$work/root.fs" 160 "${2:-11111111-2222-4333-8444-000000000001}" root "$1"
  disk "$work/root.img" dos "$work/root.fs:83"
}

# shellcheck disable=SC2034 # for the makers
{
  NET='{"network":{"enabled":true,"fix_level":"full"}}'
  FSTAB='{"fstab":{"enabled":true,"mode":"stabilize-all"}}'
  GRUB='{"grub":{"enabled":true}}'
  BOTH='{"fstab":{"enabled":true,"mode":"stabilize-all"},"grub":{"enabled":true}}'
  ALL='{"fstab":{"enabled":true,"mode":"stabilize-all"},"grub":{"enabled":true},"initramfs":{"enabled":true,"regenerate":true},"network":{"enabled":true,"fix_level":"full"}}'
  INITRAMFS='{"initramfs":{"enabled":true,"regenerate":true}}'
  ROOTROW='UUID=11111111-2222-4333-8444-000000000001 / ext4 defaults 0 1'
}
