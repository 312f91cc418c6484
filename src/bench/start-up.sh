#!/usr/bin/env bash
# How long the daemon takes from its start to the first look into the drop zone, with the page and the
# metrics on, and how much memory it has at rest; with the archive of classes and without it, in turn.
#
# Usage: src/bench/start-up.sh [-n ROUNDS] [-r SECONDS] [--max-ms N] [--max-mb N]
#   -n ROUNDS     rounds of each, of which the medians are printed (default 5)
#   -r SECONDS    how long the daemon rests before its memory is read (default 20)
#   --max-ms N    exit with 1 when the median time with the archive is longer
#   --max-mb N    exit with 1 when the median of the resident memory with the archive is larger
# Needs a built hyper2kvm (mvn package). HYPER2KVM_JAVA_OPTS adds options for Java; JAVA_HOME names one.
# A manifest waits when the daemon starts; the first look is when it has been taken. "processor" is the time
# that the process had of all processors until then: where others use the machine, only this compares.
set -euo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rounds=5 rest=20 max_ms='' max_mb=''
while [ $# -gt 0 ]; do
  case $1 in
    -n) rounds=${2:?-n needs a number}; shift ;;
    -r) rest=${2:?-r needs a number}; shift ;;
    --max-ms) max_ms=${2:?--max-ms needs a number}; shift ;;
    --max-mb) max_mb=${2:?--max-mb needs a number}; shift ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift
done

work=$(mktemp -d)
daemon=''
cleanup() {
  [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

# A pipe in which nothing ever comes: reading it with a time-out is a pause. A program that sleeps, started two
# hundred times a second, would take its share of the processors.
exec {never}<> <(:)

# The program as it is installed, so that an archive of the source tree stays as it is.
mkdir -p "$work/program/lib"
cp -r "$home/bin" "$home/routes" "$home/config" "$work/program/"
cp "$home/target/hyper2kvm.jar" "$work/program/lib/"
cp -r "$home/target/lib" "$work/program/lib/"
archive=$work/program/lib/hyper2kvm.jsa
"$work/program/bin/hyper2kvm-archive"

free_port() {
  local port
  while :; do
    port=$((RANDOM % 20000 + 40000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  printf '%s\n' "$port"
}

# run KIND : appends "milliseconds processor-milliseconds resident-MB unshared-MB peak-MB" to the kind's results.
run() {
  local folder=$work/run begun ended ticks file
  rm -rf "$folder"
  mkdir -p "$folder/flow/to_be_processed"
  file=$folder/flow/to_be_processed/waiting.json
  echo '{"version": "1.0", "pipeline": {"load": {"source_type": "raw", "source_path": "/nonexistent/disk.raw"}}}' >"$file"
  touch -d '1 hour ago' "$file"
  begun=$(date +%s%N)
  HYPER2KVM_KVM=off "$work/program/bin/hyper2kvm" daemon --manifest-workflow-mode \
    --manifest-workflow-dir "$folder/flow" --output-dir "$folder/output" --http-port "$(free_port)" \
    --web-port "$(free_port)" </dev/null >"$folder/log" 2>&1 &
  daemon=$!
  while [ -e "$file" ]; do
    kill -0 "$daemon" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    read -r -t 0.005 -u "$never" || true
  done
  ended=$(date +%s%N)
  ticks=$(awk '{print $14 + $15}' "/proc/$daemon/stat")
  sleep "$rest"
  awk -v ms=$(((ended - begun) / 1000000)) -v cpu=$((ticks * 1000 / $(getconf CLK_TCK))) '
    /^VmRSS/ {rss = $2} /^RssAnon/ {anon = $2} /^VmHWM/ {peak = $2}
    END {printf "%d %d %d %d %d\n", ms, cpu, rss / 1024, anon / 1024, peak / 1024}' "/proc/$daemon/status" >>"$work/$1"
  kill -TERM "$daemon"
  wait "$daemon" || true
  daemon=''
}

median() { cut -d ' ' -f "$2" "$work/$1" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

for ((round = 0; round < rounds; round++)); do
  run with
  mv "$archive" "$archive.away"
  run without
  mv "$archive.away" "$archive"
done
printf '%-16s %12s %12s %12s %12s %12s\n' "" 'first look' processor resident unshared peak
for kind in with without; do
  printf '%-16s %9d ms %9d ms %9d MB %9d MB %9d MB\n' "$kind archive" "$(median $kind 1)" "$(median $kind 2)" \
    "$(median $kind 3)" "$(median $kind 4)" "$(median $kind 5)"
done
printf 'archive: %d MB; %d rounds; load %s\n' "$(($(stat -c %s "$archive") >> 20))" "$rounds" "$(cut -d ' ' -f 1 /proc/loadavg)"
if [ -n "$max_ms" ] && [ "$(median with 1)" -gt "$max_ms" ]; then
  echo "the first look took longer than $max_ms ms" >&2
  exit 1
fi
if [ -n "$max_mb" ] && [ "$(median with 3)" -gt "$max_mb" ]; then
  echo "the daemon has more than $max_mb MB at rest" >&2
  exit 1
fi
