#!/usr/bin/env bash
# Builds the packages of the sources as another version, with another line in the configuration, for tests
# of upgrades.
#
# Usage: build-version.sh VERSION RESULT     e.g. build-version.sh 99.0 target/packages/later
# Needs Maven with a way to its repository. MAVEN_ARGS adds arguments for it.
set -euo pipefail
case ${1:-} in -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;; esac
home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
version=$1
umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -ra arguments <<<"${MAVEN_ARGS-}"
(cd "$home" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$work" --)
# The first version in the file is the program's.
sed -i "0,/<version>.*<\/version>/s//<version>$version<\/version>/" "$work/pom.xml"
printf '# A line of version %s.\n' "$version" >>"$work/config/manifest-daemon.yaml"
(cd "$work" && mvn -B -ntp -q "${arguments[@]}" -Pdist package -Dmaven.test.skip=true \
  -Dspotless.check.skip=true </dev/null) >&2
mkdir -p "$2"
cp "$work"/target/dist/{*.deb,*.rpm,*.tar.gz} "$2"
