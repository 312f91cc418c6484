package io.hyper2kvm.guest.boot.menu;

import java.util.Locale;

/**
 * A name with {@code *}, {@code ?} and {@code [a-z]}, as systemd-boot compares the names of
 * entries: without case. It takes no more steps than the product of both lengths.
 */
final class NamePattern {

  private NamePattern() {}

  static boolean matches(String pattern, String name) {
    return find(pattern.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
  }

  private static boolean find(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int starName = 0;
    while (n < name.length()) {
      int next = p < pattern.length() ? one(pattern, p, name.charAt(n)) : -1;
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        starName = n;
      } else if (next > 0) {
        p = next;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++starName;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Behind the part of the pattern that stands for this character; -1 when none does. */
  private static int one(String pattern, int at, char c) {
    char p = pattern.charAt(at);
    int close = p == '[' ? pattern.indexOf(']', at + 2) : -1;
    if (close > 0) {
      return inSet(pattern.substring(at + 1, close), c) ? close + 1 : -1;
    }
    if (p == '\\' && at + 1 < pattern.length()) {
      return pattern.charAt(at + 1) == c ? at + 2 : -1;
    }
    return p == '?' || p == c ? at + 1 : -1;
  }

  private static boolean inSet(String set, char c) {
    boolean negated = set.startsWith("!") || set.startsWith("^");
    boolean found = false;
    int at = negated ? 1 : 0;
    while (at < set.length()) {
      boolean range = at + 2 < set.length() && set.charAt(at + 1) == '-';
      found |= range ? c >= set.charAt(at) && c <= set.charAt(at + 2) : c == set.charAt(at);
      at += range ? 3 : 1;
    }
    return found != negated;
  }
}
