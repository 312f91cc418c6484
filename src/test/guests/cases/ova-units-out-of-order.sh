#!/usr/bin/env bash
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# One SCSI controller, three disks at units 0, 2 and 1 in the order of the lines: "hard disk 2" was put on unit 2 by hand.
t=$work/t; guest "$t" debian 12 "Debian GNU/Linux"; mkdir -p "$t/srv" "$t/backup"
printf '/dev/sda1 / ext4 defaults 0 1\n/dev/sdb1 /srv ext4 defaults 0 2\n/dev/sdc1 /backup ext4 defaults 0 2\n' | put "$t" /etc/fstab
mkdir "$work/s" "$work/k"; echo srv >"$work/s/this-is-srv"; echo backup >"$work/k/this-is-backup"; root1 "$t"
ext4 "$work/srv.fs" 32 11111111-2222-4333-8444-00000000000b "" "$work/s"; DISKID=c0ffee02 disk "$work/srv.img" dos "$work/srv.fs:83"
ext4 "$work/bak.fs" 32 11111111-2222-4333-8444-00000000000c "" "$work/k"; DISKID=c0ffee03 disk "$work/bak.img" dos "$work/bak.fs:83"
stream "$work/root.img" "$work/db-disk1.vmdk"; stream "$work/bak.img" "$work/db-disk2.vmdk"; stream "$work/srv.img" "$work/db-disk3.vmdk"
f='ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"'
r=; d=; n=0; for i in root bak srv; do n=$((n+1)); r+="<File ovf:href=\"db-disk$n.vmdk\" ovf:id=\"file$n\"/>"; d+="<Disk ovf:capacity=\"$(stat -c %s "$work/$i.img")\" ovf:diskId=\"vmdisk$n\" ovf:fileRef=\"file$n\" $f/>"; done
ovf db "$r" "$d" "$(scsi 3 0)$(drive 4 3 0 vmdisk1)$(drive 5 3 2 vmdisk2)$(drive 6 3 1 vmdisk3)$(nic 7 -)" >"$work/db.ovf"
tar -C "$work" --format=ustar -cf "$out/db.ova" db.ovf db-disk1.vmdk db-disk2.vmdk db-disk3.vmdk
manifest ova "$out/db.ova" "$FSTAB"
