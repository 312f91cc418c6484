package io.hyper2kvm.daemon.routes;

import io.hyper2kvm.text.NearestWord;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Collects problems; a problem that is found twice counts once. */
final class Findings {

  private final Set<RouteProblem> problems = new TreeSet<>();

  void error(Path file, int line, String message) {
    problems.add(new RouteProblem(RouteProblem.Severity.ERROR, file, line, message));
  }

  void warn(Path file, int line, String message) {
    problems.add(new RouteProblem(RouteProblem.Severity.WARNING, file, line, message));
  }

  /** Whether there is an error between two lines of a file, both included. */
  boolean hasErrorWithin(Path file, int first, int last) {
    return problems.stream()
        .filter(RouteProblem::isError)
        .anyMatch(
            problem ->
                problem.file().equals(file) && problem.line() >= first && problem.line() <= last);
  }

  boolean hasErrorIn(Path file) {
    return hasErrorWithin(file, 0, Integer.MAX_VALUE);
  }

  List<RouteProblem> all() {
    return List.copyOf(problems);
  }

  /** What to say after an unknown word: the one that was probably meant, or else nothing. */
  static String meant(String word, Collection<String> candidates) {
    return NearestWord.among(candidates, word)
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElse("");
  }
}
