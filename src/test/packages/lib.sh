# shellcheck shell=bash
# What the tests of the packages share. Sourced, never run.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
guests=$here/../guests
# shellcheck source=/dev/null
. "$guests/lib.sh"
# shellcheck source=/dev/null
. "$guests/guest-base.sh"

checks=0

# ok WHAT COMMAND... : the command must succeed; what it prints is shown where it does not.
ok() {
  local what=$1 output
  shift
  if output=$("$@" 2>&1); then
    checks=$((checks + 1))
    printf 'ok: %s\n' "$what"
  else
    printf '%s\n' "$output" >&2
    die "not so: $what ($*)"
  fi
}

# not WHAT COMMAND... : the command must fail.
not() {
  local what=$1
  shift
  ! "$@" >/dev/null 2>&1 || die "not so: $what ($* succeeds)"
  checks=$((checks + 1))
  printf 'ok: %s\n' "$what"
}

# require_package_tree RELEASE : puts PACKAGE_TREE, a tar file of a Debian release with what the package
# depends on and not the package itself, into the cache.
require_package_tree() {
  local release=$1 key sources
  key=base-package-$release-$(digest "$release" "$here/lib.sh")
  PACKAGE_TREE=$GUEST_CACHE/$key/tree.tar
  [ ! -f "$PACKAGE_TREE" ] || return 0
  [ "$(id -u)" = 0 ] || die "root is needed to make a clean root of $release"
  need mmdebstrap
  lock_cache "package-$release"
  [ ! -f "$PACKAGE_TREE" ] || return 0
  say "bootstrapping Debian $release with the package's dependencies"
  mapfile -t sources < <(release_sources "$release")
  mkdir "$SCRATCH/base"
  DEBIAN_FRONTEND=noninteractive mmdebstrap \
    --mode=root --variant=minbase --format=tar --quiet \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='APT::Install-Recommends "false"' \
    --include=linux-image-amd64,initramfs-tools,kmod,udev,systemd-sysv,dbus,zstd,procps \
    --include=default-jre-headless,libguestfs-tools,qemu-utils \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/usr/share/locale/*' \
    "$release" "$SCRATCH/base/tree.tar" "${sources[@]}" >&2
  publish "$SCRATCH/base" "$key"
}

# unpack_package_tree FOLDER
unpack_package_tree() {
  mkdir "$1"
  tar -C "$1" --numeric-owner --xattrs --xattrs-include='*' -xf "$PACKAGE_TREE"
}

# in_root FOLDER COMMAND... : runs it there, with the kernel's file systems, without a running systemd.
in_root() {
  local root=$1
  shift
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    unshare --mount --propagation=private -- sh -c '
      root=$1; shift
      mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/run" &&
        exec chroot "$root" "$@"' in_root "$root" "$@"
}
