package io.hyper2kvm.view;

import io.hyper2kvm.report.EndView;
import io.hyper2kvm.report.PastVm;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.SmallFile;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the latest reports of a workflow directory say of the time and size of VMs. A bounded number
 * is read, and for a while not again.
 */
public final class PastVms {

  private static final int MOST_REPORTS = 200;
  private static final int MOST_VMS = 2_000;
  private static final long STAYS = Duration.ofMinutes(1).toNanos();

  private final EndedDays days;
  private final LongSupplier nanos;
  private List<PastVm> known = List.of();
  private Optional<Long> readAt = Optional.empty();

  /** Those of the given directories. */
  public PastVms(WorkflowDirectories directories) {
    this(directories, System::nanoTime);
  }

  /**
   * Those of the given directories.
   *
   * @param nanos a clock that nobody sets, in nanoseconds
   */
  PastVms(WorkflowDirectories directories, LongSupplier nanos) {
    this.days = new EndedDays(directories);
    this.nanos = nanos;
  }

  /** The VMs of the latest reports, the latest first; none where they cannot be read. */
  public synchronized List<PastVm> latest() {
    long now = nanos.getAsLong();
    if (readAt.isEmpty() || now - readAt.get() > STAYS) {
      readAt = Optional.of(now);
      known = read();
    }
    return known;
  }

  private List<PastVm> read() {
    List<PastVm> found = new ArrayList<>();
    Budget budget = new Budget();
    int reports = 0;
    try {
      for (LocalDate day : days.days()) {
        for (Placed one : days.of(day)) {
          if (one.job().state() != JobState.COMPLETED) {
            continue;
          }
          if (reports++ == MOST_REPORTS || found.size() >= MOST_VMS || budget.isSpent()) {
            return List.copyOf(found);
          }
          budget.spend();
          try (InputStream in = SmallFile.stream(one.job().outcome(), EndView.MAX_BYTES)) {
            found.addAll(PastVm.read(in));
          } catch (IOException e) {
            // Gone or garbled: another report tells as well.
          }
        }
      }
    } catch (IOException e) {
      // A folder that cannot be read: what was found so far tells.
    }
    return List.copyOf(found);
  }
}
