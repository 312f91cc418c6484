#!/usr/bin/env bash
# Converts one and the same guest disk with hyper2kvm and with virt-v2v, in turn, and prints wall
# times, peak memory of the largest process, output sizes and the ratio of the medians.
#
# Usage: src/bench/virt-v2v.sh [-n ROUNDS] [--max-ratio R] [DISK.vmdk]
#   -n ROUNDS      rounds of both, after one that warms up the appliances' caches (default 3)
#   --no-warmup    count from the first round on, for a quick look
#   --max-ratio R  exit with 1 when the ratio of the medians is above R
# Without DISK, the Debian 12 guest of the tests (MODULES=list) is taken. Both do the same work:
# read, inspect, fix, write a compressed qcow2; hyper2kvm validates it, too. hyper2kvm's time is
# from the drop of the manifest until it lies in processed/, with the daemon running, as it is used.
# Needs root or the rights to run the tools, virt-v2v and nbdkit, jq, and a built hyper2kvm (mvn package).
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=3 first=0 max_ratio='' disk=''
while [ $# -gt 0 ]; do
  case $1 in
    -n) rounds=${2:?-n needs a number}; shift ;;
    --no-warmup) first=1 ;;
    --max-ratio) max_ratio=${2:?--max-ratio needs a number}; shift ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    -*) echo "unknown option $1" >&2; exit 2 ;;
    *) disk=$(readlink -f "$1") ;;
  esac
  shift
done
command -v virt-v2v >/dev/null || { echo "virt-v2v is not installed (package virt-v2v)" >&2; exit 2; }
command -v nbdcopy >/dev/null || { echo "virt-v2v needs nbdcopy (package libnbd-bin)" >&2; exit 2; }
command -v /usr/bin/time >/dev/null || { echo "/usr/bin/time is not installed (package time)" >&2; exit 2; }
command -v nbdkit >/dev/null || { echo "virt-v2v needs nbdkit (package nbdkit)" >&2; exit 2; }
[ -n "$disk" ] || disk=$("$home/src/test/guests/build-debian12.sh" --modules list --format vmdk)

work=$(mktemp -d)
# shellcheck source=kvm.sh
. "$home/src/bench/kvm.sh"
prepare_appliances "$work"
[ "$KVM" = yes ] || echo "KVM does not work here: both run under emulation, with one virtual processor"

daemon=''
cleanup() {
  [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
  [ -z "$daemon" ] || wait "$daemon" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
mkdir "$work/wf" "$work/out" "$work/v2v"
"$home/bin/hyper2kvm" daemon --manifest-workflow-mode --manifest-workflow-dir "$work/wf" \
  --output-dir "$work/out" --max-concurrent-jobs 1 >"$work/daemon.log" 2>&1 &
daemon=$!
for _ in $(seq 600); do [ -d "$work/wf/failed" ] && break; sleep 0.1; done

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

run_hyper2kvm() { # NAME
  local manifest=$work/wf/to_be_processed/$1.json start
  cat >"$manifest.tmp" <<JSON
{"version": "1.0", "pipeline": {
  "load": {"source_type": "vmdk", "source_path": "$disk"},
  "inspect": {"enabled": true},
  "fix": {"fstab": {}, "grub": {}, "initramfs": {}, "network": {}},
  "convert": {"output_format": "qcow2", "compress": true},
  "validate": {"enabled": true}}}
JSON
  start=$(now)
  mv "$manifest.tmp" "$manifest"
  until ls "$work"/wf/processed/*/"$1.json" >/dev/null 2>&1; do
    if ls "$work"/wf/failed/*/"$1.json" >/dev/null 2>&1; then
      cat "$work"/wf/failed/*/"$1.json.error.json" >&2
      exit 1
    fi
    kill -0 "$daemon" || { cat "$work/daemon.log" >&2; exit 1; }
    sleep 0.1
  done
  since "$start"
}

run_virt_v2v() { # NAME
  local start
  start=$(now)
  env "${V2V_ENVIRONMENT[@]}" /usr/bin/time -f '%M' -o "$work/v2v.mem" timeout 1800 virt-v2v -q -i disk "$disk" -o local -os "$work/v2v" \
    -on "$1" -of qcow2 >"$work/v2v.log" 2>&1 || { tail -20 "$work/v2v.log" >&2; exit 1; }
  since "$start"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
size() { du -B1 --apparent-size "$1" | cut -f1; }

echo "disk: $disk"
for round in $(seq "$first" "$rounds"); do
  ours=$(run_hyper2kvm "round$round")
  theirs=$(run_virt_v2v "round$round")
  note=''
  if [ "$round" = 0 ]; then note=' (warm-up, not counted)'; else
    echo "$ours" >>"$work/ours"
    echo "$theirs" >>"$work/theirs"
  fi
  printf 'round %s: hyper2kvm %s s, virt-v2v %s s%s\n' "$round" "$ours" "$theirs" "$note"
  our_size=$(size "$work/out/round$round-converted.qcow2")
  their_size=$(size "$work/v2v/round$round-sda")
  rm -f "$work"/out/* "$work"/v2v/*
done
ours=$(median <"$work/ours")
theirs=$(median <"$work/theirs")
ratio=$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }')
printf 'medians: hyper2kvm %s s, virt-v2v %s s, ratio %s\n' "$ours" "$theirs" "$ratio"
printf 'outputs: hyper2kvm %s bytes (compressed), virt-v2v %s bytes\n' "$our_size" "$their_size"
printf 'memory: the daemon %s KiB, virt-v2v at its peak %s KiB\n' \
  "$(awk '/VmHWM/ { print $2 }' "/proc/$(pgrep -P "$daemon" java || echo "$daemon")/status")" \
  "$(tail -1 "$work/v2v.mem" 2>/dev/null || echo unknown)"
if [ -n "$max_ratio" ]; then
  awk -v r="$ratio" -v m="$max_ratio" 'BEGIN { exit !(r <= m) }' ||
    { echo "the ratio is above $max_ratio" >&2; exit 1; }
fi
