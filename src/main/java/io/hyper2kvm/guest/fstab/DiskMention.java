package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.edit.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a guest's configuration that names a disk as the old hypervisor did, in a file that no
 * fix changes.
 *
 * @param file absolute path inside the guest
 * @param line its number, from 1
 * @param name what names the disk
 * @param text the whole line, as far as evidence shows lines
 */
public record DiskMention(String file, int line, String name, String text) {

  /** Mentions that are kept of one file; a list of disks has more than one needs to read. */
  private static final int MAX_PER_FILE = 5;

  /**
   * Names of disks; the identifiers that VMware, Hyper-V and Xen give disks, as udev, multipath and
   * LVM write them; and udev's conditions on a disk.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "/dev/(?:[sh]d|xvd)[a-z]{1,2}(?:[0-9]{1,3}|\\b|\\*)"
              + "|/dev/(?:nvme[0-9]{1,3}n[0-9]{1,3}|cciss/c[0-9]|dm-[0-9]|mapper/mpath[a-z])[a-z0-9]{0,8}"
              + "|/dev/disk/by-(?:path|id)/(?!dm-(?:name|uuid-(?:LVM|CRYPT))-|md-|lvm-pv-)[^\\s\"',;]{1,200}"
              + "|\\bdev-(?:(?:[sh]d|xvd)[a-z]{1,2}[0-9]{0,3}|nvme[0-9]{1,3}n[0-9]{1,3}(?:p[0-9]{1,3})?"
              + "|mapper-mpath[a-z0-9]{1,6})\\.device|\\bdev-disk-by\\\\x2d(?:id|path)-[^\\s\"',;]{1,200}"
              + "|\\b(?:wwn-0x|scsi-3|scsi-S|naa\\.|0x|3)?6000c29[0-9a-f]{9,25}"
              + "|\\b(?:wwn-0x|scsi-3|naa\\.|0x|3)?60022480[0-9a-f]{8,24}"
              + "|\\b(?:scsi-)?14d534654[0-9a-f]{8,40}"
              + "|VMware[_,%][A-Za-z0-9_,.-]{1,80}"
              + "|KERNEL==\"(?:[sh]d|xvd)[a-z*?\\[][^\"]{0,40}\""
              + "|KERNELS==\"[0-9*?]{1,3}:[0-9*?]{1,3}:[0-9*?]{1,3}:[0-9*?]{1,3}\""
              + "|ENV\\{MAJOR\\}==\"[0-9]{1,3}\"|^/dev/raw/raw[0-9]{1,4}\\s{1,20}[0-9]{1,3}\\s{1,20}[0-9]{1,7}"
              + "|(?:ENV\\{ID_VENDOR\\}|ATTRS\\{vendor\\})==\"(?:VMware|Msft)[^\"]{0,40}\""
              + "|(?:ENV\\{ID_MODEL\\}|ATTRS\\{model\\})==\"Virtual.[Dd]isk[^\"]{0,40}\""
              + "|(?:DEVPATH|KERNELS)==\"(?=[^\"]{0,40}[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])[^\"]{1,120}\""
              + "|ENV\\{ID_(?:SERIAL|SERIAL_SHORT|WWN|WWN_WITH_EXTENSION|PATH)\\}==\"[^\"]{1,120}\"");

  /** A udev rule of network cards, whose places are the network fix's. */
  private static final String NETWORK_RULE = "SUBSYSTEM==\"net\"";

  /** Files that the fixes read themselves, that are old copies, or that are written anew. */
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "/etc/(?:fstab|crypttab|mtab|blkid\\.tab|blkid/.*|default/grub|default/grub\\.d/.*"
              + "|kernel/cmdline|grub2?\\.conf|grub2?(?:-efi)?\\.cfg|lilo\\.conf\\.old"
              + "|initramfs-tools/conf\\.d/resume|lvm/(?:archive|backup|cache|devices)/.*"
              + "|sysconfig/hwconf|ssl/.*|pki/.*|selinux/.*|ld\\.so\\.cache|.*/udev/hwdb.*"
              + "|alternatives/.*|X11/.*|fonts/.*|ssh/moduli|services|mime\\.types)"
              + "|.*(?:~|\\.(?:bak|old|orig|save|rpmnew|rpmsave|rpmorig|dpkg-[a-z]{1,8}|ucf-[a-z]{1,8}"
              + "|swp|pem|crt|key|gz|db|bin|cache|so|[0-9]))");

  private static final Set<String> DECIDED_BY_FIXES =
      Set.of(
          "/etc/lvm/lvm.conf",
          "/etc/lvm/lvmlocal.conf",
          "/etc/mdadm.conf",
          "/etc/mdadm/mdadm.conf");

  /** Whether a file of the guest is to be searched. */
  public static boolean isSearched(String path) {
    return path.startsWith("/etc/")
        && path.length() <= 300
        && !DECIDED_BY_FIXES.contains(path)
        && !MountUnits.isUnit(path)
        && !LEFT_OUT.matcher(path).matches();
  }

  /** The lines of a file that name disks, at most five; comments do not count. */
  public static List<DiskMention> in(String file, String text) {
    List<DiskMention> mentions = new ArrayList<>();
    if (text.indexOf('\0') >= 0) {
      return mentions;
    }
    int number = 0;
    int start = 0;
    while (start < text.length() && mentions.size() < MAX_PER_FILE) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline;
      number++;
      String line = text.substring(start, Math.min(end, start + 4096)).strip();
      Matcher name = NAME.matcher(line);
      boolean comment = !line.isEmpty() && "#;!".indexOf(line.charAt(0)) >= 0;
      if (!comment && !line.contains(NETWORK_RULE) && name.find()) {
        mentions.add(new DiskMention(file, number, name.group(), Excerpt.of(line)));
      }
      start = end + 1;
    }
    return mentions;
  }

  /** The warning for an operator. */
  public String warning() {
    return "%s:%d: it names a disk as the old hypervisor did (%s), which it has not on virtio; what reads this file does not find it: %s"
        .formatted(file, line, name, text.length() > 200 ? text.substring(0, 200) + "…" : text);
  }
}
