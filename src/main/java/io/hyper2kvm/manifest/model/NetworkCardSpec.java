package io.hyper2kvm.manifest.model;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the manifest says of one of the machine's network cards. At least one of the two is there.
 *
 * @param name the name of the interface in the guest, such as {@code eth1}
 * @param mac its hardware address, six pairs of lower-case hexadecimal digits with colons
 */
public record NetworkCardSpec(Optional<String> name, Optional<String> mac) {

  /** The names that the kernel takes and that can be part of a file's name and of a udev rule. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,14}");

  private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
  private static final String NO_ADDRESS = "00:00:00:00:00:00";

  public NetworkCardSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(mac, "mac");
    if (name.isEmpty() && mac.isEmpty()) {
      throw new IllegalArgumentException("a card with neither name nor address");
    }
    if (name.isPresent() && !isName(name.get())) {
      throw new IllegalArgumentException("not the name of a card: " + name.get());
    }
    if (mac.isPresent() && !(MAC.matcher(mac.get()).matches() && isOfOneCard(mac.get()))) {
      throw new IllegalArgumentException("not the address of a card: " + mac.get());
    }
  }

  /** Whether a card may have the name; {@code lo} is the loopback's. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches() && !text.equals("lo");
  }

  /** An address as it may be written, with colons or hyphens, in the form of {@link #mac}. */
  public static String normalMac(String written) {
    return written.toLowerCase(Locale.ROOT).replace('-', ':');
  }

  /**
   * Whether one card can have the address: with an odd first byte it is a group's.
   *
   * @param mac in the form of {@link #mac}
   */
  public static boolean isOfOneCard(String mac) {
    return (Character.digit(mac.charAt(1), 16) & 1) == 0 && !mac.equals(NO_ADDRESS);
  }
}
