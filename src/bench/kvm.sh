# shellcheck shell=bash
# Whether KVM works here, and what virt-v2v needs where it does not. Sourced by the measurements.

# prepare_appliances FOLDER : sets KVM to yes or no, exports what libguestfs needs, and sets
# V2V_ENVIRONMENT for virt-v2v's own environment. FOLDER is there and stays.
prepare_appliances() {
  local folder=$1 status=0
  export LIBGUESTFS_BACKEND=direct
  KVM=yes V2V_ENVIRONMENT=()
  # A guest of four instructions that ends QEMU with 33: only that shows that KVM works.
  { head -c 65520 /dev/zero; printf '\260\020\346\364\364\353\375'; head -c 9 /dev/zero; } >"$folder/probe.rom"
  timeout 20 qemu-system-x86_64 -nodefaults -display none -machine q35 -accel kvm -cpu max -m 64 \
    -device isa-debug-exit,iobase=0xf4,iosize=0x04 -bios "$folder/probe.rom" >/dev/null 2>&1 || status=$?
  [ "$status" != 33 ] || return 0
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
