package io.hyper2kvm.image.ova;

import io.hyper2kvm.text.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The manifest of an OVA: one checksum for each of its files. OVF asks for {@code SHA1(name)=
 * digits}; other writers put blanks anywhere between the words, and spell the algorithm in their
 * own way, as OpenSSL's {@code SHA2-256}.
 *
 * @param sums in the manifest's order
 * @param problems of the first lines that could not be used, each beginning with the line's number
 */
record SumList(List<Sum> sums, List<String> problems) {

  private static final Pattern SHA1 = Pattern.compile("SHA[-_ ]?1");
  private static final Pattern SHA2 = Pattern.compile("SHA[-_ ]?(?:2[-_ /])?(224|256|384|512)");
  private static final Pattern SHA3 = Pattern.compile("SHA[-_ ]?3[-_ /](224|256|384|512)");

  /** Any word that stands where an algorithm does. */
  private static final Pattern ALGORITHM = Pattern.compile("[A-Za-z][A-Za-z0-9/_ -]{1,30}");

  private static final Pattern DIGITS = Pattern.compile("[0-9a-fA-F]+");
  private static final String BOM = "\uFEFF";

  /**
   * One file's sum.
   *
   * @param line its number in the manifest, from 1
   * @param algorithm Java's name of it, e.g. {@code SHA-256}
   * @param name the file as the manifest has it, with the blanks around it
   * @param digits lower-case hexadecimal digits, as many as the algorithm has
   */
  record Sum(int line, String algorithm, String name, String digits) {}

  SumList {
    sums = List.copyOf(sums);
    problems = List.copyOf(problems);
  }

  /** Reads a manifest: UTF-8, or UTF-16 with its mark, as Windows writes it. */
  static SumList parse(byte[] content) {
    return parse(charset(content).decode(ByteBuffer.wrap(content)).toString());
  }

  private static Charset charset(byte[] content) {
    int first = content.length < 2 ? 0 : (content[0] & 0xff) << 8 | content[1] & 0xff;
    return first == 0xfffe || first == 0xfeff ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }

  static SumList parse(String text) {
    List<Sum> sums = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    Iterator<String> lines = text.replace(BOM, "").lines().iterator();
    for (int number = 1; lines.hasNext(); number++) {
      String line = lines.next().strip();
      Optional<String> problem = line.isEmpty() ? Optional.empty() : read(line, number, sums);
      if (problem.isPresent() && problems.size() <= SumCheck.MOST_WARNINGS) {
        problems.add("line %d, %s".formatted(number, problem.get()));
      }
    }
    return new SumList(sums, problems);
  }

  /** Adds a line's sum; what is returned is why there is none, as the end of a sentence. */
  private static Optional<String> read(String line, int number, List<Sum> sums) {
    int equals = line.lastIndexOf('=');
    String left = equals < 0 ? "" : line.substring(0, equals).strip();
    String digits = line.substring(equals + 1).strip();
    int opening = left.indexOf('(');
    String word = opening < 0 ? "" : left.substring(0, opening).strip();
    boolean form = ALGORITHM.matcher(word).matches() && left.endsWith(")");
    if (!form || !DIGITS.matcher(digits).matches()) {
      return Optional.of("is no checksum: " + Printable.of(line));
    }
    Optional<String> algorithm = algorithm(word.toUpperCase(Locale.ROOT));
    if (algorithm.isEmpty()) {
      return Optional.of(
          "has a checksum of an algorithm that is not known here, %s: %s"
              .formatted(Printable.of(word), Printable.of(line)));
    }
    int wanted = digits(algorithm.get());
    if (digits.length() != wanted) {
      return Optional.of(
          "is no checksum, since it has %d digits and a %s has %d: %s"
              .formatted(digits.length(), algorithm.get(), wanted, Printable.of(line)));
    }
    String name = left.substring(opening + 1, left.length() - 1);
    sums.add(new Sum(number, algorithm.get(), name, digits.toLowerCase(Locale.ROOT)));
    return Optional.empty();
  }

  private static Optional<String> algorithm(String word) {
    if (SHA1.matcher(word).matches()) {
      return Optional.of("SHA-1");
    }
    Matcher second = SHA2.matcher(word);
    if (second.matches()) {
      return Optional.of("SHA-" + second.group(1));
    }
    Matcher third = SHA3.matcher(word);
    return third.matches() ? Optional.of("SHA3-" + third.group(1)) : Optional.empty();
  }

  private static int digits(String algorithm) {
    String bits = algorithm.substring(algorithm.indexOf('-') + 1);
    return bits.equals("1") ? 40 : Integer.parseInt(bits) / 4;
  }
}
