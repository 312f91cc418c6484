# shellcheck shell=bash
# Parts of a Windows for tests, all made here: hives of the registry, programs that are nothing but a
# header, folders of drivers. Nothing of it starts. Sourced by makers; $work is a folder for files on
# the way.
# shellcheck disable=SC2154,SC2059,SC2016 # $work; bytes; texts of Windows

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

# registry FILE <REG : merges keys and values into a hive; a key is HKEY\…, and each key above it
# must be there or come first.
registry() {
  { printf 'Windows Registry Editor Version 5.00\r\n\r\n'; cat; } >"$work/add.reg"
  hivexregedit --merge --encoding UTF-8 --prefix HKEY "$1" "$work/add.reg"
}

# keys KEY... : for registry, the keys with all above them.
keys() {
  local key name path
  local -A seen=()
  for key; do
    path=HKEY
    while [ -n "$key" ]; do
      name=${key%%\\*}
      path+="\\$name"
      [ -n "${seen[$path]:-}" ] || printf '[%s]\n\n' "$path"
      seen[$path]=1
      case $key in *\\*) key=${key#*\\} ;; *) key= ;; esac
    done
  done
}

# program FILE MACHINE : a PE file with a console program's header; MACHINE is amd64 or x86.
program() {
  mkdir -p "$(dirname "$1")"
  python3 - "$@" <<'PYTHON'
import struct, sys
wide = sys.argv[2] == 'amd64'
image = bytearray(2048)
image[0:2] = b'MZ'
struct.pack_into('<I', image, 60, 128)
struct.pack_into('<4sHH12xHH', image, 128, b'PE\0\0', 0x8664 if wide else 0x14c, 0,
                 240 if wide else 224, 0x22 if wide else 0x102)
struct.pack_into('<H', image, 152, 0x20b if wide else 0x10b)
struct.pack_into('<H', image, 152 + 68, 3)
with open(sys.argv[1], 'wb') as file:
    file.write(image)
PYTHON
}

# driver FOLDER NAME ARCHITECTURE CLASS DEVICE : an inf, a sys and a cat as a driver's folder has them.
driver() {
  program "$1/$2.sys" "$3"
  printf '; signed by nobody\r\n' >"$1/$2.cat"
  printf '[Version]\r\nSignature="$WINDOWS NT$"\r\nClass=%s\r\nProvider=%%Vendor%%\r\nDriverVer=01/02/2025,100.1.1.1\r\nCatalogFile=%s.cat\r\n\r\n[Manufacturer]\r\n%%Vendor%%=Devices,NT%s\r\n\r\n[Devices.NT%s]\r\n%%Device%%=Install,PCI\\VEN_1AF4&DEV_%s\r\n\r\n[Strings]\r\nVendor="made for tests"\r\nDevice="%s"\r\n' \
    "$4" "$2" "$3" "$3" "$5" "$2" >"$1/$2.inf"
}

# drivers FOLDER RELEASE ARCHITECTURE : the drivers for one Windows, in the order of folders of a
# virtio-win.
drivers() {
  driver "$1/viostor/$2/$3" viostor "$3" SCSIAdapter 1001
  driver "$1/vioscsi/$2/$3" vioscsi "$3" SCSIAdapter 1004
  driver "$1/NetKVM/$2/$3" netkvm "$3" Net 1000
  driver "$1/Balloon/$2/$3" balloon "$3" System 1002
}

# windows TREE : the files of a Windows without its registry, for x86-64.
windows() {
  mkdir -p "$1"/Windows/{INF,Temp,System32/{config,drivers}} "$1/Program Files" "$1/Users"
  program "$1/Windows/System32/cmd.exe" amd64
  program "$1/Windows/System32/ntoskrnl.exe" amd64
  program "$1/Windows/explorer.exe" amd64
  program "$1/Windows/System32/drivers/pvscsi.sys" amd64
}

# software FILE PRODUCT EDITION TYPE BUILD DISPLAY : the software hive of a Windows 10 or later.
software() {
  hive "$1"
  {
    keys 'Microsoft\Windows\CurrentVersion\Uninstall\VMware Tools'
    cat <<X
[HKEY\\Microsoft\\Windows\\CurrentVersion]
"DevicePath"=str(2):"%SystemRoot%\\\\inf"
"ProgramFilesDir"=str(1):"C:\\\\Program Files"

[HKEY\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\VMware Tools]
"DisplayName"=str(1):"VMware Tools"
"UninstallString"=str(1):"MsiExec.exe /I{00000000-0000-0000-0000-000000000001}"

[HKEY\\Microsoft\\Windows NT]

[HKEY\\Microsoft\\Windows NT\\CurrentVersion]
"SystemRoot"=str(1):"C:\\\\Windows"
"ProductName"=str(1):"$2"
"EditionID"=str(1):"$3"
"InstallationType"=str(1):"$4"
"CurrentVersion"=str(1):"6.3"
"CurrentBuildNumber"=str(1):"$5"
"CurrentBuild"=str(1):"$5"
"DisplayVersion"=str(1):"$6"
"CurrentMajorVersionNumber"=dword:0000000a
"CurrentMinorVersionNumber"=dword:00000000
X
  } | registry "$1"
}

# system FILE COMPUTER SET : the system hive of a Windows 8 or later, with the number of its set of
# settings.
system() {
  local set
  set=$(printf 'ControlSet%03d' "$3")
  hive "$1"
  {
    keys 'Select' 'Setup' 'MountedDevices' 'DriverDatabase\DeviceIds\PCI' 'DriverDatabase\DriverInfFiles' \
      'DriverDatabase\DriverPackages' "$set\\Control\\ComputerName\\ComputerName" \
      "$set\\Control\\CrashControl" "$set\\Control\\Class" "$set\\Control\\Session Manager\\Environment" \
      "$set\\Services\\pvscsi" "$set\\Services\\Tcpip\\Parameters"
    cat <<X
[HKEY\\Select]
"Current"=dword:0000000$3
"Default"=dword:0000000$3
"Failed"=dword:00000000
"LastKnownGood"=dword:0000000$3

[HKEY\\Setup]
"SystemSetupInProgress"=dword:00000000

[HKEY\\MountedDevices]
"\\\\DosDevices\\\\C:"=hex(3):01,ee,ff,c0,00,00,10,00,00,00,00,00

[HKEY\\$set\\Control\\ComputerName\\ComputerName]
"ComputerName"=str(1):"$2"

[HKEY\\$set\\Control\\CrashControl]
"AutoReboot"=dword:00000001

[HKEY\\$set\\Control\\Session Manager\\Environment]
"PROCESSOR_ARCHITECTURE"=str(1):"AMD64"

[HKEY\\$set\\Services\\pvscsi]
"Type"=dword:00000001
"Start"=dword:00000000
"ErrorControl"=dword:00000001
"Group"=str(1):"SCSI Miniport"
"ImagePath"=str(2):"System32\\\\drivers\\\\pvscsi.sys"

[HKEY\\$set\\Services\\Tcpip\\Parameters]
"Hostname"=str(1):"$2"
X
  } | registry "$1"
}

# boot_data FILE : an empty store of the boot manager.
boot_data() {
  hive "$1"
  keys 'Description' 'Objects' | registry "$1"
}
