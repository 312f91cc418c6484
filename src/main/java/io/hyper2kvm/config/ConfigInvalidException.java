package io.hyper2kvm.config;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used; it lists every problem, not only the first. */
public final class ConfigInvalidException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /**
   * An error of all these problems.
   *
   * @param problems at least one
   */
  public ConfigInvalidException(List<ConfigProblem> problems) {
    super(
        problems.stream()
            .map(problem -> "  " + problem)
            .collect(Collectors.joining("\n", heading(problems.size()) + "\n", "")));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order file, environment, command line, then folders. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  private static String heading(int count) {
    if (count == 0) {
      throw new IllegalArgumentException("no problems");
    }
    return count == 1
        ? "the configuration has a problem:"
        : "the configuration has %d problems:".formatted(count);
  }
}
