#!/usr/bin/env bash
# Builds a real guest of Debian's packages as VMware would have left it, and on request shows that it
# boots there and does not boot on virtio as it is. Cached by the digest of the scripts that decide the
# result.
# Needs root, mmdebstrap, sfdisk, guestfish, qemu-img, qemu-system-x86_64, and for UEFI ovmf,
# mkfs.vfat, mcopy; no loop device, no KVM.
#
# Usage: build-guest.sh [--shown] NAME   builds real/NAME.sh, or inits/NAME.sh; prints the folder of its files, and in a
#                                        second line what the tests must know of it, as JSON
#        build-guest.sh --list           the names of all guests in real/
#   --shown   boots it twice, if that was not done before: as VMware has it, where its addresses must
#             answer, and unfixed on virtio, where they must not
# The folder has the VMDKs, guest.conf (for boot-guest.sh), nvram.fd of a UEFI guest, and with --shown
# evidence/: what the two boots printed. Treat all of it as read-only.
#
# How to add a guest: write real/NAME.sh. It is sourced, and sets (arrays unless said otherwise):
#   release=trixie            bookworm, trixie, forky or sid; the base tree has kernel, systemd,
#                             openssh-server and initramfs-tools, but no loader and no network tool
#   packages=(…)              what else is installed (dracut takes initramfs-tools' place by itself)
#   distribution= storage= boot= network=   the words of docs/guests.md's table, each on a line of
#                             its own (such lines, and warnings, fixes, manifest and mounted_by, cost
#                             no new image)
#   firmware=bios             or uefi; then nvram_loader='\EFI\debian\grubx64.efi' if the loader is
#                             named by the old NVRAM alone
#   disk_bus=pvscsi           or ahci; with UEFI ahci only, since OVMF may lack pvscsi; card_model=vmxnet3 or e1000
#   cards=("MAC ADDRESS" …)   in the machine's order; ADDRESS without prefix, in a /24 with .2, .3 and
#                             .15 free, "-" for a card that has none of its own
#   shows=("ens192=10.77.5.20" …)   what "interface=address" the login prompt must show on ttyS0, so
#                             the kernel's command line needs console=ttyS0,115200n8
#   disk_mib=(3072 …)         sizes; kept_disks=(1 …) if not all of them are part of the guest
#   boot_disk=1               which of the guest's disks its machine starts from
#   key_prompt= key_text=     what is typed on the serial console when the prompt (ERE) appears
#   memory_mib=1024
#   warnings+=('pattern')     a warning that the conversion must give, in the report's order; no others
#   mounted_by+=('mount /dev/sda1 /')   guestfish's commands that mount the guest, if it cannot find
#                             the root itself (next-initramfs.sh)
#   fixes+=('guest_tools: remove')   a further fix of the manifest, beside the four
#   manifest+=(…)             further lines of the manifest, at the level of its pipeline's keys; load,
#                             fix and convert are there already
# and defines functions:
#   partitions NUMBER         prints sfdisk's script of that disk; nothing leaves it whole
#   volumes                   prints guestfish commands that make the file systems, and mount them as
#                             the guest has them: disks are DISKa, DISKb, …, partitions DISKa1, …
#                             The tree is unpacked into them. vfat: mount-options quiet DISKa1 /boot/efi
#   prepare_disks TREE        optional: before the appliance sees the disks, e.g. guest_mkfs (guest-disks.sh)
#   filled                    optional: guestfish commands after that
#   write_files TREE          fstab, network, loader configuration
#   make_initramfs TREE       optional: guest-tree.sh has it for initramfs-tools
#   install_loader TREE       by make_grub_pc or make_grub_efi and write_grub_cfg (guest-tree.sh)
#   finish_disks              optional: after the disks are filled, e.g. put_grub_pc "$(disk_file 1)"
# Programs of the guest run by "chroot TREE …". Try it: build-guest.sh --shown NAME, then
#   mvn -o -Pit verify -DskipUnitTests -Dit.test=RealGuestsIT -Dh2k.guests.only=NAME
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in lib debian12-base guest-base guest-tree guest-disks guest-nvram guest-machine; do
  # shellcheck source=/dev/null
  . "$here/$part.sh"
done

