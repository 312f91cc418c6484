package io.hyper2kvm.image.ova;

import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The manifest of an OVA: one checksum for each of its files. OVF asks for {@code SHA1(name)=
 * digits}; other writers put blanks around the parentheses.
 *
 * @param sums in the manifest's order
 * @param unknown the first lines that are no sum, printable
 */
record SumList(List<Sum> sums, List<String> unknown) {

  private static final Pattern LINE =
      Pattern.compile("SHA-?(1|256|512)\\s*\\((.+)\\)\\s*=\\s*([0-9a-fA-F]+)");

  /**
   * One file's sum.
   *
   * @param algorithm Java's name of it, e.g. {@code SHA-256}
   * @param name the file, relative to the manifest
   * @param digits lower-case hexadecimal digits, as many as the algorithm has
   */
  record Sum(String algorithm, String name, String digits) {}

  SumList {
    sums = List.copyOf(sums);
    unknown = List.copyOf(unknown);
  }

  static SumList parse(String text) {
    List<Sum> sums = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    Iterator<String> lines = text.lines().iterator();
    while (lines.hasNext()) {
      String stripped = lines.next().replace("\uFEFF", "").strip();
      Matcher matcher = LINE.matcher(stripped);
      if (matcher.matches() && matcher.group(3).length() == digits(matcher.group(1))) {
        sums.add(
            new Sum(
                "SHA-" + matcher.group(1),
                matcher.group(2).strip(),
                matcher.group(3).toLowerCase(Locale.ROOT)));
      } else if (!stripped.isEmpty() && unknown.size() <= SumCheck.MOST_WARNINGS) {
        unknown.add(Printable.of(stripped));
      }
    }
    return new SumList(sums, unknown);
  }

  private static int digits(String bits) {
    return bits.equals("1") ? 40 : Integer.parseInt(bits) / 4;
  }
}
