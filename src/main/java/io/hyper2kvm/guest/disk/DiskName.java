package io.hyper2kvm.guest.disk;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a disk or of a partition on it that can change between hypervisors, taken apart.
 *
 * @param family what gave the name: {@code sd}, {@code nvme}, {@code by-id}, {@code multipath}, the
 *     controller of a by-path link, or {@code link} for another one below {@code /dev/disk}; names
 *     of different families cannot be ordered against each other
 * @param disk the disk's own name, without the partition: {@code /dev/xvde}
 * @param partition the partition's number, from 1; 0 for the whole disk
 */
public record DiskName(String family, String disk, int partition) {

  private static final Pattern LETTERS =
      Pattern.compile("/dev/((sd|hd|xvd|vd|ubd|emcpower|i2o/hd)[a-z]{1,3})([0-9]{0,3})");
  private static final Pattern NUMBERS =
      Pattern.compile(
          "/dev/(nvme[0-9]{1,4}n[0-9]{1,4}|(?:mmcblk|pmem)[0-9]{1,4}"
              + "|(?:cciss|ida|rd)/c[0-9]{1,2}d[0-9]{1,3})(?:p([0-9]{1,3}))?");
  private static final Pattern PART = Pattern.compile("-part([0-9]{1,3})\\z");
  private static final Pattern CONTROLLER =
      Pattern.compile("(.+?)-(?:scsi-[0-9]|ata|ide|sas|nvme|usb|vbd|lun).*");

  /** multipathd's own names, and its names by the disk's identifier: {@code 36000c29…}. */
  private static final Pattern MULTIPATH =
      Pattern.compile(
          "(mpath[a-z]{1,3}?|[23][0-9a-f]{16}(?:[0-9a-f]{16})?)(?:(?:-part|_part|p)?([0-9]{1,3}))?");

  private static final Pattern MULTIPATH_UUID =
      Pattern.compile("dm-uuid-(?:part([0-9]{1,3})-)?mpath-(.+)");

  private static final String BY_NUMBER = "/dev/block/";

  private static final String LINKS = "/dev/disk/";

  private static final Pattern BY_CONTENT =
      Pattern.compile(
          "/dev/disk/by-(?:uuid|label|partuuid|partlabel|designator|id|path|diskseq)(?:/|\\z)");

  private static final String MAPPER = "/dev/mapper/";
  private static final String DM_NAME = "dm-name-";

  /** Takes a name apart; empty when it is none that changes between hypervisors. */
  public static Optional<DiskName> of(String name) {
    if (name.length() > DeviceNames.MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher letters = LETTERS.matcher(name);
    if (letters.matches()) {
      return Optional.of(
          new DiskName(letters.group(2), "/dev/" + letters.group(1), number(letters.group(3))));
    }
    Matcher numbers = NUMBERS.matcher(name);
    if (numbers.matches()) {
      String family = numbers.group(1).replaceAll("[^a-z].*", "");
      return Optional.of(
          new DiskName(family, "/dev/" + numbers.group(1), number(numbers.group(2))));
    }
    if (name.startsWith(BY_NUMBER)) {
      return DeviceNumber.name(name).flatMap(DiskName::of);
    }
    if (name.startsWith(MAPPER)) {
      return multipath(name.substring(MAPPER.length()));
    }
    if (DeviceNames.isByPath(name)) {
      String path = withoutPart(name.substring(DeviceNames.BY_PATH.length()));
      Matcher controller = CONTROLLER.matcher(path);
      String family = controller.matches() ? controller.group(1) : path;
      return Optional.of(
          new DiskName("by-path " + family, DeviceNames.BY_PATH + path, partNumber(name)));
    }
    Optional<String> id = DeviceNames.idOf(name);
    if (id.isPresent()) {
      return byId(id.get());
    }
    // Links that the rules of one cloud or of one installer make: by-dname, azure, cloud.
    return name.startsWith(LINKS) && !BY_CONTENT.matcher(name).lookingAt()
        ? Optional.of(new DiskName("link", withoutPart(name), partNumber(name)))
        : Optional.empty();
  }

  private static Optional<DiskName> byId(String id) {
    Matcher uuid = MULTIPATH_UUID.matcher(id);
    if (uuid.matches()) {
      return Optional.of(new DiskName("multipath", MAPPER + uuid.group(2), number(uuid.group(1))));
    }
    if (id.startsWith(DM_NAME)) {
      return multipath(id.substring(DM_NAME.length()));
    }
    boolean byContent = id.startsWith("dm-uuid-") || id.startsWith("md-") || id.startsWith("lvm-");
    return byContent
        ? Optional.empty()
        : Optional.of(new DiskName("by-id", DeviceNames.BY_ID + withoutPart(id), partNumber(id)));
  }

  private static Optional<DiskName> multipath(String name) {
    Matcher matcher = MULTIPATH.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new DiskName("multipath", MAPPER + matcher.group(1), number(matcher.group(2))))
        : Optional.empty();
  }

  private static int number(String digits) {
    return digits == null || digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static String withoutPart(String path) {
    Matcher part = PART.matcher(path);
    return part.find() ? path.substring(0, part.start()) : path;
  }

  private static int partNumber(String name) {
    Matcher part = PART.matcher(name);
    return part.find() ? Integer.parseInt(part.group(1)) : 0;
  }
}
