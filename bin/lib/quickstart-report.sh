# shellcheck shell=bash
# What bin/quickstart shows: the progress, and the report in readable form. Sourced, never run.

# bounded SECONDS COMMAND... : a time limit also for a shell function.
bounded() {
  local limit=$1
  shift
  if [ "$1" = as_root ]; then
    shift
    as_root timeout --foreground "$limit" "$@"
  else
    timeout --foreground "$limit" "$@"
  fi
}

# Texts from a guest's files must not steer the terminal.
plain() { LC_ALL=C tr -d '\000-\010\013-\037\177'; }

shown_line=''

clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# show_progress STATUS-FILE ELAPSED BOOT-TEST : on a terminal one line that changes, elsewhere a line
# for each new stage.
show_progress() {
  local status stage percent what
  # It is replaced as a whole, and goes away with the manifest.
  status=$(jq -r '.vms[0] | "\(.stage // "waiting") \(.percent // 0 | floor)"' "$1" 2>/dev/null) ||
    return 0
  read -r stage percent <<<"$status" || return 0
  # The boot test has no percentage, and takes longer than all other checks.
  [ "$stage" != validate ] || [ "$3" != yes ] || stage='validate, with a boot test'
  what=$stage
  [ "$percent" = 0 ] || what="$stage $percent %"
  if [ -t 2 ]; then
    printf '\r\033[K  %-32s %s' "$what" "$(clock "$2")" >&2
    shown_line=$what
  else
    [ "$stage" = "$shown_line" ] || printf '  %s  %s\n' "$(clock "$2")" "$stage" >&2
    shown_line=$stage
  fi
}

end_progress() {
  [ ! -t 2 ] || [ -z "$shown_line" ] || printf '\r\033[K' >&2
}

# The jq functions that both kinds of files share.
# shellcheck disable=SC2016
readonly REPORT_JQ='
def padded($n): . + (" " * ([$n - length, 0] | max));
def seconds: if . == null then "" else "\(. * 10 | round / 10) s" end;
def stage_line: "  \(.key | padded(9)) \(.value.status | padded(8)) "
  + (.value.duration_seconds | seconds | padded(8)) + "  " + (
    if .key == "load" then [.value.artifacts[]? | "\(.format) \(.virtual_size_bytes / 1048576 | floor) MiB"] | join(", ")
    elif .key == "inspect" and .value.os_detected then
      [.value.os_detected, .value.architecture, .value.firmware, .value.boot_loader] | map(select(. != "")) | join(", ")
    elif .key == "fix" then [.value.fixes_applied[]? | "\(.fix) \(.status)"] | join(", ")
    elif .key == "convert" and .value.size_bytes then
      "\(.value.output_format) \(.value.size_bytes / 1048576 | floor) MiB"
    elif .key == "validate" and .value.checks then
      ([.value.checks[]? | select(.status == "passed")] | length | tostring) + " of "
      + ([.value.checks[]?] | length | tostring) + " checks passed"
    else "" end);
def stages: "Stages", (.stages // {} | to_entries[] | stage_line);
def shortened: if length > 100 then .[:99] + "…" else . end;
def one_line: gsub("\\s+"; " ") | shortened;
def changes: .stages.fix.fixes_applied // [] | map(select((.changes | length) > 0))
  | if length == 0 then empty else
    "", "Changes in the guest",
    (.[] | .changes[] | "  \(.file)\(if .line then ":\(.line)" else "" end)",
      (select(.before != "") | "    - \(.before | one_line)"),
      (select(.after != "") | "    + \(.after | one_line)")) end;
def checks: .stages.validate.checks // [] | if length == 0 then empty else
  "", "Checks", (.[] | "  \(.status | padded(8)) \(.name): \(.detail | shortened)") end;
def warnings: "", if (.warnings // [] | length) == 0 then "No warnings." else
  "Warnings", (.warnings[] | "  \(.)") end;
'

print_report() {
  printf '\n'
  jq -r "$REPORT_JQ"'stages, changes, checks, warnings' "$1" | plain
  printf '\nReport: %s\nOutput: %s\n' "$1" "$(jq -r .artifacts.output "$1")"
}

print_failure() {
  printf '\n'
  jq -r "$REPORT_JQ"'
    "FAILED with \(.code)\(if .stage then " in stage \(.stage)" else "" end)",
    "  \(.error)",
    "  What to do: \(.hint)",
    (if .command then "  Command: \(.command)" else empty end),
    (if .stderr_tail then "  It said: \(.stderr_tail)" else empty end),
    "", (if .stages then stages, checks, warnings else empty end)' "$1" | plain
  printf '\nError file: %s\n' "$1"
}

# quoted WORD : the word as a shell would need it, bare where it can be.
quoted() {
  case $1 in
    *[!A-Za-z0-9_./,:=@%+-]*) printf '%s' "${1@Q}" ;;
    *) printf '%s' "$1" ;;
  esac
}

# print_boot_command REPORT KVM : a QEMU command with the hardware of the boot test.
print_boot_command() {
  local accelerator=tcg cpu=max image
  [ "$2" != true ] || accelerator=kvm cpu=host
  # In QEMU's option lists a comma ends a value unless it is doubled.
  image=$(jq -r .artifacts.output "$1")
  printf '\nBoot it (add -snapshot to leave the image as it is):\n\n'
  printf '  qemu-system-x86_64 -machine q35 -accel %s -cpu %s -m 1024 \\\n' "$accelerator" "$cpu"
  if [ "$(jq -r '.stages.inspect.firmware // ""' "$1")" = uefi ]; then
    printf '    -drive if=pflash,unit=0,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \\\n'
    printf '    -drive if=pflash,unit=1,format=raw,snapshot=on,file=/usr/share/OVMF/OVMF_VARS_4M.fd \\\n'
  fi
  printf '    -drive %s \\\n' "$(quoted "if=none,id=disk0,format=qcow2,file=${image//,/,,}")"
  printf '    -device virtio-blk-pci,drive=disk0,bootindex=1 \\\n'
  printf '    -netdev user,id=net0 -device virtio-net-pci,netdev=net0'
  if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    printf ' \\\n    -vnc 127.0.0.1:0\n\nIts screen is then at 127.0.0.1:5900, for a VNC viewer.\n'
  else
    printf '\n'
  fi
}

# print_domain REPORT VM : how libvirt runs it, if there is a domain of it.
print_domain() {
  local domain
  domain=$(jq -r '.artifacts.domain_xml // empty' "$1")
  [ -z "$domain" ] ||
    printf '\nOr by libvirt, where it is installed:\n\n  virsh define %s && virsh start %s\n' "$(quoted "$domain")" "$2"
}
