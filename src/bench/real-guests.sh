#!/usr/bin/env bash
# Converts the real guests of the tests with hyper2kvm and with virt-v2v, boots each result on virtio
# with another network address and an empty NVRAM, and prints a table in Markdown: exit code, time,
# and whether the result boots and answers at the guest's static address on its old interface.
#
# Usage: src/bench/real-guests.sh [--only hyper2kvm|virt-v2v] [GUEST...]
#   GUEST   a name of src/test/guests/real, by default all of them
# virt-v2v gets the machine as a libvirt domain (-i libvirtxml), with its firmware, its disks in order
# and its cards, and takes the first of several roots. hyper2kvm runs as "hyper2kvm run", with all
# fixes. Both write an uncompressed qcow2.
# Needs what the tests need, virt-v2v, nbdkit and nbdcopy (packages virt-v2v, nbdkit, libnbd-bin), jq, and
# a built hyper2kvm (mvn package). Without KVM allow 10 to 20 minutes for each guest.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
guests=$home/src/test/guests
only=''
case ${1:-} in
  -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
  --only) only=${2:?--only needs a program}; shift 2 ;;
esac
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <("$guests/build-guest.sh" --list)
[ "$only" = hyper2kvm ] || for tool in virt-v2v nbdkit nbdcopy; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 2; }
done

# On the disk, not in memory: outputs are large.
work=$(mktemp -d /var/tmp/real-guests.XXXXXXXX)
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT TERM HUP
# shellcheck source=kvm.sh
. "$home/src/bench/kvm.sh"
prepare_appliances "$work"
if [ "$KVM" = yes ]; then export H2K_GUEST_ACCEL=kvm:tcg; else export HYPER2KVM_KVM=off; fi

# list WORD... : joined by commas.
list() {
  local IFS=,
  printf '%s' "$*"
}

convert_hyper2kvm() { # OUTPUT-FOLDER ; sets results
  local out=$1 disk macs=() number more=() options=()
  for card in "${cards[@]}"; do macs+=("{\"mac\": \"${card%% *}\"}"); done
  for disk in "${disk_files[@]:1}"; do more+=("\"$folder/$disk\""); done
  cat >"$out/$name.json" <<JSON
{"version": "1.0", "name": "$name", "pipeline": {
  "load": {"source_type": "vmdk", "source_path": "$folder/${disk_files[0]}",
    "additional_disks": [$(list "${more[@]}")], "network_cards": [$(list "${macs[@]}")]},
  "fix": {"fstab": {}, "grub": {}, "initramfs": {}, "network": {}},
  "convert": {"output_format": "qcow2"}}}
JSON
  if [ -n "$key_text" ]; then
    printf '%s' "$key_text" >"$out/key"
    chmod 600 "$out/key"
    options=("HYPER2KVM_LUKS_KEYS=vm=$name; key_file=$out/key")
  fi
  env "${options[@]}" timeout 3600 "$home/bin/hyper2kvm" run -q --output-dir "$out" "$out/$name.json" \
    >"$out/log" 2>&1 || return
  results=("$out/$name-converted.qcow2")
  for number in $(seq 2 ${#disk_files[@]}); do results+=("$out/$name-converted-disk$number.qcow2"); done
}

convert_virt_v2v() { # OUTPUT-FOLDER ; sets results
  local out=$1 disk letter number=0 letters=abcdefgh firmware_xml='' key=()
  [ "$firmware" = bios ] || firmware_xml=" firmware='efi'"
  {
    printf "<domain type='kvm'><name>%s</name><memory unit='MiB'>%s</memory><vcpu>1</vcpu>\n" "$name" "$memory_mib"
    printf "<os%s><type arch='x86_64' machine='pc'>hvm</type></os><devices>\n" "$firmware_xml"
    for disk in "${disk_files[@]}"; do
      printf "<disk type='file' device='disk'><driver name='qemu' type='vmdk'/><source file='%s'/><target dev='sd%s' bus='scsi'/></disk>\n" \
        "$folder/$disk" "${letters:number:1}"
      number=$((number + 1))
    done
    for card in "${cards[@]}"; do
      printf "<interface type='network'><mac address='%s'/><source network='default'/><model type='vmxnet3'/></interface>\n" "${card%% *}"
    done
    printf '</devices></domain>\n'
  } >"$out/domain.xml"
  if [ -n "$key_text" ]; then
    printf '%s' "$key_text" >"$out/key"
    # virt-v2v 2.2 does not know the selector "all".
    for letter in a b; do
      for number in '' 1 2 3 4; do key+=(--key "/dev/sd$letter$number:file:$out/key"); done
    done
    number=0
  fi
  env "${V2V_ENVIRONMENT[@]}" timeout 3600 virt-v2v -q -i libvirtxml "$out/domain.xml" "${key[@]}" --root first -o local \
    -os "$out" -of qcow2 >"$out/log" 2>&1 || return
  for number in $(seq 0 $((${#disk_files[@]} - 1))); do
    letter=${letters:number:1}
    mv "$out/$name-sd$letter" "$out/$name-$letter.qcow2"
    results+=("$out/$name-$letter.qcow2")
  done
}

# try PROGRAM : prints its three cells.
try() {
  local out=$work/$name-$1 begin seconds code=0 verdict='–' results=()
  mkdir "$out"
  begin=$(date +%s)
  "convert_$1" "$out" || code=$?
  seconds=$(($(date +%s) - begin))
  if [ "$code" = 0 ]; then
    verdict=$("$guests/boot-guest.sh" "$folder" kvm "$out/console" --limit 600 "${results[@]}" || true)
    case $verdict in
      *'"boots_and_answers":true'*) verdict='boots, answers' ;;
      *'"answers":true'*) verdict='boots, answers on another interface' ;;
      *) verdict="no: $(sed -n 's/.*"why":"\(.*\)".*/\1/p' <<<"$verdict")" ;;
    esac
  else
    tail -n 5 "$out/log" >&2
  fi
  printf ' %s | %s s | %s |' "$code" "$seconds" "$verdict"
  rm -rf -- "$out"
}

printf '| guest | hyper2kvm: exit | time | its result | virt-v2v: exit | time | its result |\n|---|---|---|---|---|---|---|\n'
# compare NAME : prints the row of one guest.
compare() {
  local described
  # Both lines are read: a pipe that closes early would end the builder, and this script.
  described=$("$guests/build-guest.sh" "$1")
  folder=${described%%$'\n'*}
  # It declares its variables, some of them for good.
  # shellcheck source=/dev/null
  . "$folder/guest.conf"
  printf '| %s |' "$name"
  for program in hyper2kvm virt_v2v; do
    if [ -z "$only" ] || [ "$only" = "${program/_/-}" ]; then try "$program"; else printf ' – | – | – |'; fi
  done
  printf '\n'
}

for guest in "${names[@]}"; do
  (compare "$guest")
done
