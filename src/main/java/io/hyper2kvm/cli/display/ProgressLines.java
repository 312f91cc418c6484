package io.hyper2kvm.cli.display;

import io.hyper2kvm.report.StageName;
import io.hyper2kvm.report.VmOutcome;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** A line for each change of stage: for a log, a pipe, or a terminal that cannot do more. */
final class ProgressLines implements VmProgress {

  private final PrintWriter out;
  private final Clock clock;

  ProgressLines(PrintWriter out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void entered(String vm, StageName stage) {
    line(vm, stage.text());
  }

  @Override
  public void ended(VmOutcome outcome) {
    line(
        outcome.name(),
        outcome.failure().map(failure -> "failed: " + failure.code()).orElse("completed"));
  }

  private synchronized void line(String vm, String what) {
    // ISO 8601 without zero seconds would change its width.
    String time = LocalTime.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
    out.printf("%s %s: %s%n", time.length() == 5 ? time + ":00" : time, vm, what);
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
