package io.hyper2kvm.text;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class NearestWord {

  /** A longer word is no slip of the pen, and comparing it would cost time. */
  private static final int MAX_LENGTH = 64;

  private NearestWord() {}

  /**
   * The candidate that differs in case, blanks and separators only, or else the one with the fewest
   * slips, at most one for every three letters, or else the only one that the word begins.
   */
  public static Optional<String> among(Collection<String> candidates, String word) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String plain = plain(word);
    String best = null;
    int fewest = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int slips = slips(plain, plain(candidate));
      if (slips < fewest && slips <= Math.max(1, candidate.length() / 3)) {
        fewest = slips;
        best = candidate;
      }
    }
    if (best != null && fewest < plain.length()) {
      return Optional.of(best);
    }
    List<String> begun = candidates.stream().filter(c -> plain(c).startsWith(plain)).toList();
    return begun.size() == 1 && plain.length() >= 3 ? Optional.of(begun.get(0)) : Optional.empty();
  }

  private static String plain(String word) {
    return word.strip().toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }

  /** Letters to insert, remove, replace, or swap with their neighbour. */
  static int slips(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
