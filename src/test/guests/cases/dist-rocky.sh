#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Rocky Linux 9 as anaconda leaves it on plain partitions, with ext4 chosen for XFS (not every appliance can make one):
# UEFI, /boot apart, entries of the Boot Loader Specification, a keyfile of NetworkManager, SELinux enforcing. The disk's
# name stands where an administrator has put it.
t=$work/t; guest "$t" rocky 9.4 "Rocky Linux"; mkdir -p "$t/boot/efi" "$t/usr/lib/udev/rules.d"
echo 'ID_LIKE="rhel centos fedora"' >>"$t/etc/os-release"
b=11111111-2222-4333-8444-0000000000b1
printf '/dev/sda3 / ext4 defaults 0 0\nUUID=%s /boot ext4 defaults 0 0\nUUID=C0FF-EE11 /boot/efi vfat umask=0077,shortname=winnt 0 2\n' $b | put "$t" /etc/fstab
printf 'GRUB_DEFAULT=saved\nGRUB_CMDLINE_LINUX="root=/dev/sda3 crashkernel=1G-4G:192M"\nGRUB_ENABLE_BLSCFG=true\n' | put "$t" /etc/default/grub
printf 'SELINUX=enforcing\nSELINUXTYPE=targeted\n' | put "$t" /etc/selinux/config
put "$t" /etc/selinux/targeted/contexts/files/file_contexts <<'X'
/.*	system_u:object_r:default_t:s0
/etc/.*	system_u:object_r:etc_t:s0
/etc	-d	system_u:object_r:etc_t:s0
/etc/systemd/network(/.*)?	system_u:object_r:systemd_networkd_conf_t:s0
/etc/NetworkManager(/.*)?	system_u:object_r:NetworkManager_etc_t:s0
/etc/NetworkManager/system-connections(/.*)?	system_u:object_r:NetworkManager_etc_rw_t:s0
/boot(/.*)?	system_u:object_r:boot_t:s0
X
put "$t" /etc/NetworkManager/system-connections/ens192.nmconnection 600 <<'X'
[connection]
id=ens192
uuid=2b0f4a3e-1e1c-3d8a-9b50-7f3a6e000901
type=ethernet
interface-name=ens192

[ethernet]
mac-address=00:50:56:9A:09:01

[ipv4]
address1=192.0.2.9/24,192.0.2.1
method=manual
X
printf 'IMPORT{builtin}="net_setup_link"\nNAME=="", ENV{ID_NET_NAME}!="", NAME="$env{ID_NET_NAME}"\n' | put "$t" /usr/lib/udev/rules.d/80-net-setup-link.rules
k=5.14.0-427.13.1.el9_4.x86_64; modules "$t" $k; mkdir -p "$t/etc/dracut.conf.d" "$work/b/grub2" "$work/b/loader/entries" "$work/b/efi" "$work/e/EFI/rocky" "$work/e/EFI/BOOT"
echo x >"$work/b/vmlinuz-$k"; initramfs "$work/b/initramfs-$k.img" init usr/lib/dracut/dracut-056 usr/lib/systemd/systemd-udevd "usr/lib/modules/$k/modules.dep"
printf 'title Rocky Linux\nversion %s\nlinux /vmlinuz-%s\ninitrd /initramfs-%s.img\noptions root=/dev/sda3 ro crashkernel=1G-4G:192M\n' $k $k $k >"$work/b/loader/entries/0f1e-$k.conf"
{ printf '# GRUB Environment Block\nsaved_entry=0f1e-%s\nboot_success=0\n' $k; head -c 1024 /dev/zero | tr '\0' '#'; } | head -c 1024 >"$work/b/grub2/grubenv"
printf 'set default="${saved_entry}"\nsearch --no-floppy --fs-uuid --set=root %s\ninsmod blscfg\nblscfg\n' $b >"$work/b/grub2/grub.cfg"
for f in rocky/shimx64.efi BOOT/BOOTX64.EFI; do pe "$work/e/EFI/$f" 900 grubx64.efi fbx64.efi mmx64.efi; done; pe "$work/e/EFI/rocky/grubx64.efi" 64
printf 'search --no-floppy --fs-uuid --set=dev %s\nset prefix=($dev)/grub2\nconfigfile $prefix/grub.cfg\n' $b >"$work/e/EFI/rocky/grub.cfg"
vfat "$work/esp" 40 C0FFEE11 EFISYS "$work/e"
ext4 "$work/boot.fs" 48 $b boot "$work/b"; ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"
# label FILE-SYSTEM TREE ABOVE : gives each file the label that file_contexts has for its path below ABOVE.
label() {
  local path type
  (cd "$2" && find . -mindepth 1 | sed 's/^\.//'; echo /) | while read -r path; do
    case $3$path in
      /boot*) type=boot_t ;;
      /etc/NetworkManager/system-connections*) type=NetworkManager_etc_rw_t ;;
      /etc/NetworkManager) type=NetworkManager_etc_t ;;
      /etc*) type=etc_t ;;
      *) type=default_t ;;
    esac
    printf 'system_u:object_r:%s:s0\0' $type >"$work/label-$type"
    echo "ea_set -f $work/label-$type $path security.selinux"
  done >"$work/commands"
  debugfs -w -f "$work/commands" "$1" >/dev/null 2>"$work/debugfs"
}
label "$work/root.fs" "$t" ""; label "$work/boot.fs" "$work/b" /boot
disk "$work/disk.img" gpt "$work/esp:U" "$work/boot.fs:L" "$work/root.fs:L"
ova1 rocky "$work/disk.img" "$(nic 5 00:50:56:9a:09:01)"
manifest ova "$out/rocky.ova" "$ALL"
