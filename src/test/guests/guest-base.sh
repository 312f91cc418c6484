# shellcheck shell=bash
# The tree of a Debian release that real guests start from, as one tar file in the cache. A file of
# its own, because its digest is the cache's key: a change of a guest must not cost a bootstrap.
# Sourced after lib.sh and debian12-base.sh.

# release_sources RELEASE : the release's package sources, one a line.
release_sources() {
  local release=$1
  printf 'deb http://deb.debian.org/debian %s main\n' "$release"
  case $release in
    bookworm | trixie)
      printf 'deb http://deb.debian.org/debian %s-updates main\n' "$release"
      printf 'deb http://deb.debian.org/debian-security %s-security main\n' "$release"
      ;;
  esac
}

# require_release_tree RELEASE : puts RELEASE_TREE, the tar file's path, into the cache.
# It holds a kernel, systemd, an SSH server and initramfs-tools, no loader, no network tool.
require_release_tree() {
  local release=$1 key sources options
  key=base-real-$release-$(digest "$release" "$here"/{debian12-base,guest-base}.sh)
  RELEASE_TREE=$GUEST_CACHE/$key/tree.tar
  [ ! -f "$RELEASE_TREE" ] || return 0
  lock_cache "base-$release"
  [ ! -f "$RELEASE_TREE" ] || return 0
  say "bootstrapping Debian $release, about two minutes"
  mapfile -t sources < <(release_sources "$release")
  mapfile -t options < <(base_dpkg_options)
  mkdir "$SCRATCH/base"
  # INITRD=No: the guest decides what its initramfs holds.
  INITRD=No DEBIAN_FRONTEND=noninteractive mmdebstrap \
    --mode=root --variant=minbase --format=tar --quiet \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='APT::Install-Recommends "false"' \
    "${options[@]}" \
    --include=linux-image-amd64,initramfs-tools,busybox,kmod,udev,systemd-sysv,dbus,zstd \
    --include=iproute2,openssh-server,e2fsprogs,login,passwd,procps,util-linux \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/usr/share/locale/*' \
    "$release" "$SCRATCH/base/tree.tar" "${sources[@]}" >&2
  publish "$SCRATCH/base" "$key"
}

# unpack_release_tree RELEASE TREE PACKAGE... : the release's tree with further packages, without
# another bootstrap.
unpack_release_tree() {
  local release=$1 tree=$2 sources include=()
  shift 2
  [ $# -eq 0 ] || include=(--include="$(IFS=,; printf '%s' "$*")")
  mapfile -t sources < <(release_sources "$release")
  INITRD=No DEBIAN_FRONTEND=noninteractive mmdebstrap --mode=root --variant=custom --format=directory --quiet \
    --skip=check/empty,essential/unlink \
    --setup-hook="tar -C \"\$1\" --numeric-owner --xattrs --xattrs-include='*' -xf '$RELEASE_TREE'" \
    --setup-hook='printf "grub-pc grub-pc/install_devices_empty boolean true\ngrub-pc grub-pc/install_devices multiselect\n" | chroot "$1" debconf-set-selections' \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
    "${include[@]}" \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/usr/share/locale/* "$1"/etc/apt/apt.conf.d/99mmdebstrap' \
    "$release" "$tree" "${sources[@]}" >&2
}
