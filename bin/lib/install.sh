# shellcheck shell=bash
# Installs by apt what is missing on this machine, and only that. Sourced by bin/quickstart and
# bin/test, never run. Progress goes to standard error.

# Debian keeps tools for disks where users without root do not look.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

readonly APT_LIMIT=1800
MISSING=()

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

# want COMMAND PACKAGE : the package is missing if the command is.
want() {
  command -v "$1" >/dev/null 2>&1 || missing "$2"
}

missing() {
  local package
  for package in "${MISSING[@]}"; do
    [ "$package" != "$1" ] || return 0
  done
  MISSING+=("$1")
}

# java_major FOLDER : the version of the JDK in a folder, as one number; nothing if there is none.
java_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9][0-9]*\).*/\1/p' "$1/release"
}

# find_jdk : prints the folder of a JDK of version 17 or later, the one in use before others.
find_jdk() {
  local javac folder major
  javac=$(command -v javac || true)
  [ -z "$javac" ] || javac=$(dirname "$(dirname "$(readlink -f "$javac")")")
  for folder in "${JAVA_HOME:-}" "$javac" /usr/lib/jvm/*; do
    [ -n "$folder" ] || continue
    major=$(java_major "$folder")
    if [ -n "$major" ] && [ "$major" -ge 17 ]; then
      printf '%s\n' "$folder"
      return 0
    fi
  done
  return 1
}

# libguestfs makes its appliance of an installed kernel, which it must be able to read, and that
# kernel's modules.
have_kernel() {
  local kernel
  [ -z "${SUPERMIN_KERNEL:-}" ] || return 0
  for kernel in /boot/vmlinuz-*; do
    if [ -r "$kernel" ] && [ -d "/lib/modules/${kernel#/boot/vmlinuz-}" ]; then
      return 0
    fi
  done
  return 1
}

have_unreadable_kernel() {
  local kernel
  for kernel in /boot/vmlinuz-*; do
    [ -e "$kernel" ] && return 0
  done
  return 1
}

is_ubuntu() {
  grep -Eqs '^(ID|ID_LIKE)=.*ubuntu' /etc/os-release
}

want_jdk() {
  find_jdk >/dev/null || missing jdk
}

want_kernel() {
  have_kernel && return 0
  if have_unreadable_kernel && [ "$(id -u)" != 0 ]; then
    die "libguestfs must read a kernel, and those in /boot are readable for root alone. Run:
  sudo chmod 0644 /boot/vmlinuz-*
and start this again. (dpkg-statoverride makes it last: docs/operations.md.)"
  fi
  if is_ubuntu; then
    missing linux-image-virtual
  else
    missing linux-image-amd64
  fi
}

# What the build and every conversion need.
want_program() {
  [ "$(uname -m)" = x86_64 ] || die "this machine is $(uname -m); only x86_64 is supported"
  want_jdk
  want mvn maven
  want qemu-img qemu-utils
  want qemu-system-x86_64 qemu-system-x86
  want guestfish libguestfs-tools
  want tesseract tesseract-ocr
  want_kernel
}

# What src/test/guests needs to build a Debian guest, on Ubuntu too.
want_guest_builder() {
  want mmdebstrap mmdebstrap
  want gpg gpg
  want mount mount
  want flock util-linux
  want sfdisk fdisk
  want mke2fs e2fsprogs
  want lsinitramfs initramfs-tools-core
  want zstd zstd
  want cpio cpio
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing debian-archive-keyring
}

# as_root COMMAND... : runs it as root, by sudo where needed.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "this needs root, and there is no sudo. Run as root: $*"
  fi
}

apt_get() {
  # In the foreground, so that sudo may ask for a password and Ctrl-C reaches apt.
  as_root env DEBIAN_FRONTEND=noninteractive timeout --foreground "$APT_LIMIT" \
    apt-get -q -o DPkg::Lock::Timeout=300 "$@" >&2
}

has_candidate() {
  [ -n "$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: \([^(].*\)/\1/p')" ]
}

# The name of a JDK package differs from release to release.
jdk_package() {
  local package
  for package in openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless; do
    if has_candidate "$package"; then
      printf '%s\n' "$package"
      return 0
    fi
  done
  return 1
}

# install_missing : installs all that was found missing, and sets JAVA_HOME to a fit JDK.
install_missing() {
  local index jdk
  if [ "${#MISSING[@]}" -gt 0 ]; then
    command -v apt-get >/dev/null ||
      die "this is neither Debian nor Ubuntu; install by hand: ${MISSING[*]}"
    say "asking for the list of packages"
    apt_get update || die "apt-get update failed"
    for index in "${!MISSING[@]}"; do
      [ "${MISSING[$index]}" = jdk ] || continue
      jdk=$(jdk_package) || die "apt has no JDK of version 17, 21 or 25: install one by hand"
      MISSING[index]=$jdk
    done
    say "installing ${MISSING[*]}"
    apt_get -y --no-install-recommends install "${MISSING[@]}" || die "apt-get install failed"
    MISSING=()
    have_kernel ||
      die "the kernel in /boot cannot be read by this user; run: sudo chmod 0644 /boot/vmlinuz-*"
  fi
  JAVA_HOME=$(find_jdk) || die "a JDK of version 17 or later is needed (package default-jdk-headless)"
  export JAVA_HOME
}
