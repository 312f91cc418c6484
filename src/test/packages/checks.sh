# shellcheck shell=bash
# Checks that go on after a failure, and count. Sourced, never run.
checks=0
failed=()

# ok WHAT COMMAND... : the command must succeed; what it prints is shown where it does not.
ok() {
  local what=$1 output
  shift
  checks=$((checks + 1))
  if output=$("$@" 2>&1); then
    printf 'ok: %s\n' "$what"
  else
    printf 'FAILED: %s\n  %s\n' "$what" "$*"
    printf '%s\n' "$output" | tail -n 40 | sed 's/^/  | /'
    failed+=("$what")
  fi
}

# not WHAT COMMAND... : the command must fail.
not() {
  local what=$1
  shift
  checks=$((checks + 1))
  if "$@" >/dev/null 2>&1; then
    printf 'FAILED: %s\n  %s succeeds\n' "$what" "$*"
    failed+=("$what")
  else
    printf 'ok: %s\n' "$what"
  fi
}

# finish NAME : the last line, and the exit code.
finish() {
  local what
  if [ "${#failed[@]}" -gt 0 ]; then
    printf '%s: %d of %d checks failed:\n' "$1" "${#failed[@]}" "$checks"
    for what in "${failed[@]}"; do printf '  %s\n' "$what"; done
    exit 1
  fi
  printf '%s: %d checks passed\n' "$1" "$checks"
}
