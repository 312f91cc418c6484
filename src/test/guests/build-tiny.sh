#!/usr/bin/env bash
# Builds a disk of a few MiB that looks like a Debian guest but has no kernel: for tests that
# convert, inspect or rewrite and never boot. Needs sfdisk, mke2fs and qemu-img, but not root.
#
# Usage: build-tiny.sh [OPTION...] [OUTDIR]
#   --size-mib N              virtual size of the disk, 16 to 1024 (default 32)
#   --format raw,vmdk,vhd,vhdx   images to make (default vmdk)
# Prints one path per image, and last that of tiny.sha256: the digest of /srv/payload.bin, a file
# of random bytes inside the guest, in sha256sum's own format.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"

readonly ROOT_UUID=3c0e4f52-9d1b-4b77-8a64-5f2be70c91d3
readonly DISK_ID=0x71e1d15c

size_mib=32 formats=vmdk outdir=''
while [ $# -gt 0 ]; do
  case $1 in
    --size-mib) size_mib=${2:?--size-mib needs a value}; shift ;;
    --format) formats=${2:?--format needs a value}; shift ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    -*) die "unknown option $1" ;;
    *) [ -z "$outdir" ] || die "more than one OUTDIR"; outdir=$1 ;;
  esac
  shift
done
[[ $size_mib =~ ^[0-9]{2,4}$ ]] && ((10#$size_mib >= 16 && 10#$size_mib <= 1024)) ||
  die "--size-mib is 16 to 1024, not $size_mib"
IFS=, read -r -a wanted <<<"$formats"
check_formats "${wanted[@]}"
key=tiny-$size_mib-$(digest "$size_mib" "$here"/{lib,build-tiny}.sh)

write_tree() {
  local tree=$1
  mkdir -p "$tree"/{bin,boot/grub,dev,etc/network,home,lib,proc,root,run,sbin,srv,sys,tmp,usr/bin,usr/lib,var/lib/dpkg}
  printf '%s\n' 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"' 'NAME="Debian GNU/Linux"' \
    'VERSION_ID="12"' 'VERSION="12 (bookworm)"' 'VERSION_CODENAME=bookworm' 'ID=debian' \
    >"$tree/etc/os-release"
  printf '12.11\n' >"$tree/etc/debian_version"
  printf 'tiny01\n' >"$tree/etc/hostname"
  printf '# device mount type options dump pass\n/dev/sda1\t/\text4\terrors=remount-ro 0 1\n' \
    >"$tree/etc/fstab"
  printf 'auto ens192\niface ens192 inet dhcp\n' >"$tree/etc/network/interfaces"
  head -c 2M /dev/urandom >"$tree/srv/payload.bin"
}

build() {
  local tree=$SCRATCH/tree out=$SCRATCH/out
  mkdir "$tree" "$out"
  write_tree "$tree"
  (cd "$tree/srv" && sha256sum payload.bin) >"$out/tiny.sha256"
  truncate -s "${size_mib}M" "$out/tiny.raw"
  sfdisk --quiet "$out/tiny.raw" <<TABLE
label: dos
label-id: $DISK_ID
start=1MiB, type=83, bootable
TABLE
  mke2fs -q -F -t ext4 -O '^metadata_csum_seed,^orphan_file' -U "$ROOT_UUID" -m 0 \
    -E offset=1048576,root_owner=0:0 -d "$tree" "$out/tiny.raw" "$((size_mib - 1))M" >&2
  publish "$out" "$key"
}

need sfdisk mke2fs qemu-img flock
serve_images "$key" tiny build "${wanted[@]}"
mapfile -t files < <(printf 'tiny.%s\n' "${wanted[@]}" sha256)
hand_out "$key" "$outdir" "${files[@]}"
