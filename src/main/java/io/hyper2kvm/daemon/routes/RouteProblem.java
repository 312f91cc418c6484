package io.hyper2kvm.daemon.routes;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;

/**
 * Something wrong in a route file.
 *
 * @param severity whether the routes can be used all the same
 * @param file the file, or the folder where no single file is to blame
 * @param line where in the file, from 1; 0 where no line is to blame
 * @param message what was found, and what belongs there
 */
public record RouteProblem(Severity severity, Path file, int line, String message)
    implements Comparable<RouteProblem> {

  /** How bad it is. */
  public enum Severity {
    /** The routes do not start, or lose manifests. */
    ERROR,
    /** The routes start. Their owner must decide whether it is intended. */
    WARNING
  }

  private static final Comparator<RouteProblem> ORDER =
      Comparator.comparing(RouteProblem::file)
          .thenComparingInt(RouteProblem::line)
          .thenComparing(RouteProblem::severity)
          .thenComparing(RouteProblem::message);

  public RouteProblem {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(message, "message");
  }

  /** Whether a daemon must not start with it. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  @Override
  public int compareTo(RouteProblem other) {
    return ORDER.compare(this, other);
  }

  /** One line: file, line, what is wrong. */
  @Override
  public String toString() {
    String place = line == 0 ? file.toString() : file + ":" + line;
    String text = message.replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
    return isError() ? place + ": " + text : place + ": warning: " + text;
  }
}
