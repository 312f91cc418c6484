package io.hyper2kvm.guest.disk;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that a guest has for a volume which the appliance calls by another one. A logical
 * volume has two names of equal standing; an array's number is given at its assembly, and machines
 * other than the guest itself count from 127 down.
 */
public final class VolumeNames {

  private static final Pattern LOGICAL_VOLUME =
      Pattern.compile("/dev/([A-Za-z0-9+_.-]{1,127})/([A-Za-z0-9+_.-]{1,127})");
  private static final Set<String> NO_GROUPS = Set.of("mapper", "md", "disk");
  private static final Pattern ARRAY =
      Pattern.compile("(?:[A-Za-z0-9._()-]{1,64}:)?([A-Za-z0-9._-]{1,64})");
  private static final Pattern LVM_ID = Pattern.compile("[0-9A-Za-z]{32}");
  private static final Pattern ARRAY_ID =
      Pattern.compile("/dev/disk/by-id/md-uuid-([0-9a-f:]{35})(?:-part([0-9]{1,3}))?");
  private static final Pattern PART_OF_ARRAY = Pattern.compile("(/dev/md.*[0-9])p[0-9]{1,3}");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");

  private VolumeNames() {}

  /**
   * Of {@code /dev/GROUP/VOLUME}: the device mapper's, which doubles each hyphen in a name, and
   * udev's link by LVM's identifiers.
   *
   * @param groupId the volume group's UUID as LVM writes it, with or without hyphens; may be empty
   * @param volumeId the logical volume's, likewise
   */
  public static Set<String> ofLogicalVolume(String device, String groupId, String volumeId) {
    var matcher = LOGICAL_VOLUME.matcher(device);
    if (!matcher.matches() || NO_GROUPS.contains(matcher.group(1))) {
      return Set.of();
    }
    String mapped = matcher.group(1).replace("-", "--") + "-" + matcher.group(2).replace("-", "--");
    Set<String> names = new LinkedHashSet<>();
    names.add("/dev/mapper/" + mapped);
    names.add(DeviceNames.BY_ID + "dm-name-" + mapped);
    String group = groupId.replace("-", "");
    String volume = volumeId.replace("-", "");
    if (LVM_ID.matcher(group).matches() && LVM_ID.matcher(volume).matches()) {
      names.add(DeviceNames.BY_ID + "dm-uuid-LVM-" + group + volume);
    }
    return names;
  }

  /** The volume group in {@code /dev/GROUP/VOLUME}; empty for any other name. */
  public static String groupOf(String device) {
    var matcher = LOGICAL_VOLUME.matcher(device);
    return matcher.matches() && !NO_GROUPS.contains(matcher.group(1)) ? matcher.group(1) : "";
  }

  /**
   * Of an md array: those that the host it belongs to gives it.
   *
   * @param name what its superblock says, such as {@code db02:0}; empty if it is too old for names
   * @param uuid as mdadm writes it, {@code 1e627f5f:18f56963:a3eeaa1e:60c65f3d}; may be empty
   */
  public static Set<String> ofArray(String name, String uuid) {
    Set<String> names = new LinkedHashSet<>();
    var matcher = ARRAY.matcher(name);
    if (matcher.matches()) {
      String own = matcher.group(1);
      names.add("/dev/md/" + own);
      names.add("/dev/md/" + name);
      names.add(DeviceNames.BY_ID + "md-name-" + name);
      if (NUMBER.matcher(own).matches()) {
        names.add("/dev/md" + own);
        names.add("/dev/md_d" + own);
        names.add("/dev/md/d" + own);
      }
    }
    if (uuid.matches("[0-9a-f]{8}(?::[0-9a-f]{8}){3}")) {
      names.add(DeviceNames.BY_ID + "md-uuid-" + uuid);
    }
    return names;
  }

  /** Of a partition of an array, which has these names itself. */
  public static Set<String> ofArrayPartition(Set<String> array, int number) {
    Set<String> names = new LinkedHashSet<>();
    for (String name : array) {
      boolean digit = Character.isDigit(name.charAt(name.length() - 1));
      names.add(
          name.startsWith(DeviceNames.BY_ID)
              ? name + "-part" + number
              : name + (digit ? "p" : "") + number);
    }
    return names;
  }

  /**
   * The device with the names that its guest's mdadm.conf gives the array that it is or lies on.
   */
  static GuestPartition renamed(GuestPartition volume, Map<String, String> nameByUuid) {
    Set<String> given = new LinkedHashSet<>(nameByUuid.values());
    if (volume.disk() >= 0 || given.isEmpty()) {
      return volume;
    }
    Set<String> names = new LinkedHashSet<>(volume.names());
    names.removeIf(name -> given.contains(arrayOf(name)));
    for (String name : volume.names()) {
      var uuid = ARRAY_ID.matcher(name);
      if (uuid.matches() && nameByUuid.containsKey(uuid.group(1))) {
        String array = nameByUuid.get(uuid.group(1));
        names.addAll(
            uuid.group(2) == null
                ? Set.of(array)
                : ofArrayPartition(Set.of(array), Integer.parseInt(uuid.group(2))));
      }
    }
    return new GuestPartition(
        volume.device(),
        volume.disk(),
        volume.number(),
        volume.uuid(),
        volume.partUuid(),
        volume.label(),
        volume.fsType(),
        names);
  }

  private static String arrayOf(String name) {
    var part = PART_OF_ARRAY.matcher(name);
    return part.matches() ? part.group(1) : name;
  }
}
