#!/usr/bin/env bash
# Builds all packages in two folders of different names and depths, one after the other with another time
# zone and locale, and compares each file. Only what git knows, or would add, is built. The umask is 022:
# a jar has the modes of the class files.
#
# Usage: build-twice.sh [RESULT]    RESULT: a folder that the first build's packages are copied to
# Needs Maven with a way to its repository: the list of components is not made offline. MAVEN_ARGS adds
# arguments for it.
set -euo pipefail
case ${1:-} in -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;; esac
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -ra arguments <<<"${MAVEN_ARGS-}"

# build FOLDER : the packages of a copy of the sources.
build() {
  mkdir -p "$1"
  (cd "$home" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$1" --)
  (cd "$1" && mvn -B -ntp -q "${arguments[@]}" -Pdist package -Dmaven.test.skip=true \
    -Dspotless.check.skip=true </dev/null) >&2
}

packages() {
  (cd "$1/target/dist" && find . -maxdepth 1 -type f \( -name '*.deb' -o -name '*.rpm' -o -name '*.tar.gz' \
    -o -name bom.json -o -name Containerfile \) -exec sha256sum {} + | sort -k2)
}

build "$work/first"
(export TZ=Pacific/Auckland LC_ALL=C.UTF-8; build "$work/in another/folder")
packages "$work/first" | tee "$work/sums"
packages "$work/in another/folder" >"$work/others"
if ! cmp -s "$work/sums" "$work/others"; then
  diff "$work/sums" "$work/others" >&2 || true
  echo 'the two builds differ' >&2
  exit 1
fi
[ "$(wc -l <"$work/sums")" -ge 4 ] || { echo 'packages are missing' >&2; exit 1; }
echo "$(wc -l <"$work/sums") files are the same in both builds"
if [ -n "${1:-}" ]; then
  mkdir -p "$1"
  cp "$work"/first/target/dist/{*.deb,*.rpm,*.tar.gz,bom.json,Containerfile} "$1"
fi
