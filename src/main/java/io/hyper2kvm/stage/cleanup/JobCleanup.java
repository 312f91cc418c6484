package io.hyper2kvm.stage.cleanup;

import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.space.SpaceReservations;
import io.hyper2kvm.tool.FolderRemoval;
import io.hyper2kvm.tool.ProcessTree;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Ends the processes and removes the temporary files of a VM, whether it succeeded or not. */
public final class JobCleanup {

  private static final Logger LOG = LogManager.getLogger(JobCleanup.class);
  private final OutputReservations reservations;
  private final SpaceReservations space;

  /** A cleanup that gives back the given reservations. */
  public JobCleanup(OutputReservations reservations, SpaceReservations space) {
    this.reservations = reservations;
    this.space = space;
  }

  /** Ends the appliance, removes unpublished outputs and the job's directory. Never throws. */
  public void run(VmJob job) {
    try {
      job.appliance().process().ifPresent(ProcessTree::end);
      job.appliance().ended();
      job.results().find(LoadResult.class).ifPresent(loaded -> removeParts(job, loaded));
      if (Files.isDirectory(job.directory())) {
        removeTree(job);
      }
    } finally {
      // An output that stayed reserved could not be written again until a restart.
      reservations.release(job);
      space.release(job);
    }
  }

  private static void removeParts(VmJob job, LoadResult loaded) {
    loaded.disks().forEach(disk -> remove(job, disk.part()));
    loaded.domain().ifPresent(domain -> remove(job, domain.part()));
  }

  private static void removeTree(VmJob job) {
    try {
      FolderRemoval.empty(job.directory());
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("not-removed vm={} path={} reason={}", job.name(), job.directory(), e.toString());
    }
    remove(job, job.directory());
  }

  private static void remove(VmJob job, Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("not-removed vm={} path={} reason={}", job.name(), file, e.toString());
    }
  }
}
