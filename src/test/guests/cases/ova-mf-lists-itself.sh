#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# An OVA whose .mf has blanks around its parentheses, CRLF ends, and a sum of itself, taken while it was empty.
t=$work/t; guest "$t" debian 12 "Debian GNU/Linux"; echo "$ROOTROW" | put "$t" /etc/fstab
root1 "$t"; ova1 home "$work/root.img" "$(nic 7 -)"
( cd "$work"; : >home.mf
  for f in home.mf home.ovf home-disk1.vmdk; do printf 'SHA256 (%s) = %s\r\n' "$f" "$(sha256sum "$f" | cut -d' ' -f1)"; done >home.tmp; mv home.tmp home.mf
  tar --format=ustar -cf "$out/home.ova" home.ovf home.mf home-disk1.vmdk )
manifest ova "$out/home.ova" "$FSTAB"
