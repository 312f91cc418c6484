#!/usr/bin/env bash
# Completes a command, an option and a manifest's name in a real bash and a real zsh, with the files of the
# Debian package in a clean root: types it and the tab key, and looks at the line.
# Prints a line for each check. Needs root, mmdebstrap, dpkg-deb, and a way to Debian's archive.
#
# Usage: completion.sh RELEASE DEB     e.g. completion.sh trixie target/dist/hyper2kvm.deb
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
esac
own_mounts "$0" "$@"
release=$1
deb=$(realpath -e "$2")
need dpkg-deb mmdebstrap unshare
roots_dir
clean_root "$release" root
apt_in install zsh bash-completion >"$SCRATCH/apt" 2>&1 || { tail -n 30 "$SCRATCH/apt"; die 'apt does not install the shells'; }
dpkg-deb -x "$deb" "$ROOT"
mkdir "$ROOT/srv/manifests"
touch "$ROOT/srv/manifests/web01.yaml" "$ROOT/srv/manifests/db01.json"

# zsh has terminals for programs, in which each shell is typed to. The completed line becomes the argument
# of printf: Ctrl-A and Ctrl-E go to its begin and its end.
cat >"$ROOT/srv/typed" <<'ZSH'
#!/usr/bin/zsh -f
zmodload zsh/zpty
shell=$1 typed=$2 all= part=
case $shell in
  bash)
    zpty -b s 'TERM=dumb bash --norc -i'
    setup='bind "set bell-style none"; . /usr/share/bash-completion/bash_completion; cd /srv/manifests'
    ;;
  zsh)
    zpty -b s 'TERM=dumb zsh -f -i'
    setup='unsetopt zle_bracketed_paste beep; bindkey -e; autoload -U compinit; compinit -u -D; cd /srv/manifests'
    ;;
esac
# until_seen PATTERN : of what the shell prints, in a minute at most.
until_seen() {
  local end=$((SECONDS + 60))
  while [[ $all != *$~1* ]] && ((SECONDS < end)); do
    if zpty -rt s part; then all+=$part; else sleep 0.1; fi
  done
  [[ $all = *$~1* ]]
}
zpty -w s "$setup; printf '<%s>' ready"
until_seen '<ready>' || { print -r -- "$all"; exit 1; }
zpty -w -n s "$typed"$'\t'
zpty -w -n s $'\x01'"printf '\\074%s\\076' \""$'\x05"\n'
until_seen '<hyper2kvm*>'
code=$?
[[ $all =~ '<(hyper2kvm[^>]*)>' ]] && print -r -- "$match[1]" || print -r -- "$all"
exit $code
ZSH
chmod +x "$ROOT/srv/typed"

# completes SHELL TYPED LINE : the tab key makes LINE of it; spaces at its end do not count.
completes() {
  local line
  line=$(in_root /srv/typed "$1" "$2") || { printf '%s\n' "$line"; return 1; }
  [ "${line%"${line##*[! ]}"}" = "$3" ] || { printf 'it became: %s\n' "$line"; return 1; }
}

for shell in bash zsh; do
  ok "$shell completes a command" completes "$shell" 'hyper2kvm subm' 'hyper2kvm submit'
  ok "$shell completes an option" completes "$shell" 'hyper2kvm submit --time' 'hyper2kvm submit --timeout'
  ok "$shell completes a manifest's name" completes "$shell" 'hyper2kvm submit we' 'hyper2kvm submit web01.yaml'
  ok "$shell completes a file of an option" completes "$shell" 'hyper2kvm doctor --config db' 'hyper2kvm doctor --config db01.json'
  ok "$shell completes a command of a command" completes "$shell" 'hyper2kvm routes ch' 'hyper2kvm routes check'
done
finish "completion on $release"
