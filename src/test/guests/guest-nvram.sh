# shellcheck shell=bash
# The NVRAM of a UEFI guest's old machine. Sourced by build-guest.sh.

# make_nvram FOLDER : FOLDER/nvram.fd, in which the old machine's firmware has written, by its own
# shell, the entry that starts $nvram_loader from the guest's disk.
make_nvram() {
  local folder=$1 shell=$SCRATCH/shell loader=$nvram_loader
  cp /usr/share/OVMF/OVMF_VARS_4M.fd "$folder/nvram.fd"
  chmod u+w "$folder/nvram.fd"
  [ -n "$loader" ] || return 0
  mkdir "$shell"
  {
    printf '@echo -off\r\n'
    printf 'for %%i in 0 1 2 3 4 5\r\n'
    printf '  if exist FS%%i:%s then\r\n' "$loader"
    printf '    bcfg boot addp 0 FS%%i:%s "%s"\r\n' "$loader" "${nvram_label:-debian}"
    printf '  endif\r\n'
    printf 'endfor\r\n'
    printf 'reset -s\r\n'
  } >"$shell/startup.nsh"
  truncate -s 2M "$SCRATCH/shell.img"
  mkfs.vfat "$SCRATCH/shell.img" >/dev/null
  mcopy -i "$SCRATCH/shell.img" "$shell/startup.nsh" ::/
  disk_arguments "$disk_bus" "$(disk_file "${boot_disk:-1}")"
  timeout 300 qemu-system-x86_64 -machine "pc,accel=${H2K_GUEST_ACCEL:-tcg}" -m 512 -nodefaults -display none \
    -serial "file:$SCRATCH/nvram.log" \
    -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \
    -drive "if=pflash,unit=1,format=raw,file=$folder/nvram.fd" \
    -drive "if=none,id=shell,format=raw,file=$SCRATCH/shell.img" -device ich9-usb-ehci1,id=usb \
    -device usb-storage,bus=usb.0,drive=shell \
    "${DISK_ARGUMENTS[@]}" || true
  ! cmp -s /usr/share/OVMF/OVMF_VARS_4M.fd "$folder/nvram.fd" || die "the firmware wrote no entry"
}
