package io.hyper2kvm.guest.edit;

import java.util.ArrayList;
import java.util.List;

/** The blank-separated columns of one line in fstab or crypttab, with where they stand. */
public final class Columns {

  /** One column: offsets into the text, and the value with octal escapes decoded. */
  public record Column(int start, int end, String value) {}

  private Columns() {}

  /** At most {@code limit} columns of a line; none for a comment or an empty line. */
  public static List<Column> of(String text, int from, int to, int limit) {
    List<Column> columns = new ArrayList<>(limit);
    int at = from;
    while (columns.size() < limit) {
      while (at < to && isBlank(text.charAt(at))) {
        at++;
      }
      if (at == to || (columns.isEmpty() && text.charAt(at) == '#')) {
        break;
      }
      int start = at;
      while (at < to && !isBlank(text.charAt(at))) {
        at++;
      }
      columns.add(new Column(start, at, decoded(text.substring(start, at))));
    }
    return columns;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /** {@code \040} is a space: fstab writes what would end a column as three octal digits. */
  private static String decoded(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder decoded = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == '\\' && i + 3 < raw.length() && isOctal(raw, i + 1)) {
        decoded.append((char) Integer.parseInt(raw, i + 1, i + 4, 8));
        i += 4;
      } else {
        decoded.append(c);
        i++;
      }
    }
    return decoded.toString();
  }

  private static boolean isOctal(String raw, int at) {
    for (int i = at; i < at + 3; i++) {
      if (raw.charAt(i) < '0' || raw.charAt(i) > '7') {
        return false;
      }
    }
    return raw.charAt(at) <= '3';
  }
}
