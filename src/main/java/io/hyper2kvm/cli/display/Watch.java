package io.hyper2kvm.cli.display;

import io.hyper2kvm.workflow.JobState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Follows manifests to their end. */
public final class Watch {

  /** All completed. */
  static final int COMPLETED = 0;

  /** One failed, or was taken away. */
  static final int FAILED = 1;

  /** The time was up before all had ended. */
  static final int TIMED_OUT = 3;

  private static final long LOOK_MILLIS = 250;

  private Watch() {}

  /** Shows how far they are; called after every look. */
  public interface Display {
    void show(List<Watched> jobs);
  }

  /**
   * Waits until all have ended.
   *
   * @param limit how long, at most; empty: without a limit
   * @return the command's exit code
   */
  public static int follow(List<Watched> jobs, Display display, Optional<Duration> limit)
      throws IOException, InterruptedException {
    return follow(jobs, display, limit, () -> false);
  }

  /**
   * The same, until something else holds.
   *
   * @param enough asked after every look
   */
  public static int follow(
      List<Watched> jobs, Display display, Optional<Duration> limit, BooleanSupplier enough)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    while (true) {
      for (Watched job : jobs) {
        job.look();
      }
      display.show(jobs);
      if (jobs.stream().allMatch(Watched::isOver)) {
        return jobs.stream().allMatch(job -> job.job().state() == JobState.COMPLETED)
            ? COMPLETED
            : FAILED;
      }
      if (enough.getAsBoolean()) {
        return TIMED_OUT;
      }
      if (limit.isPresent() && System.nanoTime() - start >= limit.get().toNanos()) {
        return TIMED_OUT;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
