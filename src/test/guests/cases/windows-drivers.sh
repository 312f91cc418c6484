#!/usr/bin/env bash
# Windows guests as VMware leaves them, drivers for them, and what virt-v2v-in-place needs, all made
# here: OUTDIR/NAME.img with OUTDIR/NAME.json, OUTDIR/virtio-win, OUTDIR/tools. Nothing of it starts.
#
# Usage: windows-drivers.sh OUTDIR NAME...     NAME: w10 w11 2k16 2k22 2k25, or a broken one: dirty,
#        in-use, hibernated, bitlocker, cut-off (its system hive), hostile (a hive whose keys lead in
#        a circle)
. "$(dirname "$0")/lib.sh"
# shellcheck source=src/test/guests/windows-parts.sh
. "$(dirname "$0")/../windows-parts.sh"
shift

# ntfs FILE TREE : a volume of 300 MiB, of which the tool wants 100 free.
ntfs() {
  truncate -s 300M "$1"
  mkntfs -q -F -Q -s 512 -p 2048 -H 255 -S 63 -L System "$1" >/dev/null 2>&1
  mkdir -p "$work/mnt"
  if ntfs-3g "$1" "$work/mnt" 2>/dev/null; then
    tar -C "$2" -cf - . | tar -C "$work/mnt" --no-same-owner -xf -
    umount "$work/mnt"
  else
    tar -C "$2" -cf "$work/tree.tar" .
    guestfish add "$1" format:raw : run : mount /dev/sda / : tar-in "$work/tree.tar" /
  fi
}

# guest_disk NAME FIRMWARE TREE : its disk.
guest_disk() {
  ntfs "$work/c.ntfs" "$3"
  if [ "$2" = bios ]; then
    disk "$out/$1.img" dos "$work/c.ntfs:7"
    # Windows's own boot sector begins otherwise than GRUB's.
    printf '\063\300\216\320\274\000\174' | dd of="$out/$1.img" conv=notrunc status=none
    return
  fi
  rm -rf "$work/esp"
  mkdir -p "$work/esp/EFI/Microsoft/Boot"
  pe "$work/esp/EFI/Microsoft/Boot/bootmgfw.efi" 64
  boot_data "$work/esp/EFI/Microsoft/Boot/BCD"
  vfat "$work/esp.fs" 100 C0FFEE11 SYSTEM "$work/esp"
  disk "$out/$1.img" gpt "$work/esp.fs:C12A7328-F81F-11D2-BA4B-00A0C93EC93B" \
    "$work/c.ntfs:EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
}

# windows_guest NAME FIRMWARE PRODUCT EDITION TYPE BUILD DISPLAY
windows_guest() {
  rm -rf "$work/tree"
  windows "$work/tree"
  software "$work/tree/Windows/System32/config/SOFTWARE" "$3" "$4" "$5" "$6" "$7"
  system "$work/tree/Windows/System32/config/SYSTEM" "PC-${1^^}" 1
  ! declare -F "change_$1" >/dev/null || "change_$1"
  guest_disk "$1" "$2" "$work/tree"
  ! declare -F "broken_$1" >/dev/null || "broken_$1"
  printf '{"version":"1.0","pipeline":{"load":{"source_type":"raw","source_path":"%s"},"fix":{"fstab":{},"windows":{}},"convert":{"output_format":"qcow2"}}}\n' \
    "$out/$1.img" >"$out/$1.json"
}

# Where the volume begins in the disk of a machine with BIOS, in bytes.
readonly VOLUME=$((1 << 20))

# poke NAME OFFSET : writes standard input into the volume.
poke() { dd of="$out/$1.img" bs=1 seek=$((VOLUME + $2)) conv=notrunc status=none; }

change_hibernated() { printf 'HIBR' >"$work/tree/hiberfil.sys"; }
change_cut-off() { truncate -s 6000 "$work/tree/Windows/System32/config/SYSTEM"; }
# The first subkey's list of the root leads to the root itself.
change_hostile() {
  python3 - "$work/tree/Windows/System32/config/SYSTEM" <<'PYTHON'
import struct, sys
with open(sys.argv[1], 'r+b') as file:
    hive = bytearray(file.read())
    root = 4096 + struct.unpack_from('<I', hive, 36)[0]
    listed = 4096 + struct.unpack_from('<I', hive, root + 4 + 28)[0]
    count = struct.unpack_from('<H', hive, listed + 6)[0]
    step = 8 if hive[listed + 4:listed + 6] in (b'lf', b'lh') else 4
    for index in range(count):
        struct.pack_into('<I', hive, listed + 8 + index * step, root - 4096)
    file.seek(0)
    file.write(hive)
PYTHON
}
broken_dirty() {
  dd if="$out/dirty.img" of="$work/volume" bs=1M skip=1 count=300 status=none
  ntfsfix "$work/volume" >/dev/null
  dd if="$work/volume" of="$out/dirty.img" bs=1M seek=1 conv=notrunc status=none
}
broken_bitlocker() { printf -- '-FVE-FS-' | poke bitlocker 3; }
# The two pages at the beginning of the journal say that somebody writes to it.
broken_in-use() {
  python3 - "$out/in-use.img" $VOLUME <<'PYTHON'
import struct, sys
volume = int(sys.argv[2])
with open(sys.argv[1], 'r+b') as disk:
    disk.seek(volume)
    boot = disk.read(512)
    cluster = struct.unpack_from('<H', boot, 11)[0] * boot[13]
    table = struct.unpack_from('<Q', boot, 48)[0] * cluster
    disk.seek(volume + table + 2 * 1024)
    record = disk.read(1024)
    at = struct.unpack_from('<H', record, 20)[0]
    while struct.unpack_from('<I', record, at)[0] != 0x80:
        at += struct.unpack_from('<I', record, at + 4)[0]
    run = at + struct.unpack_from('<H', record, at + 32)[0]
    size, place = record[run] & 15, record[run] >> 4
    log = int.from_bytes(record[run + 1 + size:run + 1 + size + place], 'little') * cluster
    page = bytearray(4096)
    page[0:4] = b'RSTR'
    struct.pack_into('<HH', page, 4, 30, 9)
    struct.pack_into('<IIHHH', page, 16, 4096, 4096, 48, 1, 1)
    struct.pack_into('<QHHHHII', page, 48, 1000, 1, 0xffff, 0, 0, 40, 224)
    disk.seek(volume + log)
    disk.write(page + page)
PYTHON
}

for name; do
  case $name in
    w11) windows_guest w11 uefi 'Windows 10 Pro' Professional Client 22631 23H2 ;;
    2k16) windows_guest 2k16 bios 'Windows Server 2016 Standard' ServerStandard Server 14393 '' ;;
    2k22) windows_guest 2k22 uefi 'Windows Server 2022 Datacenter' ServerDatacenter Server 20348 21H2 ;;
    2k25) windows_guest 2k25 uefi 'Windows Server 2025 Standard' ServerStandard Server 26100 24H2 ;;
    *) windows_guest "$name" bios 'Windows 10 Pro' Professional Client 19045 22H2 ;;
  esac
done
for release in w10 w11 2k16 2k22 2k25; do
  drivers "$out/virtio-win" "$release" amd64
  drivers "$out/virtio-win" "$release" x86
done
mkdir -p "$out/virtio-win/guest-agent" "$out/tools"
printf 'no installer' >"$out/virtio-win/guest-agent/qemu-ga-x86_64.msi"
program "$out/tools/rhsrvany.exe" amd64
