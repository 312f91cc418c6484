#!/usr/bin/env bash
# Runs the commands of a document as a reader would, one block after the other, in a copy of this
# machine's root file system that is thrown away afterwards: nothing that they write, install or
# create stays. Needs root, and a kernel with overlayfs.
#
# Usage: src/test/documents/run-document.sh [--list] DOCUMENT.md
#   --list   only prints the blocks, each with its line and what becomes of it
#
# A block is what stands between ```bash and ```. A comment before it, which readers do not see, says
# what is to be known:
#   <!-- test: setup        commands on the next lines, up to the end of the comment: what the
#   COMMAND...              document takes for granted, such as a disk of the reader's. It needs no
#   -->                     block behind it
#   <!-- test: by NAME -->  the test or script NAME of this repository tries what it does; it is not run here
#   <!-- test: none REASON -->  it was not tried; the document says so, too
#   <!-- test: background CONDITION -->   it does not end by itself: goes on when CONDITION holds
#   <!-- test: fails N -->  ends with exit code N, as the document says
# A setup may call as_installed, which makes what a package does: the user, the folders, the configuration, and in place of
# systemd, which is not there, a systemctl that restarts the service with the environment that it is called with.
# Commands start in the folder of the repository, with its bin/hyper2kvm as hyper2kvm.
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../.." && pwd)

list=no
[ "${1:-}" != --list ] || { list=yes; shift; }
document=$(realpath "${1:?usage: ${0##*/} [--list] DOCUMENT.md}")

# blocks : prints each block as "LINE<tab>KIND<tab>ARGUMENT<tab>BASE64".
blocks() {
  python3 - "$document" <<'PYTHON'
import base64, re, sys

kind, argument, block, start, hidden = '', '', None, 0, False

def say(line, kind, argument, text):
    print(line, kind, argument or '-', base64.b64encode(text.encode()).decode(), sep='\t')

for number, line in enumerate(open(sys.argv[1], encoding='utf-8'), 1):
    bare = line.strip()
    if block is not None:
        if bare == ('-->' if hidden else '```'):
            say(start, 'setup' if hidden else kind or 'run', argument, ''.join(block))
            kind, argument, block, hidden = '', '', None, False
        else:
            block.append(line)
    elif bare == '```bash':
        block, start = [], number
    elif bare == '<!-- test: setup':
        block, start, hidden = [], number, True
    elif bare.startswith('<!-- test:'):
        found = re.fullmatch(r'<!-- test: (by|background|fails|none) (.+) -->', bare)
        if not found:
            sys.exit(f'{sys.argv[1]}:{number}: not understood: {bare}')
        kind, argument = found.groups()
    elif bare and kind:
        sys.exit(f'{sys.argv[1]}:{number}: "test: {kind}" has no block behind it')
if block is not None:
    sys.exit(f'{sys.argv[1]}:{start}: the block does not end')
PYTHON
}

found=$(blocks)
if [ "$list" = yes ]; then
  cut -f 1-3 <<<"$found"
  exit 0
fi

root=$(mktemp -d)
script=$(mktemp)
trap 'rm -rf "$root" "$script"' EXIT

# One script of all blocks: what one exports or changes into, the next has.
{
  echo 'set -euo pipefail'
  # shellcheck disable=SC2016 # for the script
  echo 'settled() { for _ in $(seq 240); do if (set +o pipefail; eval "$1") >/dev/null 2>&1; then return; fi; sleep 0.5; done; echo "still not so: $1" >&2; exit 1; }'
  cat "$home/src/test/documents/as-installed.sh"
  while IFS=$'\t' read -r line kind argument text; do
    [ -n "$line" ] || continue
    text=$(base64 -d <<<"$text")
    case $kind in by | none) continue ;; esac
    printf 'echo %q\n' "--- ${document#"$home"/}:$line"
    case $kind in
      background) printf '{\n%s\n} &\nsettled %q\n' "$text" "$argument" ;;
      fails) printf 'code=0; (\n%s\n) || code=$?\n[ "$code" = %q ] || { echo "exit code $code" >&2; exit 1; }\n' "$text" "$argument" ;;
      *) printf '%s\n' "$text" ;;
    esac
  done <<<"$found"
} >"$script"

# The copy: overlayfs over the root, with what is written in memory. The appliance and the guests of
# the tests are large, and are used where they are. What still runs at the end ends with its first
# process.
export home script root
unshare --mount --pid --fork --kill-child bash -euc '
  mount -t tmpfs -o size=8g tmpfs "$root"
  mkdir "$root"/{upper,work,merged}
  mount -t overlay overlay -o "lowerdir=/,upperdir=$root/upper,workdir=$root/work" "$root/merged"
  mount --rbind /dev "$root/merged/dev"
  mount --rbind /sys "$root/merged/sys"
  mount -t proc proc "$root/merged/proc"
  mount --bind /var/tmp "$root/merged/var/tmp"
  [ ! -d "$home/target/guests" ] || mount --bind "$home/target/guests" "$root/merged$home/target/guests"
  ln -sf "$home/bin/hyper2kvm" "$root/merged/usr/local/bin/hyper2kvm"
  cp "$script" "$root/merged/.documented"
  exec chroot "$root/merged" env -C "$home" -i HOME=/root TERM=dumb LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash /.documented' </dev/null
