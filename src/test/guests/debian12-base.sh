# shellcheck shell=bash
# The Debian 12 tree that all variants start from, as one tar file. Its own script, because its
# digest is the tree's cache key: a change of a variant must not cost another bootstrap.

# Big driver families that no virtual machine needs; leaving them out halves the image. The
# graphics core and the adapters of hypervisors stay.
base_dpkg_options() {
  local path
  for path in \
    '/usr/share/doc/*' '/usr/share/man/*' '/usr/share/info/*' '/usr/share/locale/*' \
    '/lib/modules/*/kernel/sound/*' \
    '/lib/modules/*/kernel/drivers/media/*' \
    '/lib/modules/*/kernel/drivers/infiniband/*' \
    '/lib/modules/*/kernel/drivers/staging/*' \
    '/lib/modules/*/kernel/drivers/iio/*' \
    '/lib/modules/*/kernel/drivers/bluetooth/*' \
    '/lib/modules/*/kernel/drivers/net/wireless/*' \
    '/lib/modules/*/kernel/drivers/gpu/drm/amd/*' \
    '/lib/modules/*/kernel/drivers/gpu/drm/i915/*' \
    '/lib/modules/*/kernel/drivers/gpu/drm/nouveau/*' \
    '/lib/modules/*/kernel/drivers/gpu/drm/radeon/*' \
    '/lib/modules/*/kernel/net/wireless/*' \
    '/lib/modules/*/kernel/net/mac80211/*'; do
    printf -- '--dpkgopt=path-exclude=%s\n' "$path"
  done
}

# build_base_tree KERNELS TARFILE : KERNELS is 1 or 2.
build_base_tree() {
  local kernels=$1 tarfile=$2 options
  mapfile -t options < <(base_dpkg_options)
  if [ "$kernels" = 2 ]; then
    # The oldest kernel of the same series that the archive still has: what a guest keeps after
    # its last update.
    options+=('--customize-hook=set -e
      newest=$(cd "$1/lib/modules" && ls -d 6.1.* | head -n 1)
      older=$(chroot "$1" apt-cache pkgnames linux-image-6.1.0- |
        grep -E "^linux-image-6\.1\.0-[0-9]+-amd64$" | grep -v -F "linux-image-$newest" |
        sort -V | head -n 1)
      test -n "$older" || { echo "the archive has no second kernel" >&2; exit 1; }
      INITRD=No chroot "$1" apt-get install -y --no-install-recommends "$older"')
  fi
  # INITRD=No: the variant decides what the initramfs holds, so the packages must not build one.
  # grub-pc would refuse to be configured without a disk unless told that this is meant.
  INITRD=No DEBIAN_FRONTEND=noninteractive mmdebstrap \
    --mode=root --variant=minbase --format=tar --quiet \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='APT::Install-Recommends "false"' \
    "${options[@]}" \
    --essential-hook='printf "grub-pc grub-pc/install_devices_empty boolean true\ngrub-pc grub-pc/install_devices multiselect\n" | chroot "$1" debconf-set-selections' \
    --include=linux-image-amd64,initramfs-tools,busybox,kmod,udev,systemd-sysv,dbus \
    --include=ifupdown,isc-dhcp-client,iproute2,openssh-server,grub-pc,e2fsprogs,login,procps,zstd \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*.bin "$1"/usr/share/locale/*' \
    bookworm "$tarfile" \
    'deb http://deb.debian.org/debian bookworm main' \
    'deb http://deb.debian.org/debian bookworm-updates main' \
    'deb http://deb.debian.org/debian-security bookworm-security main' >&2
}
