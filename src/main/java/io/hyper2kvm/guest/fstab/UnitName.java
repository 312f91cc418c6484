package io.hyper2kvm.guest.fstab;

/** How systemd writes a path in the name of a unit: {@code dev-disk-by\x2duuid-…}. */
public final class UnitName {

  private static final String PLAIN = ":_.";

  private UnitName() {}

  /** The path that a unit's name, without its ending, stands for. */
  public static String path(String name) {
    StringBuilder path = new StringBuilder("/");
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '-') {
        path.append('/');
      } else if (c == '\\' && i + 3 < name.length() && name.charAt(i + 1) == 'x') {
        int high = Character.digit(name.charAt(i + 2), 16);
        int low = Character.digit(name.charAt(i + 3), 16);
        if (high < 0 || low < 0) {
          path.append(c);
        } else {
          path.append((char) (high * 16 + low));
          i += 3;
        }
      } else {
        path.append(c);
      }
    }
    return path.toString();
  }

  /** The name of a path's unit, without its ending. */
  static String of(String path) {
    String inner = path.startsWith("/") ? path.substring(1) : path;
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || (PLAIN.indexOf(c) >= 0 && !(c == '.' && i == 0));
      name.append(c == '/' ? "-" : plain ? String.valueOf(c) : "\\x%02x".formatted((int) c));
    }
    return name.toString();
  }
}
