package io.hyper2kvm.guest.luks;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An encrypted container that was opened.
 *
 * @param container the device that is encrypted, as the appliance calls it
 * @param device what is in it, {@code /dev/mapper/NAME} in the appliance
 * @param header the container's header
 */
public record LuksMapping(String container, String device, LuksHeader header) {

  private static final String MAPPER = "/dev/mapper/";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9+_.:@-]{0,126}");

  public LuksMapping {
    Objects.requireNonNull(container, "container");
    Objects.requireNonNull(header, "header");
    if (!device.startsWith(MAPPER) || !isName(device.substring(MAPPER.length()))) {
      throw new IllegalArgumentException("not a mapped device: " + device);
    }
  }

  /** Whether the device mapper, and a file's line, can have such a name for an opened container. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches() && !name.equals("control");
  }

  /** The name that dracut and systemd use where no table has another. */
  public String usualName() {
    return "luks-" + header.uuid();
  }

  /** The device under another name. */
  public static String deviceOf(String name) {
    return MAPPER + name;
  }

  /** The links that udev makes for the device that a guest opens under this name. */
  public Set<String> links(String name) {
    Set<String> links = new LinkedHashSet<>();
    links.add("/dev/disk/by-id/dm-name-" + name);
    links.add(
        "/dev/disk/by-id/dm-uuid-CRYPT-LUKS%d-%s-%s"
            .formatted(
                header.version(), header.uuid().replace("-", "").toLowerCase(Locale.ROOT), name));
    return links;
  }
}
