#!/usr/bin/env bash
# Boots a real guest through its own firmware and loader and looks whether its static addresses
# answer (an SSH server's greeting) and its login prompt names them at the interfaces that had them.
#
# Usage: boot-guest.sh GUEST-FOLDER vmware|kvm CONSOLE-FILE [--limit SECONDS] [DISK...]
#   vmware   pvscsi or ahci, vmxnet3 or e1000, the old machine's MAC addresses and NVRAM
#   kvm      virtio disks and cards, other MAC addresses, empty NVRAM
#   DISK     the disks in the guest's order (.vmdk, .qcow2, .raw), by default the guest's own; they
#            stay as they are
# GUEST-FOLDER is what build-guest.sh prints. Prints one line of JSON; exits with 0 when all addresses
# answer at the right names, with 1 when not, with 2 when it could not try.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
# shellcheck source=guest-machine.sh
. "$here/guest-machine.sh"

[ $# -ge 3 ] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; }
folder=$1 machine=$2 console=$3
shift 3
limit=900
if [ "${1:-}" = --limit ]; then limit=$2; shift 2; fi
# shellcheck source=/dev/null
. "$folder/guest.conf"
disks=("$@")
if [ ${#disks[@]} -eq 0 ]; then
  for file in "${disk_files[@]}"; do disks+=("$folder/$file"); done
fi

macs=()
number=16
for card in "${cards[@]}"; do
  if [ "$machine" = vmware ]; then
    macs+=("${card%% *}")
  else
    macs+=("$(printf '52:54:00:7a:31:%02x' "$number")")
    number=$((number + 1))
  fi
done

work=$(mktemp -d)
qemu='' reader=''
cleanup() {
  [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
  [ -z "$qemu" ] || kill -9 "$qemu" 2>/dev/null || true
  [ -z "$qemu" ] || wait "$qemu" 2>/dev/null || true
  rm -rf -- "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

arguments=(-m "${memory_mib:-1024}" -nodefaults -vga std -display none)
if [ "$machine" = vmware ]; then
  arguments+=(-machine "pc,accel=${H2K_GUEST_ACCEL:-tcg}")
  disk_arguments "$disk_bus" "${disks[@]}"
  card_arguments "$card_model" "${macs[@]}"
else
  arguments+=(-machine "q35,accel=${H2K_GUEST_ACCEL:-tcg}")
  disk_arguments virtio "${disks[@]}"
  card_arguments virtio-net-pci "${macs[@]}"
fi
if [ "$firmware" = uefi ]; then
  nvram=/usr/share/OVMF/OVMF_VARS_4M.fd
  [ "$machine" != vmware ] || nvram=$folder/nvram.fd
  install -m 600 "$nvram" "$work/nvram.fd"
  arguments+=(-drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd
    -drive "if=pflash,unit=1,format=raw,file=$work/nvram.fd")
fi
# The serial port: keys go in through a pipe, what comes out is logged.
mkfifo "$work/tty.in" "$work/tty.out"
exec 8<>"$work/tty.in" 9<>"$work/tty.out"
cat "$work/tty.out" >/dev/null 8>&- 9>&- &
reader=$!
: >"$console"
arguments+=(-chardev "pipe,id=console,path=$work/tty,logfile=$console" -serial chardev:console)

begin=$(date +%s)
qemu-system-x86_64 "${arguments[@]}" "${DISK_ARGUMENTS[@]}" "${CARD_ARGUMENTS[@]}" >"$work/qemu.log" 2>&1 8>&- 9>&- &
qemu=$!

# answers PORT : an SSH server greets; QEMU itself accepts and says nothing.
answers() {
  local greeting=''
  exec 7<>"/dev/tcp/127.0.0.1/$1" || return 1
  read -r -t 5 -n 4 greeting <&7 || true
  exec 7>&- 7<&-
  [ "$greeting" = SSH- ]
} 2>/dev/null

# What a guest says that will not go on. The firmware's shell and GRUB talk to the serial port, too.
readonly STOPPED='\(initramfs\)|Gave up waiting|Kernel panic|Shell>|No bootable device|grub rescue>|emergency mode|emergency shell|Cannot open access to console|dracut:/#|Boot failed|BdsDxe: No bootable|Start PXE over|unknown filesystem|error: no such|error: file .* not found'

typed=0
why=''
answering=no
named=no
while :; do
  seconds=$(($(date +%s) - begin))
  kill -0 "$qemu" 2>/dev/null || { why="QEMU ended: $(tail -c 300 "$work/qemu.log" | tr '"\\\n' "'/ ")"; break; }
  text=$(tr -d '\000' <"$console")
  if [ -n "${key_prompt:-}" ]; then
    prompts=$(grep -cE -- "$key_prompt" <<<"$text" || true)
    if [ "$prompts" -gt "$typed" ]; then
      sleep 1
      printf '%s\r' "$key_text" >&8
      typed=$prompts
    fi
  fi
  answering=yes
  for port in "${PORTS[@]}"; do
    [ "$port" = - ] || answers "$port" || answering=no
  done
  named=yes
  for show in "${shows[@]}"; do
    grep -qF -- "$show" <<<"$text" || named=no
  done
  if [ "$answering$named" = yesyes ]; then break; fi
  if stop=$(grep -oE -m 1 -- "$STOPPED" <<<"$text"); then why="the guest stopped: $stop"; break; fi
  if [ "$seconds" -ge "$limit" ]; then why="not within $limit s"; break; fi
  sleep 1
done
result=false
[ "$answering$named" = yesyes ] && result=true
# The interfaces must not have other addresses than those; a prompt that changes is printed again.
printf '{"machine":"%s","boots_and_answers":%s,"answers":%s,"names":%s,"seconds":%d,"macs":"%s","why":"%s"}\n' \
  "$machine" "$result" "$([ "$answering" = yes ] && echo true || echo false)" \
  "$([ "$named" = yes ] && echo true || echo false)" "$seconds" "${macs[*]}" "$why"
[ "$result" = true ]
