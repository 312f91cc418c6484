# shellcheck shell=bash
# Whether KVM works here, and what virt-v2v needs where it does not. Sourced by the measurements.

# prepare_appliances FOLDER : sets KVM to yes or no, exports what libguestfs needs, and sets
# V2V_ENVIRONMENT for virt-v2v's own environment. FOLDER is there and stays; $home is this tree, built.
prepare_appliances() {
  local folder=$1 works
  export LIBGUESTFS_BACKEND=direct
  KVM=yes V2V_ENVIRONMENT=()
  # hyper2kvm's own answer: a paravirtual /dev/kvm runs a few instructions and then hangs.
  "$home/bin/hyper2kvm" doctor --quick --output json --manifest-workflow-dir "$folder/wf" --output-dir "$folder/out" \
    >"$folder/doctor.json" || true
  works=$(jq -r '.checks[] | select(.name == "KVM") | .status == "ok" and (.found | startswith("off") | not)' \
    "$folder/doctor.json") || works=''
  case $works in
    true) return 0 ;;
    false) ;;
    *) echo "hyper2kvm doctor did not say whether KVM works" >&2; exit 2 ;;
  esac
  KVM=no
  export LIBGUESTFS_BACKEND_SETTINGS=force_tcg
  # Under emulation virt-v2v's appliance with several processors sometimes spins for ever.
  cat >"$folder/qemu-one-cpu" <<'QEMU'
#!/usr/bin/env bash
arguments=()
while [ $# -gt 0 ]; do
  arguments+=("$1")
  if [ "$1" = -smp ]; then arguments+=(1); shift; fi
  shift
done
exec qemu-system-x86_64 "${arguments[@]}"
QEMU
  chmod +x "$folder/qemu-one-cpu"
  V2V_ENVIRONMENT=(LIBGUESTFS_HV="$folder/qemu-one-cpu")
}
