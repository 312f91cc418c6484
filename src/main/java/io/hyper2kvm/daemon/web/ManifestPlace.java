package io.hyper2kvm.daemon.web;

import io.hyper2kvm.view.FolderState;
import io.hyper2kvm.view.JobId;
import io.hyper2kvm.view.Placed;
import io.hyper2kvm.workflow.FileIdentity;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.Jobs;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the manifest of an id, also one that has moved on since the id was given: of those that
 * were not at their end it is remembered which file they are.
 */
final class ManifestPlace {

  private static final int MOST_REMEMBERED = 4_000;
  private static final int MOST_AT_ONCE = 200;

  private final WorkflowDirectories directories;
  private final JobId ids;
  private final Clock clock;
  private final Map<Path, FileIdentity> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, FileIdentity> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  ManifestPlace(WorkflowDirectories directories, JobId ids, Clock clock) {
    this.directories = directories;
    this.ids = ids;
    this.clock = clock;
  }

  /** The manifest, where it is now. */
  Job find(String id) throws IOException, WebProblem {
    Optional<Job> there = ids.find(id);
    if (there.isPresent()) {
      return there.get();
    }
    Optional<Job> place = ids.place(id);
    if (place.isPresent()) {
      FileIdentity identity;
      synchronized (remembered) {
        identity = remembered.get(place.get().manifest());
      }
      if (identity != null) {
        // It may move on during the look.
        Jobs jobs = new Jobs(directories);
        LocalDate since = LocalDate.now(clock).minusDays(1);
        Optional<Job> now = jobs.find(identity, since);
        if (now.isEmpty()) {
          now = jobs.find(identity, since);
        }
        if (now.isPresent()) {
          return now.get();
        }
      }
    }
    throw WebProblem.notFound("there is no manifest of this id");
  }

  /** Keeps in mind which files the manifests that wait and run are. */
  void remember(FolderState state) throws IOException {
    for (Placed placed : state.waiting().stream().limit(MOST_AT_ONCE).toList()) {
      remember(placed.job());
    }
    for (Job job : state.running().stream().limit(MOST_AT_ONCE).toList()) {
      remember(job);
    }
  }

  /** The same of one manifest; nothing of one at its end. */
  void remember(Job job) throws IOException {
    if (!job.state().ended()) {
      Optional<FileIdentity> identity = FileIdentity.of(job.manifest());
      if (identity.isPresent()) {
        remember(job.manifest(), identity.get());
      }
    }
  }

  /** The same of one that was just put there. */
  void remember(Path place, FileIdentity identity) {
    synchronized (remembered) {
      remembered.put(place, identity);
    }
  }
}
