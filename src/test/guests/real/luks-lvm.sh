# shellcheck shell=bash
# shellcheck disable=SC2034
# Root and swap are logical volumes in a LUKS 2 container (argon2id), with /boot apart. crypttab and
# its copy in the initramfs name the container as VMware showed it. The key is typed at the console.
release=bookworm
packages=(cryptsetup-initramfs lvm2 ifupdown grub-pc)
distribution='Debian 12'
storage='LUKS 2 with LVM in it, /boot apart (ext4)'
boot='BIOS, GRUB 2'
network='ifupdown, named by .link'
cards=('00:0c:29:5e:16:f1 10.77.16.20')
shows=('ens192=10.77.16.20')
disk_mib=(3072)
key_prompt='Please unlock disk' key_text='correct-horse-battery-staple'
initramfs_modules=(dm_mod dm_crypt xts aesni_intel sha256_generic algif_skcipher)
readonly BOOT_UUID=5a0c7e31-9d42-4b86-a1f7-3e6b8c2d9f10 ROOT_UUID=c3d91b64-7e20-4f8a-b5c6-0a9f8e7d6c51
readonly LUKS_UUID=7d1e5c40-3b9a-4f62-8c07-5e2a9b6d4f83
grub_volumes=(
  "/ /dev/mapper/vg0-root $ROOT_UUID ext2 lvm/vg0-root msdos lvm"
  "/boot /dev/sda1 $BOOT_UUID ext2 hd0,msdos1 msdos"
)

partitions() {
  printf '%s\n' 'label: dos' 'start=1MiB, size=256MiB, type=83, bootable' 'type=83'
}

volumes() {
  cat <<VOLUMES
debug sh "printf %s $key_text >/run/key"
debug sh "cryptsetup luksFormat -q --type luks2 --uuid $LUKS_UUID --pbkdf argon2id --pbkdf-memory 65536 --pbkdf-parallel 1 --pbkdf-force-iterations 4 --key-file /run/key DISKa2"
debug sh "cryptsetup open --key-file /run/key DISKa2 inside"
debug sh "rm /run/key"
pvcreate /dev/mapper/inside
vgcreate vg0 /dev/mapper/inside
lvcreate root vg0 2400
lvcreate swap vg0 200
mkswap /dev/vg0/swap
mkfs ext4 DISKa1
set-uuid DISKa1 $BOOT_UUID
mkfs ext4 /dev/vg0/root
set-uuid /dev/vg0/root $ROOT_UUID
mount /dev/vg0/root /
mkdir /boot
mount DISKa1 /boot
VOLUMES
}

write_files() {
  local tree=$1
  # No device is there when the initramfs is made: "initramfs" takes the row as it is.
  printf 'sda2_crypt /dev/sda2 none luks,discard,initramfs\n' >"$tree/etc/crypttab"
  cat >"$tree/etc/fstab" <<'FSTAB'
/dev/mapper/vg0-root /     ext4 errors=remount-ro 0 1
/dev/sda1            /boot ext4 defaults          0 2
/dev/mapper/vg0-swap none  swap sw                0 0
FSTAB
  printf 'RESUME=none\n' >"$tree/etc/initramfs-tools/conf.d/resume"
  cat >"$tree/etc/network/interfaces" <<'INTERFACES'
auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
    address 10.77.16.20/24
    gateway 10.77.16.2
INTERFACES
  printf '[Match]\nMACAddress=00:0c:29:5e:16:f1\n\n[Link]\nName=ens192\n' \
    >"$tree/etc/systemd/network/10-ens192.link"
}

install_loader() {
  write_grub_cfg "$1"
  make_grub_pc "$1" "$BOOT_UUID" /grub ext2
}

finish_disks() {
  put_grub_pc "$(disk_file 1)"
}