shown=no
if [ "${1:-}" = --shown ]; then shown=yes; shift; fi
case ${1:-} in
  -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
  --list)
    for file in "$here"/real/*.sh; do basename "$file" .sh; done
    exit 0
    ;;
esac
readonly name=$1
specification=$here/real/$name.sh
# Those that only the tests of the first boot take.
[ -f "$specification" ] || specification=$here/inits/$name.sh
[ -f "$specification" ] || die "there is no guest $name in $here/real or $here/inits"

firmware=bios disk_bus=pvscsi card_model=vmxnet3 memory_mib=1024 boot_disk=1
nvram_loader='' key_prompt='' key_text=''
packages=() initramfs_modules=() warnings=() kept_disks=() fixes=() manifest=() mounted_by=() grub_volumes=()
install_loader() { :; }
finish_disks() { :; }
# shellcheck source=/dev/null
. "$specification"
[ ${#kept_disks[@]} -gt 0 ] || mapfile -t kept_disks < <(seq "${#disk_mib[@]}")
mapfile -t disk_files < <(printf "$name-disk%s.vmdk\n" "${kept_disks[@]}")
deciding=("$here"/{debian12-base,guest-base,guest-tree,guest-disks}.sh)
[ "$firmware" = bios ] || deciding+=("$here/guest-nvram.sh")
# What only the tests read does not decide the image.
key=real-$name-$(digest "$(grep -vE '^(#|distribution=|storage=|boot=|network=|warnings\+?=|mounted_by\+?=|fixes\+?=|manifest\+?=)' "$specification")" "${deciding[@]}")

# json WORD... : a JSON list of texts.
json() {
  local word list=''
  for word; do
    word=${word//\\/\\\\}
    list+=",\"${word//\"/\\\"}\""
  done
  printf '[%s]' "${list:1}"
}

# describe : one line of JSON for the tests.
describe() {
  printf '{"name":"%s","release":"%s","distribution":"%s","storage":"%s","boot":"%s","network":"%s","firmware":"%s","key":"%s","cards":%s,"shows":%s,"disks":%s,"warnings":%s,"fixes":%s,"manifest":%s,"mounted_by":%s}\n' \
    "$name" "$release" "$distribution" "$storage" "$boot" "$network" "$firmware" "$key_text" \
    "$(json "${cards[@]}")" "$(json "${shows[@]}")" "$(json "${disk_files[@]}")" \
    "$(json "${warnings[@]}")" "$(json "${fixes[@]}")" "$(json "${manifest[@]}")" \
    "$(json "${mounted_by[@]}")"
}

# show_source FOLDER : it boots on the machine that it comes from, and not on virtio as it is.
show_source() {
  local folder=$1 evidence=$SCRATCH/evidence
  mkdir "$evidence"
  say "booting $name as VMware has it"
  "$here/boot-guest.sh" "$folder" vmware "$evidence/source.console" --limit 900 \
    >"$evidence/source.json" || {
    tail -c 3000 "$evidence/source.console" >&2
    rm -rf "$GUEST_CACHE/failed-$name"
    mv -T "$folder" "$GUEST_CACHE/failed-$name"
    die "the guest does not boot on its own machine: $(cat "$evidence/source.json")
  try again: $here/boot-guest.sh $GUEST_CACHE/failed-$name vmware /tmp/console"
  }
  rm -rf "$GUEST_CACHE/failed-$name"
  say "booting $name on virtio, which it must not"
  ! "$here/boot-guest.sh" "$folder" kvm "$evidence/unfixed.console" --limit 300 \
    >"$evidence/unfixed.json" || die "the guest boots on virtio as it is, and would prove nothing"
  say "$(cat "$evidence/source.json" "$evidence/unfixed.json")"
  chmod -R a+rX,a-w "$evidence"
  chmod u+w "$folder"
  mv -T "$evidence" "$folder/evidence"
}

build() {
  local tree=$SCRATCH/tree out=$SCRATCH/out number
  say "building $name"
  mkdir "$out"
  unpack_release_tree "$release" "$tree" "${packages[@]}"
  write_common_files "$tree"
  write_files "$tree"
  make_initramfs "$tree"
  install_loader "$tree"
  make_disks "$tree"
  finish_disks
  [ "$firmware" != uefi ] || make_nvram "$out"
  for number in "${kept_disks[@]}"; do
    convert_disk "$(disk_file "$number")" vmdk "$out/$name-disk$number.vmdk"
  done
  declare -p name firmware boot_disk disk_bus card_model memory_mib key_prompt key_text cards shows disk_files \
    >"$out/guest.conf"
  publish "$out" "$key"
}

need flock
folder=$GUEST_CACHE/$key
if [ ! -f "$folder/guest.conf" ] || { [ "$shown" = yes ] && [ ! -d "$folder/evidence" ]; }; then
  mkdir -p "$GUEST_CACHE"
  scratch_dir
  [ -f "$folder/guest.conf" ] || {
    [ "$(id -u)" = 0 ] || die "root is needed to build the guest's tree"
    need mmdebstrap sfdisk lsinitramfs chroot guestfish qemu-img
    require_release_tree "$release"
  }
  lock_cache "$name"
  [ -f "$folder/guest.conf" ] || build
  if [ "$shown" = yes ] && [ ! -d "$folder/evidence" ]; then
    need qemu-system-x86_64
    show_source "$folder"
  fi
fi
printf '%s\n' "$folder"
describe
