#!/usr/bin/env bash
# A Windows on NTFS whose folders have unusual case: the registry says Windows 10 Pro, and its build
# is one of Windows 11's. The hives are made of the format's smallest file and hivexregedit.
. "$(dirname "$0")/lib.sh"

le32() { printf "\\x$(printf %02x $(($1 & 255)))\\x$(printf %02x $((($1 >> 8) & 255)))\\x$(printf %02x $((($1 >> 16) & 255)))\\x$(printf %02x $((($1 >> 24) & 255)))"; }
le16() { printf "\\x$(printf %02x $(($1 & 255)))\\x$(printf %02x $((($1 >> 8) & 255)))"; }
zeros() { head -c "$1" /dev/zero; }

# hive FILE : a header and one bin of 4 KiB with the root key and its security cell.
hive() {
  local file=$1 sum=0 word
  {
    printf regf; le32 1; le32 1; zeros 8     # sequence numbers, time
    le32 1; le32 3; le32 0; le32 1           # version 1.3, a primary file, direct memory load
    le32 32; le32 4096; le32 1; zeros 460    # the root's cell, the size of all bins, clusters
  } >"$file"
  for word in $(od -An -v -tu4 -w4 -N508 "$file"); do sum=$((sum ^ word)); done
  {
    le32 $sum
    zeros 3584
    printf hbin; le32 0; le32 4096; zeros 20
    # The root: a used cell of 96 bytes at 32.
    le32 -96; printf nk; le16 44; zeros 8; le32 0; le32 0
    le32 0; le32 0; le32 -1; le32 -1         # no subkeys
    le32 0; le32 -1; le32 128; le32 -1       # no values; the security cell; no class
    zeros 20; le16 4; le16 0; printf root; zeros 12
    # The security cell: 48 bytes at 128, whose list is itself.
    le32 -48; printf sk; le16 0; le32 128; le32 128; le32 1; le32 20
    le16 1; le16 32772; zeros 16; zeros 4
    le32 $((4096 - 176)); zeros $((4096 - 180))
  } >>"$file"
}

# registry FILE <REG : merges keys and values into a hive; a key is HKEY\…
registry() {
  { printf 'Windows Registry Editor Version 5.00\r\n\r\n'; cat; } >"$work/add.reg"
  hivexregedit --merge --encoding UTF-8 --prefix HKEY "$1" "$work/add.reg"
}

hive "$work/software"
registry "$work/software" <<'X'
[HKEY\Microsoft]

[HKEY\Microsoft\Windows NT]

[HKEY\Microsoft\Windows NT\CurrentVersion]
"ProductName"=str(1):"Windows 10 Pro"
"EditionID"=str(1):"Professional"
"InstallationType"=str(1):"Client"
"CurrentVersion"=str(1):"6.3"
"CurrentBuildNumber"=str(1):"22631"
"CurrentBuild"=str(1):"22631"
"DisplayVersion"=str(1):"23H2"
"CurrentMajorVersionNumber"=dword:0000000a
"CurrentMinorVersionNumber"=dword:00000000
X
hive "$work/system"
registry "$work/system" <<'X'
[HKEY\Select]
"Current"=dword:00000002

[HKEY\ControlSet002]

[HKEY\ControlSet002\Control]

[HKEY\ControlSet002\Control\ComputerName]

[HKEY\ControlSet002\Control\ComputerName\ComputerName]
"ComputerName"=str(1):"DESK-7"

[HKEY\ControlSet002\Control\Session Manager]

[HKEY\ControlSet002\Control\Session Manager\Environment]
"PROCESSOR_ARCHITECTURE"=str(1):"AMD64"
X

truncate -s 16M "$work/c.ntfs"
mkntfs -q -F -L System "$work/c.ntfs" >/dev/null 2>&1
truncate -s 20M "$out/windows.img"
printf 'label: dos\nstart=1MiB, size=16MiB, type=7, bootable\n' | sfdisk -q "$out/windows.img"
dd if="$work/c.ntfs" of="$out/windows.img" bs=1M seek=1 conv=notrunc status=none
guestfish <<X
add $out/windows.img format:raw
run
mount /dev/sda1 /
mkdir-p /WINDOWS/system32/Config
upload $work/software /WINDOWS/system32/Config/software
upload $work/system /WINDOWS/system32/Config/SYSTEM
X
printf '{"version":"1.0","pipeline":{"load":{"source_type":"raw","source_path":"%s"},%s"convert":{"output_format":"qcow2"}}}\n' \
  "$out/windows.img" '"inspect":{},' >"$out/manifest.json"
printf '{"version":"1.0","pipeline":{"load":{"source_type":"raw","source_path":"%s"},"fix":{"fstab":{}},"convert":{"output_format":"qcow2"}}}\n' \
  "$out/windows.img" >"$out/fix.json"
