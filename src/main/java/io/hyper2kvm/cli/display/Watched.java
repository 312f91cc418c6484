package io.hyper2kvm.cli.display;

import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.JobState;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.Submitted;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Optional;

/** A manifest that is followed through its folders, under whatever name it has in each. */
public final class Watched {

  /** So many looks that find it nowhere are no coincidence: each could just miss a rename. */
  private static final int MISSES = 8;

  private final Jobs jobs;
  private final FileIdentity identity;
  private final LocalDate since;
  private Job job;
  private int misses;

  /**
   * Follows a manifest.
   *
   * @param since a day that is not after its end
   */
  private Watched(Jobs jobs, Job job, FileIdentity identity, LocalDate since) {
    this.jobs = jobs;
    this.job = job;
    this.identity = identity;
    this.since = since;
  }

  /** Follows a manifest from where it is; empty when it is not there any more. */
  public static Optional<Watched> of(Jobs jobs, Job job) throws IOException {
    // The daemon's time zone may be another one: its day may be yesterday's here.
    LocalDate since = LocalDate.now().minusDays(1);
    return FileIdentity.of(job.manifest()).map(id -> new Watched(jobs, job, id, since));
  }

  /** Follows a manifest that was just dropped. */
  public static Watched of(Jobs jobs, Submitted dropped) {
    return new Watched(
        jobs,
        new Job(JobState.WAITING, dropped.place()),
        dropped.identity(),
        LocalDate.now().minusDays(1));
  }

  /** Finds out where it is now. */
  public void look() throws IOException {
    if (job.state().ended() || identity.isAt(job.manifest())) {
      misses = 0;
      return;
    }
    Optional<Job> found = jobs.find(identity, since);
    if (found.isPresent()) {
      job = found.get();
      misses = 0;
    } else {
      misses++;
    }
  }

  /** Where it was at the last look. */
  public Job job() {
    return job;
  }

  public FileIdentity identity() {
    return identity;
  }

  /** Whether it is nowhere any more: somebody took it away. */
  public boolean isGone() {
    return misses >= MISSES;
  }

  /** Whether nothing more will come. */
  public boolean isOver() {
    return isGone() || job.state().ended();
  }
}
