package io.hyper2kvm.tool;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Arguments and answers of {@code sha256sum}, which hashes outputs faster than Java may. */
public final class Sha256Sum {

  /** The program's name. */
  public static final String PROGRAM = "sha256sum";

  /** A backslash first says that the file's name, behind the digits, is written with escapes. */
  private static final Pattern ANSWER = Pattern.compile("\\\\?([0-9a-f]{64}) [ *]");

  private Sha256Sum() {}

  /**
   * Of one file, all its bytes; holes count as the zeros that they stand for.
   *
   * @param file absolute, so that it cannot be an option
   */
  public static List<String> of(Path file) {
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("file is not absolute: " + file);
    }
    return List.of("--binary", file.toString());
  }

  /**
   * The digits in the answer.
   *
   * @throws IllegalArgumentException when there are none
   */
  public static String parse(String answer) {
    Matcher matcher = ANSWER.matcher(answer);
    if (!matcher.lookingAt()) {
      throw new IllegalArgumentException("sha256sum has answered without a hash");
    }
    return matcher.group(1);
  }
}
