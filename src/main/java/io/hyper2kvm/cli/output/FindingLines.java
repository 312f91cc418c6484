package io.hyper2kvm.cli.output;

import io.hyper2kvm.doctor.Finding;
import java.io.PrintWriter;
import java.util.List;

/** Findings as lines: a mark, the subject, what was found, and below it what to do. */
public final class FindingLines {

  private static final int WIDTH = 22;
  private final PrintWriter out;
  private final boolean unicode;
  private String heading = "";

  /**
   * Prints findings.
   *
   * @param unicode whether the terminal shows more than ASCII
   */
  public FindingLines(PrintWriter out, boolean unicode) {
    this.out = out;
    this.unicode = unicode;
  }

  public void print(String heading, Finding finding) {
    if (!heading.equals(this.heading)) {
      out.println((this.heading.isEmpty() ? "" : System.lineSeparator()) + heading);
      this.heading = heading;
    }
    String mark = mark(finding.level());
    out.printf("  %s %-" + WIDTH + "s %s%n", mark, finding.subject(), plain(finding.found()));
    if (!finding.advice().isEmpty()) {
      String indent = " ".repeat(mark.length() + WIDTH + 4);
      out.println(indent + (unicode ? "→ " : "-> ") + plain(finding.advice()));
    }
    // The next check may take its time.
    out.flush();
  }

  public void summary(List<Finding> findings) {
    long warnings = count(findings, Finding.Level.WARN);
    long failures = count(findings, Finding.Level.FAIL);
    out.println();
    out.println(
        failures > 0
            ? "Not fit for work: %d failed, %d warned".formatted(failures, warnings)
            : warnings > 0 ? "Fit for work; %d warned".formatted(warnings) : "Fit for work");
  }

  private static long count(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }

  private String mark(Finding.Level level) {
    return switch (level) {
      case OK -> unicode ? "✔" : "ok  ";
      case WARN -> unicode ? "!" : "warn";
      case FAIL -> unicode ? "✘" : "FAIL";
    };
  }

  /** Tools' output and folders' names must not move the cursor. */
  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
