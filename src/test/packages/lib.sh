# shellcheck shell=bash
# What the tests of the packages share. Sourced, never run.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
guests=$here/../guests
# shellcheck source=/dev/null
. "$guests/lib.sh"
# shellcheck source=/dev/null
. "$guests/guest-base.sh"

# shellcheck source=/dev/null
. "$here/checks.sh"

# own_mounts SCRIPT ARGUMENT... : starts the script anew with mounts of its own, which end with it.
own_mounts() {
  [ -z "${H2K_OWN_MOUNTS:-}" ] || return 0
  [ "$(id -u)" = 0 ] || die 'root is needed for a clean root'
  H2K_OWN_MOUNTS=yes exec unshare --mount --propagation=private -- "$@"
}

# roots_dir : a folder ROOTS for clean roots, in memory where that is plenty: dpkg waits long for disks.
roots_dir() {
  local available
  mkdir -p "$GUEST_CACHE"
  scratch_dir
  ROOTS=$SCRATCH/roots
  mkdir "$ROOTS"
  available=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo)
  [ "$available" -lt 9000000 ] || mount -t tmpfs -o size=7g,mode=0755 roots "$ROOTS"
  trap 'umount -l "$ROOTS" 2>/dev/null; rm -rf --one-file-system -- "$SCRATCH"' EXIT
}

# require_clean_tree RELEASE : puts CLEAN_TREE, a tar file of a minimal Debian release, into the cache.
require_clean_tree() {
  local release=$1 key sources
  key=base-clean-$release-$(digest "$release" "$guests/guest-base.sh")
  CLEAN_TREE=$GUEST_CACHE/$key/tree.tar
  [ ! -f "$CLEAN_TREE" ] || return 0
  need mmdebstrap
  lock_cache "clean-$release"
  [ ! -f "$CLEAN_TREE" ] || return 0
  say "bootstrapping a minimal Debian $release"
  mapfile -t sources < <(release_sources "$release")
  mkdir "$SCRATCH/base"
  TMPDIR=$ROOTS DEBIAN_FRONTEND=noninteractive mmdebstrap --mode=root --variant=minbase --format=tar --quiet \
    --aptopt='Acquire::Check-Valid-Until "false"' --dpkgopt=force-unsafe-io \
    "$release" "$SCRATCH/base/tree.tar" "${sources[@]}" >&2
  publish "$SCRATCH/base" "$key"
}

# clean_root RELEASE NAME : the folder ROOT with a clean root and the lists of its packages.
clean_root() {
  require_clean_tree "$1"
  ROOT=$ROOTS/$2
  mkdir "$ROOT"
  tar -C "$ROOT" --numeric-owner --xattrs --xattrs-include='*' -xf "$CLEAN_TREE"
  cp -L /etc/resolv.conf "$ROOT/etc/resolv.conf"
  in_root apt-get -q update >&2
}

# in_root COMMAND... : runs it in ROOT, with the kernel's file systems, without a running systemd.
in_root() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
    unshare --mount --propagation=private -- sh -c '
      root=$1; shift
      mount --bind "$root" "$root" && mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" &&
        mount -t tmpfs -o mode=0755 tmpfs "$root/run" && exec chroot "$root" "$@"' in_root "$ROOT" "$@"
}

# as_service COMMAND... : as the daemon's user.
as_service() {
  in_root setpriv --reuid=hyper2kvm --regid=hyper2kvm --init-groups -- "$@"
}

# apt_in ARGUMENT... : apt-get without questions, and without the packages that are only recommended.
apt_in() {
  in_root apt-get -q -y -o APT::Install-Recommends=false "$@" </dev/null
}

# newer DEB VERSION TARGET : the package as a later version with another file and, in its configuration,
# another line.
newer() {
  local tree=$SCRATCH/newer
  rm -rf "$tree"
  dpkg-deb -R "$1" "$tree"
  sed -i "s/^Version: .*/Version: $2/" "$tree/DEBIAN/control"
  printf '# A line of version %s.\n' "$2" >>"$tree/etc/hyper2kvm/manifest-daemon.yaml"
  printf '%s\n' "$2" >"$tree/usr/share/hyper2kvm/later"
  (cd "$tree" && find etc usr -type f -exec md5sum {} + >DEBIAN/md5sums)
  dpkg-deb -Znone --root-owner-group -b "$tree" "$3" >/dev/null
  rm -rf "$tree"
}
