package io.hyper2kvm.guest.boot.menu;

import java.util.Comparator;

/**
 * The order of versions by the UAPI Group's version format specification, which systemd-boot sorts
 * its entries by: numbers by their value, {@code ~} before the end, {@code -} and {@code ^} after
 * it, letters by their code.
 */
final class VersionOrder implements Comparator<String> {

  static final VersionOrder OLDEST_FIRST = new VersionOrder();

  private static final String SEPARATORS = "~-^.";

  private VersionOrder() {}

  @Override
  public int compare(String one, String other) {
    int a = 0;
    int b = 0;
    while (true) {
      a = skip(one, a);
      b = skip(other, b);
      for (char mark : "~".toCharArray()) {
        boolean first = isAt(one, a, mark);
        if (first != isAt(other, b, mark)) {
          return first ? -1 : 1;
        }
        a += first ? 1 : 0;
        b += first ? 1 : 0;
      }
      if (a >= one.length() || b >= other.length()) {
        return Boolean.compare(a < one.length(), b < other.length());
      }
      for (char mark : "-^.".toCharArray()) {
        boolean first = isAt(one, a, mark);
        if (first != isAt(other, b, mark)) {
          return first ? -1 : 1;
        }
        a += first ? 1 : 0;
        b += first ? 1 : 0;
      }
      boolean digits = isDigit(one, a) || isDigit(other, b);
      int endA = digits ? digits(one, a) : letters(one, a);
      int endB = digits ? digits(other, b) : letters(other, b);
      String left = one.substring(a, endA);
      String right = other.substring(b, endB);
      int order = digits ? numbers(left, right) : left.compareTo(right);
      if (order != 0) {
        return order;
      }
      a = endA;
      b = endB;
    }
  }

  /** No number is less than any, and 0 before 00. */
  private static int numbers(String left, String right) {
    String a = left.replaceFirst("^0+(?=.)", "");
    String b = right.replaceFirst("^0+(?=.)", "");
    return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
  }

  /** Behind what no version has. */
  private static int skip(String text, int from) {
    int at = from;
    while (at < text.length() && !isPart(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isPart(char c) {
    return SEPARATORS.indexOf(c) >= 0 || isLetter(c) || c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  private static boolean isAt(String text, int at, char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private static boolean isDigit(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static int digits(String text, int from) {
    int at = from;
    while (isDigit(text, at)) {
      at++;
    }
    return at;
  }

  private static int letters(String text, int from) {
    int at = from;
    while (at < text.length() && isLetter(text.charAt(at))) {
      at++;
    }
    return at;
  }
}
