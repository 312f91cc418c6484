package io.hyper2kvm.guest.disk;

import java.util.LinkedHashSet;
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
      Pattern.compile("(?:[A-Za-z0-9._-]{1,64}:)?([A-Za-z0-9._-]{1,64})");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,2}");

  private VolumeNames() {}

  /** Of {@code /dev/GROUP/VOLUME}: the device mapper's, which doubles each hyphen in a name. */
  public static Set<String> ofLogicalVolume(String device) {
    var matcher = LOGICAL_VOLUME.matcher(device);
    if (!matcher.matches() || NO_GROUPS.contains(matcher.group(1))) {
      return Set.of();
    }
    String mapped = matcher.group(1).replace("-", "--") + "-" + matcher.group(2).replace("-", "--");
    return Set.of("/dev/mapper/" + mapped, DeviceNames.BY_ID + "dm-name-" + mapped);
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
      }
    }
    if (uuid.matches("[0-9a-f]{8}(?::[0-9a-f]{8}){3}")) {
      names.add(DeviceNames.BY_ID + "md-uuid-" + uuid);
    }
    return names;
  }
}
