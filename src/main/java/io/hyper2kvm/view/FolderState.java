package io.hyper2kvm.view;

import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;

/**
 * The manifests of a workflow directory at one moment.
 *
 * @param waiting in the drop zone, the oldest first
 * @param running in {@code processing/}, by name
 * @param completed those that succeeded on the day, the latest first
 * @param failed those that failed on the day, the latest first
 */
public record FolderState(
    List<Placed> waiting, List<Job> running, List<Placed> completed, List<Placed> failed) {

  public FolderState {
    waiting = List.copyOf(waiting);
    running = List.copyOf(running);
    completed = List.copyOf(completed);
    failed = List.copyOf(failed);
  }

  /**
   * Looks into the folders.
   *
   * @param days lists the ended manifests
   * @param day the day of the ended manifests
   */
  public static FolderState read(WorkflowDirectories directories, EndedDays days, LocalDate day)
      throws IOException {
    Jobs jobs = new Jobs(directories);
    // In the order of a manifest's way: one that moves on meanwhile is seen twice, never not at
    // all.
    List<Placed> waiting =
        jobs.waiting().stream()
            .map(Placed::of)
            .sorted(Comparator.comparing(Placed::since))
            .toList();
    List<Job> running = jobs.running();
    List<Placed> ended = days.of(day);
    return new FolderState(
        waiting, running, in(ended, JobState.COMPLETED), in(ended, JobState.FAILED));
  }

  private static List<Placed> in(List<Placed> all, JobState state) {
    return all.stream().filter(placed -> placed.job().state() == state).toList();
  }
}
