#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Ubuntu 24.04 as its live installer leaves it: UEFI, /boot apart, netplan with two cards by their addresses.
t=$work/t; guest "$t" ubuntu 24.04 Ubuntu; mkdir -p "$t/boot/efi" "$t/usr/lib/udev/rules.d"
echo ID_LIKE=debian >>"$t/etc/os-release"
printf '/dev/sda3 / ext4 defaults 0 1\n/dev/disk/by-uuid/11111111-2222-4333-8444-0000000000b1 /boot ext4 defaults 0 1\n/dev/disk/by-uuid/C0FF-EE11 /boot/efi vfat defaults 0 1\n/swap.img\tnone\tswap\tsw\t0\t0\n' | put "$t" /etc/fstab
printf 'GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=""\nGRUB_CMDLINE_LINUX=""\n' | put "$t" /etc/default/grub
printf 'SUBSYSTEM!="net", GOTO="net_setup_link_end"\nIMPORT{builtin}="path_id"\nACTION=="remove", GOTO="net_setup_link_end"\nIMPORT{builtin}="net_setup_link"\nNAME=="", ENV{ID_NET_NAME}!="", NAME="$env{ID_NET_NAME}"\nLABEL="net_setup_link_end"\n' \
  | put "$t" /usr/lib/udev/rules.d/80-net-setup-link.rules
put "$t" /etc/netplan/50-cloud-init.yaml 600 <<'X'
network:
  version: 2
  ethernets:
    ens192:
      match:
        macaddress: "00:50:56:9a:24:01"
      addresses:
      - "192.0.2.24/24"
      set-name: "ens192"
      routes:
      - to: "default"
        via: "192.0.2.1"
    ens224:
      match:
        macaddress: "00:50:56:9a:24:02"
      addresses:
      - "198.51.100.24/24"
      set-name: "ens224"
X
k=6.8.0-41-generic; modules "$t" $k; mkdir -p "$work/b/efi" "$work/b/grub" "$work/e/EFI/ubuntu" "$work/e/EFI/BOOT"
echo x >"$work/b/vmlinuz-$k"; initramfs "$work/b/initrd.img-$k" init conf/initramfs.conf conf/modules "usr/lib/modules/$k/modules.dep"
cat >"$work/b/grub/grub.cfg" <<X
menuentry 'Ubuntu' --class ubuntu {
	search --no-floppy --fs-uuid --set=root 11111111-2222-4333-8444-0000000000b1
	linux	/vmlinuz-$k root=/dev/sda3 ro
	initrd	/initrd.img-$k
}
X
for f in ubuntu/shimx64.efi BOOT/BOOTX64.EFI; do pe "$work/e/EFI/$f" 900 grubx64.efi fbx64.efi mmx64.efi; done; pe "$work/e/EFI/ubuntu/grubx64.efi" 64
printf "search.fs_uuid 11111111-2222-4333-8444-0000000000b1 root hd0,gpt2\nset prefix=(\$root)'/grub'\nconfigfile \$prefix/grub.cfg\n" >"$work/e/EFI/ubuntu/grub.cfg"
ext4 "$work/root.fs" 160 11111111-2222-4333-8444-000000000001 root "$t"; ext4 "$work/boot.fs" 48 11111111-2222-4333-8444-0000000000b1 boot "$work/b"
vfat "$work/esp" 40 C0FFEE11 EFISYS "$work/e"
disk "$work/disk.img" gpt "$work/esp:U" "$work/boot.fs:L" "$work/root.fs:L"
ova1 noble "$work/disk.img" "$(nic 5 00:50:56:9a:24:01)$(nic 6 00:50:56:9a:24:02)"
manifest ova "$out/noble.ova" "$ALL"
