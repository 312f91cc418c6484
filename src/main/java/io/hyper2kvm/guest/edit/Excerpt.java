package io.hyper2kvm.guest.edit;

import java.util.regex.Pattern;

/** A line of a guest's file as the evidence shows it: bounded, and without passwords. */
public final class Excerpt {

  /** Longest piece of a line in the evidence, in characters. */
  static final int MAX_LENGTH = 2000;

  private static final Pattern SECRET =
      Pattern.compile("(?i)\\b(pass|passwd|password|passphrase|secret)=[^,\\s\"']+");

  private Excerpt() {}

  /** The text, or of a very long one the beginning. */
  public static String of(String text) {
    return of(text, 0, text.length(), 0);
  }

  /** The line between two offsets, or of a very long one the part around {@code offset} in it. */
  static String of(String text, int from, int end, int offset) {
    String shown;
    if (end - from <= MAX_LENGTH) {
      shown = text.substring(from, end);
    } else {
      int start = from + Math.max(0, Math.min(offset - MAX_LENGTH / 2, end - from - MAX_LENGTH));
      int stop = start + MAX_LENGTH;
      shown = (start > from ? "…" : "") + text.substring(start, stop) + (stop < end ? "…" : "");
    }
    return SECRET.matcher(shown).replaceAll("$1=***");
  }
}
