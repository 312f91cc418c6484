#!/usr/bin/env bash
# Puts many manifests into the drop zone, starts the daemon on it, and prints how many of them end
# in a second. All their sources are missing, so that only the daemon's own work counts.
#
# Usage: src/bench/many-manifests.sh [-n MANIFESTS] [-t SECONDS] [--min-rate R] [--keep DIR]
#   -n MANIFESTS   manifests that wait when the daemon starts (default 100000)
#   -t SECONDS     how long the ends are counted, from the first one on (default 60)
#   --min-rate R   exit with 1 when fewer than R manifests end in a second
#   --keep DIR     use DIR, which must be empty, and leave everything there
# Needs a built hyper2kvm (mvn package). HYPER2KVM_JAVA_OPTS adds options for Java.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
manifests=100000 seconds=60 min_rate='' keep=''
while [ $# -gt 0 ]; do
  case $1 in
    -n) manifests=${2:?-n needs a number}; shift ;;
    -t) seconds=${2:?-t needs a number}; shift ;;
    --min-rate) min_rate=${2:?--min-rate needs a number}; shift ;;
    --keep) keep=${2:?--keep needs a folder}; shift ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift
done

work=${keep:-$(mktemp -d)}
daemon=''
cleanup() {
  if [ -n "$daemon" ]; then
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
  fi
  [ -n "$keep" ] || rm -rf "$work"
}
trap cleanup EXIT

zone=$work/workflow/to_be_processed
mkdir -p "$zone"
(cd "$zone" && awk -v n="$manifests" 'BEGIN {
  for (i = 0; i < n; i++) {
    file = sprintf("web%06d.json", i)
    printf "{\"version\": \"1.0\", \"pipeline\": {\"load\": {\"source_type\": \"raw\", \"source_path\": \"/nonexistent/web%d.raw\"}}}\n", i > file
    close(file)
  }
}')

ended() {
  find "$work/workflow/failed" "$work/workflow/processed" -name '*.error.json' 2>/dev/null | wc -l
}

begun=$(date +%s.%N)
HYPER2KVM_JAVA_OPTS=${HYPER2KVM_JAVA_OPTS:--Xmx128m} HYPER2KVM_KVM=off \
  "$home/bin/hyper2kvm" daemon --manifest-workflow-mode --manifest-workflow-dir "$work/workflow" \
  --output-dir "$work/output" --max-concurrent-jobs 2 >"$work/daemon.log" 2>&1 &
daemon=$!
until [ "$(ended)" -gt 0 ]; do
  kill -0 "$daemon" 2>/dev/null || { cat "$work/daemon.log" >&2; exit 1; }
  sleep 0.2
done
first=$(ended) at=$(date +%s.%N)
echo "first end after $(echo "$at $begun" | awk '{printf "%.1f", $1 - $2}') s"
for _ in $(seq "$seconds"); do
  sleep 1
  kill -0 "$daemon" 2>/dev/null || { cat "$work/daemon.log" >&2; exit 1; }
  [ -n "$(find "$zone" -name '*.json' -print -quit)" ] || break
done
last=$(ended) now=$(date +%s.%N)
rate=$(echo "$last $first $now $at" | awk '{printf "%.1f", ($1 - $2) / ($3 - $4)}')
cpu=$(ps -o cputimes= -p "$daemon" | tr -d ' ')
peak=$(awk '/VmHWM/ {printf "%d", $2 / 1024}' "/proc/$daemon/status")
echo "$((last - first)) of $manifests manifests ended, $rate a second; CPU time $cpu s, at most $peak MB"
if [ -n "$min_rate" ]; then
  echo "$rate $min_rate" | awk '{exit !($1 >= $2)}' || { echo "slower than $min_rate a second" >&2; exit 1; }
fi
