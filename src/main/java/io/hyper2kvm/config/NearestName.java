package io.hyper2kvm.config;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that a misspelt one was most likely meant to be. */
final class NearestName {

  /**
   * Names longer than this are compared by their beginning, so that a pasted file costs nothing.
   */
  private static final int LONGEST = 64;

  private NearestName() {}

  /** The candidate with the fewest edits from {@code name}, if they are few enough to be a slip. */
  static Optional<String> of(String name, Collection<String> candidates) {
    String cut = name.length() <= LONGEST ? name : name.substring(0, LONGEST);
    String nearest = null;
    int fewest = Math.max(2, cut.length() / 3) + 1;
    for (String candidate : candidates) {
      int edits = edits(cut, candidate);
      if (edits < fewest) {
        fewest = edits;
        nearest = candidate;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** What to say about an unknown name: the one that was meant, or all there are. */
  static String advice(String name, Collection<String> candidates) {
    return of(name, candidates)
        .map(nearest -> "did you mean " + nearest + "?")
        .orElseGet(() -> String.join(", ", candidates));
  }

  /** Insertions, deletions and replacements that turn one text into the other. */
  private static int edits(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
