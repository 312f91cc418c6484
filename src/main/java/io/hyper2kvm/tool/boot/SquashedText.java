package io.hyper2kvm.tool.boot;

/**
 * A text reduced to what OCR does not confuse: lower case letters, with look-alikes made equal and
 * everything else dropped, lines joined. A phrase is found in it whatever the spacing, the line
 * breaks and the usual misreadings.
 */
final class SquashedText {

  private static final int LONGEST = 20_000;

  private final String squashed;
  private final int[] lineOf;
  private final String[] lines;

  SquashedText(String text) {
    lines = text.split("\n", -1);
    StringBuilder out = new StringBuilder();
    int[] origin = new int[LONGEST];
    for (int line = 0; line < lines.length && out.length() < LONGEST; line++) {
      String piece = squash(lines[line]);
      for (int i = 0; i < piece.length() && out.length() < LONGEST; i++) {
        origin[out.length()] = line;
        out.append(piece.charAt(i));
      }
    }
    squashed = out.toString();
    lineOf = origin;
  }

  /**
   * The line in which a phrase ends, or null.
   *
   * @param errors how many characters may be wrong, missing or too many
   */
  String lineWith(String phrase, int errors) {
    String wanted = squash(phrase);
    int end = errors == 0 ? exact(wanted) : fuzzy(wanted, errors);
    return end < 0 ? null : lines[lineOf[end]].strip();
  }

  private int exact(String wanted) {
    int at = squashed.lastIndexOf(wanted);
    return at < 0 ? -1 : at + wanted.length() - 1;
  }

  /** Sellers' algorithm: the edit distance of the phrase to every end position, in one pass. */
  private int fuzzy(String wanted, int errors) {
    int length = wanted.length();
    int[] column = new int[length + 1];
    for (int i = 0; i <= length; i++) {
      column[i] = i;
    }
    int best = errors + 1;
    int end = -1;
    for (int at = 0; at < squashed.length(); at++) {
      int diagonal = column[0];
      for (int i = 1; i <= length; i++) {
        int above = column[i];
        int same = diagonal + (wanted.charAt(i - 1) == squashed.charAt(at) ? 0 : 1);
        column[i] = Math.min(same, 1 + Math.min(above, column[i - 1]));
        diagonal = above;
      }
      if (column[length] < best) {
        best = column[length];
        end = at;
      }
    }
    return end;
  }

  static String squash(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char next = alike(Character.toLowerCase(text.charAt(i)));
      if (next == 0) {
        continue;
      }
      int last = out.length() - 1;
      if (next == 'n' && last >= 0 && out.charAt(last) == 'r') {
        out.setCharAt(last, 'm');
      } else {
        out.append(next);
      }
    }
    return out.toString();
  }

  private static char alike(char next) {
    return switch (next) {
      case '0' -> 'o';
      case '1', 'i', '|' -> 'l';
      case '5' -> 's';
      case '8', '6' -> 'b';
      case '9' -> 'g';
      case '2' -> 'z';
      default -> next >= 'a' && next <= 'z' || next >= '3' && next <= '7' ? next : 0;
    };
  }
}
