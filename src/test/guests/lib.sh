# shellcheck shell=bash
# What the guest builders share: the cache, its lock, and the tools they need.
# Sourced, never run. Every function writes its progress to standard error; standard output
# belongs to the builder's answer (the paths of the images).

GUEST_CACHE="${H2K_GUEST_CACHE:-$HOME/.cache/hyper2kvm/guests}"

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
  say "error: $*"
  exit 1
}

# need TOOL... : stops with the names of all missing tools at once.
need() {
  local tool missing=()
  for tool in "$@"; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
  [ "${#missing[@]}" -eq 0 ] || die "not installed: ${missing[*]}"
}

# digest TEXT FILE... : one key over the options and the scripts that decide the result.
digest() {
  local text=$1
  shift
  {
    printf '%s\n' "$text"
    cat -- "$@"
  } | sha256sum | cut -c1-16
}

# lock_cache [WHAT] : one builder at a time, of WHAT alone if that is named; the lock dies with the
# process, or with the next call.
lock_cache() {
  mkdir -p "$GUEST_CACHE"
  exec 9>"$GUEST_CACHE/.lock${1:+-$1}"
  if ! flock --nonblock 9; then
    say "another builder is at work, waiting"
    flock 9
  fi
}

# scratch_dir : a working directory that goes away with the script, in the cache so that a
# rename into place stays on one file system.
scratch_dir() {
  SCRATCH=$(mktemp -d "$GUEST_CACHE/.tmp.XXXXXXXX")
  trap 'rm -rf --one-file-system -- "$SCRATCH"' EXIT
  trap 'exit 130' INT TERM HUP
}

# publish DIRECTORY KEY : renames a complete directory into the cache.
publish() {
  chmod -R a+rX,a-w -- "$1"/*
  mv -T -- "$1" "$GUEST_CACHE/$2"
}

# hand_out KEY OUTDIR FILE... : names the cached files, or links them into OUTDIR and names those.
# A link costs nothing; the images must be treated as read-only either way.
hand_out() {
  local key=$1 outdir=$2 file
  shift 2
  for file in "$@"; do
    if [ -z "$outdir" ]; then
      printf '%s\n' "$GUEST_CACHE/$key/$file"
    else
      mkdir -p "$outdir"
      ln -f -- "$GUEST_CACHE/$key/$file" "$outdir/$file" 2>/dev/null ||
        cp --sparse=always -f -- "$GUEST_CACHE/$key/$file" "$outdir/$file"
      printf '%s\n' "$outdir/$file"
    fi
  done
}

# check_formats FORMAT... : refuses a format that convert_disk does not know.
check_formats() {
  local format
  for format; do
    case $format in
      raw | vmdk | vhd | vhdx) ;;
      *) die "--format knows raw, vmdk, vhd, vhdx, not $format" ;;
    esac
  done
}

# convert_disk RAW FORMAT TARGET : the way each hypervisor's own tools lay the image out.
convert_disk() {
  local raw=$1 format=$2 target=$3
  case $format in
    raw) die "the raw image is gone: $raw" ;;
    vmdk) qemu-img convert -f raw -O vmdk -o subformat=monolithicSparse,adapter_type=lsilogic -- "$raw" "$target" ;;
    vhd) qemu-img convert -f raw -O vpc -o force_size=on -- "$raw" "$target" ;;
    vhdx) qemu-img convert -f raw -O vhdx -- "$raw" "$target" ;;
  esac
}

# serve_images KEY NAME BUILD FORMAT... : makes what the cache lacks. BUILD is called, under the
# lock, when there is no KEY yet, and publishes a directory with NAME.raw in it.
serve_images() {
  local key=$1 name=$2 build=$3 format complete=yes
  shift 3
  for format; do
    [ -f "$GUEST_CACHE/$key/$name.$format" ] || complete=no
  done
  [ "$complete" = no ] || return 0
  lock_cache
  scratch_dir
  [ -f "$GUEST_CACHE/$key/$name.raw" ] || "$build"
  for format; do
    [ -f "$GUEST_CACHE/$key/$name.$format" ] && continue
    convert_disk "$GUEST_CACHE/$key/$name.raw" "$format" "$SCRATCH/image"
    chmod 444 "$SCRATCH/image"
    chmod u+w "$GUEST_CACHE/$key"
    mv -- "$SCRATCH/image" "$GUEST_CACHE/$key/$name.$format"
  done
}
