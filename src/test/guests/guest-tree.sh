# shellcheck shell=bash
# What a real guest's tree gets besides its packages: an identity, an initramfs for VMware's
# hardware, GRUB. Sourced by build-guest.sh after the guest's specification, whose variables it reads.

# write_common_files TREE : what every guest has. The login prompt names the interfaces and their
# addresses, so that a boot shows which interface has which.
write_common_files() {
  local tree=$1 show line='\n \l'
  printf '%s\n' "$name" >"$tree/etc/hostname"
  printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$name" >"$tree/etc/hosts"
  printf '%s\n' "$name" | md5sum | cut -c1-32 >"$tree/etc/machine-id"
  for show in "${shows[@]}"; do
    line+=" ${show%%=*}=\\4{${show%%=*}}"
  done
  printf '%s\n\n' "$line" >"$tree/etc/issue"
  echo 'root:hyper2kvm' | chroot "$tree" chpasswd
  chroot "$tree" systemctl --quiet enable ssh.service
  compgen -G "$tree/etc/ssh/ssh_host_*_key" >/dev/null || die "the guest has no SSH host keys"
}

# make_initramfs TREE : of every kernel, by the guest's initramfs-tools, with VMware's drivers only
# and ${initramfs_modules[@]}. A specification with another tool has a function of this name.
make_initramfs() {
  local tree=$1 kernel conf=$1/etc/initramfs-tools
  sed -i 's/^MODULES=.*/MODULES=list/' "$conf/initramfs.conf"
  printf '%s\n' vmw_pvscsi mptspi ata_piix ahci sd_mod ext4 crc32c_generic e1000 vmxnet3 \
    "${initramfs_modules[@]}" >>"$conf/modules"
  for kernel in $(cd "$tree/lib/modules" && ls); do
    chroot "$tree" depmod "$kernel"
    chroot "$tree" update-initramfs -c -k "$kernel" >&2
    check_initramfs "$tree/boot/initrd.img-$kernel"
  done
}

# check_initramfs FILE : it has VMware's drivers and none of virtio.
check_initramfs() {
  lsinitramfs "$1" >"$SCRATCH/initrd.lst" 2>/dev/null
  grep -q '/vmw_pvscsi\.ko' "$SCRATCH/initrd.lst" || die "${1##*/} lacks vmw_pvscsi"
  if grep -q '/virtio_\(blk\|scsi\|net\|pci\)\.ko' "$SCRATCH/initrd.lst"; then
    die "${1##*/} has virtio drivers, the guest would prove nothing"
  fi
}

# write_grub_cfg TREE : the guest's own grub-mkconfig writes grub.cfg. Nothing is mounted here, so
# grub-probe, which it asks where / and /boot are, is a stand-in that reads ${grub_volumes[@]}:
#   MOUNT DEVICE UUID FS DRIVE PARTMAP [ABSTRACTION]      e.g. / /dev/sda1 6f1d… ext2 hd0,msdos1 msdos
write_grub_cfg() {
  local tree=$1
  : "${grub_default:=GRUB_DISABLE_LINUX_UUID=true}"
  cat >"$tree/etc/default/grub" <<DEFAULT
GRUB_DEFAULT=0
GRUB_TIMEOUT=1
GRUB_DISTRIBUTOR=Debian
GRUB_CMDLINE_LINUX_DEFAULT=""
GRUB_CMDLINE_LINUX="console=tty0 console=ttyS0,115200n8"
GRUB_TERMINAL=console
GRUB_DISABLE_OS_PROBER=true
$grub_default
DEFAULT
  mkdir -p "$tree/boot/grub"
  chroot "$tree" grub-editenv /boot/grub/grubenv create
  mv "$tree/usr/sbin/grub-probe" "$tree/usr/sbin/grub-probe.real"
  printf '%s\n' "${grub_volumes[@]}" >"$tree/tmp/grub-volumes"
  cat >"$tree/usr/sbin/grub-probe" <<'PROBE'
#!/bin/sh
target= wanted=
for word; do
  case $word in
    --target=*) target=${word#*=} ;;
    -*) ;;
    *) [ "$wanted" ] || wanted=$word ;;
  esac
