#!/usr/bin/env bash
# A Windows on NTFS whose folders have unusual case: the registry says Windows 10 Pro, and its build
# is one of Windows 11's. The hives are made of the format's smallest file and hivexregedit.
. "$(dirname "$0")/lib.sh"

# shellcheck source=src/test/guests/windows-parts.sh
. "$(dirname "$0")/../windows-parts.sh"

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
