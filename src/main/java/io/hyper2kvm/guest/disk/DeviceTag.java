package io.hyper2kvm.guest.disk;

import java.util.Optional;

/**
 * A reference by content, as fstab, crypttab and the kernel command line write it: {@code UUID=…},
 * {@code LABEL="…"} or the links that udev makes of them.
 *
 * @param kind what the value names
 * @param value the value with quotes and udev's escapes removed
 */
public record DeviceTag(Kind kind, String value) {

  enum Kind {
    UUID("UUID=", "/dev/disk/by-uuid/"),
    LABEL("LABEL=", "/dev/disk/by-label/"),
    PARTUUID("PARTUUID=", "/dev/disk/by-partuuid/"),
    PARTLABEL("PARTLABEL=", "/dev/disk/by-partlabel/");

    private final String prefix;
    private final String directory;

    Kind(String prefix, String directory) {
      this.prefix = prefix;
      this.directory = directory;
    }
  }

  public static Optional<DeviceTag> of(String name) {
    if (name.length() > DeviceNames.MAX_LENGTH) {
      return Optional.empty();
    }
    for (Kind kind : Kind.values()) {
      if (name.startsWith(kind.prefix)) {
        return Optional.of(new DeviceTag(kind, unquoted(name.substring(kind.prefix.length()))));
      }
      if (name.startsWith(kind.directory)) {
        return Optional.of(
            new DeviceTag(kind, udevDecoded(name.substring(kind.directory.length()))));
      }
    }
    return Optional.empty();
  }

  static String unquoted(String value) {
    int last = value.length() - 1;
    boolean quoted =
        last > 0
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(last) == value.charAt(0);
    return quoted ? value.substring(1, last) : value;
  }

  /** udev writes bytes that do not suit a file name as {@code \x20}; multi-byte text stays. */
  private static String udevDecoded(String link) {
    if (link.indexOf('\\') < 0) {
      return link;
    }
    StringBuilder decoded = new StringBuilder(link.length());
    int i = 0;
    while (i < link.length()) {
      char c = link.charAt(i);
      if (c == '\\' && i + 3 < link.length() && link.charAt(i + 1) == 'x') {
        int high = Character.digit(link.charAt(i + 2), 16);
        int low = Character.digit(link.charAt(i + 3), 16);
        if (high >= 0 && low >= 0) {
          decoded.append((char) (high * 16 + low));
          i += 4;
          continue;
        }
      }
      decoded.append(c);
      i++;
    }
    return decoded.toString();
  }
}