done
best= found=
while read -r mount device uuid fs drive partmap abstraction; do
  case $wanted in
    "$device") found=yes ;;
    "$mount" | "${mount%/}"/*) [ ${#mount} -ge ${#best} ] && best=$mount && found=yes ;;
  esac
  [ "$found" ] || continue
  found=
  case $target in
    device) answer=$device ;;
    fs_uuid) answer=$uuid ;;
    fs) answer=$fs ;;
    drive) answer="($drive)" ;;
    compatibility_hint) answer=$drive ;;
    hints_string) answer="--hint-bios=$drive --hint-efi=$drive" ;;
    partmap) answer=$partmap ;;
    abstraction) answer=$abstraction ;;
    *) answer= ;;
  esac
done </tmp/grub-volumes
[ "${answer+set}" ] || { echo "grub-probe stand-in: unexpected: $*" >&2; exit 1; }
[ -z "$answer" ] || printf '%s\n' "$answer"
PROBE
  chmod 755 "$tree/usr/sbin/grub-probe"
  chroot "$tree" grub-mkconfig -o /boot/grub/grub.cfg >&2
  mv "$tree/usr/sbin/grub-probe.real" "$tree/usr/sbin/grub-probe"
  rm "$tree/tmp/grub-volumes"
  # A /boot that is a file system of its own, which nothing here knows.
  if printf '%s\n' "${grub_volumes[@]}" | grep -q '^/boot '; then
    sed -i -E 's#([[:space:]])/boot/(vmlinuz|initrd\.img)#\1/\2#' "$tree/boot/grub/grub.cfg"
  fi
  grep -q 'linux[[:space:]].*/vmlinuz-.* root=' "$tree/boot/grub/grub.cfg" ||
    die "grub.cfg starts no kernel"
}

# grub_load_cfg UUID FOLDER : what grub-install embeds in an image that must find its folder.
grub_load_cfg() {
  printf 'search.fs_uuid %s root \nset prefix=($root)'"'%s'"'\n' "$1" "$2"
}

# make_grub_pc TREE UUID FOLDER MODULE... : $SCRATCH/core.img, which finds FOLDER (such as /boot/grub)
# on the file system of that UUID, and the modules in the tree's /boot/grub.
make_grub_pc() {
  local tree=$1 uuid=$2 folder=$3
  shift 3
  mkdir -p "$tree/boot/grub/i386-pc"
  cp "$tree"/usr/lib/grub/i386-pc/*.{mod,lst} "$tree/boot/grub/i386-pc/"
  grub_load_cfg "$uuid" "$folder" >"$tree/tmp/load.cfg"
  chroot "$tree" grub-mkimage -O i386-pc -c /tmp/load.cfg -p "$folder" -o /tmp/core.img \
    biosdisk part_msdos part_gpt search_fs_uuid "$@"
  mv "$tree/tmp/core.img" "$SCRATCH/core.img"
  rm "$tree/tmp/load.cfg"
  cp "$tree/usr/lib/grub/i386-pc/boot.img" "$SCRATCH/boot.img"
  [ "$(stat -c %s "$SCRATCH/core.img")" -le $(((2048 - 1) * 512)) ] ||
    die "core.img does not fit before partition 1"
}

# put_grub_pc DISK : into the boot sector and the gap behind it.
put_grub_pc() {
  dd if="$SCRATCH/boot.img" of="$1" bs=1 count=440 conv=notrunc status=none
  dd if="$SCRATCH/core.img" of="$1" bs=512 seek=1 conv=notrunc status=none
}

# make_grub_efi TREE UUID FOLDER FILE MODULE... : a GRUB as grub-install makes it, below the tree at FILE
# (such as /boot/efi/EFI/debian/grubx64.efi), and the modules in the tree's /boot/grub.
make_grub_efi() {
  local tree=$1 uuid=$2 folder=$3 file=$4
  shift 4
  mkdir -p "$tree/boot/grub/x86_64-efi" "$tree${file%/*}"
  cp "$tree"/usr/lib/grub/x86_64-efi/*.{mod,lst} "$tree/boot/grub/x86_64-efi/"
  grub_load_cfg "$uuid" "$folder" >"$tree/tmp/load.cfg"
  chroot "$tree" grub-mkimage -O x86_64-efi -c /tmp/load.cfg -p "$folder" -o "$file" \
    part_msdos part_gpt fat search_fs_uuid "$@"
  rm "$tree/tmp/load.cfg"
}
