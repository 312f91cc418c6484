#!/usr/bin/env bash
# A guest of systemd-boot with a unified kernel image.
UKI=1 exec bash "$(dirname "$0")/boot-efi-by-type.sh" "$@"
