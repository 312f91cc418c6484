package io.hyper2kvm.view;

import io.hyper2kvm.workflow.JobState;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** What ended on each day, from the reports; of many, a bounded number is read at a time. */
public final class History {

  /**
   * A day.
   *
   * @param date the day
   * @param completed how many manifests succeeded
   * @param failed how many manifests failed
   * @param vmsCompleted how many VMs succeeded
   * @param vmsFailed how many VMs failed
   * @param bytes the size of all outputs, in bytes
   * @param whole whether every report was read; if not, the VMs and bytes are those read so far
   */
  public record Day(
      LocalDate date,
      int completed,
      int failed,
      int vmsCompleted,
      int vmsFailed,
      long bytes,
      boolean whole) {}

  private final EndedDays days;
  private final EndedIndex index;

  /** The history in the given lists. */
  public History(EndedDays days, EndedIndex index) {
    this.days = days;
    this.index = index;
  }

  /**
   * The days on which manifests ended, the latest first.
   *
   * @param from the first day
   * @param to the last day
   */
  public List<Day> days(LocalDate from, LocalDate to) throws IOException {
    Budget budget = new Budget();
    List<Day> found = new ArrayList<>();
    for (LocalDate day : days.days()) {
      if (!day.isBefore(from) && !day.isAfter(to)) {
        found.add(day(day, budget));
      }
    }
    return found;
  }

  private Day day(LocalDate date, Budget budget) throws IOException {
    List<Placed> ended = days.of(date);
    int vmsCompleted = 0;
    int vmsFailed = 0;
    long bytes = 0;
    boolean whole = true;
    for (Placed one : ended) {
      if (budget.isSpent()) {
        whole = false;
        break;
      }
      if (!index.knows(one.job())) {
        budget.spend();
      }
      Ended report = index.of(one.job());
      vmsCompleted += report.completed();
      vmsFailed += report.failed();
      bytes += report.bytes();
    }
    int completed =
        (int) ended.stream().filter(one -> one.job().state() == JobState.COMPLETED).count();
    return new Day(
        date, completed, ended.size() - completed, vmsCompleted, vmsFailed, bytes, whole);
  }

  /**
   * The VMs that ended since a time, in no order; of very many, those that were read so far.
   *
   * @param since in seconds since 1970
   * @param firstDay the day of that time
   */
  public List<Ended.VmEnd> vmEnds(long since, LocalDate firstDay) throws IOException {
    Budget budget = new Budget();
    List<Ended.VmEnd> found = new ArrayList<>();
    for (LocalDate day : days.days()) {
      if (day.isBefore(firstDay)) {
        break;
      }
      for (Placed one : days.of(day)) {
        if (budget.isSpent()) {
          return found;
        }
        if (!index.knows(one.job())) {
          budget.spend();
        }
        index.of(one.job()).vmEnds().stream().filter(end -> end.at() >= since).forEach(found::add);
      }
    }
    return found;
  }
}
