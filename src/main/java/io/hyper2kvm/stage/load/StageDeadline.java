package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.stage.VmJob;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Ends this program's own work on large files, such as hashing and unpacking, when a stage's time
 * is up: by an interrupt, which all of it looks for.
 */
final class StageDeadline {

  /** What is done within a stage's time. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final Thread worker = Thread.currentThread();
  private boolean rung;
  private boolean ended;

  private StageDeadline() {}

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "stage-deadline");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * Works until the work is done or the stage's time is up.
   *
   * @param limit the stage's whole time
   * @throws StageFailedException when the time is up
   */
  static void within(VmJob job, Duration limit, Work work) throws IOException {
    StageDeadline deadline = new StageDeadline();
    Future<?> alarm =
        TIMER.schedule(deadline::ring, job.leftOfStage(limit).toMillis(), TimeUnit.MILLISECONDS);
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      if (deadline.end()) {
        throw StageFailedException.causedBy(
            FailureCode.TOOL_TIMED_OUT,
            "stage %s has used up its %d s while its source was read"
                .formatted(job.stage().orElseThrow().text(), limit.toSeconds()),
            e);
      }
      throw e;
    } finally {
      if (deadline.end()) {
        Thread.interrupted(); // It has done its work, or came too late for it.
      }
      alarm.cancel(false);
    }
  }

  private synchronized void ring() {
    if (!ended) {
      rung = true;
      worker.interrupt();
    }
  }

  /** No interrupt comes from here any more; the answer is whether one has come. */
  private synchronized boolean end() {
    ended = true;
    return rung;
  }
}
