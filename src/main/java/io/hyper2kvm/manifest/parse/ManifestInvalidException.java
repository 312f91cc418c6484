package io.hyper2kvm.manifest.parse;

import java.util.List;
import java.util.stream.Collectors;

/** A manifest is refused; the message has one line for each problem. */
public final class ManifestInvalidException extends RuntimeException {

  private final transient List<Problem> problems;
  private final int unlisted;

  private ManifestInvalidException(String message, List<Problem> problems, int unlisted) {
    super(message);
    this.problems = problems;
    this.unlisted = unlisted;
  }

  /**
   * The manifest has problems.
   *
   * @param fileName the manifest's name, as shown in the message
   * @param problems those listed, at least one
   * @param unlisted how many more were found than are listed
   */
  static ManifestInvalidException because(String fileName, List<Problem> problems, int unlisted) {
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("no problem");
    }
    String lines =
        problems.stream()
            .map(problem -> problem.describe(Shown.text(fileName)))
            .collect(Collectors.joining("\n"));
    return new ManifestInvalidException(
        unlisted == 0 ? lines : lines + "\nand " + unlisted + " more",
        List.copyOf(problems),
        unlisted);
  }

  /** The problems in the order of their lines, the first {@value Problems#MAX_LISTED} at most. */
  public List<Problem> problems() {
    return problems;
  }

  /** How many problems were found beyond those listed. */
  public int unlisted() {
    return unlisted;
  }
}
